"""
What a reading rule is: a pattern, tried where a word may begin, and what is said for what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

# What is said; None when the rule means something else here. With a number: where the text goes on.
Said = str | tuple[str, int] | None


class Rule(NamedTuple):
    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], Said]


def rule(pattern: str, say: Callable[[re.Match[str]], Said], flags: int = 0) -> Rule:
    return Rule(re.compile(pattern, flags), say)


def before(found: re.Match[str], letters: int = 48) -> str:
    """
    Return what stands before, on the same line, in small letters.
    """
    start = found.start()
    return found.string[max(0, start - letters) : start].rpartition("\n")[2].lower()


def after(found: re.Match[str], letters: int = 48) -> str:
    end = found.end()
    return found.string[end : end + letters].partition("\n")[0].lower()


def follows(found: re.Match[str], words: str) -> bool:
    """
    Say whether one of the words ("từ|đến") stands right before.
    """
    return re.search(rf"(?:^|[^\w])(?:{words})[\s:]*$", before(found)) is not None
