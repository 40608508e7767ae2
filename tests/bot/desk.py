"""
A desk for tests of a turn: real database, real Rasa wire, a channel that remembers what it was given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot import inbox
from bot.asking import Asking
from bot.channels.base import Reach, Receipt, SendError
from bot.conversation import Conversations
from bot.database import Database
from bot.database import inbox as inbox_table
from bot.delivery.pacing import Pacer
from bot.delivery.worker import Policy, Sender
from bot.dialogue import Dialogue
from bot.inbox import Accepted
from bot.messages import InboundMessage, Reply
from bot.reception import Reception
from bot.speaking import Speaking
from bot.switches import Switches
from bot.wards import Ward
from tests.fakes.rasa import Rasa

NOW = 1_795_000_000.0


@dataclass
class FakeChannel:
    """
    `kind` "web" recognises keys, any other does not. `errors` are raised one after the other; `closed_because` closes it.
    """

    kind: str = "web"
    sent: list[Reply] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    errors: list[SendError] = field(default_factory=list)
    closed_because: str | None = None
    quota_left: int | None = None
    numbered: bool = False

    @property
    def idempotent(self) -> bool:
        return self.kind == "web"

    async def receive(self, request: Any) -> list[InboundMessage]:
        raise NotImplementedError

    def parts(self, reply: Reply) -> list[Reply]:
        if self.numbered and reply.buttons:
            rows = "\n".join(f"{number}. {one.title}" for number, one in enumerate(reply.buttons, start=1))
            return [Reply(f"{reply.text}\n{rows}", reply.buttons, reply.kind, numbered=True)]
        return [reply]

    def closed(self, address: str, reach: Reach, *, now: float) -> str | None:
        return self.closed_because

    async def send(self, address: str, reply: Reply, *, key: str) -> Receipt:
        self.keys.append(key)
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(reply)
        return Receipt(f"p{len(self.sent)}", self.quota_left)


class FakeWards:
    def get(self, slug: str) -> Ward | None:
        return {
            "hoa-binh": Ward("hoa-binh", "phường Hòa Bình", "", None),
            "phuong-mau": Ward(
                "phuong-mau",
                "phường Mẫu",
                "",
                "0000 000 000",
                desk="Trung tâm Mẫu",
                address="Số 1, đường Mẫu",
                neighbourhoods=("Khu phố 1", "Khu phố 2", "Khu phố 3", "Khu phố Chợ Mẫu"),
            ),
        }.get(slug)


@dataclass
class Desk:
    database: Database
    rasa: Rasa
    channel: FakeChannel
    conversations: Conversations
    speaking: Speaking
    down: bool = False
    waited: float = 0.0
    burst: float = 0.0

    def accept(
        self,
        text: str = "lệ phí",
        *,
        kind: Any = "text",
        payload: str | None = None,
        number: int = 1,
        ward: str = "hoa-binh",
        **more: Any,
    ) -> int:
        message = InboundMessage(self.channel.kind, ward, "a/u", f"a/{number}", kind, text, payload, **more)
        self.take(message)
        with self.database.engine.begin() as connection:
            found: int = connection.execute(sa.select(sa.func.max(inbox_table.c.id))).scalar_one()
        return found

    def take(self, message: InboundMessage) -> Accepted:
        with self.database.engine.begin() as connection:
            return inbox.accept(connection, message, executor="bot-1", now=NOW + self.waited)

    def rows(self, table: sa.Table) -> list[Any]:
        with self.database.engine.connect() as connection:
            return list(connection.execute(sa.select(table)))

    def texts(self) -> list[str]:
        return [one.text for one in self.channel.sent if one.kind != "notice"]

    async def pause(self, seconds: float) -> None:
        self.waited += seconds

    async def outage(self) -> bool:
        return self.down

    def clock(self) -> float:
        return NOW + self.waited


def set_up(database: Database, dialogue: Dialogue, rasa: Rasa, channel: FakeChannel, *, policy: Policy) -> Desk:
    made = Desk(database, rasa, channel, None, None)  # type: ignore[arg-type]
    pacer = Pacer({}, {})
    asking = Asking(
        database,
        dialogue,
        patience_seconds=100,
        delay_seconds=20,
        outage=made.outage,
        clock=made.clock,
        pause=made.pause,
    )
    sender = Sender(
        database, {channel.kind: channel}, pacer=pacer, uncertain=policy, clock=made.clock, pause=made.pause
    )
    made.conversations = Conversations(
        database,
        asking,
        FakeWards(),  # type: ignore[arg-type]
        sender,
        {channel.kind: channel},
        Switches(database, clock=lambda: 10.0 * made.waited),
        executor="bot-1",
        burst_seconds=lambda _channel, _account: made.burst,
        reception=Reception(database, FakeWards(), clock=made.clock),
        clock=made.clock,
        pause=made.pause,
    )
    made.speaking = Speaking(database, sender, {channel.kind: channel}, executor="bot-1", clock=made.clock)
    return made
