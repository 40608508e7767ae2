"""
What is certainly broken is mended, what may be broken is asked, and what is whole is left alone.
"""

from itertools import pairwise

import pytest

from knowledge.importing import repairs, wound, wounds
from knowledge.importing.collocations import SLIPS, WORDS
from knowledge.importing.paragraphs import Paragraph


def paragraph(text: str, line: int = 1) -> Paragraph:
    return Paragraph(text, (line,) * len(text), (line,))


@pytest.fixture
def mend(known, dong_mau):
    """
    Return a function that repairs texts of one document: (texts, what was repaired, what is asked).
    """

    def run(*texts: str):
        mended, done, asked = repairs.repair(
            [paragraph(text, line) for line, text in enumerate(texts, 1)], known.words, dong_mau
        )
        return [one.text for one in mended], done, asked

    return run


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Đưa khu phốg tin về thủ tục đến người dân", "Đưa thông tin về thủ tục đến người dân"),
        ("Phát triển kinh tế - phường hội; an sinh phường hội", "Phát triển kinh tế - xã hội; an sinh xã hội"),
        (
            "Khu phố tin, tuyên truyền qua trang khu phố tin điện tử",
            "Thông tin, tuyên truyền qua trang thông tin điện tử",
        ),
        ("Khu phố qua hệ thống loa; cơ chế một cửa liên khu phố", "Thông qua hệ thống loa; cơ chế một cửa liên thông"),
        ("Công bố văn khu phố mới, văn khu phố sửa đổi", "Công bố văn bản mới, văn bản sửa đổi"),
        (
            "Nơi tập trung dân cư trong thôn vực, các thôn vực khác",
            "Nơi tập trung dân cư trong khu vực, các khu vực khác",
        ),
    ],
)
def test_a_blind_replacement_is_undone(mend, broken, whole):
    assert mend(broken)[0] == [whole]


@pytest.mark.parametrize(
    "whole",
    [
        "Các khu phố, tổ dân phố văn hóa; tổ trưởng khu phố tin tưởng vào chính quyền",
        "Bản tin của xã; hợp tác xã; bản chính và bản sao; khuyến nông tỉnh",
        "Tổ công nghệ số cộng đồng khu phố hướng dẫn người dân",
        "Đối với các bộ phận chuyên môn; phối hợp với các ban, ngành; báo chí, công cụ hỗ trợ",
        "Cảng vụ đường thủy nội địa địa phương; niêm yết tại trụ sở Sở Tư pháp",
        "Từng bước, dần dần đổi mới; ngày ngày phục vụ người dân",
    ],
)
def test_what_is_whole_is_left_alone(mend, whole):
    texts, done, asked = mend(whole)

    assert (texts, done, asked) == ([whole], [], [])


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Triển kahi thực hiện", "Triển khai thực hiện"),
        ("Công tác tuyên tuyền; lồng thép nội dung", "Công tác tuyên truyền; lồng ghép nội dung"),
        ("Cải cách thủ tục hành hành chính", "Cải cách thủ tục hành chính"),
        ("Quy trình giải quyết giải quyết thủ tục", "Quy trình giải quyết thủ tục"),
        ("Nghị nghị số 107/2021/NĐ-CP của Chính phủ", "Nghị định số 107/2021/NĐ-CP của Chính phủ"),
        ("Giữ trong топ đầu của tỉnh", "Giữ trong top đầu của tỉnh"),
        ("Kế hoạch năm 2026;; UBND phường", "Kế hoạch năm 2026; UBND phường"),
        ("Trên Công khu phố tin điện tử, trang khu phố tin", "Trên Cổng thông tin điện tử, trang thông tin"),
        ("UBND phường Đông Mẩu và phường Đông Mẫụ", "UBND phường Đông Mẫu và phường Đông Mẫu"),
    ],
)
def test_a_slip_that_can_be_nothing_else_is_mended(mend, broken, whole):
    assert mend(broken)[0] == [whole]


def test_a_repair_says_what_it_was_where_and_why(mend):
    _, done, _ = mend("Dòng lành.", "Đưa khu phốg tin đến dân.", "Xem khu phốg tin ở phường.")

    assert [(one.was, one.put, one.why, one.lines) for one in done] == [("khu phốg", "thông", "thay-hang-loat", (2, 3))]
    assert "khu phốg tin" in done[0].around


@pytest.mark.parametrize(
    ("text", "was", "put"),
    [
        ("Hướng dẫn thủ tịch theo quy định", "thủ tịch", "thủ tục"),
        ("Các cơ quan, phường, phường và cá nhân", "phường, phường", "phường, xã"),
        ("Trên mạng phường hội của đơn vị", "phường hội", "xã hội"),
        ("Kinh tế của phường Tây Mẫu Mới phát triển", "Tây Mẫu Mới", "Đông Mẫu"),
        ("Chương trình của phường Đông Mẫu Cát năm 2026", "Đông Mẫu Cát", "Đông Mẫu"),
    ],
)
def test_what_may_be_meant_otherwise_is_asked_and_not_touched(mend, text, was, put):
    texts, done, asked = mend(text)

    assert (texts, done) == ([text], [])
    assert [(one.was, one.put) for one in asked] == [(was, put)]


def test_one_blind_replacement_alone_may_be_meant_but_two_show_that_somebody_replaced(mend):
    assert mend("Trên mạng phường hội của đơn vị")[2]
    assert mend("Trên mạng phường hội của đơn vị", "An sinh phường hội")[2] == []


def test_the_lists_of_words_and_slips_hold_no_slip_that_is_a_word(known):
    lines = SLIPS.read_text(encoding="utf-8").splitlines()
    listed = [line.split("=")[0].strip() for line in lines if line and not line.startswith("#")]

    words = WORDS.read_text(encoding="utf-8").lower()
    assert [slip for slip in listed if f" {slip.lower()};" in words] == []
    assert len(listed) == len(set(listed))


def test_every_reason_can_be_told(mend):
    _, done, asked = mend(
        "Trên mạng phường hội; an sinh phường hội;; thủ tịch phường, phường Đông Mẩu; hành hành chính; топ"
    )

    assert {one.why for one in (*done, *asked)} <= set(wound.WHY)


def test_wounds_do_not_overlap(known):
    found = wounds.find(["Ban khu phố tin truyền khu phố, tuyên tuyền tuyên tuyền;; phường, phường"], known.words)[0]

    assert all(one.end <= other.start for one, other in pairwise(found))
