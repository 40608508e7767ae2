"""
Puts marks back on a question typed without them: the likeliest path through the spellings of each syllable.

Only ever an additional view: about one colloquial syllable in twelve comes back wrong.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from knowledge.text import fold

SHIPPED = Path(__file__).parent / "encoder" / "spellings.tsv"
UNSEEN_PAIR, SPELLINGS, FEWEST = 0.05, 6, 3
BACKOFF = 0.4  # how much of a pair's probability comes from the syllable alone


class Spellings:
    """
    How often each spelling of a folded syllable, and each pair of spellings, was seen.
    """

    def __init__(self, single: dict[str, int], pairs: dict[str, int]):
        self.single, self.pairs = single, pairs

    @cached_property
    def of(self) -> dict[str, list[str]]:
        """
        The commonest spellings of each folded syllable, commonest first.
        """
        found: dict[str, list[str]] = {}
        for spelling in sorted(self.single, key=lambda each: (-self.single[each], each)):
            known = found.setdefault(fold(spelling), [])
            if len(known) < SPELLINGS:
                known.append(spelling)
        return found

    @classmethod
    def count(cls, texts: Iterable[Sequence[str]]) -> "Spellings":
        """
        Count the spellings in normalised tokens; texts without any mark teach nothing and are passed over.
        """
        single: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for tokens in texts:
            if all(fold(token) == token for token in tokens):
                continue
            words = [token for token in tokens if token.isalpha()]
            single.update(words)
            pairs.update(f"{left} {right}" for left, right in pairwise(words))
        return cls(
            {word: count for word, count in single.items() if count >= FEWEST},
            {pair: count for pair, count in pairs.items() if count >= FEWEST},
        )

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "Spellings":
        """
        Read the counts we ship; an empty table when there is none, and then nothing is restored.
        """
        single: dict[str, int] = {}
        pairs: dict[str, int] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                said, count = line.split("\t")
                (pairs if " " in said else single)[said] = int(count)
        return cls(single, pairs)

    def save(self, path: Path = SHIPPED) -> None:
        lines = [f"{said}\t{count}" for table in (self.single, self.pairs) for said, count in sorted(table.items())]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def restore(self, tokens: Sequence[str]) -> list[str]:
        """
        Return the tokens with their likeliest marks (Viterbi over pairs); one typed with marks stays as typed.
        """
        choices = [self.of.get(token, [token]) if fold(token) == token else [token] for token in tokens]
        best: dict[str, tuple[float, list[str]]] = {"": (0.0, [])}
        for spellings in choices:
            then = {}
            for spelling in spellings:
                costs = {before: cost + self._cost(before, spelling) for before, (cost, _) in best.items()}
                before = min(costs, key=costs.__getitem__)
                then[spelling] = (costs[before], [*best[before][1], spelling])
            best = then
        return min(best.values(), key=lambda pair: pair[0])[1]

    @cached_property
    def _total(self) -> int:
        return sum(self.single.values()) or 1

    @cached_property
    def _alone(self) -> dict[str, float]:
        """
        What each spelling costs after one that it was never seen after; "" stands for a spelling never seen at all.
        """
        shares = {word: (count + UNSEEN_PAIR) / self._total for word, count in self.single.items()}
        shares[""] = UNSEEN_PAIR / self._total
        return {word: -math.log(BACKOFF * share) for word, share in shares.items()}

    def _cost(self, before: str, spelling: str) -> float:
        seen = self.pairs.get(f"{before} {spelling}")
        alone = self._alone.get(spelling, self._alone[""])
        if seen is None or before not in self.single:
            return alone
        return -math.log((1 - BACKOFF) * seen / self.single[before] + math.exp(-alone))
