"""
Reading rules for abbreviations, foreign words, codes such as CT07, and letters on their own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.announcements.renditions.loudspeaker import numbers
from bot.announcements.renditions.loudspeaker.abbreviations import ABBREVIATIONS, BEFORE_NAMES, FOREIGN
from bot.announcements.renditions.loudspeaker.rules import Rule, Said, after, follows, rule
from bot.announcements.renditions.loudspeaker.syllables import LETTERS, is_syllable, spell, unmarked
from bot.announcements.renditions.loudspeaker.units import UNITS

_LETTER = r"[^\W\d_]"
_VOWELS = frozenset("aeiouy")


def letter(one: str) -> str:
    return LETTERS.get(one.lower(), one)


def _known(table: dict[str, str]) -> str:
    return "|".join(re.escape(one) for one in sorted(table, key=len, reverse=True))


def _among_capitals(found: re.Match[str]) -> bool:
    """
    Say whether the line is written in capitals; its words are said like any others.
    """
    start = found.string.rfind("\n", 0, found.start()) + 1
    line = found.string[start : (found.string.find("\n", start) + 1 or len(found.string) + 1) - 1]
    return _in_capitals(line)


@lru_cache(maxsize=64)
def _in_capitals(line: str) -> bool:
    letters = [one for one in line if one.isalpha()]
    return len(letters) > 8 and sum(one.isupper() for one in letters) > 0.8 * len(letters)


def _abbreviation(found: re.Match[str]) -> Said:
    text = found.group()
    if is_syllable(text) and _among_capitals(found):
        return None
    if text in ("TX", "TP", "Tp") and re.match(r"\s?\.", found.string[found.end() :]):
        return None
    return ABBREVIATIONS[text]


def _police(found: re.Match[str]) -> Said:
    return "Công an" if not _among_capitals(found) else None


def _before_name(found: re.Match[str]) -> Said:
    rest = found["rest"]
    said = BEFORE_NAMES[found["short"]]
    return f"{said} {numbers.cardinal(int(rest))}" if rest.isdigit() else (said, found.start("rest"))


def _foreign(found: re.Match[str]) -> Said:
    text, low = found.group(), found.group().lower()
    said = FOREIGN[low]
    # "like", "word", "free" … as such; but not inside a Vietnamese line of capitals: "PIN", "CLO" read the same.
    return said[:1].upper() + said[1:] if text[:1].isupper() and not text.isupper() and low in _BRANDS else said


_BRANDS = frozenset(
    "facebook zalo messenger telegram viber youtube tiktok google android apple microsoft windows samsung viettel vinaphone mobifone momo".split()
)


def _code(found: re.Match[str]) -> Said:
    """
    "CT07" → "xê tê không bảy", "5G" → "năm giê", "A4" → "a bốn".
    """
    return _code_of(found.group())


def _code_of(text: str) -> str:
    parts = re.findall(r"\d+|[^\W\d_]+", text)
    return " ".join(_run(one) for one in parts)


def _run(text: str) -> str:
    if text.isdigit():
        return numbers.digits(text) if text.startswith("0") or len(text) > 2 else numbers.cardinal(int(text))
    known = ABBREVIATIONS.get(text) or FOREIGN.get(text.lower())
    if known:
        return known
    return text if is_syllable(text) and not text.isupper() else spell(text)


def _word(found: re.Match[str]) -> Said:
    text = found.group()
    low = text.lower()
    if len(text) == 1:
        if low == "đ":
            return letter(text) if follows(found, "điểm|tiết|ý") else None
        return letter(text) if unmarked(low) not in _VOWELS else None
    if text.isupper():
        if is_syllable(low):
            return low if _among_capitals(found) else text
        return spell(text)
    if not any(one in _VOWELS for one in unmarked(low)):
        return spell(text)
    # "ThS", "TTg", "UBNDs": capitals inside that no table knows
    if sum(one.isupper() for one in text) > 1 and not is_syllable(low):
        return " ".join(
            one if is_syllable(one) and not one.isupper() else spell(one)
            for one in re.findall(r"[^\W\d_a-zà-ỹđ]+[a-zà-ỹđ]*|[a-zà-ỹđ]+", text)
        )
    return text


def _house(found: re.Match[str]) -> Said:
    if not follows(found, "ngõ|ngách|hẻm|kiệt|nhà|số nhà|nhà số|lô") and not (
        follows(found, "số") and re.match(r"\s*,?\s*(?:đường|phố|ngõ|hẻm|tổ|khu)\b", after(found))
    ):
        return None
    return " xuyệt ".join(_run(one) if one.isdigit() else _code_of(one) for one in found.group().split("/"))


def _stage(found: re.Match[str]) -> Said:
    return (
        "giai đoạn" if re.match(r"\s?\d", found.string[found.end() :]) else "gia đình" if follows(found, "hộ") else None
    )


FIRST: tuple[Rule, ...] = (
    rule(r"(?:km|dm|cm|m)[23](?!\w)", lambda found: UNITS[found.group()]),
    rule(r"\((?P<n>\d{1,2})\)\s+(?=\w)", lambda found: f"{numbers.cardinal(int(found['n']))} là, "),
    rule(r"GĐ(?!\w)", _stage),
    rule(r"\d{1,4}[A-Z]?(?:/\d{1,4}[A-Z]?)+(?![\w/])", _house),
    rule(r"covid[\s-]?19(?!\d)", lambda found: "cô-vít mười chín", re.IGNORECASE),
    rule(
        rf"(?:{_known({key: value for key, value in ABBREVIATIONS.items() if re.search(r'[^A-Za-zĐđ]', key)})})(?![^\W_])",
        _abbreviation,
    ),
    rule(rf"(?P<short>{_known(dict(BEFORE_NAMES))})\.\s?(?P<rest>\d{{1,3}}(?!\d|[.,/]\d)|[A-ZĐÀ-Ỹ])", _before_name),
)
RULES: tuple[Rule, ...] = (
    rule(r"CA(?=\s(?:phường|xã|thành phố|TP|tỉnh|huyện|quận|[A-ZĐ][^\W\d_]*[a-zà-ỹ]))", _police),
    rule(rf"(?:{_known(dict(ABBREVIATIONS))})(?![^\W_])", _abbreviation),
    rule(rf"(?:{_known(dict(FOREIGN))})(?![^\W_])", _foreign, re.IGNORECASE),
    rule(r"(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]+", _code),
    rule(r"(?<=[^\W\d_])-(?=\d)", lambda found: " "),
    rule(rf"{_LETTER}+", _word),
    rule(r"\d+", lambda found: numbers.digits(found.group())),
)
