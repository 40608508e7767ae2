"""
One frozen Settings, read once from the environment; every problem is reported at once.

`NAME_FILE` may hold the path of a file with the value of NAME (a database URL with a password, say).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa

from bot.announcements.quiet_hours import QuietHours
from bot.errors import SettingsError

T = TypeVar("T")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
EXAMPLE_SITES = Path(__file__).with_name("sites.yml")


@dataclass(frozen=True)
class Settings:
    host: str  # BOT_HOST: address to listen on; 0.0.0.0 to be reached from other machines
    port: int  # BOT_PORT
    database: str = field(repr=False)  # BOT_DATABASE: SQLAlchemy URL of our tables, sqlite or postgresql+psycopg
    dbos_database: str = field(repr=False)  # BOT_DBOS_DATABASE: the same for DBOS
    rasa_url: str  # BOT_RASA_URL
    actions_url: str  # BOT_ACTIONS_URL: only asked for its health
    knowledge_url: str  # BOT_KNOWLEDGE_URL
    sites_file: Path  # BOT_SITES_FILE: which portals may embed the chat
    accounts_file: Path | None  # BOT_ACCOUNTS_FILE: Zalo, Messenger and Telegram accounts; none is the web chat alone
    public_url: (
        str | None
    )  # BOT_PUBLIC_URL: how the platforms reach this gateway, https://…; needed to connect accounts
    executor: str  # BOT_EXECUTOR: name of this worker; the same after every restart, different for every worker
    trusted_proxies: frozenset[str]  # BOT_TRUSTED_PROXIES: whose X-Forwarded-For is believed
    dialogue_timeout_seconds: float  # BOT_DIALOGUE_TIMEOUT_SECONDS: for one answer of Rasa
    dialogue_patience_seconds: float  # BOT_DIALOGUE_PATIENCE_SECONDS: how long a message waits while a program is down
    burst_seconds: (
        float  # BOT_BURST_SECONDS: quiet time after which a question typed in pieces is complete; not on the web
    )
    delay_seconds: float  # BOT_DELAY_SECONDS: after this wait a citizen is told once that the answer takes longer
    send_patience_seconds: float  # BOT_SEND_PATIENCE_SECONDS: how long a reply waits while a platform is down
    silence_minutes: float  # BOT_SILENCE_MINUTES: the bot's silence after a person of the office wrote to the citizen
    uncertain_replies: str  # BOT_UNCERTAIN_REPLIES: resend or hold what may or may not have been sent
    files: Path  # BOT_FILES: folder for the files that citizens send; beside the SQLite database when not set
    file_hosts: tuple[str, ...]  # BOT_FILE_HOSTS: where such files are fetched from, and from nowhere else
    keep_messages_days: float | None  # BOT_KEEP_MESSAGES_DAYS: conversations, and tickets that are closed
    keep_questions_days: float | None  # BOT_KEEP_QUESTIONS_DAYS: masked questions, reports, satisfaction
    keep_sign_ins_days: float | None  # BOT_KEEP_SIGN_INS_DAYS: tries to sign in, sessions and links that are over
    keep_audit_days: float | None  # BOT_KEEP_AUDIT_DAYS: who changed what
    quiet_hours: QuietHours  # BOT_QUIET_HOURS: when no announcement is sent to citizens, but for emergencies
    log_level: str  # BOT_LOG_LEVEL


def read(environ: Mapping[str, str]) -> Settings:
    """
    Read the settings.

    Raises:
        SettingsError: With one line per problem.
    """
    source = _Source(environ)
    port = source.take("BOT_PORT", "8080", _port) or 8080
    database = source.take("BOT_DATABASE", "sqlite:///var/bot.sqlite", _database)
    values = {
        "host": source.take("BOT_HOST", "127.0.0.1", _host),
        "port": port,
        "database": database,
        "dbos_database": source.take("BOT_DBOS_DATABASE", "sqlite:///var/dbos.sqlite", _database),
        "rasa_url": source.take("BOT_RASA_URL", f"http://127.0.0.1:{port + 1}", _url),
        "actions_url": source.take("BOT_ACTIONS_URL", f"http://127.0.0.1:{port + 2}", _url),
        "knowledge_url": source.take("BOT_KNOWLEDGE_URL", f"http://127.0.0.1:{port + 3}", _url),
        "sites_file": source.take("BOT_SITES_FILE", str(EXAMPLE_SITES), _file),
        "accounts_file": source.take("BOT_ACCOUNTS_FILE", "", _optional_file),
        "public_url": source.take("BOT_PUBLIC_URL", "", _optional_url),
        "executor": source.take("BOT_EXECUTOR", "bot-1", _executor),
        "trusted_proxies": source.take("BOT_TRUSTED_PROXIES", "127.0.0.1,::1", _addresses),
        "dialogue_timeout_seconds": source.take("BOT_DIALOGUE_TIMEOUT_SECONDS", "10", _seconds),
        "dialogue_patience_seconds": source.take("BOT_DIALOGUE_PATIENCE_SECONDS", "900", _seconds),
        "burst_seconds": source.take("BOT_BURST_SECONDS", "1.2", _seconds_or_none),
        "delay_seconds": source.take("BOT_DELAY_SECONDS", "20", _seconds),
        "send_patience_seconds": source.take("BOT_SEND_PATIENCE_SECONDS", "21600", _seconds),
        "silence_minutes": source.take("BOT_SILENCE_MINUTES", "240", _seconds),
        "uncertain_replies": source.take("BOT_UNCERTAIN_REPLIES", "resend", _policy),
        "files": source.take("BOT_FILES", _files_beside(database), Path),
        "file_hosts": source.take("BOT_FILE_HOSTS", "zdn.vn,fbcdn.net,fbsbx.com", _file_hosts),
        "keep_messages_days": source.take("BOT_KEEP_MESSAGES_DAYS", "365", _days),
        "keep_questions_days": source.take("BOT_KEEP_QUESTIONS_DAYS", "730", _days),
        "keep_sign_ins_days": source.take("BOT_KEEP_SIGN_INS_DAYS", "90", _days),
        "keep_audit_days": source.take("BOT_KEEP_AUDIT_DAYS", "1825", _days),
        "quiet_hours": source.take("BOT_QUIET_HOURS", "21:00-07:00", QuietHours.read),
        "log_level": source.take("BOT_LOG_LEVEL", "INFO", _level),
    }
    source.report_unknown("BOT_", set(values) | {f"{name}_file" for name in values})
    if source.problems:
        raise SettingsError(source.problems)
    return Settings(**values)  # type: ignore[arg-type]


class _Source:
    def __init__(self, environ: Mapping[str, str]):
        self._environ = environ
        self.problems: list[str] = []

    def take(self, name: str, default: str, convert: Callable[[str], T]) -> T | None:
        text = self._environ.get(name)
        path = self._environ.get(f"{name}_FILE")
        shown = f"{name}={text!r}"
        if path:
            shown = f"{name}_FILE={path}"
            try:
                text = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                self.problems.append(f"{shown} cannot be read: {getattr(error, 'strerror', None) or error}")
                return None
        try:
            return convert(text if text else default)
        except ValueError as error:
            self.problems.append(f"{shown} {error}")
            return None

    def report_unknown(self, prefix: str, known: set[str]) -> None:
        # A misspelt name would silently leave the default in force.
        for name in sorted(self._environ):
            if name.startswith(prefix) and name.removeprefix(prefix).lower() not in known:
                self.problems.append(f"{name} is not a setting of bot")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("is not a port number between 1 and 65535")
    return int(text)


def _host(text: str) -> str:
    if not re.fullmatch(r"[\w.:-]+", text, re.ASCII):
        raise ValueError("is not an address to listen on")
    return text


def _database(text: str) -> str:
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        raise ValueError("is not a database URL such as sqlite:///var/bot.sqlite") from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError("is neither sqlite:///… nor postgresql+psycopg://…")
    if not url.database:
        raise ValueError("names no database")
    return url.render_as_string(hide_password=False)


def _files_beside(database: str | None) -> str:
    """
    Return the default folder of files: they belong with the database that knows them.
    """
    url = sa.make_url(database) if database else None
    if url is None or url.get_backend_name() != "sqlite" or not url.database:
        return "var/files"
    return str(Path(url.database).parent / "files")


def _file_hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(one.strip().lower().removeprefix("*.") for one in text.split(",") if one.strip())
    for one in hosts:
        if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}|https?://[\w.-]+:\d{1,5}", one, re.ASCII):
            raise ValueError("is not a list of hosts such as zdn.vn,fbcdn.net or http://127.0.0.1:9000")
    return hosts


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("is not an http:// address")
    return text.rstrip("/")


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ValueError("is not a file")
    return path


def _optional_file(text: str) -> Path | None:
    return _file(text) if text else None


def _optional_url(text: str) -> str | None:
    return _url(text) if text else None


def _policy(text: str) -> str:
    if text not in ("resend", "hold"):
        raise ValueError("is neither resend nor hold")
    return text


def _seconds_or_none(text: str) -> float:
    return 0.0 if text.strip() in ("0", "0.0") else _seconds(text)


def _executor(text: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,64}", text, re.ASCII):
        raise ValueError("is not a name of letters, digits, dots and hyphens")
    return text


def _addresses(text: str) -> frozenset[str]:
    return frozenset(one.strip() for one in text.split(",") if one.strip())


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("is not a number of seconds") from None
    if not 0 < value < 1e6:
        raise ValueError("is not a number of seconds greater than 0")
    return value


def _days(text: str) -> float | None:
    if not text.isascii() or not text.isdigit() or int(text) > 36_500:
        raise ValueError("is not a number of days; 0 is for ever")
    return float(text) or None


def _level(text: str) -> str:
    if text.upper() not in LEVELS:
        raise ValueError(f"is not one of {', '.join(LEVELS)}")
    return text.upper()
