"""
Held-out questions: each wording is asked of an index and an encoder that have not seen it.
"""

import dataclasses
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge import bench, candidates
from knowledge import content as contents
from knowledge import index as indexes
from knowledge.candidates import FIRST_WEIGHTS, NAMES, OF_VECTORS, Candidates
from knowledge.embed import Shipped
from knowledge.encoder import augment, corpus, train
from knowledge.encoder.static import StaticEncoder
from knowledge.index import Index
from knowledge.items import FIELDS, OUTSIDE, Item
from knowledge.passages import items
from knowledge.query import Lexicon, understand
from knowledge.restore import Spellings
from knowledge.text import fold as unmark
from knowledge.text import normalise, tokenise

FOLDS, ASKED = 3, 2  # wordings are dealt into three folds; two are asked, which is questions enough


@dataclass(frozen=True)
class Held:
    """
    One held-out question as it met the index: its candidates, the ids that would be right, and where it came from.
    """

    found: Candidates
    items: list[Item]
    right: frozenset[str]
    source: str
    style: str

    def without_vectors(self) -> "Held":
        """
        Return what it would have met without an encoder: the same candidates, all signals of vectors empty.
        """
        signals = self.found.signals.copy()
        dense = [column for column, name in enumerate(NAMES) if name in OF_VECTORS]
        signals[:, dense] = 0
        shares = [NAMES.index(f"bm25_{field}_share") for field in FIELDS]
        first = NAMES.index("first_score")
        signals[:, first] = signals[:, shares] @ np.array(FIRST_WEIGHTS["bm25"], dtype=np.float32)
        signals[:, NAMES.index("first_gap")] = signals[:, first] - signals[:, first].max(initial=0)
        return dataclasses.replace(self, found=dataclasses.replace(self.found, signals=signals))

    @property
    def labels(self) -> npt.NDArray[np.bool_]:
        right = [item for item in self.items if item.id in self.right]
        return np.array([any(item.same_as(other) for other in right) for item in self.items], dtype=bool)


class Carried(Shipped):
    """
    An encoder that is still in memory.
    """

    def __init__(self, encoder: StaticEncoder):
        self.encoder, self.dimension, self.name = encoder, encoder.dimension, "carried"


def assign(item: Item, count: int = FOLDS) -> dict[str, int]:
    """
    Return the fold of each wording of an item: shuffled by the item's id, then dealt out, so every run deals the same.
    """
    said = sorted(item.wordings)
    random.Random(item.id).shuffle(said)
    return {wording: place % count for place, wording in enumerate(said)}


def without(item: Item, number: int) -> Item:
    """
    Return an item without the wordings of one fold.
    """
    dealt = assign(item)
    return dataclasses.replace(item, wordings=tuple(wording for wording in item.wordings if dealt[wording] != number))


