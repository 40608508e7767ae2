import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.query import Lexicon, understand
from knowledge.restore import Spellings
from knowledge.text import bigrams, fold, tokenise

LEXICON = Lexicon.of(
    {
        "ko": ["không"],
        "k": ["không"],
        "đk": ["đăng ký"],
        "tt": ["thủ tục", "tạm trú"],
        "j": ["gì"],
        "kh": ["kết hôn"],
        "ng": ["người"],
    },
    {
        "cà vẹt": ["đăng ký xe"],
        "giấy độc thân": ["giấy xác nhận tình trạng hôn nhân"],
        "nhập khẩu": ["đăng ký thường trú"],
    },
)
SEEN = {
    plain: 9
    for plain in "dang ki khai sinh tam tru ket hon giay to le phi bao nhieu khong can gi thu tuc doc than xe nhap khau".split()
}
WORDS = "ko k đk tt j kh ng khai sinh kệt ddawng kys dangkytamtru sihn cà vẹt giấy độc thân nhập khẩu facebook ct07 123/2015/nđ-cp 🙏 zzz".split()
questions = st.one_of(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.text())

SPELLINGS = Spellings({"lệ": 9, "phí": 9, "bao": 9, "nhiêu": 9, "nhiều": 2}, {"lệ phí": 9, "bao nhiêu": 9})


def read(text, lexicon=LEXICON):
    return understand(text, lexicon, SEEN, SPELLINGS)


@given(questions)
def test_every_term_that_was_typed_stays_with_its_full_weight(text):
    folded = [fold(token) for token in tokenise(text)]

    query = read(text)

    assert list(query.typed) == tokenise(text)
    assert all(query.terms[term] == 1.0 for term in [*folded, *bigrams(folded)])


@given(questions)
def test_what_is_guessed_weighs_less_than_what_was_typed(text):
    folded = [fold(token) for token in tokenise(text)]
    typed = {*folded, *bigrams(folded)}

    assert all(0 < weight < 1.0 for term, weight in read(text).terms.items() if term not in typed)


@given(questions)
def test_a_lexicon_only_ever_adds_terms(text):
    without = read(text, Lexicon())
    with_it = read(text)

    assert {term for term, weight in without.terms.items() if weight == 1.0} <= set(with_it.terms)
    assert with_it.typed == without.typed


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("đk khai sinh", "dang ki dang_ki ki_khai"),
        ("dk khai sinh", "dang ki dang_ki"),  # typed without marks
        ("cần j", "gi can_gi"),
        ("lệ phí ko", "khong phi_khong"),
        ("tt khai sinh", "thu tuc tam tru"),  # both meanings
        ("ddawng kys khai sinh", "dang ki dang_ki"),
        ("d9a8ng ky1 khai sinh", "dang ki dang_ki"),
        ("dangkytamtru", "dang ki tam tru ki_tam"),
        ("khai sihn", "sinh khai_sinh"),
        ("cà vẹt xe", "dang ki dang_ki"),
        ("ca vet xe", "dang ki dang_ki"),
        ("xin giấy độc thân", "xac nhan tinh trang hon nhan"),
        ("giay doc than", "xac nhan tinh trang hon nhan"),
    ],
)
def test_what_was_probably_meant_is_added(question, added):
    terms = read(question).terms

    assert set(added.split()) <= set(terms)


def test_the_commonest_meaning_of_a_short_form_weighs_more_than_the_others():
    terms = read("tt").terms

    assert terms["tt"] == 1.0
    assert 1.0 > terms["thu"] > terms["tam"] > 0


def test_a_saying_is_found_behind_a_short_form_too():
    lexicon = Lexicon.of({"gđt": ["giấy độc thân"]}, {"giấy độc thân": ["tình trạng hôn nhân"]})

    assert read("gđt", lexicon).official == ("tình trạng hôn nhân",)


def test_a_known_word_is_never_read_as_something_else():
    query = read("khai sinh tạm trú kết hôn")

    assert query.meant == query.typed
    assert query.official == ()


def test_a_name_that_nobody_knows_stays_as_it_is():
    assert read("facebook").meant == ("facebook",)


def test_a_line_of_its_own_goes_before_the_folded_form_of_another():
    lexicon = Lexicon.of({"đk": ["đăng ký"], "dk": ["điều kiện"]}, {})

    assert lexicon.abbreviations["dk"] == ("điều kiện",)


def test_marks_are_put_back_only_on_a_question_typed_without_any():
    assert read("le phi bao nhieu").restored == ("lệ", "phí", "bao", "nhiêu")
    assert read("lệ phi bao nhieu").restored == ()
    assert read("").restored == ()


@given(questions)
def test_marks_put_back_change_no_term(text):
    assert understand(text, LEXICON, SEEN, Spellings({}, {})).terms == read(text).terms
