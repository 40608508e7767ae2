"""
"2", "số hai", "cái đầu tiên", or an option's very words → which of the shown options is meant. Pure.
"""

import re
from collections.abc import Sequence

from actions.politeness import words

NUMBERS = {"mot": 1, "nhat": 1, "hai": 2, "nhi": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7}
FIRST, LAST = 1, -1

_WHO = r"(?:toi|em|anh|chi|minh|bac|co|chau|con|cho|thi|la|a|o|u|da|vang|ok|khong|vay)"
_LEAD = r"(?:chon|lay|bam|nhan|cai|muc|so|y|cau|nut|option|lua|phuong|an|thu|viec|dong|truong|hop)"
_TAIL = r"(?:nhe|nha|a|di|em|do|oi|ay|nay|voi|giup|ban|ad|thoi|co|chau|anh|chi|day)"
_DIGIT = re.compile(rf"(?:{_WHO} )*(?:{_LEAD} )*0?(\d{{1,2}})(?: {_TAIL})*")
# Number words need a word before them: "ba" alone is a father, "năm" a year.
_WORDED = re.compile(rf"(?:{_WHO} )*(?:{_LEAD} )+({'|'.join(NUMBERS)})(?: {_TAIL})*")
_FIRST = re.compile(rf"(?:{_WHO} )*(?:{_LEAD} )*(?:o )?(?:dau tien|dau|tren cung)(?: {_TAIL})*")
_LAST = re.compile(rf"(?:{_WHO} )*(?:{_LEAD} )*(?:o )?(?:cuoi cung|cuoi|duoi cung)(?: {_TAIL})*")


def number_in(text: str) -> int | None:
    """
    Return the number that the message consists of, 1 for the first, -1 for the last; None when it says anything else.
    """
    said = " ".join(words(text))
    if match := _DIGIT.fullmatch(said):
        return int(match[1])
    if match := _WORDED.fullmatch(said):
        return NUMBERS[match[1]]
    if _FIRST.fullmatch(said):
        return FIRST
    return LAST if _LAST.fullmatch(said) else None


def pick(text: str, titles: Sequence[str]) -> int | None:
    """
    Return the index of the option that `text` names by number or by its whole title; None when it names none.
    """
    number = number_in(text)
    if number is not None:
        index = len(titles) - 1 if number == LAST else number - 1
        return index if 0 <= index < len(titles) else None
    said = words(text)
    for index, title in enumerate(titles):
        if said and said == words(title):
            return index
    return None
