"""
Which announcements a question is about, by the events they share and by the words.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from knowledge.announcements import asking
from knowledge.announcements.asking import Asked
from knowledge.announcements.record import Announced
from knowledge.text import bigrams, fold, tokenise

TEXT_COUNTS = 0.7  # a word that only the text has, against one of the title
ABOUT = 0.55  # share of a question's words, by weight, from which an announcement may be what it is about
SAME = 0.12  # how much less another may cover and still be meant as well


@dataclass(frozen=True)
class Match:
    """
    `covered` lies between 0 and 1. `event`: both speak of the same event. `pair`: two neighbouring words are the same.
    """

    found: Announced
    covered: float
    event: bool
    pair: bool

    @property
    def strong(self) -> bool:
        return self.event or (self.pair and self.covered >= ABOUT)


@dataclass(frozen=True)
class Read:
    head: frozenset[str]
    whole: frozenset[str]
    pairs: frozenset[str]
    events: frozenset[str]


def matches(asked: Asked, known: Sequence[Announced], seen: Mapping[str, int], today: date) -> list[Match]:
    """
    Return the announcements that a question may be about, best first.

    Args:
        seen: How many passages of the content hold each folded syllable; the rare ones say most.
        today: For "mai", "thứ bảy": of several, those of the day that is named are meant.
    """
    found = [match for one in known if (match := _match(asked, one, seen)) is not None]
    found.sort(key=lambda match: (-match.event, -match.covered, -match.found.published_at))
    if not found:
        return []
    best = found[0]
    close = [match for match in found if match.event == best.event and match.covered >= best.covered - SAME]
    wanted = asking.days(asked.words, today)
    dated = [match for match in close if wanted & _days(match.found)]
    return dated or close


def _days(found: Announced) -> set[date]:
    return {day for day in (found.published_on, found.happens_on) if day is not None}


def _match(asked: Asked, one: Announced, seen: Mapping[str, int]) -> Match | None:
    read = _read(one)
    shared = asked.events & read.events
    if asked.events and not shared:
        return None  # "cúp nước" is not answered from "cúp điện", however alike the words
    if not asked.topic:
        return Match(one, 1.0, True, False) if shared else None
    weights = {word: 1 / math.log(math.e + seen.get(word, 0)) for word in asked.topic}
    spoken = _words_of_events(asked, shared)
    held = sum(
        weight * (1.0 if word in read.head or word in spoken else TEXT_COUNTS if word in read.whole else 0.0)
        for word, weight in weights.items()
    )
    covered = held / sum(weights.values())
    pair = any(each in read.pairs for each in bigrams(list(asked.topic)))
    if not shared and covered < ABOUT:
        return None
    return Match(one, covered, bool(shared), pair)


def _words_of_events(asked: Asked, shared: frozenset[str]) -> set[str]:
    """
    Return the words with which a question names the events: "cúp điện" in a question is "ngừng cấp điện" in a title.
    """
    return {word for name in shared for spot in asking.spots(name, asked.words) for word in spot.split()}


def _read(one: Announced) -> Read:
    return _read_words(f"{one.title} {one.key_line}", one.text)


@lru_cache(maxsize=4096)
def _read_words(first: str, text: str) -> Read:
    head, whole = _folded(first), _folded(f"{first} {text}")
    words = " ".join(head)
    events = asking.events_in(words) or asking.events_in(" ".join(whole))
    return Read(frozenset(head), frozenset(whole), frozenset(bigrams(whole)), events)


def _folded(text: str) -> list[str]:
    return [fold(token) for token in tokenise(text)]
