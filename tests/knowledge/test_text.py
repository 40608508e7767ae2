import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import ZERO_WIDTH, bigrams, fold, has_marks, is_syllable, normalise, tokenise

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
typed = st.text(alphabet=LETTERS + LETTERS.upper() + "fjwz" + "0123456789" + " .,/-?!:()_'\n\u200b\ufe0f😀🙏")
anything = st.text()


@given(anything)
def test_the_same_text_in_nfc_and_nfd_gives_the_same_tokens(text):
    assert tokenise(unicodedata.normalize("NFC", text)) == tokenise(unicodedata.normalize("NFD", text))


@given(anything)
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)

    assert normalise(once) == once


@given(anything)
def test_tokens_are_normalised_already(text):
    assert all(normalise(token) == token for token in tokenise(text))


@given(typed)
def test_a_question_without_marks_gives_the_folded_tokens_of_the_one_with_marks(text):
    assert [fold(token) for token in tokenise(text)] == tokenise(fold(normalise(text)))


@given(typed)
def test_folding_twice_changes_nothing_more(text):
    once = fold(normalise(text))

    assert fold(once) == once
    assert not has_marks(once)


@given(typed)
def test_no_token_of_vietnamese_is_empty_or_holds_a_space_or_an_upper_case_letter(text):
    for token in tokenise(text):
        assert token
        assert not any(letter.isspace() or letter.isupper() for letter in token)


@given(typed, st.sampled_from(sorted(map(chr, ZERO_WIDTH))), st.integers(0, 50))
def test_a_zero_width_character_anywhere_changes_nothing(text, invisible, place):
    assert tokenise(text[:place] + invisible + text[place:]) == tokenise(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("Hoà Bình", "HÒA BÌNH"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("uỷ ban", "ủy ban"),
        ("tuý", "túy"),
        ("oà", "òa"),
        ("quý", "quí"),
        ("qúy", "quý"),
        ("quỳ", "quì"),
        ("kỹ", "kĩ"),
        ("lý do", "lí do"),
        ("công ty", "công ti"),
        ("tỷ lệ", "tỉ lệ"),
        ("mỹ", "mĩ"),
        ("sỹ", "sĩ"),
        ("hy sinh", "hi sinh"),
        ("Ðăng ký", "đăng ký"),  # U+00D0
        ("ðất", "đất"),  # U+00F0
        ("Ɖơn", "đơn"),  # U+0189
        ("đăng\u200bký", "đăngký"),
        ("\ufeffkhai sinh", "khai sinh"),
        ("dạạạ", "dạ"),
        ("dạaaaa", "dạ"),
        ("khôngggg", "không"),
        ("hoaaaà", "hoà"),
        ("kyyy", "ky"),
        ("khai sinh 👶🙏", "khai sinh"),
        ("khai🙏sinh", "khai sinh"),
        ("số 1️⃣", "số 1"),
        ("KHAI  SINH!!!", "khai sinh"),
        ("hộ_khẩu", "hộ khẩu"),
    ],
)
def test_two_spellings_of_the_same_words_give_the_same_tokens(one, other):
    assert tokenise(one) == tokenise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("quý I", "quý III"),
        ("má", "mà"),
        ("ma", "má"),
        ("đa", "da"),
        ("quý", "quy"),
        ("hai", "hay"),
        ("tai", "tay"),
        ("thúy", "thúi"),
    ],
)
def test_different_words_stay_different(one, other):
    assert tokenise(one) != tokenise(other)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("quý", ["quý"]),
        ("hoàn", ["hoàn"]),
        ("ngoáy", ["ngoáy"]),
        ("gì", ["gì"]),
        ("Nghị định 123/2015/NĐ-CP", ["nghị", "định", "123/2015/nđ-cp", "123", "2015", "nđ", "cp"]),
        ("mẫu CT07", ["mẫu", "ct07"]),
        ("mã 1.001193", ["mã", "1.001193", "1", "001193"]),
        ("20/11/2026", ["20/11/2026", "20", "11", "2026"]),
        ("5.000đ", ["5.000đ", "5", "000đ"]),
        ("100m2", ["100m2"]),
        ("1000 đồng", ["1000", "đồng"]),
        ("TK01-CT", ["tk01-ct", "tk01", "ct"]),
        ("quý III/2026", ["quý", "iii/2026", "iii", "2026"]),
        ("VNeID", ["vneid"]),
        ("anh/chị", ["anh", "chị"]),
        ("xã-hội", ["xã", "hội"]),
        ("", []),
        ("?! 🙏 ...", []),
    ],
)
def test_codes_stay_whole_beside_their_parts_and_words_come_one_by_one(text, tokens):
    assert tokenise(text) == [unicodedata.normalize("NFC", token) for token in tokens]


def test_pairs_join_neighbours_in_order():
    assert bigrams(["dang", "ki", "khai"]) == ["dang_ki", "ki_khai"]
    assert bigrams(["mot"]) == []


def test_marks_are_seen_whatever_the_form():
    assert has_marks("đất")
    assert has_marks(unicodedata.normalize("NFD", "sổ"))
    assert not has_marks("so do")


@pytest.mark.parametrize("plain", "a dang ki nghieng quyen khuyu giuong thuo gin uong xoong yen ghe quoc".split())
def test_vietnamese_syllables_are_known_as_such(plain):
    assert is_syllable(plain)


@pytest.mark.parametrize("plain", "ddang kys vneid facebook dc ntn dangky zalo 2026 ct07 str".split())
def test_what_is_no_syllable_is_known_as_such(plain):
    assert not is_syllable(plain)
