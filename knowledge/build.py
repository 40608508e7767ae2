"""
content/ → index: only passages whose text changed are embedded again; a bad file never reaches the live index.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge import content as contents
from knowledge import index as indexes
from knowledge.confidence import Confidence
from knowledge.content import Content
from knowledge.embed import Embedder
from knowledge.errors import IndexMissing
from knowledge.index import Index, Progress, silent
from knowledge.items import Item, differing
from knowledge.library import Library
from knowledge.passages import items
from knowledge.query import Lexicon
from knowledge.rerank import Reranker
from knowledge.retrieve import Retriever


@dataclass(frozen=True)
class Changes:
    """
    How many items came, changed, stayed and went since the last version, and how many passages were embedded.
    """

    added: int
    changed: int
    kept: int
    removed: int
    embedded: int


def rebuild(
    content: Content, embedder: Embedder, folder: Path, previous: Index | None, *, progress: Progress = silent
) -> tuple[Index, Changes]:
    """
    Build and publish an index of the content, reusing the vectors of the previous one when the same encoder made them.
    """
    lexicon = Lexicon.of(content.abbreviations, content.sayings)
    made = items(content)
    reusable = previous if previous and previous.encoder == embedder.name else None
    if reusable and reusable.items == made and reusable.lexicon == lexicon:
        return reusable, Changes(0, 0, len(made), 0, 0)
    known = indexes.vectors_by_digest(reusable) if reusable else None
    index, embedded = indexes.build(made, lexicon, embedder, remembered=known, progress=progress)
    mapped = Index.load(indexes.publish(index, folder))
    mapped.items = made  # equal; and being the same saves the next comparison
    return mapped, changes_between(previous.items if previous else [], made, embedded)


def changes_between(before: Sequence[Item], now: Sequence[Item], embedded: int) -> Changes:
    """
    Count what came, changed, stayed and went.
    """
    then_part, now_part = differing(before, now)
    old = {(item.ward, item.id): item for item in before[then_part]}
    known = [old.pop((item.ward, item.id), None) for item in now[now_part]]
    kept = sum(one == item for one, item in zip(known, now[now_part], strict=True))
    added = known.count(None)
    return Changes(added, len(known) - kept - added, len(now) - len(known) + kept, len(old), embedded)


def latest(folder: Path) -> Index | None:
    """
    Return the published index, or None when there is none that can be read.
    """
    try:
        return Index.load(indexes.current(folder))
    except IndexMissing:
        return None


def open_library(
    root: Path, folder: Path, embedder: Embedder, *, today: date, progress: Progress = silent, read: Callable[[Path], Content] = contents.read,
) -> tuple[Library, Changes]:  # fmt: skip
    """
    Read the content and bring the index up to date with it.

    Raises:
        ContentError: when the content cannot be used; the published index is untouched.
    """
    content = read(root)
    index, changes = rebuild(content, embedder, folder, latest(folder), progress=progress)
    return Library(
        content, Retriever(index, embedder, Reranker.load()), Confidence.load(encoder=embedder.dimension > 0), today
    ), changes
