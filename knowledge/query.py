"""
A question as the index asks it: what was typed, what it probably means, and how much each term counts.

Everything beyond what was typed is added with a smaller weight; nothing typed is ever taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from knowledge import repair
from knowledge.restore import Spellings
from knowledge.text import bigrams, fold, is_syllable, tokenise

REPAIRED, OTHER_MEANING, SAID = 0.85, 0.35, 0.6
LONGEST_SAYING = 6


@dataclass(frozen=True)
class Lexicon:
    """
    Abbreviations (one token → meanings, commonest first) and sayings (normalised phrase → official terms).
    """

    abbreviations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sayings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, abbreviations: Mapping[str, list[str]], sayings: Mapping[str, list[str]]) -> "Lexicon":
        short = {" ".join(tokenise(said)): tuple(meanings) for said, meanings in abbreviations.items()}
        # Somebody who types without marks writes "dk" for "đk": the folded form means the same unless it has a line of its own.
        for said, meanings in list(short.items()):
            short.setdefault(fold(said), meanings)
        return cls(short, {" ".join(tokenise(said)): tuple(official) for said, official in sayings.items()})

    @cached_property
    def folded(self) -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
        """
        The sayings by their folded form: each with its syllables and what it stands for.
        """
        found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for said, official in self.sayings.items():
            tokens = tuple(said.split())
            found.setdefault(" ".join(map(fold, tokens)), []).append((tokens, official))
        return found


@dataclass(frozen=True)
class Query:
    """
    `typed` are the normalised tokens as typed, `meant` the same with guesses in place of damaged or shortened ones,
    `restored` are the meant tokens with marks put back when none was typed, else empty,
    `official` the terms that sayings stand for, `terms` the weight of each folded syllable and pair.
    """

    text: str
    typed: tuple[str, ...]
    meant: tuple[str, ...]
    restored: tuple[str, ...]
    official: tuple[str, ...]
    terms: Mapping[str, float]


def understand(text: str, lexicon: Lexicon, seen: Mapping[str, int], spellings: Spellings) -> Query:
    """
    Read a question.

    Args:
        seen: How many passages of the collection hold each folded syllable.
        spellings: Puts marks back on a question typed without any.
    """
    typed = tokenise(text)
    meant: list[str] = []
    others: list[list[str]] = []
    for token in typed:
        guesses = _meanings(token, lexicon, seen)
        meant += guesses[0] if guesses else [token]
        others += guesses[1:]
    official = _said(meant, lexicon) + _said(typed, lexicon)
    weights: dict[str, float] = {}
    for tokens, weight in [(typed, 1.0), (meant, REPAIRED), *((other, OTHER_MEANING) for other in others)]:
        _add(weights, tokens, weight)
    for phrase in dict.fromkeys(official):
        _add(weights, tokenise(phrase), SAID)
    unmarked = all(fold(token) == token for token in typed)
    restored = tuple(spellings.restore(meant)) if unmarked else ()
    return Query(text, tuple(typed), tuple(meant), restored, tuple(dict.fromkeys(official)), weights)


def _add(weights: dict[str, float], tokens: list[str], weight: float) -> None:
    folded = [fold(token) for token in tokens]
    for term in [*folded, *bigrams(folded)]:
        weights[term] = max(weight, weights.get(term, 0.0))


def _meanings(token: str, lexicon: Lexicon, seen: Mapping[str, int]) -> list[list[str]]:
    meanings = lexicon.abbreviations.get(token) or lexicon.abbreviations.get(fold(token))
    if meanings:
        return [tokenise(meaning) for meaning in meanings]
    plain = fold(token)
    if plain in seen or not token.isalnum():
        return []
    keyed = repair.keys_left(token)
    if keyed:
        return [[keyed]]
    cut = repair.run_together(token, seen)
    if cut:
        return [cut]
    if token.isalpha() and (not is_syllable(plain) or len(plain) > 3):
        return [[word] for word in repair.one_slip_away(token, seen)]
    return []


def _said(tokens: list[str], lexicon: Lexicon) -> list[str]:
    """
    Return what the sayings in a question stand for. A syllable typed with marks must bear those of the saying.
    """
    folded = [fold(token) for token in tokens]
    found: list[str] = []
    for start in range(len(folded)):
        for end in range(start + 1, min(len(folded), start + LONGEST_SAYING) + 1):
            for said, official in lexicon.folded.get(" ".join(folded[start:end]), ()):
                typed = zip(tokens[start:end], folded[start:end], said, strict=True)
                if all(token in (plain, syllable) for token, plain, syllable in typed):
                    found += official
    return found
