"""
Lines of print become paragraphs, and no word is lost on the way, however a text was cut.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.importing.paragraphs import join
from knowledge.sources import txt
from knowledge.sources.document import Document
from tests.knowledge.importing.conftest import SAMPLES

PLAN = (SAMPLES / "vo-bang.txt").read_text(encoding="utf-8")


def read(text: str) -> Document:
    return txt.read(text.encode(), "ke-hoach.txt")


def joined(text: str) -> list[str]:
    return [f"{one.marker} {one.text}".strip() for one in join(read(text)).paragraphs]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_a_sentence_goes_on_over_an_empty_line():
    text = "- Nâng cao vai trò của người đứng đầu và cấp ủy Đảng trong việc thực hiện, \n\nchính quyền và đoàn thể.\n- Việc khác."

    assert joined(text) == [
        "- Nâng cao vai trò của người đứng đầu và cấp ủy Đảng trong việc thực hiện, chính quyền và đoàn thể.",
        "- Việc khác.",
    ]


def test_a_heading_does_not_run_into_its_text():
    text = "4. Công chức Tài chính - Kế toán\nTham mưu cho UBND phường nguồn kinh phí thực hiện trong năm nay của đơn vị.\n"

    assert joined(text) == [
        "4. Công chức Tài chính - Kế toán",
        "Tham mưu cho UBND phường nguồn kinh phí thực hiện trong năm nay của đơn vị.",
    ]


def test_a_number_of_a_document_at_the_beginning_of_a_line_is_no_numbering():
    text = "- Thực hiện Nghị quyết của Hội đồng nhân dân tỉnh và các văn bản khác là Nghị quyết số\n\n12/NQ-HĐND và 35-NQ/TU."

    assert joined(text) == [
        "- Thực hiện Nghị quyết của Hội đồng nhân dân tỉnh và các văn bản khác là Nghị quyết số 12/NQ-HĐND và 35-NQ/TU."
    ]


@pytest.mark.parametrize(
    ("first", "second", "whole"), [("2021-", "2030 của Chính phủ", "2021-2030"), ("số 19-", "NQ/TW ngày", "19-NQ/TW")]
)
def test_what_a_line_break_cut_at_a_hyphen_is_whole_again(first, second, whole):
    text = f"- Tuyên truyền chương trình tổng thể cải cách hành chính nhà nước giai đoạn {first}\n\n{second} và việc khác.\n"

    assert whole in joined(text)[0]


def test_a_lone_page_number_in_a_sentence_is_no_part_of_it():
    found = join(
        read("- Số hóa hồ sơ theo quy định tại Kế hoạch số: 140/KH -\n\n\n5\n\nUBND ngày 29/7/2021 của UBND tỉnh.\n")
    )

    assert found.page_numbers == [4]
    assert [one.text for one in found.paragraphs] == [
        "Số hóa hồ sơ theo quy định tại Kế hoạch số: 140/KH - UBND ngày 29/7/2021 của UBND tỉnh."
    ]


def test_every_letter_knows_its_line():
    paragraph = join(
        read("- Một dòng dài đến hết chiều ngang của trang giấy in này thì sẽ\n\ncòn tiếp ở đây.\n")
    ).paragraphs[0]

    place = paragraph.text.index("còn")
    assert (paragraph.lines_of(0, 5), paragraph.lines_of(place, place + 3), paragraph.lines) == ((1,), (3,), (1, 3))


cuts = st.lists(st.integers(0, len(PLAN)), max_size=60)
breaks = st.sampled_from(["\n", "\n\n", " \n ", "\n\n\n", "\r\n"])


@settings(max_examples=60, deadline=None)
@given(cuts, breaks)
def test_no_word_is_lost_however_the_text_is_cut(places, line_break):
    places = sorted(
        {place for place in places if 0 < place < len(PLAN) and PLAN[place - 1 : place + 1].isspace() is False}
    )
    cut, last = "", 0
    for place in places:
        cut += PLAN[last:place] + line_break
        last = place
    cut += PLAN[last:]
    document = read(cut)

    found = join(document)

    kept = words(" ".join(f"{one.marker} {one.text}" for one in found.paragraphs))
    set_aside = words(" ".join(document.line(number).text for number in (*found.page_numbers, *found.rules)))
    assert sorted(kept + set_aside) == sorted(words(cut))


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 140), st.sampled_from(["\n", "\n\n"]))
def test_no_word_is_lost_and_none_changes_place_when_the_text_is_wrapped_anew(width, line_break):
    flowing = re.sub(r"\s+", " ", PLAN).split(" ")
    lines, line = [], ""
    for word in flowing:
        if len(line) + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    text = line_break.join([*lines, line])
    document = read(text)

    found = join(document)

    aside = {*found.page_numbers, *found.rules}
    expected = words(" ".join(line.text for line in document.lines if line.number not in aside))
    assert words(" ".join(f"{one.marker} {one.text}" for one in found.paragraphs)) == expected
