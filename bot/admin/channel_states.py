"""
What is known of the channels of a ward: accounts, when each last heard from its platform, tokens, alarms, switches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from bot import account_states, alarms, switches
from bot.accounts import Accounts
from bot.alarms import Alarm
from bot.database import credential
from bot.freshness_notices import CODE
from bot.switches import ALL_CHANNELS, Off

WARN_SECONDS = 14 * 86_400.0


class Token(NamedTuple):
    """
    Until when an account may speak, without and with a person's new consent. 0: nobody knows.
    """

    expires_at: float
    grant_expires_at: float


@dataclass(frozen=True)
class AccountSeen:
    id: str
    name: str
    enabled: bool
    event_at: float | None
    refused_at: float | None  # only if it was refused after the last good event
    token: Token | None
    alarms: tuple[Alarm, ...]

    def may_speak(self, kind: str, now: float) -> bool:
        if any(one.code == "zalo.token_dead" for one in self.alarms):
            return False
        return kind != "zalo" or (self.token is not None and not 0 < self.token.grant_expires_at <= now)

    def consent_needed(self, now: float) -> bool:
        """
        Say whether a person must consent on the platform's page, now or within two weeks.
        """
        return self.token is None or self.token.grant_expires_at - now < WARN_SECONDS


@dataclass(frozen=True)
class ChannelSeen:
    kind: str
    off: Off | None
    accounts: tuple[AccountSeen, ...] = ()

    def reaches(self, now: float) -> bool:
        """
        Say whether at least one account may speak, as far as we know without asking.
        """
        return self.kind == "web" or any(one.enabled and one.may_speak(self.kind, now) for one in self.accounts)


def channels(connection: sa.Connection, accounts: Accounts, ward: str) -> list[ChannelSeen]:
    """
    Return the channels of a ward, the web chat first.
    """
    ringing = [one for one in alarms.ringing(connection) if one.ward == ward and one.code != CODE]
    off = {one.channel: one for one in switches.all_off(connection) if one.ward == ward}
    found: dict[str, list[AccountSeen]] = {"web": []}
    for kind, account in accounts.all():
        if account.ward == ward:
            seen = _account(connection, kind, account.id, account.name, account.enabled, ringing)
            found.setdefault(kind, []).append(seen)
    return [ChannelSeen(kind, off.get(kind) or off.get(ALL_CHANNELS), tuple(rows)) for kind, rows in found.items()]


def _account(
    connection: sa.Connection, kind: str, account: str, name: str, enabled: bool, ringing: Sequence[Alarm]
) -> AccountSeen:
    state = account_states.get(connection, kind, account)
    refused = state.refused_at if (state.refused_at or 0) > (state.event_at or 0) else None
    mine = tuple(one for one in ringing if (one.channel, one.account) == (kind, account))
    return AccountSeen(account, name, enabled, state.event_at, refused, _token(connection, kind, account), mine)


def _token(connection: sa.Connection, kind: str, account: str) -> Token | None:
    query = sa.select(credential.c.expires_at, credential.c.refresh_expires_at)
    row = connection.execute(query.where(credential.c.channel == kind, credential.c.account == account)).one_or_none()
    return None if row is None else Token(*row)
