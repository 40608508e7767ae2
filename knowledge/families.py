"""
Near twins: the ordinary procedure, and those for special circumstances; and entries that the same words fit.

Somebody who asks for "đăng ký kết hôn" and names no circumstance means the ordinary one, the entry that its family is
called after; nobody should have to choose among seven. Somebody who only says that a paper is lost has not said what decides
between two entries: then nobody should choose for them.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from knowledge.confidence import family_shares
from knowledge.entries import Apart
from knowledge.items import Item
from knowledge.query import Query
from knowledge.retrieve import Hit, Ranking
from knowledge.text import fold, tokenise

FAMILY_SURE = 0.7  # share of the family from which its ordinary member may be meant
LEAST_SHARE = 0.2  # of the ordinary member itself
SHORT = 10  # tokens; a longer question tells a circumstance in words that no title has
RIVAL_SHARE = 0.08  # a twin with less is no rival
FORK_SHARE = 0.5  # of both entries that the same words fit


def ordinary_meant(ours: list[Hit], ranking: Ranking) -> Hit | None:
    """
    Return the ordinary member of the leading family when the question names nothing that marks one of its twins, or None.
    """
    shares = family_shares(ours)
    if not shares:
        return None
    family, share = next(iter(shares.items()))
    members = [hit for hit in ours if hit.item.family == family]
    usual = next((hit for hit in members if hit.item.id == family), None)
    if usual is None or usual.item.kind == "plan" or len(ranking.query.typed) > SHORT:
        return None
    if len(members) < 2 or share < FAMILY_SURE or usual.share < LEAST_SHARE:
        return None
    asked = set(map(fold, ranking.query.meant)) | set(map(fold, ranking.query.typed))
    rivals = [hit for hit in members if hit is not usual and hit.share >= RIVAL_SHARE]
    return usual if not any(asked & marks(hit.item, usual.item) for hit in rivals) else None


def marks(twin: Item, usual: Item) -> set[str]:
    """
    Return the folded syllables in a twin's names that the ordinary entry uses nowhere.
    """
    return {fold(token) for title in twin.titles for token in tokenise(title)} - _syllables(usual)


@lru_cache(maxsize=256)
def _syllables(item: Item) -> frozenset[str]:
    # An entry with many wordings takes 20 ms, and it is those that are asked for most.
    return frozenset(fold(token) for _, text in item.passages() for token in tokenise(text))


def fork(ours: list[Hit], query: Query, told_apart: Callable[[str], Sequence[Apart]]) -> tuple[str, Apart] | None:
    """
    Return the entry that must be told apart from another before either is answered, and how, or None.

    Args:
        query: The whole question; a word of either side anywhere in it has told them apart.
        told_apart: What an entry says of the entries that people's words fit as well.
    """
    shares = {hit.item.id: hit.share for hit in ours}
    for hit in ours:
        for apart in told_apart(hit.item.id) if hit.share >= RIVAL_SHARE else ():
            sides = {hit.item.id, apart.other}
            if ours[0].item.id not in sides or sum(shares.get(side, 0.0) for side in sides) < FORK_SHARE:
                continue
            if not any(said(phrase, query) for phrase in apart.words):
                return hit.item.id, apart
    return None


def said(phrase: str, query: Query) -> bool:
    """
    Tell whether a question holds a phrase; a syllable typed with marks must bear those of the phrase ("số" is not "sổ").
    """
    wanted = tokenise(phrase)
    for tokens in (query.typed, query.meant):
        for start in range(len(tokens) - len(wanted) + 1):
            pairs = zip(tokens[start : start + len(wanted)], wanted, strict=True)
            if all(token in (syllable, fold(syllable)) for token, syllable in pairs):
                return True
    return False
