"""
Near twins: the ordinary procedure, and those for special circumstances.

Somebody who asks for "đăng ký kết hôn" and names no circumstance means the ordinary one, the entry that its family is
called after; nobody should have to choose among seven.
"""

from knowledge.confidence import family_shares
from knowledge.items import Item
from knowledge.retrieve import Hit, Ranking
from knowledge.text import fold, tokenise

FAMILY_SURE = 0.7  # share of the family from which its ordinary member may be meant
LEAST_SHARE = 0.2  # of the ordinary member itself
SHORT = 10  # tokens; a longer question tells a circumstance in words that no title has
RIVAL_SHARE = 0.08  # a twin with less is no rival


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
    common = {fold(token) for _, text in usual.passages() for token in tokenise(text)}
    return {fold(token) for title in twin.titles for token in tokenise(title)} - common
