import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.needs import LONG, SHORTEST, clauses, cores
from knowledge.text import fold, normalise, tokenise


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("làm giấy khai sinh và đăng ký thường trú cho con", ["làm giấy khai sinh", "đăng ký thường trú cho con"]),
        ("lam giay khai sinh va dang ky thuong tru", ["lam giay khai sinh", "dang ky thuong tru"]),
        (
            "đổi tên cha trong khai sinh, với lại làm căn cước cho bé",
            ["đổi tên cha trong khai sinh", "làm căn cước cho bé"],
        ),
        ("khai tử cho ông nội rồi còn xin mai táng phí nữa", ["khai tử cho ông nội", "xin mai táng phí nữa"]),
        ("đăng ký kết hôn cần gì? Tạm trú mấy ngày xong?", ["đăng ký kết hôn cần gì", "Tạm trú mấy ngày xong"]),
        ("xin giấy độc thân ngoài ra công chứng hợp đồng", ["xin giấy độc thân", "công chứng hợp đồng"]),
        ("làm lại sổ đỏ\nxin phép xây nhà", ["làm lại sổ đỏ", "xin phép xây nhà"]),
        ("đăng ký khai sinh", ["đăng ký khai sinh"]),
        ("phí và hạn", []),
        ("thủ tục 1.001193 cần giấy tờ gì", ["thủ tục 1.001193 cần giấy tờ gì"]),
        ("nhà rộng 12,5 mét vuông có nhập khẩu được không", ["nhà rộng 12,5 mét vuông có nhập khẩu được không"]),
        ("", []),
    ],
)
def test_a_question_falls_into_clauses_where_people_join_them(question, pieces):
    assert clauses(question) == pieces


@pytest.mark.parametrize(
    "question",
    [
        "làm giấy khai sinh và đăng ký thường trú cho con",
        "khai tử cho ông nội rồi còn xin mai táng phí nữa",
        "xin giấy độc thân, ngoài ra làm tạm trú cho vợ",
    ],
)
def test_the_clauses_are_the_same_without_marks(question):
    plain = fold(normalise(question))

    assert [fold(normalise(piece)) for piece in clauses(question)] == clauses(plain)


STORY = (
    "Chào anh chị, vợ chồng em lấy nhau ở quê, năm ngoái mới vào đây làm công nhân. Tháng trước vợ em sinh cháu đầu lòng. "
    "Giờ muốn làm giấy khai sinh cho cháu thì cần giấy tờ gì ạ?"
)


def test_a_long_story_may_come_down_to_any_of_its_sentences():
    found = cores(STORY)

    assert "Giờ muốn làm giấy khai sinh cho cháu thì cần giấy tờ gì ạ" in found
    assert "Tháng trước vợ em sinh cháu đầu lòng" in found
    assert any(core.startswith("Tháng trước") and "khai sinh" in core for core in found)


def test_a_story_without_a_full_stop_falls_apart_at_its_commas():
    found = cores(
        "nhà em ở trọ phường này hai năm rồi, chủ nhà đồng ý hết, bé sắp vào lớp một, em muốn nhập khẩu cho con"
    )

    assert "em muốn nhập khẩu cho con" in found


@pytest.mark.parametrize(
    "question",
    ["", "đăng ký kết hôn cần gì", "một hai ba bốn năm sáu bảy tám chín mười một hai ba bốn năm sáu bảy tám chín"],
)
def test_a_short_question_or_a_single_sentence_has_no_core_of_its_own(question):
    assert cores(question) == []


@given(st.text(alphabet="aàbđ .,?!;\n0123456789và còn", max_size=200))
def test_every_piece_is_long_enough_to_mean_something_and_stands_in_the_question(question):
    assert all(len(tokenise(piece)) >= SHORTEST and piece in question for piece in clauses(question))
    assert len(tokenise(question)) >= LONG or cores(question) == []
