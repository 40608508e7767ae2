"""
A draft becomes content only when every question is answered and somebody stands for it, and only if all content stays good.
"""

import shutil
from pathlib import Path

import pytest

from knowledge import content as contents
from knowledge.__main__ import main
from knowledge.errors import ContentError, DraftError
from knowledge.importing import draft as drafts
from knowledge.importing.accept import accept
from knowledge.importing.answering import answered
from tests.knowledge.conftest import SAMPLES as LIBRARY
from tests.knowledge.importing.conftest import SAMPLES


@pytest.fixture
def content(tmp_path) -> Path:
    """
    The small library; the plan that it has keeps its ids and makes room for one of 2026.
    """
    folder = Path(shutil.copytree(LIBRARY / "library", tmp_path / "content"))
    (folder / "wards/dong-mau/plans/2026.yml").rename(folder / "wards/dong-mau/plans/truoc.yml")
    return folder


@pytest.fixture
def reviewed(messy, tmp_path):
    """
    Return a function that writes the messy plan's draft with answers: (by question, confirmed or not, other changes).
    """

    def write(answers: dict[str, object] | None = None, *, confirmed: bool = True, **changes: object) -> Path:
        default = {question.id: 1 for question in messy.questions}
        questions = [
            question.model_copy(update={"answer": (default | (answers or {}))[question.id]})
            for question in messy.questions
        ]
        named = {"confirmed_by": "Người Duyệt Mẫu", "confirmed_on": "2026-11-20"} if confirmed else {}
        drafts.write(messy.model_copy(update={"questions": questions, **named, **changes}), tmp_path / "d.yml")
        return tmp_path / "d.yml"

    return write


def reasons(path: Path, content: Path, **options: bool) -> list[str]:
    with pytest.raises(DraftError) as refused:
        accept(path, content, **options)
    return refused.value.reasons


def test_a_confirmed_draft_becomes_a_plan_that_answers(reviewed, content):
    target = accept(reviewed(), content)

    assert target == content / "wards/dong-mau/plans/2026.yml"
    plan = next(stored.record for stored in contents.read(content).plans if stored.path == target)
    assert (plan.id, plan.year, plan.number) == ("plan-dong-mau-2026", 2026, "17/KH-UBND")
    assert "Người Duyệt Mẫu" in plan.to_check[-1]
    assert target.read_text(encoding="utf-8").startswith("# Nhập từ vo-bang.txt")


def test_an_open_question_is_a_reason_to_refuse_and_nothing_is_written(reviewed, content):
    before = sorted(content.rglob("*"))

    told = reasons(reviewed({"van-ban-1": None}), content)

    assert len(told) == 1
    assert told[0].startswith("chưa trả lời câu “van-ban-1”")
    assert sorted(content.rglob("*")) == before


def test_nobody_stands_for_it(reviewed, content):
    assert reasons(reviewed(confirmed=False), content) == [
        "chưa ghi người duyệt (“confirmed_by”) và ngày duyệt (“confirmed_on”)"
    ]


def test_all_reasons_come_at_once(reviewed, content):
    told = reasons(reviewed({"van-ban-1": None, "stt-2-4": 9, "nam-1": None}, confirmed=False), content)

    assert len(told) == 4


@pytest.mark.parametrize(
    "target",
    [
        "wards/tay-mau/plans/2026.yml",
        "../2026.yml",
        "/tmp/2026.yml",
        "wards/dong-mau/../x.yml",
        "wards/dong-mau/plans/2026.txt",
    ],
)
def test_a_target_outside_of_the_ward_is_refused(reviewed, content, target):
    assert "phải nằm trong wards/dong-mau" in reasons(reviewed(target=target), content)[0]


def test_an_existing_plan_is_written_over_only_when_asked(reviewed, content):
    accept(reviewed(), content)

    assert "--replace" in reasons(reviewed(), content)[0]
    accept(reviewed(), content, replace=True)


def test_content_that_would_break_is_refused_with_the_file_and_left_as_it_was(reviewed, content, messy):
    taken = next(stored.record.id for stored in contents.read(content).entries)
    before = {path: path.read_bytes() for path in content.rglob("*.yml")}

    with pytest.raises(ContentError) as refused:
        accept(reviewed(plan={**messy.plan, "id": "Không phải mã", "as_of": "hôm qua"}), content)

    assert {mistake.path for mistake in refused.value.mistakes} == {content / "wards/dong-mau/plans/2026.yml"}
    assert len(refused.value.mistakes) == 2
    with pytest.raises(ContentError, match="đã dùng"):
        accept(reviewed(plan={**messy.plan, "tasks": [{"id": "plan-dong-mau-2026", "task": taken}] * 2}), content)
    assert {path: path.read_bytes() for path in content.rglob("*.yml")} == before


def test_a_field_that_a_plan_does_not_have_is_told_not_dropped(reviewed, content, messy):
    with pytest.raises(ContentError, match="không có trường nào tên “ghi_chu”"):
        accept(reviewed(plan={**messy.plan, "ghi_chu": "x"}), content)


def answered_with(reviewed, **answers):
    return answered(drafts.read(reviewed(answers)))


