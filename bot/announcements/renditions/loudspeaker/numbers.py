"""
Pure: numbers as a newsreader says them. 21 is "hai mươi mốt", 105 "một trăm linh năm", 1,5 "một phẩy năm".
"""

from __future__ import annotations

import re

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# What a number looks like when it stands in a text: 1.500.000  1.500,5  1,500,000  3,5  3.5  12
NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d+[.,]\d+|\d+)(?![\d]|[.,]\d)"
MOST_DIGITS = 15  # longer ones are names of something and are read digit by digit
_THOUSANDS = re.compile(r"([1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d+))?")
_THOUSANDS_ENGLISH = re.compile(r"([1-9]\d{0,2}(?:,\d{3}){2,})(?:\.(\d+))?")


def cardinal(number: int) -> str:
    """
    Return a number of 0 or more in words.
    """
    if number < 0:
        return f"âm {cardinal(-number)}"
    if number == 0:
        return DIGITS[0]
    return " ".join(_words(number, full=False))


def _words(number: int, *, full: bool) -> list[str]:
    billions, rest = divmod(number, 1_000_000_000)
    words: list[str] = []
    if billions:
        words += [*_words(billions, full=full), "tỷ"]
    for size, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            words += _below_thousand(group, full=full or bool(words))
            words += [name] if name else []
    return words


def _below_thousand(number: int, *, full: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0:
        return [*words, *(["linh"] if words and ones else []), *([DIGITS[ones]] if ones else [])]
    words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones:
        special = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
        words.append(special.get(ones, DIGITS[ones]))
    return words


def digits(text: str) -> str:
    """
    Return every digit by its name: "115" → "một một năm". What is no digit is left out.
    """
    return " ".join(DIGITS[int(one)] for one in text if one in "0123456789")


def grouped(text: str, sizes: tuple[int, ...]) -> str:
    """
    Return digits by name with a pause after each group; what is left over makes groups of the last size.
    """
    found = [one for one in text if one in "0123456789"]
    parts, at, place = [], 0, 0
    while at < len(found):
        size = sizes[min(place, len(sizes) - 1)]
        # A last group of one digit is said with the one before.
        if len(found) - at - size == 1:
            size += 1
        parts.append(digits("".join(found[at : at + size])))
        at, place = at + size, place + 1
    return ", ".join(parts)


def read(text: str, *, point: str = "phẩy") -> str:
    """
    Return a number as it is written, in words. `point` is said for a dot before decimals: 4.0 is "bốn chấm không".
    """
    for pattern, mark in ((_THOUSANDS, "."), (_THOUSANDS_ENGLISH, ",")):
        found = pattern.fullmatch(text)
        if found:
            whole = read(found[1].replace(mark, ""))
            return whole if found[2] is None else f"{whole} phẩy {_decimals(found[2])}"
    whole, comma, rest = text.partition(",")
    if comma:
        return f"{read(whole)} phẩy {_decimals(rest)}" if rest.isdigit() else digits(text)
    whole, dot, rest = text.partition(".")
    if dot:
        return f"{read(whole)} {point} {_decimals(rest)}" if rest.isdigit() else digits(text)
    if len(text) > MOST_DIGITS or (len(text) > 1 and text.startswith("0")):
        return digits(text)
    return cardinal(int(text))


def value(text: str) -> float:
    """
    Return how much it is, for comparing.
    """
    if _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    elif _THOUSANDS_ENGLISH.fullmatch(text):
        text = text.replace(",", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


def _decimals(text: str) -> str:
    return cardinal(int(text)) if len(text) <= 2 and not (len(text) == 2 and text[0] == "0") else digits(text)
