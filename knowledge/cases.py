"""
Which special situation of an entry a question is about, if any.
"""

from typing import Any

import numpy as np

from knowledge.entries import Case
from knowledge.index import Index
from knowledge.library import Library
from knowledge.retrieve import Ranking
from knowledge.text import fold, tokenise

COMMON = 2.0  # idf below which a syllable says nothing about a case
TELLING_SHARE = 0.4  # of the words beside the entry's own names: else the entry, not its case, was asked
LEANING_SHARE = 0.6  # of the question's telling words that must be the case's own
CASE_COSINE = 0.62  # how near a case's own question must be to answer with the case alone


def closest(
    library: Library, ward: str, ranking: Ranking, id: str, record: Any, *, leaning: bool = False
) -> Case | None:
    """
    Return the case of an entry that was asked, or None.

    A question that stands alone must be nearer to the case than to any other wording of the entry. One that leans on
    what was said before ("còn quá hạn thì sao?") names little: its words being the case's own is enough.
    """
    cases: list[Case] = list(getattr(record, "cases", []))
    index = library.retriever.index
    number = index.number(id, ward)
    if not cases or number is None:
        return None
    if leaning:
        own = set(map(fold, ranking.query.meant)) - {
            plain for plain in map(fold, ranking.query.meant) if index.lexical.weigh(plain) < COMMON
        }
        shares = [(_share_of_case(index, own, case), -place) for place, case in enumerate(cases)]
        best_share, place = max(shares)
        if best_share >= LEANING_SHARE:
            return cases[-place]
    vector = library.retriever.embedder.query(ranking.query)
    if not len(vector):
        return None
    low, high = index.vectors_of_item[number]
    texts = index.items[number].passages()
    first = int(index.bounds[number, 0])
    cosines = index.dense.at(np.arange(low, high)) @ vector
    owners = {
        question: case for case in cases for question in (*case.questions, f"{case.about}. {case.text}", case.about)
    }
    best, best_case = -1.0, None
    for place, cosine in zip(range(low, high), cosines, strict=True):
        if float(cosine) > best:
            best, best_case = float(cosine), owners.get(texts[int(index.dense.rows[place]) - first][1])
    if best_case is None or best < CASE_COSINE:
        return None
    named = {fold(token) for title in index.items[number].titles for token in tokenise(title)}
    telling = {plain for plain in map(fold, ranking.query.meant) if index.lexical.weigh(plain) >= COMMON} - named
    return best_case if telling and _share_of_case(index, telling, best_case) >= TELLING_SHARE else None


def _share_of_case(index: Index, own: set[str], case: Case) -> float:
    words = {fold(token) for text in (case.about, *case.questions) for token in tokenise(text)}
    total = sum(index.lexical.weigh(word) for word in own)
    return sum(index.lexical.weigh(word) for word in own & words) / total if total else 0.0
