"""
The index: one folder per version, swapped in by one rename, mapped into memory.

    var/index/<version>/items.json.gz, terms of BM25, faiss index
    var/index/current → <version>
"""

import contextlib
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
from knowledge.items import FIELDS, OUTSIDE, WORDING, Item, digest, in_ward
from knowledge.lexical import Lexical
from knowledge.query import Lexicon
from knowledge.text import fold, tokenise

Progress = Callable[[str, int, int], None]
TEXTS_EMBEDDED = 4  # of a long entry only the first passages get a vector; BM25 sees all
KEPT_VERSIONS = 3
LEFT_BEHIND_SECONDS = 3600  # after which nobody is still writing a version
ITEMS = "items.json.gz"
BLOCK = 250  # items in a line of it: who reads one line holds up others for a millisecond, not for all of them
FORM = 4  # of what is on disk; an index of another form is built anew


def silent(stage: str, done: int, total: int) -> None:
    """
    Show no progress.
    """


class Index:
    """
    Items and what is needed to search them. Passages are numbered through, item by item, titles before wordings before texts.

    `counts` int64 (items, fields), `item_of` int32 (passages,), `field_of` int8 (passages,).
    """

    def __init__(
        self,
        version: str,
        items: Sequence[Item],
        lexicon: Lexicon,
        lexical: Lexical,
        dense: Dense,
        encoder: str,
        counts: npt.NDArray[np.int64] | None = None,
    ):
        self.version, self.items, self.lexicon, self.lexical, self.dense, self.encoder = (
            version,
            list(items),
            lexicon,
            lexical,
            dense,
            encoder,
        )
        self.counts = counts if counts is not None else counts_of(self.items)
        self.item_of = np.repeat(np.arange(len(self.items), dtype=np.int32), self.counts.sum(axis=1))
        fields = np.tile(np.arange(len(FIELDS), dtype=np.int8), len(self.items))
        self.field_of = np.repeat(fields, self.counts.ravel())
        self._shared = {item.id: number for number, item in enumerate(self.items) if item.ward is None}
        # What not every ward sees.
        self._particular = [number for number, item in enumerate(self.items) if item.ward or item.replaced_in]
        self._own = {(self.items[number].ward, self.items[number].id): number for number in self._particular}
        self._allowed: dict[str | None, npt.NDArray[np.bool_]] = {}
        self._title_terms: dict[int, list[dict[str, float]]] = {}

    @property
    def seen(self) -> dict[str, int]:
        """
        How many passages hold each folded syllable.
        """
        return self.lexical.seen

    @cached_property
    def bounds(self) -> npt.NDArray[np.int64]:
        """
        Where the passages of each item begin, field by field: int64 (items, fields + 1), the last where they end.
        """
        ends = np.cumsum(self.counts.ravel()).reshape(self.counts.shape)
        begins = ends - self.counts
        return np.concatenate((begins, ends[:, -1:]), axis=1)

    @cached_property
    def slots(self) -> npt.NDArray[np.int64]:
        """
        The field of the item that each passage belongs to, as field * items + item: int64 (passages,).
        """
        return self.field_of.astype(np.int64) * len(self.items) + self.item_of

    def best_of_fields(self, scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """
        Return float32 (fields, items), the best of the passages' scores; 0 where an item has no passage.
        """
        out = np.zeros(len(FIELDS) * len(self.items), dtype=np.float32)
        np.maximum.at(out, self.slots, scores)
        return out.reshape(len(FIELDS), len(self.items))

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
        return (self.counts[:, FIELDS.index(WORDING)] > 0).astype(np.float32)

    @cached_property
    def has_wordings(self) -> bool:
        return bool(self.with_wordings.any())

    @cached_property
    def owner_of_vector(self) -> npt.NDArray[np.int32]:
        """
        The item of each vector.
        """
        return self.item_of[self.dense.rows]

    def title_terms(self, number: int) -> list[dict[str, float]]:
        """
        Return for each title of an item the share of its weight that each of its folded syllables carries.
        """
        if number not in self._title_terms:
            self._title_terms[number] = [self._weighed(title) for title in self.items[number].titles]
        return self._title_terms[number]

    def _weighed(self, title: str) -> dict[str, float]:
        weights = {plain: self.lexical.weigh(plain) for plain in map(fold, tokenise(title))}
        total = sum(weights.values()) or 1.0
        return {term: weight / total for term, weight in weights.items()}

    def number(self, id: str, ward: str | None) -> int | None:
        """
        Return the number of an item as a ward sees it: its own before the shared one.
        """
        return self._own.get((ward, id), self._shared.get(id))

    @cached_property
    def codes(self) -> dict[str, int]:
        return {code.lower(): number for number, item in enumerate(self.items) for code in item.codes}

    def allowed(self, ward: str | None) -> npt.NDArray[np.bool_]:
        """
        Return bool (items,): what a citizen of this ward may be answered from.
        """
        if ward not in self._allowed:
            allowed = np.ones(len(self.items), dtype=bool)
            allowed[self._particular] = in_ward([self.items[number] for number in self._particular], ward)
            self._allowed[ward] = allowed
        return self._allowed[ward]

    @property
    def size(self) -> int:
        return len(self.items) - (OUTSIDE in self._shared)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.lexical.save(folder / "lexical")
        self.dense.save(folder / "dense")
        head = {
            "form": FORM, "version": self.version, "encoder": self.encoder,
            "lexicon": {"abbreviations": dict(self.lexicon.abbreviations), "sayings": dict(self.lexicon.sayings)},
        }  # fmt: skip
        blocks = [self.items[start : start + BLOCK] for start in range(0, len(self.items), BLOCK)]
        lines = [orjson.dumps(head), *map(orjson.dumps, blocks)]
        (folder / ITEMS).write_bytes(gzip.compress(b"\n".join(lines), 6, mtime=0))

    @classmethod
    def load(cls, folder: Path) -> "Index":
        """
        Open a version's folder.

        Raises:
            IndexMissing: when the folder holds no complete index.
        """
        try:
            lines = gzip.decompress((folder / ITEMS).read_bytes()).split(b"\n")
            head = orjson.loads(lines[0])
            if head.get("form") != FORM:
                raise IndexMissing(f"the index in {folder} is of another form: run `python -m knowledge build`")
            items = [_thawed(item) for line in lines[1:] for item in orjson.loads(line)]
            lexical, dense = Lexical.load(folder / "lexical"), Dense.load(folder / "dense")
        except (OSError, EOFError, zlib.error, ValueError, RuntimeError, KeyError, IndexError) as error:
            raise IndexMissing(f"no index in {folder}: run `python -m knowledge build` ({error})") from error
        words = head["lexicon"]
        lexicon = Lexicon(
            {k: tuple(v) for k, v in words["abbreviations"].items()}, {k: tuple(v) for k, v in words["sayings"].items()}
        )
        return cls(head["version"], items, lexicon, lexical, dense, head["encoder"])


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
    counts = counts_of(items)
    texts = [text for item in items for _, text in item.passages()]
    lexical = Lexical.build(texts)
    progress("lexical", len(texts), len(texts))
    names, rows, wanted = embedded(items, np.cumsum(counts.sum(axis=1)) - counts.sum(axis=1))
    vectors, missing = vectors_for(names, wanted, embedder, remembered or {}, progress=progress)
    if embedder.dimension:
        dense = Dense.build(vectors, rows)
    else:
        dense = Dense.build(np.zeros((0, 1), dtype=np.float32), np.zeros(0, dtype=np.int64))
    return Index(next_version(), items, lexicon, lexical, dense, embedder.name, counts), missing


def counts_of(items: Sequence[Item]) -> npt.NDArray[np.int64]:
    """
    Return how many passages each item has in each field: int64 (items, fields).
    """
    counts = [(len(item.titles), len(item.wordings), len(item.texts)) for item in items]
    return np.array(counts, dtype=np.int64).reshape(len(items), len(FIELDS))


def embedded(
    items: Sequence[Item], begins: npt.NDArray[np.int64]
) -> tuple[list[str], npt.NDArray[np.int64], list[str]]:
    """
    Return digest, row and text of each passage that gets a vector.

    Args:
        begins: int64 (items,), the row of each item's first passage.
    """
    names, rows, texts = [], [], []
    for item, begin in zip(items, begins.tolist(), strict=True):
        most = len(item.titles) + len(item.wordings) + TEXTS_EMBEDDED
        for row, (field, text) in enumerate(item.passages()[:most], begin):
            names.append(digest(field, text))
            rows.append(row)
            texts.append(text)
    return names, np.array(rows, dtype=np.int64), texts


def vectors_for(
    names: Sequence[str],
    texts: Sequence[str],
    embedder: Embedder,
    known: dict[str, npt.NDArray[np.float32]],
    *,
    progress: Progress = silent,
) -> tuple[npt.NDArray[np.float32], int]:
    """
    Return the vectors of passages, float32 (n, dim), and how many of them had to be made.
    """
    missing = [place for place, name in enumerate(names) if name not in known]
    vectors = np.zeros((len(names), embedder.dimension), dtype=np.float32)
    for place, name in enumerate(names):
        if name in known:
            vectors[place] = known[name]
    for start in range(0, len(missing), 2000):
        part = missing[start : start + 2000]
        vectors[part] = embedder.passages([texts[place] for place in part])
        progress("embedding", min(start + 2000, len(missing)), len(missing))
    return vectors, len(missing)


def next_version() -> str:
    """
    Return a name that sorts after those of all versions made before.
    """
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() // 1000 % 1_000_000:06d}"


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
        path
        for path in root.iterdir()
        if (path / ITEMS).exists() and not path.is_symlink() and not path.name.startswith(".")
    )
    for old in [*versions[:-KEPT_VERSIONS], *_left_behind(root)]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _left_behind(root: Path) -> list[Path]:
    """
    Return what writers left half written that were killed over it.
    """
    found = []
    for path in root.glob(".*"):
        with contextlib.suppress(OSError):
            if path.is_dir() and not path.is_symlink() and time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS:
                found.append(path)
    return found


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
