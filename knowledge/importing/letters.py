"""
Undoes what a crawler did to a text: it put ". " wherever a capital, or any letter with a mark, followed another letter.

"Thời gian" came out as "Th. ời gian", "Trực tiếpKhông" as "Tr. ực ti. ếp. Kh. ông". Its rule was
`([a-zà-ỹ])([A-ZÀ-Ỹ])` → `\\1. \\2`, whose ranges hold far more letters than was meant (seen in the national list of
mid 2026). The undoing is certain where doing it again gives the very same text; elsewhere nothing is touched.
"""

import re
import unicodedata

_TORN = re.compile(r"(?<=[a-zà-ỹ])\. ([À-Ỹ])")
_WHOLE = re.compile(r"(?<=[a-zà-ỹ])(?=[A-ZÀ-Ỹ])")
# "BĐS" was torn as well: between capitals there is no end of a sentence.
_TORN_CAPITALS = re.compile(r"(?<=[ĐƠƯẠ-Ỹ])\. (?=[A-ZÀ-Ỹ](?![a-zà-ỹ]))")
NAMES = {"VNe. ID": "VNeID", "e. Tax": "eTax", "eGov. ernment": "eGovernment"}


def tear(text: str) -> str:
    """
    Do what the crawler did.
    """
    return _WHOLE.sub(". ", text)


def mend(text: str) -> str | None:
    """
    Return the text as it was before it was torn, or None when that is not certain.

    A ". " before a capital that begins a word stays: it may be the end of a sentence, or the edge of a cell.
    """
    mended = _TORN.sub(lambda match: match[1] if _inside_a_word(match[1]) else match[0], text)
    if tear(mended) != text:
        return None
    capitals = _TORN_CAPITALS.sub(_join_capitals, mended)
    for torn, name in NAMES.items():
        capitals = capitals.replace(torn, name)
    return unicodedata.normalize("NFC", capitals)


def _inside_a_word(letter: str) -> bool:
    return letter.islower() or unicodedata.combining(letter) > 0


def _join_capitals(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1]
    return "" if before.isupper() else match[0]
