"""
What a long or double question really asks: its clauses, and which of them carry a need.
"""

import re

from knowledge.text import tokenise

# A dot or comma inside a number ends nothing: "1.001193", "1,5".
_ENDS = re.compile(
    r"(?:[?!;\n]|\.(?!\d))+|,\s+(?=còn |vậy |thế |cho |giờ |nay |bây giờ |con |vay |the |gio |nay |bay gio )",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"(?:[?!;\n]|\.(?!\d))+|,(?!\d)\s*(?:và|va|còn|con|rồi|roi|với lại|voi lai|ngoài ra|ngoai ra|đồng thời|sẵn|san)?\s*|\s(?:và|va|với lại|voi lai|rồi còn|roi con|ngoài ra|ngoai ra|cùng với|cung voi|sẵn tiện|san tien)\s",
    re.IGNORECASE,
)
LONG = 16  # tokens from which a question may be a story
SHORTEST = 3


def clauses(question: str) -> list[str]:
    """
    Return the pieces of a question between joins (`và`, `với lại`, commas, full stops) that are long enough to mean something.
    """
    pieces = [piece.strip() for piece in _JOINS.split(question) if piece]
    return [piece for piece in pieces if len(tokenise(piece)) >= SHORTEST]


def cores(question: str) -> list[str]:
    """
    Return what a story may come down to: each of its sentences, and the last two together; empty for a short question.
    """
    if len(tokenise(question)) < LONG:
        return []
    sentences = [piece.strip() for piece in _ENDS.split(question) if piece and len(tokenise(piece)) >= SHORTEST]
    if len(sentences) < 2:
        sentences = [piece.strip() for piece in re.split(r",(?!\d)", question) if len(tokenise(piece)) >= SHORTEST]
    if len(sentences) < 2:
        return []
    return list(dict.fromkeys([*sentences, ". ".join(sentences[-2:])]))
