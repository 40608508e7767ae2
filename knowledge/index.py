"""
The index: one folder per version, swapped in by one rename, mapped into memory.

    var/index/<version>/items.json.gz, terms of BM25, faiss index
    var/index/current → <version>
"""

import dataclasses
import gzip
import shutil
import time
import zlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import orjson

from knowledge.dense import Dense
from knowledge.embed import Embedder
from knowledge.errors import IndexMissing
from knowledge.items import FIELDS, OUTSIDE, Item, digest, in_ward
from knowledge.lexical import Lexical
from knowledge.query import Lexicon
from knowledge.text import fold, tokenise

Progress = Callable[[str, int, int], None]
TEXTS_EMBEDDED = 4  # of a long entry only the first passages get a vector; BM25 sees all
KEPT_VERSIONS = 3
FORM = 3  # of what is on disk; an index of another form is built anew


def silent(stage: str, done: int, total: int) -> None:
    """
    Show no progress.
    """


class Index:
    """
    Items and what is needed to search them. Passages are numbered through, item by item, titles before wordings before texts.

    `item_of` int32 (passages,), `field_of` int8 (passages,).
    """

    def __init__(
        self, version: str, items: Sequence[Item], lexicon: Lexicon, lexical: Lexical, dense: Dense, encoder: str
    ):
        self.version, self.items, self.lexicon, self.lexical, self.dense, self.encoder = (
            version,
            list(items),
            lexicon,
            lexical,
            dense,
            encoder,
        )
        passages = [
            (number, FIELDS.index(field)) for number, item in enumerate(self.items) for field, _ in item.passages()
        ]
        self.item_of = np.array([number for number, _ in passages], dtype=np.int32)
        self.field_of = np.array([field for _, field in passages], dtype=np.int8)
        self._number = {(item.ward, item.id): number for number, item in enumerate(self.items)}
        self._allowed: dict[str | None, npt.NDArray[np.bool_]] = {}

    @cached_property
    def seen(self) -> dict[str, int]:
        """
        How many passages hold each folded syllable.
        """
        counts = np.diff(self.lexical.starts)
        return {term: int(counts[column]) for column, term in enumerate(self.lexical.vocabulary) if "_" not in term}

    @cached_property
    def bounds(self) -> npt.NDArray[np.int64]:
        """
        Where the passages of each item begin, field by field: int64 (items, fields + 1), the last where they end.
        """
        slots = self.item_of.astype(np.int64) * len(FIELDS) + self.field_of
        starts = np.searchsorted(slots, np.arange(len(self.items) * len(FIELDS) + 1))
        return starts[np.arange(len(self.items))[:, None] * len(FIELDS) + np.arange(len(FIELDS) + 1)]

    @cached_property
    def turns(self) -> tuple[npt.NDArray[np.int64], list[npt.NDArray[np.int64]]]:
        """
        The fields of items, those with most passages first, as field * items + item; and the first passage of each,
        then the second of each that has two, and so on.
        """
        starts, counts = self.bounds[:, :-1].T.ravel(), np.diff(self.bounds, axis=1).T.ravel()
        slots = np.argsort(-counts, kind="stable")
        turns = [slots[: np.count_nonzero(counts > turn)] for turn in range(counts.max(initial=0))]
        return slots, [starts[held] + turn for turn, held in enumerate(turns)]

    def best_of_fields(self, scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """
        Return float32 (fields, items), the best of the passages' scores; 0 where an item has no passage.
        """
        slots, turns = self.turns
        out = np.zeros(len(FIELDS) * len(self.items), dtype=np.float32)
        if turns:
            best = scores[turns[0]]
            for places in turns[1:]:
                some = best[: len(places)]
                np.maximum(some, scores[places], out=some)
            out[slots[: len(best)]] = best
        return out.reshape(len(FIELDS), len(self.items))

    @cached_property
    def kinds(self) -> dict[str, npt.NDArray[np.float32]]:
        """
        For each kind float32 (items,): 1 for the items that are of it.
        """
        kinds = np.array([item.kind for item in self.items], dtype=str)
        return {kind: (kinds == kind).astype(np.float32) for kind in set(kinds.tolist())}

    @cached_property
    def vectors_of_item(self) -> npt.NDArray[np.int64]:
        """
        For each item the range of vectors that are its own: int64 (items, 2).
        """
        numbers = np.arange(len(self.items))
        low, high = (np.searchsorted(self.owner_of_vector, numbers, side=side) for side in ("left", "right"))
        return np.stack([low, high], axis=1)

    @cached_property
    def with_wordings(self) -> npt.NDArray[np.float32]:
        """
        float32 (items,): 1 for the items that have wordings.
        """
        return np.array([bool(item.wordings) for item in self.items], dtype=np.float32)

    @cached_property
    def has_wordings(self) -> bool:
        return any(item.wordings for item in self.items)

    @cached_property
    def owner_of_vector(self) -> npt.NDArray[np.int32]:
        """
        The item of each vector.
        """
        return self.item_of[self.dense.rows]

    @cached_property
    def title_terms(self) -> list[list[dict[str, float]]]:
        """
        For each title of each item the share of its weight that each of its folded syllables carries.
        """
        return [[self._weighed(title) for title in item.titles] for item in self.items]

    def _weighed(self, title: str) -> dict[str, float]:
        weights = {plain: self.lexical.weigh(plain) for plain in map(fold, tokenise(title))}
        total = sum(weights.values()) or 1.0
        return {term: weight / total for term, weight in weights.items()}

    def number(self, id: str, ward: str | None) -> int | None:
        """
        Return the number of an item as a ward sees it: its own before the shared one.
        """
        return self._number.get((ward, id), self._number.get((None, id)))

    @cached_property
    def codes(self) -> dict[str, int]:
        return {code.lower(): number for number, item in enumerate(self.items) for code in item.codes}

    def allowed(self, ward: str | None) -> npt.NDArray[np.bool_]:
        """
        Return bool (items,): what a citizen of this ward may be answered from.
        """
        if ward not in self._allowed:
            self._allowed[ward] = np.array(in_ward(self.items, ward), dtype=bool)
        return self._allowed[ward]

    @property
    def size(self) -> int:
        return sum(item.id != OUTSIDE for item in self.items)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.lexical.save(folder / "lexical")
        self.dense.save(folder / "dense")
        document = {
            "form": FORM, "version": self.version, "encoder": self.encoder, "items": [dataclasses.asdict(item) for item in self.items],
            "lexicon": {"abbreviations": dict(self.lexicon.abbreviations), "sayings": dict(self.lexicon.sayings)},
        }  # fmt: skip
        (folder / "items.json.gz").write_bytes(gzip.compress(orjson.dumps(document), 6, mtime=0))

    @classmethod
    def load(cls, folder: Path) -> "Index":
        """
        Open a version's folder.

        Raises:
            IndexMissing: when the folder holds no complete index.
        """
        try:
            document = orjson.loads(gzip.decompress((folder / "items.json.gz").read_bytes()))
            lexical, dense = Lexical.load(folder / "lexical"), Dense.load(folder / "dense")
        except (OSError, EOFError, zlib.error, orjson.JSONDecodeError, RuntimeError, KeyError) as error:
            raise IndexMissing(f"no index in {folder}: run `python -m knowledge build` ({error})") from error
        if document.get("form") != FORM:
            raise IndexMissing(f"the index in {folder} was made by another version: run `python -m knowledge build`")
        items = [_thawed(item) for item in document["items"]]
        words = document["lexicon"]
        lexicon = Lexicon(
            {k: tuple(v) for k, v in words["abbreviations"].items()}, {k: tuple(v) for k, v in words["sayings"].items()}
        )
        return cls(document["version"], items, lexicon, lexical, dense, document["encoder"])


def _thawed(item: dict[str, Any]) -> Item:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in item.items()}
    return Item(**fields)


