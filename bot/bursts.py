"""
Pure: which of the texts that wait are one question, typed in pieces.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.inbox import Fragment

# Whoever goes on typing is answered in between: a burst waits this many times the quiet time at most.
LONGEST_WAIT = 4
MOST_FRAGMENTS = 8
WHOLE_WORDS = 12


def burst_of(texts: Sequence[Fragment], lead: int, *, quiet_seconds: float) -> list[Fragment]:
    """
    Return the texts around the one with id `lead` that were written with pauses shorter than `quiet_seconds`.
    A text that is a whole question ends a burst: the next one is another question.

    `texts` are in the platform's order. Empty when the lead is not among them: it is no text, or no longer waits.
    """
    place = next((index for index, one in enumerate(texts) if one.id == lead), None)
    if place is None:
        return []
    first = last = place
    while (
        first > 0
        and not is_whole(texts[first - 1].text)
        and texts[first].written_at - texts[first - 1].written_at <= quiet_seconds
    ):
        first -= 1
    while (
        last + 1 < len(texts)
        and not is_whole(texts[last].text)
        and texts[last + 1].written_at - texts[last].written_at <= quiet_seconds
    ):
        last += 1
    return list(texts[first : last + 1])[:MOST_FRAGMENTS]


def is_whole(text: str) -> bool:
    """
    Say whether a text stands by itself: it ends in a question mark, is as long as few pieces are, or chooses a number.
    """
    return text.strip().isdigit() or text.rstrip().endswith("?") or len(text.split()) >= WHOLE_WORDS


def seconds_to_wait(burst: Sequence[Fragment], *, quiet_seconds: float, now: float) -> float:
    """
    Return the seconds after which nothing more is expected; 0 or less: answer now.
    """
    if len(burst) >= MOST_FRAGMENTS or is_whole(burst[-1].text):
        return 0.0
    received = [one.received_at for one in burst]
    return min(max(received) + quiet_seconds, min(received) + LONGEST_WAIT * quiet_seconds) - now


def joined_text(burst: Sequence[Fragment]) -> str:
    """
    Return what the citizen meant to say, a line for each piece.
    """
    return "\n".join(one.text for one in burst)
