"""
Blind replacements: a plan was adapted by "find and replace", which also struck words that only hold the word in question.

"thôn" → "khu phố" leaves "khu phốg tin" for "thông tin"; "xã" → "phường" leaves "kinh tế - phường hội".
"""

import re
from collections.abc import Iterator

from knowledge.importing.collocations import Collocations
from knowledge.importing.wound import UNITS, Wound, in_case

# What it was put for by mistake: syllables that are words for such parts only when they stand alone. → what stands before
# them, and after them, where they are part of another word.
HIDDEN: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "thông": (
        frozenset("liên truyền giao phổ lưu phương khai".split()),
        frozenset("tin báo tư suốt minh dụng thường thoáng tấn".split()),
    ),
    "xã": (frozenset("tác".split()), frozenset("hội".split())),
    "bản": (frozenset("văn cơ phiên kịch căn nhân ấn biên".split()), frozenset("sao chính đồ chất quyền khai kê vẽ sắc tin thân".split())),
    "tổ": (frozenset(), frozenset("chức quốc".split())),
    "khu": (frozenset(), frozenset("vực dân".split())),
    "phố": (frozenset("thành".split()), frozenset()),
    "thị": (frozenset("đô chỉ".split()), frozenset("trường trấn".split())),
    "ấp": (frozenset(), frozenset()),
    "thôn": (frozenset("nông".split()), frozenset()),
}  # fmt: skip
_BEGINS_SENTENCE = {"qua"}  # "Thông qua hệ thống …": only where a sentence begins can "khu phố qua" be nothing else
_SAYS_NOTHING = frozenset("các những trong của và tại ở mọi từng theo về cho với".split())
_NOT_THAT = {("tin", "tưởng"), ("tin", "rằng"), ("tin", "yêu"), ("bản", "thân")}


def replacements(text: str, words: Collocations) -> Iterator[Wound]:
    """
    Yield places where a word for a part of a ward stands in the middle of another word: "khu phố tin", "cơ thôn".
    """
    for unit in UNITS:
        for match in re.finditer(
            rf"(?<![^\W\d_])([^\W\d_]{{0,3}})({unit})([^\W\d_]{{0,4}})(?![^\W\d_])", text, re.IGNORECASE
        ):
            before, after = _neighbours(text, match.start(), match.end())
            for hidden, (lefts, rights) in HIDDEN.items():
                if hidden == unit or unit.endswith(f" {hidden}") or unit.startswith(f"{hidden} "):
                    continue
                whole = match[1].lower() + hidden + match[3].lower()
                if match[1] or match[3]:
                    # Letters are left over: "khu phốg" can only be "thôn" inside of "thông".
                    known = words.holds(before, whole) or words.holds(whole, after)
                    if known and words.seen.get(match[0].split()[-1].lower(), 0) == 0:
                        yield Wound(match.start(), match.end(), in_case(whole, match[0]), True, "thay-hang-loat")
                        break
                    continue
                by_right = after in rights and (after, _second(text, match.end())) not in _NOT_THAT
                earlier = _first_before(text, match.start())
                by_left = (
                    before in lefts
                    and (before != "liên" or earlier == "cửa")
                    and (before != "nông" or earlier != "khuyến")
                )
                opens = after in _BEGINS_SENTENCE and hidden == "thông" and before is None
                meant = words.holds(unit.split()[-1], after) or (
                    before not in _SAYS_NOTHING and words.holds(before, unit.split()[0])
                )
                if opens or ((by_right or by_left) and not meant):
                    # With the word that gives it away: "phường hội" → "xã hội", lest every "phường" be meant.
                    start = match.start() - len(before or "") - 1 if by_left and not by_right else match.start()
                    end = match.end() + len(after or "") + 1 if by_right or opens else match.end()
                    put = text[start : match.start()] + in_case(hidden, match[0]) + text[match.end() : end]
                    yield Wound(start, end, put, True, "thay-hang-loat")
                    break


def _neighbours(text: str, start: int, end: int) -> tuple[str | None, str | None]:
    """
    Return the syllables before and after, as far as only a space parts them from it.
    """
    left, right = re.search(r"([^\W\d_]+) $", text[:start]), re.match(r" ([^\W\d_]+)", text[end:])
    return left[1].lower() if left else None, right[1].lower() if right else None


def _second(text: str, end: int) -> str | None:
    match = re.match(r" [^\W\d_]+ ([^\W\d_]+)", text[end:])
    return match[1].lower() if match else None


def _first_before(text: str, start: int) -> str | None:
    match = re.search(r"([^\W\d_]+) [^\W\d_]+ $", text[:start])
    return match[1].lower() if match else None
