"""
Pure: sentences short enough to be read aloud, one a line; longer ones get a line for every breath.
"""

from __future__ import annotations

import re

MOST_WORDS = 30  # of a sentence that is left alone
BREATH_WORDS = 20  # of a line within a longer one
LEAST_WORDS = 6
_ENDS = re.compile(r"(?<=[.?!])\s+")
_ANEW = re.compile(
    r",\s+(?:và\s+)?(?=(?:đồng thời|tuy nhiên|nhưng|ngoài ra|bên cạnh đó|riêng|trường hợp|sau đó|vì vậy|do đó|đề nghị|kính đề nghị"
    r"|kính mong|yêu cầu|kêu gọi|người dân|bà con|các hộ|mọi người|mọi công dân|các cơ quan|cơ quan|thời gian|địa điểm|khi đến)\s)"
)
# What begins like this waits for its main clause.
_HANGING = re.compile(
    r"(?:nếu|khi|để|trong|từ|do|vì|theo|thực hiện|căn cứ|nhằm|đối với|trường hợp|sau khi|trước khi|qua|với|tại)\s",
    re.IGNORECASE,
)
_DIGIT = "(?:không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín)"
_GROUP_ENDS = re.compile(rf"(?:\s{_DIGIT}){{2,}},$")
_GROUP_BEGINS = re.compile(rf"{_DIGIT}\s{_DIGIT}(?:\s{_DIGIT}|[\s,.])")
_JOINTS = re.compile(r"\s(?=(?:và|hoặc|để|nhằm|theo|tại|do|từ|đến|trong|với|nếu|khi|bằng|cho|ngày|quy định)\s)")

# "từ tám giờ đến mười một giờ" is said in one breath.
_FROM = re.compile(r"(?:^|\s)từ\s(?:\S+\s){1,8}$", re.IGNORECASE)


def lines(text: str) -> list[str]:
    """
    Return the sentences of a text, one a line.
    """
    found: list[str] = []
    for paragraph in text.split("\n"):
        for part in re.split(r";\s*", paragraph):
            for sentence in _ENDS.split(part.strip()):
                if sentence.strip(" .,:;?!-"):
                    found += _breaths(_ended(sentence.strip()))
    return found


def words_in(text: str) -> int:
    return len(re.findall(r"[^\W_]+", text))


def _ended(sentence: str) -> str:
    sentence = sentence.rstrip(" ,;")
    return sentence if sentence.endswith((".", "?", "!", ":")) else f"{sentence}."


def _breaths(sentence: str) -> list[str]:
    if words_in(sentence) <= MOST_WORDS:
        return [_capital(sentence)]
    for place in _ANEW.finditer(sentence):
        first, second = sentence[: place.start()], sentence[place.end() :]
        if min(words_in(first), words_in(second)) >= 6 and not _HANGING.match(first):
            return [*_breaths(_ended(first)), *_breaths(_capital(second))]
    return _by_breath(_capital(sentence))


def _by_breath(sentence: str) -> list[str]:
    """
    Return a long sentence in lines that end where a reader may breathe: at a comma, or before a joining word.
    """
    found, line = [], ""
    for clause in _clauses(sentence):
        if line and words_in(line) >= LEAST_WORDS and words_in(line) + words_in(clause) > BREATH_WORDS:
            found.append(line)
            line = clause
        else:
            line = f"{line} {clause}".strip()
        while words_in(line) > BREATH_WORDS + 6:
            place = _place(line)
            if place is None:
                break
            found.append(line[:place].rstrip())
            line = line[place:].strip()
    if found and words_in(line) < LEAST_WORDS:
        line = f"{found.pop()} {line}"
    return [*found, line]


def _clauses(sentence: str) -> list[str]:
    """
    Return what stands between commas; a number that is read in groups stays in one piece.
    """
    found: list[str] = []
    for clause in re.split(r"(?<=[,:])\s+", sentence):
        if found and _GROUP_ENDS.search(found[-1][-40:]) and _GROUP_BEGINS.match(clause):
            found[-1] += f" {clause}"
        else:
            found.append(clause)
    return found


def _place(line: str) -> int | None:
    places = [
        (one.start(), words_in(line[: one.start()]))
        for one in _JOINTS.finditer(line[:600])
        if not (line.startswith("đến ", one.end()) and _FROM.search(line[: one.end()]))
    ]
    early = [place for place, words in places if LEAST_WORDS <= words <= BREATH_WORDS]
    late = [place for place, words in places if words > BREATH_WORDS]
    place = early[-1] if early else late[0] if late else None
    return place if place is not None and words_in(line[place:]) >= 4 else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
