"""
What is changed in a YAML text, and that nothing else is.
"""

from difflib import ndiff
from textwrap import dedent

import pytest
import yaml

from knowledge.office import marks, splice
from knowledge.office.marks import CannotSplice

FILE = dedent("""\
    # Nội dung bịa ra cho các bài thử.
    kind: procedure
    field: Hộ tịch      # dùng cho cả tệp

    entries:
    # ---- khai sinh
    - id: khai-sinh          # không đổi
      title: "Đăng ký khai sinh"
      aliases: [làm giấy khai sinh, 'khai sinh: cho con']   # tên gọi
      code: '1.000001'
      summary: >-
        Ghi tên em bé
        vào sổ.
      papers:                # mang theo
      - {text: Tờ khai, form: mẫu BM-01}   # tờ khai
      # giấy của bệnh viện
      - text: Giấy chứng sinh
        when: null           # chưa rõ
      fee: {text: "Không thu.", dong: 0, exemptions: []}
      questions:
      - em bé mới sinh làm giấy gì   # hay hỏi
      - sinh con xong làm gì
      # - câu này chưa dùng
      - "# dấu thăng trong câu"
      place: null
      as_of: '2026-07'

    # ---- kết hôn
    - id: ket-hon
      title: Kết hôn
      summary: S
      as_of: '2026-07'       # cuối tệp
    """)
ENTRY = ("entries", 0)
OLD = {
    "id": "khai-sinh", "code": "1.000001", "title": "Đăng ký khai sinh", "aliases": ["làm giấy khai sinh", "khai sinh: cho con"],
    "summary": "Ghi tên em bé vào sổ.", "papers": [{"text": "Tờ khai", "form": "mẫu BM-01"}, {"text": "Giấy chứng sinh"}],
    "fee": {"text": "Không thu.", "dong": 0},
    "questions": ["em bé mới sinh làm giấy gì", "sinh con xong làm gì", "# dấu thăng trong câu"], "as_of": "2026-07",
}  # fmt: skip


def difference(new: str) -> list[str]:
    """
    Return the lines that went, with a minus, and those that came, with a plus.
    """
    return [line for line in ndiff(FILE.splitlines(), new.splitlines()) if line[0] in "+-"]


def notes(text: str) -> list[str]:
    return marks.comments(text, 0, len(text), marks.root(text))


def changed(**fields) -> str:
    new = {**OLD, **fields}
    new = {name: value for name, value in new.items() if value is not None}
    return splice.change(
        FILE, [(ENTRY, OLD, new)], {"place": None, "papers": [], "questions": [], "field": splice.GONE}
    )


def test_nothing_changes_when_nothing_is_new():
    assert splice.change(FILE, [(ENTRY, OLD, OLD)], {}) == FILE


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": "Khai sinh"}, ['-  title: "Đăng ký khai sinh"', '+  title: "Khai sinh"']),
        ({"place": "Quầy: số 1"}, ["-  place: null", "+  place: 'Quầy: số 1'"]),
        ({"aliases": ["làm giấy khai sinh"]}, ["-  aliases: [làm giấy khai sinh, 'khai sinh: cho con']   # tên gọi",
                                               "+  aliases: [làm giấy khai sinh]                         # tên gọi"]),
        ({"fee": {"text": "8.000 đồng", "dong": 8000}}, ['-  fee: {text: "Không thu.", dong: 0, exemptions: []}',
                                                         '+  fee: {text: "8.000 đồng", dong: 8000, exemptions: []}']),
        ({"fee": {"text": "Không thu.", "dong": 0, "exemptions": ["trẻ em, người già"]}},
         ['-  fee: {text: "Không thu.", dong: 0, exemptions: []}', "+  fee: {text: \"Không thu.\", dong: 0, exemptions: ['trẻ em, người già']}"]),
        ({"questions": [*OLD["questions"][:2], "câu mới", OLD["questions"][2]]}, ["+  - câu mới"]),
        ({"questions": OLD["questions"][1:]}, ["-  - em bé mới sinh làm giấy gì   # hay hỏi", "+  # hay hỏi"]),
        ({"papers": [{"text": "Tờ khai mới", "form": "mẫu BM-01"}, OLD["papers"][1]]},
         ["-  - {text: Tờ khai, form: mẫu BM-01}   # tờ khai", "+  - {text: Tờ khai mới, form: mẫu BM-01}   # tờ khai"]),
        ({"papers": [OLD["papers"][0], {"text": "Giấy chứng sinh", "when": "khi có"}]},
         ["-    when: null           # chưa rõ", "+    when: khi có         # chưa rõ"]),
        ({"result": "Giấy khai sinh", "place": "Quầy"}, ["-  place: null", "+  place: Quầy", "+  result: Giấy khai sinh"]),
    ],
)  # fmt: skip
def test_only_the_lines_of_a_changed_field_change_and_their_comments_stay(fields, told):
    new = changed(**fields)

    assert sorted(difference(new)) == sorted(f"{line[0]} {line[1:]}" for line in told)
    assert notes(new) == notes(FILE)


