"""
HTTP client of Rasa's REST channel, and the two translations it needs: message → command, reply items → Turn.
"""

from __future__ import annotations

import asyncio
import re
import time
import unicodedata
from collections.abc import Sequence
from typing import Any

import aiohttp
import orjson

from bot.errors import DialogueBroken, DialogueUnreachable
from bot.messages import Button, Effect, Reply, Turn

GREETING = "/greet"
SESSION_START = "/session_start"
# Rasa reads one turn at a time and slows down for all when hundreds queue; the rest waits here, where it is durable.
CONCURRENT_TURNS = 16
HEALTH_SECONDS = 2.0

_CHOOSE = re.compile(r"/choose(\{.{1,400}\})", re.DOTALL)
_PLAIN_COMMANDS = frozenset({"/show_menu", "/ask_officer"})
_SLUG = re.compile(r"[\w.:/-]{1,120}", re.ASCII)  # "announcement/12" is an entry, too


def is_command(payload: str) -> bool:
    """
    Say whether a button's payload is one of those that our own dialogue hands out.
    """
    if payload in _PLAIN_COMMANDS:
        return True
    match = _CHOOSE.fullmatch(payload)
    if match is None:
        return False
    try:
        values = orjson.loads(match[1])
    except orjson.JSONDecodeError:
        return False
    if not isinstance(values, dict) or not values or not values.keys() <= {"entry", "part"}:
        return False
    return all(value is None or (isinstance(value, str) and _SLUG.fullmatch(value)) for value in values.values())


def command(kind: str, text: str, payload: str | None) -> str:
    """
    Return what Rasa is told: a command for our own buttons and first contacts, words for everything else.

    Rasa obeys any text that begins with a slash ("/restart" …), so words never do.
    """
    if kind == "start":
        return GREETING
    if kind == "button" and payload is not None and is_command(payload):
        return payload
    start = 0
    while start < len(text) and (text[start] == "/" or unicodedata.category(text[start])[0] in "ZC"):
        start += 1
    return text[start:].rstrip() or "?"


def parse(items: Any) -> Turn:
    """
    Read the list that Rasa's REST channel answers.

    Raises:
        DialogueBroken: Nothing to show, no closing item of kind "turn", or an outcome that begins with "error".
    """
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise DialogueBroken("not a list of reply items")
    replies: list[Reply] = []
    effects: list[Effect] = []
    closing: dict[str, Any] | None = None
    for item in items:
        text = item.get("text")
        if isinstance(text, str) and text.strip():
            replies.append(Reply(unicodedata.normalize("NFC", text.strip()), _buttons(item.get("buttons"))))
        custom = item.get("custom")
        if isinstance(custom, dict):
            if custom.get("kind") == "turn":
                closing = custom
            elif isinstance(custom.get("kind"), str):
                values = {key: value for key, value in custom.items() if key != "kind"}
                effects.append(Effect(custom["kind"], values))
    if not replies:
        raise DialogueBroken("nothing to show")
    if closing is None:
        raise DialogueBroken("no closing item", texts_only=True)
    outcome = str(closing.get("outcome") or "unknown")
    if outcome.startswith("error"):
        raise DialogueBroken(f"outcome {outcome[:40]}")
    return _turn(replies, effects, closing, outcome)


def parse_texts(items: Any) -> Turn:
    """
    As `parse`, but without asking for a closing item: better an answer of unknown outcome than none.
    """
    closing = {"custom": {"kind": "turn", "outcome": "unknown"}}
    return parse([*items, closing] if isinstance(items, list) else items)


def _turn(replies: Sequence[Reply], effects: Sequence[Effect], closing: dict[str, Any], outcome: str) -> Turn:
    part = closing.get("part")
    return Turn(
        tuple(replies),
        tuple(effects),
        outcome,
        _strings(closing.get("entry_ids")),
        _strings(closing.get("sources")),
        part if isinstance(part, str) else None,
    )


def _buttons(value: Any) -> tuple[Button, ...]:
    if not isinstance(value, list):
        return ()
    found: list[Button] = []
    for one in value:
        title, payload = (one.get("title"), one.get("payload")) if isinstance(one, dict) else (None, None)
        if isinstance(title, str) and title.strip() and isinstance(payload, str) and payload.strip():
            found.append(Button(title, payload))
    return tuple(found)


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


class Dialogue:
    """
    Asks Rasa. One per program; `close` when done.
    """

    def __init__(self, url: str, *, timeout_seconds: float):
        self.url = url.rstrip("/")
        self.timeout_seconds = timeout_seconds
        self._turns = asyncio.Semaphore(CONCURRENT_TURNS)
        connector = aiohttp.TCPConnector(limit=CONCURRENT_TURNS + 4, keepalive_timeout=60)
        self._session = aiohttp.ClientSession(
            connector=connector, json_serialize=lambda one: orjson.dumps(one).decode()
        )

    async def close(self) -> None:
        await self._session.close()

    async def ask(self, sender: str, text: str, metadata: dict[str, Any]) -> Turn:
        """
        Return Rasa's Turn for one message.

        Raises:
            DialogueUnreachable: No connection, or no answer within the timeout.
            DialogueBroken: An answer that is no turn.
        """
        return parse(await self.say(sender, text, metadata))

    async def say(self, sender: str, text: str, metadata: dict[str, Any]) -> Any:
        """
        Return the reply items as they are, for callers that expect no turn.
        """
        body = {"sender": sender, "message": text, "metadata": metadata}
        url = f"{self.url}/webhooks/rest/webhook"
        timeout = aiohttp.ClientTimeout(total=self.timeout_seconds, connect=self.timeout_seconds)
        async with self._turns:
            started = time.monotonic()
            try:
                async with self._session.post(url, json=body, timeout=timeout) as response:
                    raw = await response.read()
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                waited = round(time.monotonic() - started, 1)
                raise DialogueUnreachable(f"url={self.url} waited_seconds={waited} {type(error).__name__}") from error
        if response.status != 200:
            raise DialogueBroken(f"HTTP {response.status}")
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise DialogueBroken("no JSON") from error

    async def alive(self) -> bool:
        """
        Say whether Rasa's server answers at all.
        """
        timeout = aiohttp.ClientTimeout(total=HEALTH_SECONDS)
        try:
            async with self._session.get(f"{self.url}/", timeout=timeout) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False
