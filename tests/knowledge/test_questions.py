import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import QuestionsError
from knowledge.questions import Asked, read
from tests.knowledge.conftest import HERE, SAMPLES


@pytest.fixture
def file(tmp_path):
    return tmp_path / "questions.tsv"


def asked(file, text):
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(file, "hoa-binh")


def test_a_line_is_id_question_expected_aspect_and_style(file):
    assert asked(file, "A1\tlệ phí khai sinh\tkhai-sinh\tfee\tyoung\n") == [
        Asked("A1", ("lệ phí khai sinh",), frozenset({"khai-sinh"}), "fee", "young", "hoa-binh")
    ]


def test_a_ward_of_its_own_goes_before_the_one_of_the_command(file):
    found = asked(file, "A1\ta\tb\tfee\told\tthinh-liet\nA2\ta\tb\tfee\told\t\n")

    assert [each.ward for each in found] == ["thinh-liet", "hoa-binh"]


def test_two_bars_part_the_turns_of_a_conversation(file):
    found = asked(file, "A1\tlàm khai sinh || thế còn lệ phí || \tkhai-sinh\tfee\tx\n")

    assert found[0].turns == ("làm khai sinh", "thế còn lệ phí")


def test_several_expected_ids_are_joined_by_a_bar(file):
    assert asked(file, "A1\ta\t khai-sinh | 1.001193 |\n")[0].expected == {"khai-sinh", "1.001193"}


def test_out_of_scope_expects_nothing(file):
    found = asked(file, "A1\txổ số\tOOS\toos\tx\n")[0]

    assert found.expected == frozenset()
    assert not found.inside


def test_only_three_columns_are_needed(file):
    found = asked(file, "A1\ta\tb\n")[0]

    assert (found.aspect, found.style, found.ward) == ("", "-", "hoa-binh")


def test_the_head_of_the_table_blank_lines_and_remarks_are_passed_over(file):
    found = asked(file, "\ufeffID\tQuestion\tExpected\r\n\r\n# ghi chú\r\nA1\ta\tb\r\n   \r\nA2\tc\td\r\n")

    assert [each.id for each in found] == ["A1", "A2"]


def test_an_empty_file_holds_no_question(file):
    assert asked(file, "") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A1\ta\tb\nA2 câu hỏi không có tab\n", ":2: 1 columns, at least 3"),
        ("A1\ta\n", ":1: 2 columns"),
        ("A1\t\tb\n", ":1: question and expected must not be empty"),
        ("A1\t||\tb\n", ":1: question and expected must not be empty"),
        ("# x\nA1\ta\t\n", ":2: question and expected must not be empty"),
        ("A1\tphí\tb\n".encode("utf-16"), "cannot be read"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(file, text, said):
    with pytest.raises(QuestionsError, match=said):
        asked(file, text)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(QuestionsError, match=r"khong-co\.tsv cannot be read"):
        read(tmp_path / "khong-co.tsv", "hoa-binh")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.text(alphabet="ab|\t\n# é\r", max_size=80), st.text(max_size=40)).map(
        lambda text: text.encode("utf-8", "replace")
    )
)
def test_any_file_is_read_or_refused(file, text):
    try:
        found = asked(file, text)
    except QuestionsError:
        return
    assert all(each.turns and all(each.turns) and each.id is not None for each in found)


def test_a_messy_sheet_out_of_excel_is_read():
    found = read(SAMPLES / "questions.tsv", "hoa-binh")

    assert [(each.id, each.turns, sorted(each.expected), each.style, each.ward) for each in found] == [
        ("1", ("làm khai sinh cho con cần gì ạ",), ["khai-sinh"], "old", "hoa-binh"),
        ("2", ("dk ket hon", "het bn tien z"), ["ket-hon"], "phone", "hoa-binh"),
        ("3", ("xổ số hôm nay",), [], "-", "dong-mau"),
        ("4", ('anh ấy bảo "phải lên phường" thì sao',), ["ket-hon", "khai-sinh"], "-", "hoa-binh"),
    ]


def test_the_repositorys_own_questions_can_be_read_and_are_many():
    found = read(HERE / "questions.tsv", "phuong-mau")

    assert len(found) >= 300
    assert sum(not each.inside for each in found) >= 40
    assert len({each.id for each in found}) == len(found)
    assert len({each.turns for each in found}) >= 0.99 * len(found)
