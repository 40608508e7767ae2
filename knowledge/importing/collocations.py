"""
Which syllables stand beside each other in Vietnamese of offices: what a typing error or a blind replacement breaks.

Counted in the content that ships for all wards, in `words.txt`, and in the document at hand.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from knowledge.text import fold, normalise

WORDS, SLIPS = Path(__file__).with_name("words.txt"), Path(__file__).with_name("slips.txt")
FROM_LIST = 10  # a pair of the list counts as if it had been read this often
_SYLLABLE = re.compile(r"[^\W\d_]+")
_YAML_KEY = re.compile(r"^\s*(?:- )*(?:[\w-]+:(?:\s|$))?")


@dataclass(frozen=True)
class Syllable:
    """
    A syllable with its place in a text; `joined` tells that only a space stands between it and the one before.
    """

    start: int
    end: int
    said: str
    joined: bool


def syllables(text: str) -> list[Syllable]:
    """
    Return the syllables of a text in one spelling, in small letters.
    """
    found: list[Syllable] = []
    for match in _SYLLABLE.finditer(text):
        between = text[found[-1].end : match.start()] if found else "."
        found.append(Syllable(match.start(), match.end(), normalise(match[0]), between == " "))
    return found


def pairs(text: str) -> Iterator[tuple[str, str]]:
    before: Syllable | None = None
    for one in syllables(text):
        if before is not None and one.joined:
            yield before.said, one.said
        before = one


@dataclass
class Collocations:
    """
    `known` counts pairs of content and list, `listed` are those of the list, `here` those of the document; `seen` are
    the syllables known from content and list, `slips` what is written wrong → what it may be.
    """

    known: Counter[tuple[str, str]] = field(default_factory=Counter)
    listed: frozenset[tuple[str, str]] = frozenset()
    here: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    by_fold: dict[str, list[str]] = field(default_factory=dict)
    slips: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of_document(self, texts: Iterable[str]) -> "Collocations":
        """
        Return the same knowledge with the pairs of one document beside it.
        """
        here: Counter[tuple[str, str]] = Counter()
        for text in texts:
            here.update(pairs(text))
        return Collocations(self.known, self.listed, here, self.seen, self.by_fold, self.slips)

    def holds(self, left: str | None, right: str | None) -> bool:
        """
        Tell whether a pair is known from content or list; at an edge there is nothing to know.
        """
        return left is not None and right is not None and self.known[left, right] > 0

    def lists(self, left: str | None, right: str | None) -> bool:
        return (left, right) in self.listed

    def alike(self, syllable: str) -> list[str]:
        """
        Return the known syllables that differ in marks only, or in one letter, or by two letters swapped.
        """
        plain = fold(syllable)
        found = {one for edited in _edits(plain) for one in self.by_fold.get(edited, ())}
        return sorted(one for one in found if one != syllable and _close(one, syllable))


def _close(one: str, other: str) -> bool:
    """
    Tell whether one slip of the finger or of the marks lies between two syllables, not several.
    """
    if fold(one) == fold(other) or _sound(one) == _sound(other):
        return True
    if sorted(one) == sorted(other):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return (
            sum(a != b for a, b in zip(fold(short), fold(long), strict=True)) == 1
            and sum(a != b for a, b in zip(short, long, strict=True)) == 1
        )
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def _sound(syllable: str) -> str:
    """
    Write alike what many say alike: tr and ch, s and x, l and n at the start.
    """
    for one, other in (("tr", "ch"), ("s", "x"), ("n", "l")):
        if syllable.startswith(one) and not syllable.startswith(("ng", "nh")):
            return other + syllable[len(one) :]
    return syllable


@lru_cache(maxsize=4096)
def _edits(word: str) -> tuple[str, ...]:
    letters = "abcdeghiklmnopqrstuvxy"
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {word}
    found |= {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in cuts if right for letter in letters}
    found |= {left + letter + right for left, right in cuts for letter in letters}
    found |= {two + word[len(one) :] for one, two in (("ch", "tr"), ("tr", "ch")) if word.startswith(one)}
    return tuple(found)


def learn(content: Path) -> Collocations:
    """
    Count the pairs of the shared content and of the list of words. The wards' own plans are left out.
    """
    known: Counter[tuple[str, str]] = Counter()
    for path in sorted((content / "common").rglob("*.yml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            known.update(pairs(_YAML_KEY.sub("", line)))
    # Once is no evidence: the wordings of the content hold slips on purpose.
    known = Counter({pair: count for pair, count in known.items() if count > 1})
    listed = frozenset(pair for line in _lines(WORDS) for pair in pairs(line))
    known.update({pair: FROM_LIST for pair in listed})
    seen = Counter({syllable: 0 for pair in known for syllable in pair})
    for (left, right), count in known.items():
        seen[left] += count
        seen[right] += count
    by_fold: dict[str, list[str]] = {}
    for syllable in seen:
        by_fold.setdefault(fold(syllable), []).append(syllable)
    return Collocations(known, listed, Counter(), seen, by_fold, _slips())


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]


def _slips() -> dict[str, tuple[str, ...]]:
    """
    Return what `slips.txt` lists, as a pattern of what is written: any white space between its words.
    """
    found = {}
    for line in _lines(SLIPS):
        wrong, _, rights = line.partition("=")
        pattern = r"\s+".join(map(re.escape, wrong.split()))
        found[pattern] = tuple(right.strip() for right in rights.split("|"))
    return found
