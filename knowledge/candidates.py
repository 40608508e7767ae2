"""
Question → candidates: the best items by words and by vectors, each with the signals the reranker weighs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.embed import Embedder
from knowledge.index import Index
from knowledge.items import FIELDS, OUTSIDE
from knowledge.query import Query

Floats = npt.NDArray[np.float32]
NEAREST, MOST = 160, 60  # vectors looked up, and candidates kept
TITLE_FIELD, WORDING_FIELD, TEXT_FIELD = range(len(FIELDS))
# Weighted sum that chooses the candidates; the reranker decides among them. Chosen on wordings left out of the index.
FIRST_WEIGHTS = {"bm25": (0.5, 0.7, 0.35), "dense": (0.5, 0.9, 0.3)}

NAMES = (
    "bm25_title", "bm25_wording", "bm25_text", "bm25_title_share", "bm25_wording_share", "bm25_text_share",
    "bm25_title_rank", "bm25_wording_rank", "bm25_text_rank",
    "dense_title", "dense_wording", "dense_text", "dense_title_gap", "dense_wording_gap", "dense_text_gap",
    "dense_title_rank", "dense_wording_rank", "dense_text_rank", "dense_wording_second", "dense_wording_third", "dense_wording_best",
    "covered_title", "covered_wording", "covered_text", "covered_any", "title_covered", "title_whole", "code_named", "first_score", "first_gap",
    "bm25_by_dense", "covered_by_dense", "has_wordings", "is_procedure", "is_service", "is_faq", "is_plan", "is_elsewhere", "is_outside",
    "short_question", "long_question", "unseen_share",
)  # fmt: skip

# Signals that are empty when there is no encoder. Lengths of the question are weighed by a cosine, so they count among them.
OF_VECTORS = frozenset(
    name for name in NAMES if "dense" in name or name in ("short_question", "long_question", "unseen_share")
)


@dataclass(frozen=True)
class Candidates:
    """
    `numbers` int (n,) of items, best first score first; `signals` float32 (n, len(NAMES)); `unseen` the share of the
    question's weight that no passage holds.
    """

    query: Query
    numbers: npt.NDArray[np.int64]
    signals: Floats
    unseen: float


def find(index: Index, embedder: Embedder, query: Query, ward: str | None) -> Candidates:
    """
    Return the candidates for a question in one ward, at most MOST.
    """
    allowed = index.allowed(ward)
    size = len(index.items)
    total = sum(index.lexical.weigh(term) * weight for term, weight in query.terms.items() if "_" not in term) or 1.0
    bm25 = index.best_of_fields(index.lexical.score(query.terms)) / np.float32(total)
    everything = bool(allowed.all())
    if not everything:
        bm25[:, ~allowed] = 0
    nearest = np.zeros((len(FIELDS), size), dtype=np.float32)
    vector = embedder.query(query)
    if len(vector) and float(np.linalg.norm(vector)) > 0:
        visible = None if everything else allowed[index.owner_of_vector]
        rows, cosines = index.dense.search(vector, NEAREST, visible)
        np.maximum.at(nearest, (index.field_of[rows], index.item_of[rows]), cosines)
    first = sum(
        FIRST_WEIGHTS["bm25"][field] * _shares(bm25[field]) + FIRST_WEIGHTS["dense"][field] * nearest[field]
        for field in range(len(FIELDS))
    )
    numbers = np.sort(_top(np.asarray(first), MOST))
    named = [index.codes[token] for token in query.typed if token in index.codes and allowed[index.codes[token]]]
    numbers = np.union1d(numbers, np.array(named, dtype=np.int64))
    if not len(numbers):
        return Candidates(query, numbers, np.zeros((0, len(NAMES)), dtype=np.float32), 1.0)
    dense, further = _dense(index, vector, numbers)
    signals, unseen = _signals(index, query, numbers, bm25[:, numbers], dense, further)
    order = np.argsort(-signals[:, NAMES.index("first_score")], kind="stable")
    return Candidates(query, numbers[order], signals[order], unseen)


def _top(row: Floats, count: int) -> npt.NDArray[np.int64]:
    best = np.argpartition(-row, min(count, len(row) - 1))[:count] if len(row) > count else np.arange(len(row))
    return best[row[best] > 0]


def _dense(index: Index, vector: Floats, numbers: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """
    Return the best cosine per field (3, n) and the second and third best of the wordings (2, n) of the candidates.
    """
    best = np.zeros((len(FIELDS), len(numbers)), dtype=np.float32)
    further = np.zeros((2, len(numbers)), dtype=np.float32)
    if not len(vector) or not len(index.dense):
        return best, further
    spans = index.vectors_of_item[numbers]
    counts = spans[:, 1] - spans[:, 0]
    owner = np.repeat(np.arange(len(numbers)), counts)
    places = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(spans[:, 0], counts)
    if not len(places):
        return best, further
    cosines = index.dense.at(places) @ vector
    fields = index.field_of[index.dense.rows[places]]
    np.maximum.at(best, (fields, owner), cosines)
    said = np.flatnonzero(fields == WORDING_FIELD)
    if len(said):
        order = said[np.lexsort((-cosines[said], owner[said]))]
        owners = owner[order]
        place_in_item = np.arange(len(order)) - np.searchsorted(owners, owners)
        for nth in (1, 2):
            chosen = order[place_in_item == nth]
            further[nth - 1, owner[chosen]] = cosines[chosen]
    return best, further


def _shares(values: Floats) -> Floats:
    top = values.max(initial=0)
    return values / top if top > 0 else values


def _ranks(values: Floats) -> Floats:
    """
    Return 1 / rank, ties sharing the worse rank, 0 for what has no score.
    """
    ordered = np.sort(values)[::-1]
    rank = len(values) - np.searchsorted(ordered[::-1], values, side="left")
    return np.where(values > 0, 1.0 / np.maximum(rank, 1), 0).astype(np.float32)


def _signals(
    index: Index, query: Query, numbers: npt.NDArray[np.int64], bm25: Floats, dense: Floats, further: Floats
) -> tuple[Floats, float]:
    columns: dict[str, Floats] = {}
    for field, name in enumerate(FIELDS):
        columns[f"bm25_{name}"], columns[f"dense_{name}"] = bm25[field], dense[field]
        columns[f"bm25_{name}_share"], columns[f"bm25_{name}_rank"] = _shares(bm25[field]), _ranks(bm25[field])
        columns[f"dense_{name}_gap"] = dense[field] - dense[field].max(initial=0)
        columns[f"dense_{name}_rank"] = _ranks(dense[field])
    columns["dense_wording_second"], columns["dense_wording_third"] = further[0], further[1]
    columns["dense_wording_best"] = (columns["dense_wording_rank"] == 1).astype(np.float32)
    terms = [term for term in query.terms if "_" not in term]
    weight = np.array([index.lexical.weigh(term) * query.terms[term] for term in terms], dtype=np.float32)
    total = float(weight.sum()) or 1.0
    held = _holds(index, terms, numbers)
    for field, name in enumerate(FIELDS):
        columns[f"covered_{name}"] = (weight @ held[field]).astype(np.float32) / np.float32(total)
    columns["covered_any"] = (weight @ held.any(axis=0)).astype(np.float32) / np.float32(total)
    asked = set(terms)
    whole = [
        max((_titles_covered(title, asked) for title in index.title_terms(number)), default=0.0)
        for number in numbers.tolist()
    ]
    columns["title_covered"] = np.array(whole, dtype=np.float32)
    columns["title_whole"] = (columns["title_covered"] > 0.999).astype(np.float32)
    named = {index.codes[token] for token in query.typed if token in index.codes}
    columns["code_named"] = np.array([number in named for number in numbers], dtype=np.float32)
    first = sum(
        FIRST_WEIGHTS["bm25"][field] * columns[f"bm25_{name}_share"] + FIRST_WEIGHTS["dense"][field] * dense[field]
        for field, name in enumerate(FIELDS)
    )
    columns["first_score"] = np.asarray(first, dtype=np.float32)
    columns["first_gap"] = columns["first_score"] - columns["first_score"].max(initial=0)
    columns["bm25_by_dense"] = columns["bm25_wording_share"] * dense[WORDING_FIELD]
    columns["covered_by_dense"] = columns["covered_any"] * dense[WORDING_FIELD]
    columns["has_wordings"] = index.with_wordings[numbers]
    kinds = np.array([index.items[number].kind for number in numbers.tolist()])
    for kind in ("procedure", "service", "faq", "plan", "elsewhere", OUTSIDE):
        columns[f"is_{kind}"] = (kinds == kind).astype(np.float32)
    length = len(query.typed)
    unseen = float(
        sum(index.lexical.weigh(term) * query.terms[term] for term in terms if term not in index.lexical.number) / total
    )
    for name, value in (("short_question", length <= 3), ("long_question", length > 18), ("unseen_share", unseen)):
        columns[name] = columns["dense_wording"] * np.float32(value)
    return np.stack([columns[name] for name in NAMES], axis=1).astype(np.float32), unseen


def _titles_covered(title: dict[str, float], asked: set[str]) -> float:
    return sum(title[term] for term in title.keys() & asked)


def _holds(index: Index, terms: Sequence[str], numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """
    Return bool (3, terms, n): whether any passage of a candidate holds the term, by field.
    """
    held = np.zeros((len(terms), len(numbers), len(FIELDS)), dtype=bool)
    bounds = index.bounds[numbers].astype(np.int32)
    for place, term in enumerate(terms):
        holding = index.lexical.passages[index.lexical.span(term)]
        if len(holding):
            before = np.searchsorted(holding, bounds)
            held[place] = before[:, 1:] > before[:, :-1]
    return held.transpose(2, 0, 1)
