"""
`python -m bot ask`: asks a running gateway over HTTP, exactly as the web chat does, each line in its own conversation.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import aiohttp
import orjson

from bot.errors import BotError, GatewayUnreachable

EXIT_UNANSWERED, EXIT_USAGE, EXIT_NO_GATEWAY = 1, 2, 3
TURNS = "||"
CONNECT_SECONDS = 5.0


class Refused(BotError):
    """
    The gateway refuses the question, e.g. because it knows no such ward.
    """

    code = "ask.refused"


def run(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.file is None):
        print("give either a question or --file QUESTIONS.txt", file=sys.stderr)
        return EXIT_USAGE
    try:
        return asyncio.run(_one(options) if options.file is None else _many(options))
    except GatewayUnreachable as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return EXIT_NO_GATEWAY
    except Refused as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130


async def _one(options: argparse.Namespace) -> int:
    async with _session(options.url) as session:
        await _find_gateway(session, options.url)
        result = await _converse(session, options, options.question)
    for number, turn in enumerate(result["turns"]):
        if number:
            print()
        if len(result["turns"]) > 1:
            print(f"> {turn['question']}")
        print("\n\n".join(turn["reply"]) or "(no reply)")
        for position, button in enumerate(turn["buttons"], 1):
            print(f"  [{position}] {button['title']}")
    return 0 if result["outcome"] is not None else EXIT_UNANSWERED


async def _many(options: argparse.Namespace) -> int:
    try:
        text = options.file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        print(f"{options.file} cannot be read: {error}", file=sys.stderr)
        return EXIT_USAGE
    questions = [line.strip() for line in text.splitlines() if line.strip()]
    with _output(options.out) as output:
        async with _session(options.url) as session:
            await _find_gateway(session, options.url)
            unanswered = await _ask_all(session, options, questions, output)
    return EXIT_UNANSWERED if unanswered else 0


async def _ask_all(
    session: aiohttp.ClientSession, options: argparse.Namespace, questions: Sequence[str], output: TextIO
) -> int:
    """
    Ask all, several at once, and write the results in the order of the questions. Return how many got no reply.
    """
    gate = asyncio.Semaphore(max(1, options.concurrency))
    started, done, unanswered = time.monotonic(), 0, 0

    async def ask(question: str) -> dict[str, Any]:
        nonlocal done
        async with gate:
            result = await _converse(session, options, question)
        done += 1
        ending = "\n" if done == len(questions) else ""
        seconds = time.monotonic() - started
        print(f"\r{done}/{len(questions)} asked, {seconds:.0f} s", end=ending, file=sys.stderr, flush=True)
        return result

    tasks = [asyncio.create_task(ask(question)) for question in questions]
    try:
        for task in tasks:
            result = await task
            unanswered += result["outcome"] is None
            if len(result["turns"]) == 1:
                del result["turns"]
            output.write(orjson.dumps(result).decode() + "\n")
            output.flush()
    finally:
        for task in tasks:
            task.cancel()
    return unanswered


async def _converse(session: aiohttp.ClientSession, options: argparse.Namespace, line: str) -> dict[str, Any]:
    """
    Ask the turns of one line in a new conversation; the result is the last turn's, with all of them in "turns".
    """
    conversation = secrets.token_urlsafe(32)
    words = [one.strip() for one in line.split(TURNS)]
    turns: list[dict[str, Any]] = []
    position = 0
    for question in filter(None, words):
        turn, position = await _turn(session, options, conversation, question, position)
        turns.append(turn)
    return {**turns[-1], "question": line, "turns": turns}


async def _turn(
    session: aiohttp.ClientSession, options: argparse.Namespace, conversation: str, question: str, position: int
) -> tuple[dict[str, Any], int]:
    body = {"conversation": conversation, "ward": options.ward, "id": secrets.token_urlsafe(12), "text": question}
    turn: dict[str, Any] = {
        "question": question, "reply": [], "buttons": [], "outcome": None, "entry_ids": [], "sources": [], "ms": 0
    }  # fmt: skip
    started = time.monotonic()
    try:
        async with asyncio.timeout(options.timeout):
            await _post(session, body)
            async for message in _messages(session, conversation, position):
                position = message["position"]
                if message["side"] != "bot" or message.get("to") != body["id"] or message["kind"] == "notice":
                    continue
                turn["reply"].append(message["text"])
                turn["buttons"] += message.get("buttons", [])
                if "turn" in message:
                    ending = message["turn"]
                    turn.update(outcome=ending["outcome"], entry_ids=ending["entry_ids"], sources=ending["sources"])
                    break
    except TimeoutError:
        print(f"\nno reply within {options.timeout:g} s — is Rasa up? try `python -m bot check`", file=sys.stderr)
    except aiohttp.ClientError as error:
        raise GatewayUnreachable(f"url={options.url} — it went away ({type(error).__name__})") from error
    turn["ms"] = round((time.monotonic() - started) * 1000)
    return turn, position


async def _post(session: aiohttp.ClientSession, body: dict[str, Any]) -> None:
    while True:
        async with session.post("/hook/web", json=body) as response:
            answer = await response.json()
            if response.status == 200:
                return
            if response.status != 429:
                raise Refused(f"{answer.get('code')}: {answer.get('message')} {answer.get('fields') or ''}".rstrip())
            wait = float(response.headers.get("Retry-After", "1"))
        await asyncio.sleep(wait)


async def _messages(session: aiohttp.ClientSession, conversation: str, after: int) -> AsyncIterator[dict[str, Any]]:
    """
    Follow the conversation's events.
    """
    headers = {"Authorization": f"Bearer {conversation}"}
    async with session.get("/api/web/events", params={"after": str(after)}, headers=headers) as response:
        response.raise_for_status()
        async for raw in response.content:
            if raw.startswith(b"data: ") and raw.strip() != b"data: {}":
                yield orjson.loads(raw[6:])


async def _find_gateway(session: aiohttp.ClientSession, url: str) -> None:
    """
    Raises:
        GatewayUnreachable: Nothing answers there, or something else does.
    """
    try:
        async with session.get("/healthz", timeout=aiohttp.ClientTimeout(total=CONNECT_SECONDS * 2)) as response:
            body = await response.json()
            down = [name for name, state in body["parts"].items() if state != "ok"]
    except (aiohttp.ClientConnectionError, TimeoutError) as error:
        raise GatewayUnreachable(f"url={url} — nothing is running there; start it with `make run`") from error
    except (aiohttp.ClientError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GatewayUnreachable(f"url={url} — what runs there is not the gateway") from error
    if down:
        print(f"warning: {', '.join(down)} not up; replies may take long or be missing", file=sys.stderr)


def _session(url: str) -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS)
    connector = aiohttp.TCPConnector(limit=0)
    return aiohttp.ClientSession(url.rstrip("/") + "/", timeout=timeout, connector=connector, read_bufsize=2**20)


class _output:
    """
    The file to write to, or stdout, which stays open.
    """

    def __init__(self, path: Path | None):
        self._file = path.open("w", encoding="utf-8") if path is not None else sys.stdout

    def __enter__(self) -> TextIO:
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._file is not sys.stdout:
            self._file.close()