def test_a_field_that_is_emptied_says_so_and_what_was_noted_in_it_stays():
    new = changed(papers=None, questions=None)

    read = yaml.safe_load(new)["entries"][0]
    assert (read["papers"], read["questions"]) == ([], [])
    assert "papers: []             # mang theo" in new
    assert sorted(notes(new)) == sorted(notes(FILE))


def test_a_text_of_several_lines_is_written_as_it_is():
    new = changed(summary="Dòng một\nDòng hai: # không phải ghi chú")

    assert yaml.safe_load(new)["entries"][0]["summary"] == "Dòng một\nDòng hai: # không phải ghi chú"
    assert "  summary: |-\n    Dòng một\n    Dòng hai: # không phải ghi chú\n" in new


def test_a_new_field_stands_where_it_belongs():
    new = {**OLD, "official_title": "Thủ tục"}
    ordered = {name: new[name] for name in ("id", "code", "title", "official_title", *list(OLD)[3:])}

    text = splice.change(FILE, [(ENTRY, OLD, ordered)], {})

    assert '  title: "Đăng ký khai sinh"\n  official_title: Thủ tục\n  aliases:' in text


def test_an_entry_more_stands_at_the_end_and_apart_as_the_others_do():
    text = splice.append(FILE, ("entries",), {"id": "moi", "title": "Mới"})

    assert text == FILE + "\n- id: moi\n  title: Mới\n"


@pytest.mark.parametrize("empty", ["entries: []", "entries:", "entries: []  # chưa có", "entries: null"])
def test_the_first_entry_of_an_empty_file(empty):
    text = splice.append(f"kind: faq\n{empty}\n", ("entries",), {"id": "a", "title": "A"})

    assert yaml.safe_load(text) == {"kind": "faq", "entries": [{"id": "a", "title": "A"}]}
    assert ("# chưa có" in text) == ("# chưa có" in empty)


def test_an_entry_goes_with_what_is_noted_in_it_and_nothing_around_it():
    text = splice.remove(FILE, ENTRY)

    kept = FILE[: FILE.index("- id: khai-sinh")] + FILE[FILE.index("# ---- kết hôn") :]
    assert text == kept or text == kept.replace("# ---- khai sinh\n", "# ---- khai sinh\n\n")
    assert [entry["id"] for entry in yaml.safe_load(text)["entries"]] == ["ket-hon"]


def test_the_last_entry_leaves_an_empty_list():
    text = splice.remove(splice.remove(FILE, ("entries", 1)), ENTRY)

    assert yaml.safe_load(text) == {"kind": "procedure", "field": "Hộ tịch", "entries": []}
    assert text.startswith("# Nội dung bịa ra")


def test_an_entry_that_uses_aliases_is_left_alone():
    text = "kind: faq\nentries:\n- &a {id: a, title: A}\n- {id: b, title: *t}\n".replace("title: A", "title: &t A")

    with pytest.raises(CannotSplice):
        splice.change(text, [(("entries", 1), {"id": "b", "title": "A"}, {"id": "b", "title": "B"})], {})


@pytest.mark.parametrize(
    "value",
    ["# thăng", "a: b", "- gạch", "[ngoặc", "{nhọn", "'nháy", '"kép', "1.001193", "2026-07", "2026-11-20", "no", "null", "~", "07:30", "50000", "@", "%",
     "& và", "*", "!", "|", ">", "?", ",", "a # b", "có: hai chấm", "dấu phẩy, ở đây", "đầu\ncuối", "đầu\n\n  thụt\ncuối", "\\", "a\tb", "🙂", "x" * 500, "từ " * 90 + "cuối"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["title", "summary", "place", "aliases", "questions", "fee", "papers"])
def test_whatever_is_typed_comes_back(field, value):
    wanted = {
        "aliases": [value, "b"], "questions": [*OLD["questions"], value], "fee": {"text": value, "dong": 0},
        "papers": [{"text": value, "form": "mẫu BM-01"}, {"text": "Giấy chứng sinh", "when": value}],
    }.get(field, value)  # fmt: skip

    text = changed(**{field: wanted})

    read = yaml.load(text, Loader=yaml.BaseLoader)["entries"][0][field]
    if field == "fee":
        read = {"text": read["text"], "dong": int(read["dong"])}
    assert read == wanted
    assert notes(text) == notes(FILE)
