import pytest

from knowledge.names import OLD_TERMS, corrections
from knowledge.text import fold, normalise
from knowledge.wards import Ward

WARD = Ward(
    slug="dong-mau",
    name="phường Đông Mẫu",
    unit="phường",
    province="tỉnh Mẫu",
    former_names=["xã Mẫu Cũ", "phường Đông Mẫu"],
    as_of="2026-11-20",
)


def found(question):
    return [(each["kind"], each["said"]) for each in corrections(question, WARD)]


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("có phải lên huyện không", "huyện"),
        ("co phai len huyen khong", "huyện"),
        ("UBND huyện làm hay xã làm", "huyện"),
        ("cấp huyện giải quyết à", "huyện"),
        ("lên quận nộp được không", "quận"),
        ("len quan nop giay", "quận"),
        ("phòng tư pháp quận ở đâu", "quận"),
        ("công an quận có làm căn cước không", "quận"),
        ("ubnd quan o dau", "quận"),
        ("nộp ở thị xã được không", "thị xã"),
        ("ubnd thi xa o dau", "thị xã"),
    ],
)
def test_the_district_level_is_recognised_with_and_without_marks(question, unit):
    assert ("district_level", unit) in found(question)


@pytest.mark.parametrize(
    "question",
    [
        "thì xã có làm không",
        "neu vay thi xa lam duoc khong",
        "chị Huyền bên một cửa có đó không",
        "chi huyen co o do khong",
        "ra quán ăn",
        "nghĩa vụ quân sự",
        "nghia vu quan su",
        "cơ quan nào giải quyết",
        "co quan nao giai quyet",
        "điều quan trọng nhất",
        "quan hệ cha con",
        "cong an quan ly cu tru",
        "đăng ký khai sinh cho con",
    ],
)
def test_words_that_only_look_like_a_district_are_left_alone(question):
    assert found(question) == []


def test_a_former_name_is_told_with_the_present_one():
    assert corrections("em ở xã Mẫu Cũ thì nộp ở đâu", WARD) == [
        {"kind": "former_name", "said": "xã Mẫu Cũ", "now": "phường Đông Mẫu"}
    ]
    assert found("em o xa mau cu thi nop o dau") == [("former_name", "xã Mẫu Cũ")]


def test_the_present_name_is_no_former_name():
    assert found("phường Đông Mẫu ở đâu") == []


def test_a_former_name_inside_a_longer_word_is_none():
    assert found("xã Mẫu Cũng lạ") == []


@pytest.mark.parametrize("term", sorted(OLD_TERMS))
def test_every_old_term_is_recognised_with_and_without_marks(term):
    shown, now = OLD_TERMS[term]

    assert fold(normalise(shown)) == term
    assert found(f"cần {shown} không") == found(f"can {term} khong") == [("old_term", shown)]
    assert now


def test_several_old_names_are_told_together():
    kinds = [kind for kind, _ in found("ở xã Mẫu Cũ lên huyện làm sổ hộ khẩu được không")]

    assert kinds == ["former_name", "district_level", "old_term"]
