"""
What an officer does at the desk: the change and its line in the audit in one transaction, and then the sending.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot import desk, wording
from bot.admin import audit
from bot.admin.office import Office
from bot.admin.officers import Officer
from bot.database import officer as officer_table
from bot.desk import Act, Held
from bot.inbox import Work
from bot.messages import Reply
from bot.speaking import Addressee

MAX_CHARS = 4000
MAX_NOTE_CHARS = 1000
SOON_SECONDS = 3600.0

Change = Callable[[sa.Connection], tuple[Act, Held | None]]


@dataclass(frozen=True)
class Outlook:
    """
    Whether an officer can write to a citizen now. `problem`: why not, as the channel's code. `soon`: not in an hour.
    """

    problem: str | None
    soon: bool
    quota_left: int | None


class DeskActs:
    def __init__(self, office: Office):
        self._office = office

    def outlook(self, person: Addressee) -> Outlook:
        now = self._office.clock()
        problem = self._closed(person, now)
        return Outlook(
            problem, problem is None and self._closed(person, now + SOON_SECONDS) is not None, person.quota_left
        )

    def parts(self, person: Addressee, text: str, *, asks_contact: bool = False) -> list[Reply]:
        """
        Return an officer's words as the channel's messages. Where no page says whose words they are, they do themselves.
        """
        channel = self._office.channels.get(person.channel)
        if person.channel != "web":
            text = f"{wording.officer_writes(self._office.ward_name(person.ward))}\n{text}"
        reply = Reply(text, kind="officer", asks_contact=asks_contact)
        return channel.parts(reply) if channel is not None else [reply]

    async def take(self, person: Addressee, officer: Officer, *, instead_of: int | None) -> Act:
        ward, now = self._office.ward_name(person.ward), self._office.clock()
        # Only where it costs nothing: elsewhere the officer's first words say that a person is there.
        told = Reply(wording.DESK_TAKEN.format(ward=ward), kind="taken") if person.channel == "web" else None

        def change(connection: sa.Connection) -> tuple[Act, Held | None]:
            return desk.take(connection, person.id, officer.id, instead_of=instead_of, reply=told, now=now)

        return await self._do(person, officer, change, "desk.taken", after={"officer": officer.name}, now=now)

    async def say(self, person: Addressee, officer: Officer, parts: Sequence[Reply]) -> Act:
        now = self._office.clock()

        def change(connection: sa.Connection) -> tuple[Act, Held | None]:
            return desk.say(connection, person.id, officer.id, parts, now=now)

        # How much was said, not what: the words stand in the conversation, and go when the citizen wants them erased.
        after = {"messages": len(parts), "chars": sum(len(one.text) for one in parts)}
        action = "desk.asked_contact" if any(one.asks_contact for one in parts) else "desk.replied"
        return await self._do(person, officer, change, action, after=after, now=now)

    async def hand_back(self, person: Addressee, officer: Officer, *, finished: bool, note: str) -> Act:
        now = self._office.clock()
        text = wording.HANDED_BACK_DONE if finished else wording.HANDED_BACK
        reply = Reply(text.format(ward=self._office.ward_name(person.ward)), kind="handed_back")
        channel = self._office.channels.get(person.channel)
        # A window that is closed keeps the sentence from the citizen, not the conversation from the assistant.
        parts = (
            channel.parts(reply) if channel is not None and self._closed(person, now, by_officer=False) is None else []
        )

        def change(connection: sa.Connection) -> tuple[Act, Held | None]:
            return desk.hand_back(connection, person.id, officer.id, finished=finished, parts=parts, note=note, now=now)

        return await self._do(person, officer, change, "desk.handed_back", after={"finished": finished}, now=now)

    async def close(self, person: Addressee, officer: Officer, *, note: str) -> Act:
        now = self._office.clock()

        def change(connection: sa.Connection) -> tuple[Act, Held | None]:
            return desk.close(connection, person.id, officer.id, note=note, now=now)

        return await self._do(person, officer, change, "desk.closed", after=None, now=now)

    async def _do(
        self, person: Addressee, officer: Officer, change: Change, action: str, *, after: object, now: float
    ) -> Act:
        def transaction(connection: sa.Connection) -> tuple[Act, Work | None]:
            act, held = change(connection)
            if act != "done" or held is None:
                return act, None
            before = {"officer": _name(connection, held.desk_by)} if action == "desk.taken" else None
            audit.note(connection, officer, ward=held.ward, action=action, what=f"conversation/{person.id}",
                       before=before, after=after, now=now)  # fmt: skip
            return act, desk.work(connection, person.id, held, executor=self._office.executor)

        # On the disk before the page says so: the officer will not write it again.
        act, work = await self._office.database.keep(transaction)
        if work is not None:
            self._office.begin(work)
        return act

    def _closed(self, person: Addressee, now: float, *, by_officer: bool = True) -> str | None:
        channel = self._office.channels.get(person.channel)
        if channel is None:
            return "channel.unknown"
        if person.left_at is not None:
            return "citizen.left"
        return channel.closed(person.address, person.reach._replace(by_officer=by_officer), now=now)


def _name(connection: sa.Connection, officer_id: int | None) -> str | None:
    if officer_id is None:
        return None
    return connection.execute(
        sa.select(officer_table.c.name).where(officer_table.c.id == officer_id)
    ).scalar_one_or_none()