def build(items: Sequence[Item], lexicon: Lexicon, embedder: Embedder, *, remembered: dict[str, npt.NDArray[np.float32]] | None = None,
          progress: Progress = silent) -> tuple[Index, int]:  # fmt: skip
    """
    Build an index in memory; passages whose digest is remembered are not embedded again.

    Returns:
        (the index, how many passages were embedded).
    """
    texts = [text for item in items for _, text in item.passages()]
    lexical = Lexical.build(texts)
    progress("lexical", len(texts), len(texts))
    names, rows, wanted = [], [], []
    row = 0
    for item in items:
        left = TEXTS_EMBEDDED
        for field, text in item.passages():
            if field != FIELDS[2] or left > 0:
                left -= field == FIELDS[2]
                names.append(digest(field, text))
                rows.append(row)
                wanted.append(text)
            row += 1
    known = remembered or {}
    missing = [place for place, name in enumerate(names) if name not in known]
    vectors = np.zeros((len(names), embedder.dimension), dtype=np.float32)
    for place, name in enumerate(names):
        if name in known:
            vectors[place] = known[name]
    for start in range(0, len(missing), 2000):
        part = missing[start : start + 2000]
        vectors[part] = embedder.passages([wanted[place] for place in part])
        progress("embedding", min(start + 2000, len(missing)), len(missing))
    if embedder.dimension:
        dense = Dense.build(vectors, np.array(rows, dtype=np.int64))
    else:
        dense = Dense.build(np.zeros((0, 1), dtype=np.float32), np.zeros(0, dtype=np.int64))
    version = f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() // 1000 % 1_000_000:06d}"
    return Index(version, items, lexicon, lexical, dense, embedder.name), len(missing)


def vectors_by_digest(index: Index) -> dict[str, npt.NDArray[np.float32]]:
    """
    Return the vectors of an index by the digest of their passage, to build the next one from.
    """
    names = [digest(field, text) for item in index.items for field, text in item.passages()]
    vectors = np.asarray(index.dense.vectors, dtype=np.float32)
    return {names[int(row)]: vectors[place] for place, row in enumerate(index.dense.rows)}


def publish(index: Index, root: Path) -> Path:
    """
    Write a version beside the others and make it the current one by one rename; older versions but the last few go.
    """
    root.mkdir(parents=True, exist_ok=True)
    # Not the process id: several replicas in containers may all be number 1.
    mark = uuid4().hex
    beside = root / f".{index.version}.{mark}"
    index.save(beside)
    folder = root / index.version
    beside.rename(folder)
    link = root / f".current.{mark}"
    link.symlink_to(index.version)
    link.rename(root / "current")
    versions = sorted(
        path for path in root.iterdir() if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )
    for old in versions[:-KEPT_VERSIONS]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def current(root: Path) -> Path:
    """
    Return the folder of the current version.

    Raises:
        IndexMissing: when nothing was published yet.
    """
    link = root / "current"
    if not link.exists():
        raise IndexMissing(f"no index in {root}: run `python -m knowledge build`")
    return link.resolve()
