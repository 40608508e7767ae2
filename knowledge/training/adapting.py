"""
Adapts the encoder that we ship to an installation's content, and checks that it does not become worse by it.

A part of the wordings is kept out of training and index and then asked, of the shipped encoder and of the adapted one.
"""

import dataclasses
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import content as contents
from knowledge import index as indexes
from knowledge.content import Content
from knowledge.encoder import corpus, train
from knowledge.encoder.static import StaticEncoder
from knowledge.items import OUTSIDE, Item
from knowledge.passages import items
from knowledge.query import Lexicon
from knowledge.rerank import Reranker
from knowledge.retrieve import Retriever
from knowledge.text import fold, normalise
from knowledge.training.folds import Carried

KEPT_OUT = 8  # one wording in so many
# Half-way between the shipped vectors and those that were learned: all of the way, citizens' questions on what was known
# before lost 1.5 to 3 points of hit@1; half-way almost none, and new entries still gained two thirds of what they could (2026-11-20).
KEEP = 0.5
FEWEST = 4  # an entry with fewer wordings keeps them all
LEARNING, CHECKING = "học", "thử lại"  # what the person at the keyboard is told is going on
Progress = Callable[[str, float], None]


def silent(stage: str, done: float) -> None:
    pass


@dataclass(frozen=True)
class Checked:
    """
    How many held-out wordings were asked, and the share for which the right entry came first, or among five.
    """

    asked: int
    first: float
    among_five: float


@dataclass(frozen=True)
class Adapted:
    """
    `new` counts the features that the shipped encoder does not know.
    """

    encoder: StaticEncoder
    before: Checked
    after: Checked
    new: int

    @property
    def better(self) -> bool:
        """
        Tell whether it is worth using. Equal is not enough: nothing was gained, and the shipped encoder is the one that the
        limits between answering and asking back were made with.
        """
        return self.after.first > self.before.first

    @property
    def facts(self) -> dict[str, Any]:
        return {"before": dataclasses.asdict(self.before), "after": dataclasses.asdict(self.after), "new": self.new}


def groups(made: Sequence[Item]) -> list[corpus.Group]:
    """
    Return what the encoder learns from: each entry's names and bodies, and its names and what people say.
    """
    ours = [item for item in made if item.id != OUTSIDE and item.titles]
    rows = [
        {"id": item.id, "title": title, "sections": dict(enumerate(item.texts))}
        for item in ours
        for title in item.titles
    ]
    said: dict[str, list[str]] = {}
    named: dict[str, list[str]] = {}
    for item in ours:
        said.setdefault(item.id, []).extend(item.wordings)
        named.setdefault(item.id, []).extend(item.titles)
    return corpus.collection(rows, "new") + corpus.wordings(said, named)


def kept_out(made: Sequence[Item], *, seed: int) -> set[str]:
    """
    Return the wordings that are kept out: some of every entry that has enough, the same in every run.
    """
    out: set[str] = set()
    for item in made:
        said = sorted(item.wordings)
        if item.id != OUTSIDE and len(said) >= FEWEST:
            random.Random(f"{seed} {item.id}").shuffle(said)
            out.update(said[: max(1, len(said) // KEPT_OUT)])
    return out


def without(item: Item, hidden: set[str]) -> Item:
    return dataclasses.replace(item, wordings=tuple(said for said in item.wordings if said not in hidden))


def check(
    encoder: StaticEncoder, made: Sequence[Item], hidden: set[str], content: Content, *, progress: Progress = silent
) -> Checked:
    """
    Ask the wordings that are kept out, as written and without marks, of an index that does not hold them.
    """
    wards = sorted(content.wards)
    lexicon = Lexicon.of(content.abbreviations, content.sayings)
    embedder = Carried(encoder)
    index, _ = indexes.build([without(item, hidden) for item in made], lexicon, embedder)
    retriever = Retriever(index, embedder, Reranker.load())
    places = []
    for number, item in enumerate(made):
        progress(CHECKING, number / len(made))
        ward = item.ward or (wards[0] if wards else None)
        for said in item.wordings:
            if said in hidden and item.id != OUTSIDE:
                for typed in (said, fold(normalise(said))):
                    hits = retriever.rank(typed, ward).hits
                    places.append(next((place for place, hit in enumerate(hits) if hit.item.same_as(item)), len(hits)))
    count = max(1, len(places))
    first, five = (sum(place < limit for place in places) / count for limit in (1, 5))
    return Checked(len(places), round(first, 4), round(five, 4))


def adapt(root: Path, shipped: StaticEncoder, *, seconds: float, seed: int = 0, progress: Progress = silent) -> Adapted:
    """
    Train from the shipped encoder on a content folder, without the wordings that are kept out, and check both encoders.

    Raises:
        ContentError: when the content cannot be used.
    """
    content = contents.read(root)
    made = items(content)
    hidden = kept_out(made, seed=seed)
    learned = groups([without(item, hidden) for item in made])
    encoder = train.adapt(
        shipped,
        learned,
        seconds=seconds,
        seed=seed,
        quiet=True,
        keep=KEEP,
        progress=lambda done: progress(LEARNING, done),
    )
    before = check(shipped, made, hidden, content, progress=lambda stage, done: progress(stage, done / 2))
    after = check(encoder, made, hidden, content, progress=lambda stage, done: progress(stage, (1 + done) / 2))
    return Adapted(encoder, before, after, len(encoder.vocabulary) - len(shipped.vocabulary))
