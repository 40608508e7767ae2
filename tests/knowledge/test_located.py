import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import Mistake
from knowledge.located import line_of, load


@pytest.fixture
def file(tmp_path):
    return tmp_path / "tep.yml"


def read(file, text):
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(file)


def test_every_field_knows_its_line(file):
    value, lines, mistakes = read(file, "kind: faq\n\nentries:\n- id: a\n  questions:\n  - một\n  - hai\n- id: b\n")

    assert value == {"kind": "faq", "entries": [{"id": "a", "questions": ["một", "hai"]}, {"id": "b"}]}
    assert mistakes == []
    assert lines[("kind",)] == 1
    assert lines[("entries",)] == 3
    assert lines[("entries", 0, "questions", 1)] == 7
    assert lines[("entries", 1)] == 8


def test_a_place_that_is_not_in_the_file_has_the_line_of_what_is_around_it(file):
    _, lines, _ = read(file, "kind: faq\nentries:\n- id: a\n")

    assert line_of(lines, ("entries", 0, "answer")) == 3
    assert line_of(lines, ("title",)) == 1
    assert line_of({}, ("x",)) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("code: 1.001193", "1.001193"),
        ("code: 1.000010", "1.000010"),
        ("code: 2026-07", "2026-07"),
        ("code: 2026-11-20", "2026-11-20"),
        ("code: 1e3", "1e3"),
        ("code: .5", ".5"),
        ("code: 100", 100),
        ("code: true", True),
        ("code: null", None),
        ("code: ", None),
    ],
)
def test_codes_and_dates_are_read_as_the_text_they_are(file, text, value):
    assert read(file, text)[0] == {"code": value}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "trường “a” viết hai lần"),
        ("x:\n  a: 1\n  a: 2\n", 3, "trường “a” viết hai lần"),
        ("- a: 1\n- b: 1\n  b: 2\n", 3, "trường “b” viết hai lần"),
        ("a: [1, 2\nb: 3\n", 2, "sai cú pháp YAML"),
        ("a: 'mở nháy\nb: 2\n", 3, "sai cú pháp YAML"),
        ("a:\n\tb: 1\n", 2, "sai cú pháp YAML"),
        ("tiêu đề: có: hai chấm\n", 1, "sai cú pháp YAML"),
        ("a: 1\n b: 2\n", 2, "sai cú pháp YAML"),
        ("a: *ghi-chu\n", 1, "sai cú pháp YAML"),
        ("a: 1\n---\nb: 2\n", 2, "sai cú pháp YAML"),
        ("a: 1\n? [x, y]\n: 2\n", 2, "tên trường phải là chữ"),
        ("a: !!int chín\n", 1, "có giá trị không đọc được"),
        ("a: !nhan 3\n", 1, "sai cú pháp YAML"),
        ("kind: faq\ntitle: tiếng Việt".encode("utf-16"), 1, "không phải UTF-8"),
        ("title: lệ phí".encode("cp1258", "ignore"), 1, "không phải UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(file, text, line, said):
    value, _, mistakes = read(file, text)

    assert value is None
    assert [mistake.line for mistake in mistakes] == [line]
    assert mistakes[0].path == file
    assert said in mistakes[0].problem


def test_every_field_written_twice_is_told_at_once(file):
    _, _, mistakes = read(file, "a: 1\na: 2\nb: 1\nb: 2\n")

    assert [(mistake.line, "“a”" in mistake.problem) for mistake in mistakes] == [(2, True), (4, False)]


def test_a_file_that_cannot_be_opened_is_a_mistake_like_any_other(tmp_path):
    (tmp_path / "thu-muc.yml").mkdir()

    for path in (tmp_path / "thu-muc.yml", tmp_path / "khong-co.yml"):
        value, _, mistakes = load(path)
        assert value is None
        assert "không mở được tệp này" in mistakes[0].problem


def test_an_alias_of_what_holds_it_does_not_hang(file):
    _, _, mistakes = read(file, "a: &x\n  b: *x\n")

    assert mistakes == []


def test_aliases_upon_aliases_are_walked_once(file):
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))

    _, lines, mistakes = read(file, text)

    assert mistakes == []
    assert len(lines) < 1000


def test_a_file_saved_by_notepad_is_read_like_any_other(file):
    value, lines, mistakes = read(file, b"\xef\xbb\xbfkind: faq\r\ntitle: ph\xc3\xad\r\n")

    assert (value, mistakes) == ({"kind": "faq", "title": "phí"}, [])
    assert lines[("title",)] == 2


def test_an_empty_file_is_empty_and_not_broken(file):
    assert read(file, "# chưa có gì\n") == (None, {}, [])


yaml_like = st.text(alphabet="ab:-?[]{}&*!|>'\"%@ \n\t#,0.1é\ufeff\x00\x85", max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.one_of(yaml_like.map(str.encode), st.binary(max_size=40)))
def test_any_file_is_either_read_or_refused_with_a_line(file, text):
    value, _, mistakes = read(file, text)

    assert value is None or not mistakes
    assert all(isinstance(mistake, Mistake) and mistake.line >= 1 and mistake.problem for mistake in mistakes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.one_of(yaml_like.map(str.encode), st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace"))))
def test_what_is_wrong_with_a_file_is_told_without_a_word_of_the_parser(file, text):
    _, _, mistakes = read(file, text)

    english = ("expected", "found", "while", "scanning", "parsing", "block", "not allowed", "character")
    assert [one.problem for one in mistakes if any(word in one.problem for word in english)] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1, 2\nb: 3\n", "ngoặc"),
        ("a: 'mở nháy\nb: 2\n", "dấu nháy mở mà chưa đóng, bắt đầu từ dòng 1"),
        ("a:\n\tb: 1\n", "Tab"),
        ("tiêu đề: có: hai chấm\n", "dấu hai chấm ở giữa câu"),
        ("a: 1\n b: 2\n", "thụt lề"),
        ("a: b\nc d\ne: f\n", "thiếu dấu hai chấm"),
        ("a:\n- b\nc\n", "dấu hai chấm"),
        ("a: *ghi-chu\n", "dấu * ở đầu"),
        ("a: @mail\n", "không được đứng đầu"),
        ("a: - b\n", "phải xuống dòng"),
        ('a: "\\q"\n', "dùng nháy đơn"),
        ("a: 1\n---\nb: 2\n", "bỏ dòng ---"),
        ("a: !nhan 3\n", "dấu ! ở đầu"),
    ],
)
def test_a_mistake_of_writing_says_how_to_mend_it(file, text, said):
    _, _, mistakes = read(file, text)

    assert said in mistakes[0].problem
