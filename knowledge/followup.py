"""
Questions that lean on what was said before: a part of the same entry, one of the options, a number typed back.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge import families, parts
from knowledge.entries import Entry
from knowledge.errors import UnknownEntry
from knowledge.library import Library, PlanPart
from knowledge.rerank import softmax
from knowledge.text import fold, tokenise

if TYPE_CHECKING:
    from knowledge.outcomes import Context, Verdict

_NUMBER = re.compile(
    r"^(?:so|cai|muc|cau|chon|lua chon|phuong an|y|dap an)?\s*(?:so|thu)?\s*([1-5]|mot|hai|ba|bon|nam|dau tien|dau|nhat|nhi|cuoi|cuoi cung)(?:\s*(?:a|nhe|di|nha|em|do|ay))?$"
)
_ORDER = {
    "mot": 0,
    "dau": 0,
    "dau tien": 0,
    "nhat": 0,
    "hai": 1,
    "nhi": 1,
    "ba": 2,
    "bon": 3,
    "nam": 4,
    "cuoi": -1,
    "cuoi cung": -1,
}
_LEANING = re.compile(
    r"^(?:the|vay|con|rua|z|v|roi|a the|uh|u|da|vang)\b|\b(?:thu tuc (?:nay|do|ay)|cai (?:nay|do|ay)|giay (?:nay|do|ay)|viec (?:nay|do|ay)|ho so (?:nay|do))\b"
)
OWN_TOPIC_SURE = 0.85  # from here on a question that could lean on the last entry stands on its own
UNSURE = 0.5  # below it a short question means little alone
AWAY_SURE = 0.75  # share of what is no business of ours
NAMED_WHOLLY = 1.0
NAMED = 0.5  # share of a question's own words in one name
KNOWN = 0.5  # share of its words that the last entry holds
SHORT = 10  # tokens
OPTION_SURE = 0.75  # share among the options alone
REPLY_SHARE = 0.5  # of the words of a reply that must be those of one side
_AROUND = frozenset("da vang a anh chi em toi ban ad oi roi luon nua nhe nha thi hinh nhu chac xa phuong o".split())


def pick(library: Library, ward: str, question: str, context: "Context") -> str | None:
    """
    Return the option that was chosen by its number or by words that only one title holds, or None.
    """
    if not context.options:
        return None
    tokens = [fold(token) for token in tokenise(question)]
    match = _NUMBER.match(" ".join(tokens))
    if match:
        said = match.group(1)
        place = int(said) - 1 if said.isdigit() else _ORDER[said]
        return context.options[place] if -1 <= place < len(context.options) else None
    if not tokens or len(tokens) > SHORT:
        return None
    told = _told_apart(library, ward, question, context)
    if told is not None:
        return told
    said_words = set(tokens)
    overlaps = []
    for id in context.options:
        try:
            record = library.entry(ward, id)
        except UnknownEntry:
            continue
        named = " ".join(filter(None, (getattr(record, "title", ""), getattr(record, "variant", None))))
        overlaps.append((len(said_words & set(map(fold, tokenise(named)))) / len(said_words), id))
    overlaps.sort(reverse=True)
    if len(overlaps) > 1 and overlaps[0][0] >= 0.75 and overlaps[0][0] - overlaps[1][0] >= 0.2:
        return overlaps[0][1]
    return None


def _told_apart(library: Library, ward: str, question: str, context: "Context") -> str | None:
    """
    Return the option of two that answers the question which tells them apart ("sổ vẫn còn"), or None.
    """
    query = library.retriever.read(question)
    meant = [token for token in query.meant if fold(token) not in _AROUND]
    if len(context.options) != 2 or not meant or parts.asked(query.meant):
        return None
    for id in context.options:
        for apart in getattr(library.find(ward, id), "told_apart", ()):
            if apart.other not in context.options:
                continue
            for chosen, replies in ((id, apart.this_when), (apart.other, apart.other_when)):
                given = {fold(token) for reply in replies if families.said(reply, query) for token in tokenise(reply)}
                # "Còn sổ đỏ thì sao" is another question: a reply must be most of what was said.
                if sum(fold(token) in given for token in meant) > REPLY_SHARE * len(meant):
                    return chosen
    return None


def option_meant(alone: "Verdict", context: "Context", tokens: list[str]) -> str | None:
    """
    Return the option that a few words given back ("bị mất ạ") single out, or None.

    Only the options compete; words that mean another entry for sure are a new question.
    """
    hits = [hit for hit in alone.ranking.hits if hit.item.id in context.options]
    if not hits or len(tokens) > SHORT or (parts.asked(tokens) and len(parts.topic(tokens)) <= 1):
        return None
    first = alone.ranking.hits[0].item.id
    if first not in context.options and (alone.right >= OWN_TOPIC_SURE or _names_another(alone, hits[0], tokens)):
        return None
    shares = softmax(np.array([hit.score for hit in hits], dtype=np.float32))
    return hits[0].item.id if float(shares[0]) >= OPTION_SURE else None


def _names_another(alone: "Verdict", option: Any, tokens: list[str]) -> bool:
    """
    Tell whether the question's own words are the name of what is found first ("lệ phí đăng ký kết hôn"), and of no option.
    """
    own = [fold(word) for word in parts.topic(tokens)]
    if not own:
        return False
    return (
        _share_named(own, alone.ranking.hits[0].item.titles) >= NAMED_WHOLLY
        and _share_named(own, option.item.titles) < NAMED_WHOLLY
    )


def _share_named(own: list[str], titles: Iterable[str]) -> float:
    """
    Return the share of these words that stand in one of the titles, the best.
    """
    return max((sum(word in set(map(fold, tokenise(title))) for word in own) / len(own) for title in titles), default=0)


def subject(library: Library, ward: str, question: str, context: "Context", alone: "Verdict") -> Any | None:
    """
    Return the entry that is still being talked about, or its twin that the question turns to; None for a topic of its own.

    Args:
        alone: What the question is worth when nothing was said before it.
    """
    if not context.entry:
        return None
    try:
        record = library.entry(ward, context.entry)
    except UnknownEntry:
        return None
    if not isinstance(record, Entry | PlanPart):
        return None
    tokens = tokenise(question)
    own = parts.topic(tokens)
    if not own:
        return _twin_named(library, ward, record, tokens, alone) or record
    leaning = bool(_LEANING.search(" ".join(map(fold, tokens))))
    known = _known_share(library, ward, context.entry, own)
    if not leaning and _named_elsewhere(library, ward, context.entry, own, alone):
        return None
    if _stands_alone(alone, leaning=leaning, known=known) or not (leaning or len(tokens) <= SHORT):
        return None
    return _twin_meant(library, ward, record, own, alone)


def _stands_alone(alone: "Verdict", *, leaning: bool, known: float) -> bool:
    """
    Tell whether a question brings a topic of its own: one that is not ours, one entry for sure, or one family for sure.
    """
    if known >= KNOWN and (leaning or alone.right < OWN_TOPIC_SURE):
        return False
    if alone.inside < UNSURE and alone.away_share >= AWAY_SURE:
        return True
    if alone.right >= OWN_TOPIC_SURE or (alone.family_share >= OWN_TOPIC_SURE and alone.inside >= OWN_TOPIC_SURE):
        return True
    return known < KNOWN and not leaning and alone.right >= UNSURE


def _named_elsewhere(library: Library, ward: str, id: str, own: list[str], alone: "Verdict") -> bool:
    """
    Tell whether a question's own words are the name of another thing ("làm hộ chiếu ở đâu"), however often they also
    stand in the entry talked about.
    """
    index = library.retriever.index
    number = index.number(id, ward)
    first = alone.ranking.hits[0].item if alone.ranking.hits else None
    if number is None or first is None or first.id == id or first.family == index.items[number].family:
        return False

    return _share_named(own, first.titles) >= NAMED and _share_named(own, index.items[number].titles) < NAMED / 2


def _known_share(library: Library, ward: str, id: str, own: list[str]) -> float:
    """
    Return the share of a question's own words that the entry holds anywhere.
    """
    index = library.retriever.index
    number = index.number(id, ward)
    if number is None:
        return 0.0
    words = {fold(token) for _, text in index.items[number].passages() for token in tokenise(text)}
    return sum(word in words for word in own) / len(own)


def _twin_named(library: Library, ward: str, record: Any, tokens: list[str], alone: "Verdict") -> Any | None:
    """
    Return the twin in whose title the words stand that the entry's own titles lack ("gia hạn"), or None.
    """
    said = f" {' '.join(map(fold, tokens))} "
    family = getattr(record, "family", None)
    if len(tokens) < 2 or not family:
        return None

    def named(titles: Iterable[str]) -> bool:
        return any(said in f" {' '.join(map(fold, tokenise(title)))} " for title in titles)

    if named([record.title, *record.aliases]):
        return None
    twin = next((hit for hit in alone.ranking.hits if hit.item.family == family and named(hit.item.titles)), None)
    return library.entry(ward, twin.item.id) if twin else None


def _twin_meant(library: Library, ward: str, record: Any, own: list[str], alone: "Verdict") -> Any:
    """
    Return the member of the entry's family that the question alone finds first and knows more of its words, else the entry.
    """
    family = getattr(record, "family", None)
    twins = [hit for hit in alone.ranking.hits if family and hit.item.family == family]
    if not twins or twins[0].item.id == record.id:
        return record
    here, there = (_known_share(library, ward, id, own) for id in (record.id, twins[0].item.id))
    named = {fold(token) for title in twins[0].item.titles for token in tokenise(title)}
    if there > here or (there == here and any(word in named for word in own)):
        return library.entry(ward, twins[0].item.id)
    return record