def test_the_chosen_date_is_put_in_and_the_other_is_not(reviewed):
    first, second, none = (answered_with(reviewed, **{"van-ban-1": number})["legal_basis"][0] for number in (1, 2, 3))

    assert "31/QĐ-UBND ngày 05/01/2026 của" in first
    assert "31/QĐ-UBND ngày 15/01/2026 của" in second
    assert "ngày" not in none


def test_words_of_a_persons_own_are_an_answer(reviewed):
    plan = answered_with(
        reviewed, **{"van-ban-2": "Kế hoạch 9/KH-UBND ngày 02/3/2026 của UBND tỉnh Mẫu", "cho-ngo-2": "Tây Mẫu"}
    )

    assert plan["legal_basis"][1] == "Kế hoạch 9/KH-UBND ngày 02/3/2026 của UBND tỉnh Mẫu"
    assert plan["units"][1]["work"].endswith("phường Tây Mẫu")


def test_a_likely_number_replaces_the_written_one_everywhere(reviewed):
    plan = answered_with(reviewed, **{"van-ban-3": 1})

    assert "23/CT-UBND" not in str(plan)
    assert "23/CT-TTg" in plan["publicised"][1]
    assert "23/CT-TTg" in plan["contents"][0]


def test_what_is_to_be_left_out_is_taken_out_and_the_others_keep_their_answers(reviewed):
    plan = answered_with(reviewed, **{"van-ban-1": 2, "van-ban-2": 3, "van-ban-3": 3})

    assert [text[:27] for text in plan["legal_basis"]] == ["Quyết định 31/QĐ-UBND ngày "]
    assert not any("23/CT" in text for text in plan["publicised"])


# By command


@pytest.fixture
def installed(content, tmp_path, monkeypatch):
    for name, value in {"CONTENT": content, "INDEX": tmp_path / "index", "ENCODER": "none"}.items():
        monkeypatch.setenv(f"KNOWLEDGE_{name}", str(value))
    return content


def test_the_whole_road_by_command(installed, tmp_path, capsys):
    out = tmp_path / "nhap"

    assert main(["import-plan", str(SAMPLES / "in-ra.pdf"), "--ward", "dong-mau", "--out", str(out)]) == 0
    path = out / "dong-mau/in-ra.yml"
    assert str(path) in capsys.readouterr().out
    assert main(["import-plan", "--accept", str(path)]) == 1
    assert "chưa ghi người duyệt" in capsys.readouterr().out
    text = path.read_text(encoding="utf-8").replace(
        "confirmed_by: null\nconfirmed_on: null", "confirmed_by: Người Duyệt\nconfirmed_on: 2026-11-20"
    )
    path.write_text(text, encoding="utf-8")

    assert main(["import-plan", "--accept", str(path)]) == 0
    assert main(["check"]) == 0
    assert "2 kế hoạch" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("was", "put"), [("answer: null", "answer: 1"), ("  title: ", "  title: Sửa "), ("plan:\n", "plan\n")]
)
def test_a_draft_that_somebody_works_on_is_not_written_over(installed, tmp_path, capsys, was, put):
    arguments = ["import-plan", str(SAMPLES / "bang-vach.md"), "--ward", "dong-mau", "--out", str(tmp_path)]
    assert main(arguments) == 0
    assert main(arguments) == 0, "a draft that nobody touched may be made again"
    path = tmp_path / "dong-mau/bang-vach.yml"
    made = path.read_text(encoding="utf-8")
    path.write_text(made.replace(was, put, 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != made

    assert main(arguments) == 1
    assert "đã có người trả lời hoặc sửa" in capsys.readouterr().out
    assert main([*arguments, "--replace"]) == 0
    assert path.read_text(encoding="utf-8") == made


@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        (["khong-co.txt", "--ward", "dong-mau"], 1, "không mở được tệp"),
        (["vo-bang.txt"], 1, "Thiếu --ward"),
        (["cu.doc", "--ward", "dong-mau"], 1, "Lưu thành"),
        (["vo-bang.txt", "--ward", "hoa-tinh"], 2, "ward.unknown"),
        (["vo-bang.txt", "--accept"], 1, "Chưa đưa vào nội dung được"),
    ],
)
def test_what_cannot_be_done_is_told(installed, tmp_path, capsys, arguments, status, word):
    (tmp_path / "cu.doc").write_bytes(b"x")
    shutil.copy(SAMPLES / "vo-bang.txt", tmp_path)

    assert main(["import-plan", str(tmp_path / arguments[0]), *arguments[1:], "--out", str(tmp_path / "o")]) == status

    said = capsys.readouterr()
    assert word in said.out + said.err


def test_a_national_list_by_command(installed, tmp_path, capsys):
    from tests.knowledge.importing.test_national import listed, row

    path = listed(tmp_path, row(), row("1.900002", "Khác", "Trực tuyến1Miễn phí"), name="ds.jsonl.gz")

    assert main(["import-procedures", str(path), "--out", str(tmp_path / "o")]) == 0

    assert "Đã đọc 2 thủ tục" in capsys.readouterr().out
    assert "1.900002" in (tmp_path / "o/can-xem.md").read_text(encoding="utf-8")
    assert main(["import-procedures", str(tmp_path / "khong-co.jsonl"), "--out", str(tmp_path / "o")]) == 1
