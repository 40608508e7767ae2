"""
python -m bot check: one line per part and per account, with what to do.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from bot import account_states, accounts, alarms, checking
from bot import migrate as migrations
from bot.channels.findings import Finding
from bot.channels.web.sites import load
from bot.commands.parts import opened
from bot.database import Database
from bot.dialogue import Dialogue
from bot.errors import AccountsError, BotError
from bot.health import Health, Part
from bot.knowledge_api import KnowledgeApi
from bot.settings import Settings
from bot.wards import Wards

QUIET_SECONDS = 86_400.0


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=("parts", "accounts"), help="leave the other half out")


def run(options: argparse.Namespace, found: Settings) -> int:
    return asyncio.run(_run(options, found))


async def _run(options: argparse.Namespace, found: Settings) -> int:
    parts = [] if options.only == "accounts" else await check_parts(found)
    if options.only != "parts":
        parts += await check_accounts(found)
    for part in parts:
        print(part.line())
    return 0 if all(part.ok for part in parts) else 1


async def check_parts(found: Settings) -> list[Part]:
    """
    Look at our own programs and files.
    """
    parts = [Part("settings", True, "read")]
    database = Database(found.database)
    dialogue, knowledge = Dialogue(found.rasa_url, timeout_seconds=2), KnowledgeApi(found.knowledge_url)
    health = Health(database, dialogue, knowledge, found.actions_url)
    try:
        migrations.migrate(database)
        parts += await health.parts()
        wards = Wards(database, knowledge)
        await wards.load()
        known = {one.slug for one in wards.all()}
        advice = "none yet: start knowledge, then the bot fetches them"
        parts.append(Part("wards", bool(known), f"{len(known)} known", advice))
        parts.append(_sites(found, known))
        parts += [_alarm(one) for one in await database.read(alarms.ringing)]
    except Exception as error:
        parts.append(Part("database", False, type(error).__name__, "see BOT_DATABASE; run `python -m bot migrate`"))
    finally:
        for one in (dialogue, knowledge, health):
            await one.close()
        database.close()
    return parts


async def check_accounts(found: Settings) -> list[Part]:
    """
    Ask every platform about every account: token, signature, webhook, quota.
    """
    try:
        known = accounts.load(found.accounts_file)
    except AccountsError as error:
        return [Part("accounts", False, one, "correct the accounts file") for one in error.problems]
    parts: list[Part] = []
    async with opened(found) as opened_parts:
        for kind, account in known.all():
            name = f"{kind} {account.id}" + (f" ({account.name})" if account.name else "")
            if not account.enabled:
                parts.append(Part(name, True, "not enabled"))
                continue
            if opened_parts.wards.get(account.ward) is None:
                parts.append(Part(name, False, f"no such ward: {account.ward}", "correct `ward` in the accounts file"))
            findings = await checking.ask(opened_parts.connected.channels[kind], account)
            state = await opened_parts.database.read(account_states.get, kind, account.id)
            nameless = await opened_parts.database.read(account_states.get, kind, "")
            findings += _heard(state, nameless, now=time.time())
            parts += [_part(name, one) for one in findings]
    return parts


def _part(name: str, one: Finding) -> Part:
    # Advice of what is in order is for later ("before it expires …"), and is shown too.
    detail = f"{one.detail}; {one.advice}" if one.ok and one.advice else one.detail
    return Part(f"{name} {one.name}", one.ok, detail, one.advice)


def _heard(state: account_states.AccountState, nameless: account_states.AccountState, *, now: float) -> list[Finding]:
    """
    Say when the platform last spoke to us, and whether a request was refused since.
    """
    refused_at = max(state.refused_at or 0.0, nameless.refused_at or 0.0)
    code = state.refused_code or nameless.refused_code
    if refused_at > (state.event_at or 0.0) and now - refused_at < QUIET_SECONDS:
        advice = "compare the signing secret in the accounts file with the platform's console"
        return [Finding(False, "events", f"a request was refused {_ago(now - refused_at)}: {code}", advice)]
    if state.event_at is None:
        return [Finding(True, "events", "none yet: write to the account, then check again")]
    return [Finding(True, "events", f"the last one {_ago(now - state.event_at)}")]


def _ago(seconds: float) -> str:
    for name, unit in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name} ago"
    return f"{max(seconds, 0):.0f} seconds ago"


def _sites(found: Settings, known: set[str]) -> Part:
    try:
        sites = load(found.sites_file)
    except BotError as error:
        return Part("sites", False, str(error), "correct the sites file")
    lost = sorted({site.ward for site in sites.values()} - known)
    detail = f"{len(sites)} in {found.sites_file}" + (f"; no such ward: {', '.join(lost)}" if lost else "")
    return Part("sites", not lost, detail, "correct the ward in the sites file")


def _alarm(one: alarms.Alarm) -> Part:
    where = " ".join(filter(None, (one.ward, one.channel, one.account)))
    return Part("alarm", False, f"{one.code} {where}: {one.detail}", "see docs/channels/ for the code")
