import pytest

from actions.picking import number_in, pick

TITLES = ["Đăng ký khai sinh", "Đăng ký lại khai sinh", "Đăng ký giám hộ"]


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("1", 0), ("2.", 1), ("03", 2), ("số 2", 1), ("SỐ HAI", 1), ("so 3 nhe em", 2), ("chọn số 1 ạ", 0), ("cái thứ 2", 1),
        ("cái thứ nhất", 0), ("cái đầu tiên", 0), ("đầu tiên", 0), ("cái cuối cùng đi", 2), ("em chọn mục 2", 1),
        ("cho tôi cái thứ ba", 2), ("lựa chọn thứ hai", 1), ("phương án 3", 2), ("2 nha", 1), ("đăng ký lại khai sinh", 1),
        ("Dang ky giam ho", 2), ("trường hợp thứ nhất", 0), ("à không, số 3 cơ", 2),
    ],
)  # fmt: skip
def test_a_choice_is_understood(text: str, index: int):
    assert pick(text, TITLES) == index


@pytest.mark.parametrize(
    "text",
    [
        "4", "0", "113", "1022", "ba", "năm", "hai vợ chồng", "con thứ hai thì sao", "2 người", "mấy ngày có", "số điện thoại",
        "1.001193", "", "???", "khai sinh", "cho hỏi số 2 đường Lê Lợi", "lần đầu", "năm nay", "cái này", "số 5",
    ],
)  # fmt: skip
def test_what_is_no_choice_is_left_to_knowledge(text: str):
    assert pick(text, TITLES) is None


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("số 9", 9), ("cuối cùng", -1), ("113", None), ("chín giờ", None)]
)
def test_a_number_alone_is_seen_even_when_no_list_is_open(text: str, number: int | None):
    assert number_in(text) == number
