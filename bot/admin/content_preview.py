"""
What would come of an entry: what the citizen would read, which questions would find it, what it is at odds with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.admin import bubbles, content_wording
from bot.errors import KnowledgeUnreachable
from bot.log import log
from bot.office_api import Entry, Mistake, OfficeApi, OfficeRefused
from bot.phrasing_api import Bubble, PhrasingApi

SHOWN_AT_ONCE = 14


@dataclass(frozen=True)
class Message:
    """
    One bubble of the assistant.
    """

    lines: list[bubbles.Line]
    buttons: list[str]


@dataclass(frozen=True)
class Told:
    """
    What is told to a citizen who asks so.
    """

    asked: str
    messages: list[Message]


@dataclass(frozen=True)
class Conflict:
    """
    `kind` and `id` name the other entry; both "" when it is this one.
    """

    message: str
    kind: str
    id: str


@dataclass(frozen=True)
class Rank:
    question: str
    before: int | None
    after: int | None

    @property
    def turn(self) -> str:
        """
        Whether the question finds the entry better than before: "better", "worse" or "same".
        """
        last = 10_000
        before, after = self.before or last, self.after or last
        return "better" if after < before else "worse" if after > before else "same"


@dataclass(frozen=True)
class Trial:
    """
    `works` is False when nobody could try the entry; `shown` when the assistant's words are not known.
    """

    works: bool = True
    phrased: bool = True
    told: Sequence[Told] = ()
    more: Sequence[Told] = ()
    conflicts: Sequence[Conflict] = ()
    ranks: Sequence[Rank] = ()
    mistakes: list[Mistake] = field(default_factory=list)
    is_new: bool = False

    @property
    def first(self) -> int:
        return sum(1 for one in self.ranks if one.after == 1)

    @property
    def first_before(self) -> int:
        return sum(1 for one in self.ranks if one.before == 1)


async def attempt(
    api: OfficeApi, phrasing: PhrasingApi | None, ward: str, kind: str, id: str | None, entry: Entry
) -> Trial:
    """
    Try an entry. A page does without when nobody can: it never fails for that.
    """
    try:
        found = await api.attempt(ward, kind, id, entry)
    except (KnowledgeUnreachable, OfficeRefused) as error:
        log.warning("preview.failed", entry=f"{kind}/{id}", problem=str(error))
        return Trial(works=False)
    mistakes = [Mistake(str(one["field"]), str(one["message"])) for one in found.get("mistakes") or []]
    answers = found.get("preview") or []
    replies = await phrasing.phrase(answers) if phrasing is not None else None
    told = [
        Told(content_wording.asked(answer), messages(reply))
        for answer, reply in zip(answers, replies or [], strict=False)
    ]
    return Trial(
        phrased=replies is not None,
        told=told[:SHOWN_AT_ONCE],
        more=told[SHOWN_AT_ONCE:],
        conflicts=[_conflict(one, f"{kind}/{id}") for one in found.get("conflicts") or []],
        ranks=[Rank(str(one["question"]), one["before"], one["after"]) for one in found.get("ranks") or []],
        mistakes=mistakes,
        is_new=id is None,
    )


def messages(reply: Sequence[Bubble]) -> list[Message]:
    return [Message(bubbles.lines(one.text), one.buttons) for one in reply]


def _conflict(one: Mapping[str, Any], own: str) -> Conflict:
    other = str(one.get("with") or "")
    kind, _, id = other.partition("/")
    known = other != own and kind in content_wording.KINDS
    return Conflict(str(one["message"]), kind if known else "", id if known else "")
