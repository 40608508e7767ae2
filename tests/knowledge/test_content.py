from pathlib import Path
from textwrap import dedent

import pytest

from knowledge import content as contents
from knowledge.content import is_entry
from knowledge.errors import ContentError
from knowledge.wording_of_mistakes import SENTENCES, sentence

FAQ = "kind: faq\nentries:\n"
GOOD = "- {id: faq-a, title: A?, answer: B., as_of: '2026-07'}\n"


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")
    return path


def mistakes_of(root: Path):
    with pytest.raises(ContentError) as error:
        contents.read(root)
    return error.value.mistakes


PROCEDURE = "- id: a\n  title: A\n  summary: Tóm tắt.\n  as_of: '2026-07'\n"
PLAN = "kind: plan\nid: plan-x\ntitle: X\nyear: 2026\nsummary: S\nas_of: '2026-07'\n"
WARD = "kind: ward\nslug: dong-mau\nname: phường X\nunit: phường\nprovince: tỉnh X\nas_of: '2026-07'\n"

ONE_MISTAKE = [
    # file, text, line, what the sentence must name
    ("common/x.yml", "entries: []\n", 1, "thiếu hoặc sai “kind:”"),
    ("common/x.yml", "kind: thu-tuc\nentries: []\n", 1, "thiếu hoặc sai “kind:”"),
    ("common/x.yml", "- id: a\n", 1, "thiếu hoặc sai “kind:”"),
    ("common/x.yml", "chỉ có chữ\n", 1, "thiếu hoặc sai “kind:”"),
    ("common/x.yml", "# trống\n", 1, "thiếu hoặc sai “kind:”"),
    ("common/x.yml", "kind: faq\nentires:\n" + GOOD, 1, "thiếu trường “entries”"),
    ("common/x.yml", "kind: faq\n", 1, "thiếu trường “entries”"),
    ("common/x.yml", "kind: faq\ntopic: T\nentries: []\n", 2, "không có trường nào tên “topic”"),
    ("common/x.yml", "kind: faq\nentries:\n  id: a\n", 2, "“entries” phải là danh sách"),
    ("common/x.yml", "kind: faq\nentries: 5\n", 2, "“entries” phải là danh sách"),
    ("common/x.yml", "kind: faq\nentries: [một, hai]\n", 2, "phải là nhóm trường"),
    ("common/x.yml", FAQ + "- title: A?\n  answer: B.\n  as_of: '2026-07'\n", 3, "thiếu trường “id”"),
    ("common/x.yml", FAQ + GOOD + "- id: faq-b\n  answer: B.\n  as_of: '2026-07'\n", 4, "mục “faq-b”: thiếu trường “title”"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer: B.\n  as_of: '2026-07'\n  tra_loi: x\n", 7, "không có trường nào tên “tra_loi”"),
    ("common/x.yml", FAQ + "- id: Faq B\n  title: A?\n  answer: B.\n  as_of: '2026-07'\n", 3, "sai dạng"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer: ''\n  as_of: '2026-07'\n", 5, "“answer” đang để trống"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer:\n  as_of: '2026-07'\n", 5, "“answer” phải là chữ"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer: B.\n  as_of: hôm qua\n", 6, "phải là ngày dạng"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer: B.\n  as_of: '2026-13'\n", 6, "phải là ngày dạng"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer: B.\n  as_of: 20/11/2026\n", 6, "phải là ngày dạng"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer: B.\n  as_of: '2026-07'\n  questions: sao thế\n", 7, "phải là danh sách"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer: B.\n  as_of: '2026-07'\n  questions:\n  - một\n  - ''\n", 9, "đang để trống"),
    ("common/x.yml", FAQ + "- id: faq-b\n  title: A?\n  answer: B.\n  as_of: '2026-07'\n  confidence: chắc\n", 7, "chỉ nhận 'sure', 'likely' hoặc 'unverified'"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  code: 1.19\n", 8, "mã quốc gia như 1.001193"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  fee: miễn phí\n", 8, "phải là nhóm trường thụt vào"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  fee: {text: T, dong: năm nghìn}\n", 8, "phải là số nguyên"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  fee: {text: T, dong: -5}\n", 8, "không được âm"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  fee: {text: T, dong: 2.5}\n", 8, "phải là số nguyên"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  time:\n    text: T\n    working_days: nhiều\n", 10, "phải là số"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  post: có lẽ\n", 8, "chỉ nhận true hoặc false"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  online: {level: toàn trình}\n", 8, "chỉ nhận 'full'"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  papers:\n  - tờ khai\n", 9, "“papers.1” phải là nhóm trường"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  cases:\n  - about: C\n", 9, "cases.1.text"),
    ("common/x.yml", "kind: procedure\nfield: F\nentries:\n" + PROCEDURE + "  unverified: [dossier]\n", 8, "chỉ nhận 'fee'"),
    ("common/x.yml", "kind: elsewhere\nentries:\n- {id: e, title: T, who: W, next_step: N, questions: []}\n", 3, "cần ít nhất một dòng"),
    ("common/x.yml", "kind: outside\nquestions: thời tiết\n", 2, "“questions” phải là danh sách"),
    ("common/x.yml", "kind: outside\nquestions:\n- thời tiết\n- {a: 1}\n", 4, "phải là một câu hỏi"),
    ("common/x.yml", "kind: wording\nwordings:\n  khai-sinh: một câu\n", 3, "phải là danh sách các câu"),
    ("common/x.yml", "kind: wording\nwordings:\n  khai-sinh: ['', hai]\n", 3, "phải là danh sách các câu"),
    ("common/x.yml", "kind: wording\nwordings: [a]\n", 2, "“wordings” phải là nhóm trường"),
    ("common/x.yml", "kind: lexicon\nabbreviations:\n  ko: không\n", 3, "phải có danh sách nghĩa"),
    ("common/x.yml", "kind: lexicon\nabbreviations:\n  '4': [tư]\n  5: [năm]\n", 4, "trong nháy"),
    ("common/x.yml", "kind: lexicon\nsayings: [a]\n", 2, "“sayings” phải là nhóm trường"),
    ("common/x.yml", "kind: lexicon\nsynonyms: {}\nsayings: {}\n", 2, "không có trường nào tên “synonyms”"),
    ("common/x.yml", WARD, 1, "phải đặt trong thư mục của một phường"),
    ("common/x.yml", PLAN, 1, "phải đặt trong thư mục của một phường"),
    ("wards/dong-mau/ward.yml", WARD.replace("dong-mau", "dong"), 2, "phải trùng tên thư mục: dong-mau"),
    ("wards/dong-mau/ward.yml", WARD.replace("unit: phường", "unit: thị trấn"), 4, "chỉ nhận 'phường'"),
    ("wards/dong-mau/ward.yml", WARD + "hotlines:\n- số 113\n", 8, "phải là nhóm trường"),
    ("wards/dong-mau/x.yml", WARD, 1, "giữ lại một tệp"),
    ("wards/moi/faqs/x.yml", FAQ + GOOD, 1, "thư mục wards/moi chưa có ward.yml"),
    ("wards/tay-mau/plans/x.yml", PLAN + "tasks:\n- {id: t}\n", 8, "“tasks.1.task”"),
    ("wards/tay-mau/plans/x.yml", PLAN + "questions: {gia: [một]}\n", 7, "không hợp lệ"),
    ("common/x.yml", FAQ + "- {id: khai-sinh, title: A?, answer: B., as_of: '2026-07'}\n", 3, "mã “khai-sinh” đã dùng ở"),
    ("wards/tay-mau/plans/x.yml", PLAN + "facts:\n- {id: f, text: một}\n- {id: f, text: hai}\n", 1, "mã “f” đã dùng ở"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "line", "said"), ONE_MISTAKE)
def test_a_mistake_names_its_file_its_line_and_what_to_mend(library_folder, name, text, line, said):
    path = put(library_folder, name, text)

    mistakes = mistakes_of(library_folder)

    found = [mistake for mistake in mistakes if said in mistake.problem]
    assert found, [str(mistake) for mistake in mistakes]
    assert (found[0].path, found[0].line) == (path, line)
    assert str(found[0]).startswith(f"{found[0].path}:{line}: ")


def test_all_mistakes_of_all_files_are_told_at_once_in_order(library_folder):
    put(library_folder, "common/a.yml", "kind: faq\nentries:\n- id: A B\n  title: ''\n  answer: B.\n  as_of: nay\n")
    put(library_folder, "common/b.yml", "kind: faq\n  entries: []\n")
    put(library_folder, "common/c.yml", "kind: gì đó\n")
    put(library_folder, "wards/dong-mau/ward.yml", WARD.replace("province: tỉnh X\n", ""))

    mistakes = mistakes_of(library_folder)

    told = [(mistake.path.name, mistake.line) for mistake in mistakes if mistake.path.parent.name != "plans"]
    assert told[:5] == [("a.yml", 3), ("a.yml", 4), ("a.yml", 6), ("b.yml", 2), ("c.yml", 1)]
    assert any(mistake.path.name == "ward.yml" and "province" in mistake.problem for mistake in mistakes)
    assert mistakes == sorted(set(mistakes))


def test_every_sentence_is_vietnamese_and_shows_no_word_of_the_validator(library_folder):
    for number, (_, text, _, _) in enumerate(ONE_MISTAKE):
        put(library_folder, f"common/lot-{number}.yml", text)

    mistakes = mistakes_of(library_folder)

    english = ("should", "valid ", "input", "field required", "missing", "Error", "pydantic")
    assert len(mistakes) > 40
    assert [mistake.problem for mistake in mistakes if any(word in mistake.problem for word in english)] == []


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_every_sentence_can_be_filled_in(kind):
    detail = {"loc": ("entries", 0, "fee"), "type": kind, "input": {"a": "x" * 200}, "ctx": {"expected": "'a' or 'b'"}}

    told = sentence(detail, "khai-sinh")

    assert told.startswith("mục “khai-sinh”: ")
    assert "{" not in told.replace("{'a'", "")
    assert len(told) < 250


def test_a_folder_without_any_file_is_a_mistake(tmp_path):
    assert "không thấy tệp nội dung" in mistakes_of(tmp_path)[0].problem


def test_files_that_begin_with_a_dot_are_an_editors_own(library_folder):
    put(library_folder, "common/.ho-tich.yml.swp.yml", "hỏng: [")

    assert contents.read(library_folder).entries


def test_an_overlay_replaces_the_base_entry_in_its_own_ward_only(library_folder):
    content = contents.read(library_folder)

    east, west = content.for_ward("dong-mau"), content.for_ward("tay-mau")

    assert east["tam-tru"].record.title == "Đăng ký tạm trú tại phường Đông Mẫu"
    assert west["tam-tru"].record.title == "Đăng ký tạm trú"
    assert east["khai-sinh"] == west["khai-sinh"]
    assert list(east) == list(west)


def test_a_wards_own_entry_is_seen_by_that_ward_alone(library_folder):
    put(library_folder, "wards/tay-mau/faqs/rieng.yml", FAQ + GOOD)

    content = contents.read(library_folder)

    assert "faq-a" in content.for_ward("tay-mau")
    assert "faq-a" not in content.for_ward("dong-mau")


def test_two_wards_may_use_the_same_id(library_folder):
    put(library_folder, "wards/tay-mau/faqs/rieng.yml", FAQ + GOOD)
    put(library_folder, "wards/dong-mau/faqs/rieng.yml", FAQ + GOOD)

    content = contents.read(library_folder)

    assert content.for_ward("tay-mau")["faq-a"].path != content.for_ward("dong-mau")["faq-a"].path


@pytest.mark.parametrize(
    "again", ["làm giấy khai sinh", "LÀM GIẤY KHAI SINH?", "lam giay khai sinh", "vợ mới đẻ cần đi làm giấy cho cháu"]
)
def test_a_question_that_two_entries_claim_is_reported_but_accepted(library_folder, again):
    path = put(
        library_folder,
        "common/x.yml",
        FAQ + f"- {{id: faq-a, title: A, answer: B., as_of: '2026-07', questions: ['{again}']}}\n",
    )

    warnings = contents.read(library_folder).warnings

    assert [(warning.path, warning.line) for warning in warnings] == [(path, 3)]
    assert "“faq-a” và “khai-sinh” cùng nhận câu" in warnings[0].problem


def test_an_overlay_may_claim_the_questions_of_what_it_replaces(library_folder):
    assert contents.read(library_folder).warnings == []


def test_short_forms_that_yaml_takes_for_yes_and_no_are_words_here(library_folder):
    put(
        library_folder,
        "common/lexicon/them.yml",
        "kind: lexicon\nabbreviations:\n  no: [nợ]\n  on: [trực tuyến]\n  y: [y tế]\n",
    )

    known = contents.read(library_folder).abbreviations

    assert (known["no"], known["on"], known["y"]) == (["nợ", "nợ"], ["trực tuyến"], ["y tế"])


def test_wordings_of_all_files_come_together_by_slug_and_code(library_folder):
    put(library_folder, "common/wordings/them.yml", "kind: wording\nwordings:\n  khai-sinh: [mới đẻ em bé]\n")

    wordings = contents.read(library_folder).wordings

    assert wordings["khai-sinh"][-1] == "mới đẻ em bé"
    assert len(wordings["khai-sinh"]) == 3
    assert wordings["1.000003"] == ["tụi em tính làm đám cưới"]


def test_a_field_is_inherited_from_the_head_of_the_file(library_folder):
    entries = contents.read(library_folder).for_ward("tay-mau")

    assert entries["khai-sinh"].record.field == "Hộ tịch"
    assert entries["hotline-xa"].record.topic == "Liên hệ"


def test_what_points_elsewhere_is_no_answer_of_ours(library_folder):
    entries = contents.read(library_folder).for_ward("tay-mau")

    assert is_entry(entries["khai-sinh"].record)
    assert not is_entry(entries["elsewhere-ho-chieu"].record)
