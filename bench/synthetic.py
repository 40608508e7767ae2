"""
A large collection made from the shipped one: entries whose names and wordings are spliced from pieces of real ones.

So lengths, words and their frequencies are those of real content; what an entry says makes no sense.
"""

import random
from collections.abc import Sequence
from pathlib import Path

from knowledge import content as contents
from knowledge.items import OUTSIDE, Item
from knowledge.passages import items
from knowledge.query import Lexicon
from knowledge.text import fold

SEED = 20_261_120
WORDINGS, TEXTS = (3, 8), (1, 3)


class Synthetic:
    """
    The same seed gives the same entries and the same questions.
    """

    def __init__(self, root: Path, seed: int = SEED):
        content = contents.read(root)
        shipped = [item for item in items(content) if item.id != OUTSIDE]
        self.lexicon = Lexicon.of(content.abbreviations, content.sayings)
        self._titles = [title for item in shipped for title in item.titles]
        self._wordings = [wording for item in shipped for wording in item.wordings]
        self._texts = [text for item in shipped for text in item.texts]
        self._random = random.Random(seed)

    def entries(self, count: int) -> list[Item]:
        made = []
        for number in range(count):
            wordings = [self._splice(self._wordings) for _ in range(self._random.randint(*WORDINGS))]
            texts = [self._splice(self._texts) for _ in range(self._random.randint(*TEXTS))]
            made.append(
                Item(f"entry-{number}", "procedure", (self._splice(self._titles),), tuple(wordings), tuple(texts))
            )
        return made

    def questions(self, count: int) -> list[str]:
        """
        Return questions as citizens put them, every second one without marks.
        """
        made = [self._splice(self._wordings) for _ in range(count)]
        return [fold(text) if number % 2 else text for number, text in enumerate(made)]

    def _splice(self, texts: Sequence[str]) -> str:
        first, second = self._random.choice(texts).split(), self._random.choice(texts).split()
        return " ".join(first[: len(first) // 2 + 1] + second[len(second) // 2 :])
