"""
An index made from the one before, when little has changed: equal to one built from nothing, in a fraction of its time.

Passages that stayed keep their postings and vectors and are only numbered anew; what all of them share (how rare a term
is, how long a passage is on average) is computed again from all. Large collections have one exception: vectors that came
lie beside those of faiss (see dense.py), until `build` indexes them all.
"""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from knowledge import index as indexes
from knowledge.embed import Embedder
from knowledge.index import Index
from knowledge.items import Item, differing
from knowledge.query import Lexicon

Ints = npt.NDArray[np.int64]
MOST_PENDING = 0.1  # of all vectors; from here on everything is worth indexing anew


def update(before: Index, items: Sequence[Item], lexicon: Lexicon, embedder: Embedder) -> tuple[Index, int]:
    """
    Return the index of these items, and how many passages were embedded.

    Args:
        before: An index whose vectors this embedder made.
    """
    was = kept_numbers(before, items)
    kept = np.flatnonzero(was >= 0)
    new = np.flatnonzero(was < 0).tolist()
    counts = np.zeros((len(items), before.counts.shape[1]), dtype=np.int64)
    counts[kept] = before.counts[was[kept]]
    counts[new] = indexes.counts_of([items[number] for number in new])
    totals, totals_before = counts.sum(axis=1), before.counts.sum(axis=1)
    begins, begins_before = np.cumsum(totals) - totals, np.cumsum(totals_before) - totals_before
    moved = np.full(len(before.item_of), -1, dtype=np.int64)
    moved[_ranges(begins_before[was[kept]], totals[kept])] = _ranges(begins[kept], totals[kept])
    added = [items[number] for number in new]
    texts = [text for item in added for _, text in item.passages()]
    lexical = before.lexical.updated(moved, int(totals.sum()), _ranges(begins[new], totals[new]), texts)
    names, rows, wanted = indexes.embedded(added, begins[new])
    gone = np.setdiff1d(np.arange(len(before.items)), was[kept], assume_unique=True)
    vectors, embedded = indexes.vectors_for(names, wanted, embedder, _vectors_of(before, gone))
    dense = before.dense.updated(moved, rows, vectors) if embedder.dimension else before.dense
    version = indexes.next_version()
    return Index(version, items, lexicon, lexical, dense, before.encoder, counts), embedded


def pending(index: Index) -> float:
    """
    Return the share of the vectors that came or went since all were indexed.
    """
    return index.dense.pending / max(1, len(index.dense))


def new_share(before: Index, items: Sequence[Item]) -> float:
    """
    Return the share of items that an index before does not hold as they are.
    """
    return float(np.mean(kept_numbers(before, items) < 0)) if items else 1.0


def kept_numbers(before: Index, items: Sequence[Item]) -> Ints:
    """
    Return for each item its number in an index before, or -1 when its passages are not the same or it changed places.
    """
    then, now = differing(before.items, items)
    was = np.full(len(items), -1, dtype=np.int64)
    was[: now.start] = np.arange(now.start)
    was[now.stop :] = np.arange(then.stop, len(before.items))
    old = {(item.ward, item.id): number for number, item in enumerate(before.items[then], then.start)}
    for number, item in enumerate(items[now], now.start):
        place = old.get((item.ward, item.id), -1)
        if place >= 0 and before.items[place].says_what(item):
            was[number] = place
    found = np.flatnonzero(was >= 0)
    if np.any(np.diff(was[found]) <= 0):
        dropped = np.ones(len(items), dtype=bool)
        dropped[found[_longest_rise(was[found].tolist())]] = False
        was[dropped] = -1
    return was


def _longest_rise(values: Sequence[int]) -> list[int]:
    """
    Return the places of a longest strictly rising subsequence.
    """
    lowest: list[int] = []  # lowest[n] ends the lowest rise of n + 1 values
    places: list[int] = []
    previous: list[int] = []
    for place, value in enumerate(values):
        length = bisect_left(lowest, value)
        previous.append(places[length - 1] if length else -1)
        if length == len(lowest):
            lowest.append(value)
            places.append(place)
        else:
            lowest[length], places[length] = value, place
    found = []
    place = places[-1] if places else -1
    while place >= 0:
        found.append(place)
        place = previous[place]
    return found[::-1]


def _ranges(begins: Ints, lengths: Ints) -> Ints:
    """
    Return the numbers from each beginning on, as many as its length, one range after the other.
    """
    ends = np.cumsum(lengths)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(begins - (ends - lengths), lengths)


def _vectors_of(index: Index, numbers: Ints) -> dict[str, npt.NDArray[np.float32]]:
    """
    Return the vectors of some items by the digest of their passage: of an entry that changed most passages did not.
    """
    if not len(numbers) or not len(index.dense):
        return {}
    spans = index.vectors_of_item[numbers]
    found = index.dense.at(_ranges(spans[:, 0], spans[:, 1] - spans[:, 0]))
    names, _, _ = indexes.embedded([index.items[number] for number in numbers.tolist()], index.bounds[numbers, 0])
    return dict(zip(names, found, strict=True))
