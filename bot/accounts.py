"""
The channel accounts of this installation: read once from a file, each bound to one ward.

    zalo:
    - id: "2345678901234567890"
      ward: hoa-binh
      app_id: "1122334455"
      app_secret_file: /run/secrets/zalo-app
    messenger: []
    telegram: []

Fields: docs/channels/<channel>.md. Without a file there is the web chat alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.channels.account import ChannelAccount
from bot.channels.messenger.account import MessengerAccount
from bot.channels.telegram.account import TelegramAccount
from bot.channels.zalo.account import ZaloAccount
from bot.errors import AccountsError

KINDS: dict[str, type[ChannelAccount]] = {
    "zalo": ZaloAccount,
    "messenger": MessengerAccount,
    "telegram": TelegramAccount,
}


@dataclass(frozen=True)
class Accounts:
    zalo: tuple[ZaloAccount, ...] = ()
    messenger: tuple[MessengerAccount, ...] = ()
    telegram: tuple[TelegramAccount, ...] = ()

    def all(self) -> Iterator[tuple[str, ChannelAccount]]:
        for kind in KINDS:
            for account in getattr(self, kind):
                yield kind, account

    def get(self, channel: str, account: str) -> ChannelAccount | None:
        return next((one for kind, one in self.all() if kind == channel and one.id == account), None)


def load(path: Path | None) -> Accounts:
    """
    Read the accounts file; no path is no accounts.

    Raises:
        AccountsError: With one line per problem, none of which holds a secret.
    """
    if path is None:
        return Accounts()
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise AccountsError([f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        # The error's own text quotes the line, which may hold a secret.
        raise AccountsError([f"{where} is not YAML: {getattr(error, 'problem', None) or 'cannot be read'}"]) from None
    problems: list[str] = []
    found = _read(document or {}, path, problems)
    if problems:
        raise AccountsError(problems)
    return Accounts(**found)


def _read(document: Any, path: Path, problems: list[str]) -> dict[str, tuple[Any, ...]]:
    if not isinstance(document, dict):
        problems.append(f"{path}: the file must be a mapping of {', '.join(KINDS)}")
        return {}
    for name in document.keys() - KINDS.keys():
        problems.append(f"{path}: {str(name)[:40]!r} is no channel; the channels are {', '.join(KINDS)}")
    found: dict[str, tuple[Any, ...]] = {}
    for kind, model in KINDS.items():
        rows = document.get(kind) or []
        if not isinstance(rows, list):
            problems.append(f"{path}: {kind} must be a list of accounts")
            continue
        accounts = []
        for number, row in enumerate(rows):
            try:
                accounts.append(model.model_validate(row))
            except ValidationError as error:
                for one in error.errors(include_input=False, include_url=False, include_context=False):
                    place = ".".join(str(part) for part in one["loc"])
                    message = one["msg"].removeprefix("Value error, ")
                    problems.append(f"{path}: {kind}[{number}]{'.' + place if place else ''}: {message}")
        twice = {one.id for one in accounts if [other.id for other in accounts].count(one.id) > 1}
        problems += [f"{path}: {kind} has the account {one} twice" for one in sorted(twice)]
        found[kind] = tuple(accounts)
    return found
