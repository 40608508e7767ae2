"""
Vietnamese words for the intent classifier: one spelling per word, whatever keyboard wrote it.

Pure and without Rasa, so that it can be tested from the root environment. It serves one purpose, telling
kinds of turn apart; finding the right entry is knowledge's work, and has its own, richer normalising.
"""

import re
import unicodedata

# What people type instead of the word, after folding. Only forms that mean one thing in a chat with an office;
# "dk" is đăng ký far more often than điều kiện, "h" is giờ, "kh" stays (không / kế hoạch / khách hàng).
SHORT_FORMS = {
    "k": "khong",
    "ko": "khong",
    "hok": "khong",
    "hk": "khong",
    "hem": "khong",
    "hog": "khong",
    "khg": "khong",
    "dc": "duoc",
    "dk": "dang ky",
    "dky": "dang ky",
    "ntn": "nhu the nao",
    "j": "gi",
    "z": "vay",
    "v": "vay",
    "vs": "voi",
    "bt": "biet",
    "bn": "bao nhieu",
    "bnhiu": "bao nhieu",
    "nhiu": "nhieu",
    "mk": "minh",
    "mn": "moi nguoi",
    "r": "roi",
    "lm": "lam",
    "cx": "cung",
    "trc": "truoc",
    "h": "gio",
    "ng": "nguoi",
    "ntin": "nhan tin",
    "hs": "ho so",
    "tt": "thu tuc",
    "tthc": "thu tuc hanh chinh",
    "cchc": "cai cach hanh chinh",
    "dvc": "dich vu cong",
    "ubnd": "uy ban nhan dan",
    "cccd": "can cuoc",
    "cmnd": "can cuoc",
    "cmt": "can cuoc",
    "gks": "giay khai sinh",
    "bhyt": "bao hiem y te",
    "bhxh": "bao hiem xa hoi",
    "gpxd": "giay phep xay dung",
    "hkd": "ho kinh doanh",
    "dt": "dien thoai",
    "sdt": "so dien thoai",
    "tks": "cam on",
    "thks": "cam on",
    "thanks": "cam on",
    "thank": "cam on",
    "ty": "cam on",
    "cmon": "cam on",
    "camon": "cam on",
    "ak": "a",
    "nhe": "nhe",
    "nhoa": "nhe",
    "lun": "luon",
    "helo": "hello",
    "alo": "a lo",
    "oki": "ok",
    "oke": "ok",
    "okie": "ok",
    "okela": "ok",
    "okay": "ok",
}

# A word may hold combining marks (NFD text) and zero-width characters (pasted text): both belong to the word.
_WORD = re.compile(
    r"\d+(?:[.,/:-]\d+)*"  # 113, 1.001193, 01/7/2025
    r"|[^\W\d_](?:[\w\u0300-\u036f\u200b-\u200f\u00ad\ufeff])*"  # words, CT07
    r"|[:;=][-']?[()DdPp]+"  # typed smileys
    r"|[\u2600-\u27bf\U0001f300-\U0001faff]"  # emoji
    r"|\?"  # a question mark says a lot about the kind of turn
)
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xAD, 0xFEFF])
_RUN = re.compile(r"([^\W\d])\1{2,}")


def fold(word: str) -> str:
    """
    Return `word` in lower case without marks: "Đăng", "ĐĂNG", NFD "đăng" and U+00D0 "Ðăng" all give "dang".
    """
    decomposed = unicodedata.normalize("NFD", word.translate(_INVISIBLE).lower())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("đ", "d").replace("ð", "d")


def words(text: str) -> list[tuple[str, int, int]]:
    """
    Split `text` into (folded word, start, end); positions count characters of `text` itself.

    Digits stay as typed, "dạaaaa" becomes "da", "kkkkkk" becomes "kkk", a chat abbreviation becomes its words ("dc" → "duoc").
    """
    found = []
    for match in _WORD.finditer(text):
        word = _shorten(fold(match.group()))
        found.append((SHORT_FORMS.get(word, word), match.start(), match.end()))
    return found


def _shorten(word: str) -> str:
    """
    Undo drawn-out letters; a word of one letter only ("kkkkkk", a laugh, not "k" for không) keeps three.
    """
    return word[:3] if _RUN.fullmatch(word) else _RUN.sub(r"\1", word)
