"""
Puts the parts of announcements together, for the program and for the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bot.accounts import Accounts
from bot.announcements.mailing import Mailing
from bot.announcements.outlets.pictures import kept_in
from bot.announcements.outlets.registry import Outlets
from bot.announcements.publishing import Publishing
from bot.announcements.quiet_hours import QuietHours
from bot.announcements.rendering import Rendering
from bot.announcements.sending import Sending
from bot.announcements.service import Announcements
from bot.announcements.work import Work
from bot.channels.base import Channel
from bot.database import Database
from bot.delivery.pacing import Pacer
from bot.registry import Connected
from bot.wards import Wards


class Assembled(NamedTuple):
    announcements: Announcements
    sending: Sending


def assemble(
    database: Database,
    channels: Mapping[str, Channel],
    accounts: Accounts,
    connected: Connected,
    wards: Wards,
    *,
    pacer: Pacer,
    executor: str,
    files: Path,
    public_url: str | None,
    quiet_hours: QuietHours,
    patience_seconds: float,
) -> Assembled:
    """
    Make what pages use and what sends. Nothing runs before `Sending.keep_sending`.
    """
    outlets = Outlets(accounts, connected, public_url=public_url, pictures=kept_in(files, public_url))

    async def stop(work: Work, channel: str, account: str, why: str) -> None:
        await sending.stop(work, channel, account, why)

    mailing = Mailing(database, channels, pacer=pacer, stop=stop, patience_seconds=patience_seconds)
    publishing = Publishing(database, outlets, quiet_hours, patience_seconds=patience_seconds)
    sending = Sending(database, mailing, publishing, quiet_hours, executor=executor)
    announcements = Announcements(
        database,
        channels,
        render=Rendering(wards, public_url=public_url),
        outlets=outlets,
        public_url=public_url,
        quiet_hours=quiet_hours,
        poke=sending.poke,
    )
    return Assembled(announcements, sending)