def styled(text: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """
    Yield a question as written, without marks, and as somebody might have typed it on a phone.
    """
    yield "full", text
    yield "plain", unmark(normalise(text))
    yield "noisy", " ".join(augment.phone_typed(tokenise(text), rng))


def asked(
    index: Index,
    encoder: Shipped,
    questions: Iterable[tuple[str, str, frozenset[str], str | None]],
    seen: set[str],
    rng: random.Random,
) -> Iterator[Held]:
    """
    Ask held-out (source, text, right ids, ward) and yield what each met. A question that the index still holds is passed over.
    """
    spellings = Spellings.load()
    for source, text, right, ward in questions:
        if text in seen:
            continue
        for style, typed in styled(text, rng):
            found = candidates.find(index, encoder, understand(typed, index.lexicon, index.seen, spellings), ward)
            if len(found.numbers):
                yield Held(found, [index.items[number] for number in found.numbers], right, source, style)


def _wards(content: contents.Content) -> list[str]:
    return sorted(content.wards)


def questions_of(
    whole: Sequence[Item], number: int, wards: Sequence[str], source: str, rng: random.Random, most: int = 6
) -> list[tuple[str, str, frozenset[str], str | None]]:
    """
    Return up to `most` held-out questions of each item, and a quarter of those that no office answers.
    """
    out: list[tuple[str, str, frozenset[str], str | None]] = []
    for item in whole:
        dealt = assign(item)
        mine = [wording for wording in item.wordings if dealt[wording] == number]
        if item.id != OUTSIDE:
            rng.shuffle(mine)
            mine = mine[:most]
        ward = item.ward or (rng.choice(list(wards)) if wards else None)
        out += [(source, wording, frozenset({item.id}), ward) for wording in mine]
    return out


def train_encoder(
    data: Path | None, bank: dict[str, list[str]], titles: dict[str, list[str]], *, steps: int, seed: int
) -> StaticEncoder:
    """
    Train an encoder on the training texts and a bank of wordings.
    """
    groups = train.gather(data, bank, titles)
    names, idf = train.vocabulary(groups)
    vectors = train.fit(groups, names, train.beginning(idf, names, seed=seed), steps=steps, seed=seed)
    return StaticEncoder.quantised(names, vectors)


def cross_fit(root: Path, data: Path | None, *, steps: int, seed: int, keep: Path | None = None) -> list[Held]:
    """
    Train one encoder per fold without its wordings, ask them, and return what all held-out questions met.

    Args:
        keep: A folder in which the folds' encoders are remembered, so that a second run need not train them again.
    """
    content = contents.read(root)
    lexicon = Lexicon.of(content.abbreviations, content.sayings)
    whole = items(content)
    national = list(corpus.rows(data / "procedures.jsonl.gz")) if data else []
    by_code, aliases = bench.bank_by_code(content)
    collections: dict[str, list[Item]] = {"content": whole}
    if national:
        collections["ward588"] = bench.items_of([row for row in national if "Cấp xã" in row["level"]], by_code, aliases)
    held: list[Held] = []
    for number in range(ASKED):
        rng = random.Random(seed + number)
        encoder = Carried(_fold_encoder(collections, number, data, steps=steps, seed=seed + number, keep=keep))
        for name, collection in collections.items():
            reduced = [without(item, number) for item in collection]
            index, _ = indexes.build(reduced, lexicon, encoder)
            seen = {wording for item in reduced for wording in item.wordings}
            questions = questions_of(
                collection,
                number,
                _wards(content) if name == "content" else [],
                name,
                rng,
                most=6 if name == "content" else 2,
            )
            held += asked(index, encoder, questions, seen, rng)
        if data and number == 0:
            held += law(data, lexicon, encoder, rng)
    return held


def law(data: Path, lexicon: Lexicon, encoder: Shipped, rng: random.Random) -> list[Held]:
    """
    Return what the development questions over law articles met: a collection without wordings.
    """
    articles = bench.items_of(list(corpus.rows(data / "law_articles.jsonl.gz")), {}, {})
    index, _ = indexes.build(articles, lexicon, encoder)
    questions = [
        ("law", row["q"], frozenset(row["gold"]), None) for row in corpus.rows(data / "law_dev_queries.jsonl.gz")
    ]
    return list(asked(index, encoder, questions, set(), rng))


def _fold_encoder(
    collections: dict[str, list[Item]], number: int, data: Path | None, *, steps: int, seed: int, keep: Path | None
) -> StaticEncoder:
    folder = keep / f"fold-{number}" if keep else None
    if folder and folder.exists():
        return StaticEncoder.load(folder)
    bank: dict[str, list[str]] = {}
    titles: dict[str, list[str]] = {}
    for name in ("content", "ward588"):
        for item in collections.get(name, []):
            if item.id != OUTSIDE and item.wordings:
                bank[item.id], titles[item.id] = list(without(item, number).wordings), list(item.titles)
    # A wording may stand under a slug and under its national code: what is held out once is held out everywhere.
    hidden = {
        wording
        for name in collections
        for item in collections[name]
        for wording, fold in assign(item).items()
        if fold == number and name == "content"
    }
    bank = {key: [wording for wording in said if wording not in hidden] for key, said in bank.items()}
    encoder = train_encoder(data, bank, titles, steps=steps, seed=seed)
    if folder:
        encoder.save(folder)
    return encoder


def signals_and_labels(held: Sequence[Held]) -> list[tuple[Any, Any]]:
    """
    Return what the reranker learns from.
    """
    return [(each.found.signals, each.labels) for each in held]
