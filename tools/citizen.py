"""
A citizen in the web chat, for tests and benchmarks: posts, follows the events, and does not give up on a dead line.

Like the chat page it sends a message again, under the same id, until it is acknowledged, and comes back to the stream
with the position of the last event that it has.
"""

import asyncio
import secrets
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

RETRY_SECONDS = 0.1
ANSWER_SECONDS = 60.0
CONNECTED_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """
    Everything the bot said to one message; `turn` is its closing item: outcome, entry_ids, sources, part.
    """

    texts: tuple[str, ...]
    buttons: tuple[dict[str, str], ...]
    turn: dict[str, Any]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def outcome(self) -> str:
        return str(self.turn["outcome"])

    @property
    def entry_ids(self) -> list[str]:
        return list(self.turn["entry_ids"])


class Citizen:
    """
    One conversation: `async with Citizen(http, url, "hoa-binh") as citizen: await citizen.ask("…")`.
    """

    def __init__(self, http: aiohttp.ClientSession, url: str, ward: str):
        self._http, self._url, self.ward = http, url, ward
        self.conversation = secrets.token_urlsafe(32)
        self._headers = {"Authorization": f"Bearer {self.conversation}"}
        self._position = 0
        self._said: dict[str, list[dict[str, Any]]] = {}
        self._answers: dict[str, asyncio.Future[Answer]] = {}
        self._connected = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """
        Open the chat page: returns when its stream of events stands.
        """
        self._following = asyncio.create_task(self._follow())
        try:
            await asyncio.wait_for(self._connected.wait(), CONNECTED_SECONDS)
        except BaseException:
            self._following.cancel()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    async def ask(self, text: str, *, seconds: float = ANSWER_SECONDS) -> Answer:
        """
        Say something and wait for the answer to it.
        """
        return await self.answer(await self.say(text), seconds=seconds)

    async def press(self, title: str, answer: Answer, *, seconds: float = ANSWER_SECONDS) -> Answer:
        """
        Press the button with this title under an answer.

        Raises:
            ValueError: when the answer has no such button.
        """
        payloads = {one["title"]: one["payload"] for one in answer.buttons}
        if title not in payloads:
            raise ValueError(f"no button {title!r} among {list(payloads)} under: {answer.text}")
        return await self.answer(await self.say(title, payload=payloads[title]), seconds=seconds)

    async def say(self, text: str, *, payload: str | None = None) -> str:
        """
        Post a message until it is acknowledged; return its id.
        """
        body = {"conversation": self.conversation, "ward": self.ward, "id": secrets.token_urlsafe(12), "text": text}
        if payload is not None:
            body["payload"] = payload
        self._answer_to(body["id"])
        while True:
            if await self._post(body):
                return body["id"]
            await asyncio.sleep(RETRY_SECONDS)

    async def answer(self, message_id: str, *, seconds: float = ANSWER_SECONDS) -> Answer:
        """
        Wait for the answer to a message.

        Raises:
            TimeoutError
        """
        return await asyncio.wait_for(asyncio.shield(self._answer_to(message_id)), seconds)

    @property
    def answered(self) -> int:
        return sum(one.done() for one in self._answers.values())

    async def history(self) -> list[dict[str, Any]]:
        """
        Return the whole conversation as a page that opens now would show it.
        """
        found: list[dict[str, Any]] = []
        more = True
        while more:
            address = f"{self._url}/api/web/messages?after={found[-1]['position'] if found else 0}"
            async with self._http.get(address, headers=self._headers) as response:
                page = orjson.loads(await response.read())
            found += page["messages"]
            more = page["more"]
        return found

    async def _post(self, body: dict[str, str]) -> bool:
        try:
            async with self._http.post(f"{self._url}/hook/web", json=body) as response:
                if response.status in (200, 429) or response.status >= 500:
                    return response.status == 200
                raise ValueError(f"HTTP {response.status}: {await response.text()}")
        except (aiohttp.ClientError, OSError):
            return False

    async def _follow(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
        while True:
            address = f"{self._url}/api/web/events?after={self._position}"
            try:
                async with self._http.get(address, headers=self._headers, timeout=timeout) as response:
                    async for line in response.content:
                        self._connected.set()
                        if line.startswith(b'data: {"'):
                            self._take(orjson.loads(line[6:]))
            except (aiohttp.ClientError, OSError):
                pass  # the gateway is down; it is asked again
            await asyncio.sleep(RETRY_SECONDS)

    def _take(self, message: dict[str, Any]) -> None:
        self._position = message["position"]
        if message["side"] != "bot" or message["kind"] == "notice" or message.get("to") is None:
            return
        said = self._said.setdefault(message["to"], [])
        said.append(message)
        waiting = self._answer_to(message["to"])
        if "turn" in message and not waiting.done():
            buttons = tuple(button for one in said for button in one.get("buttons", ()))
            waiting.set_result(Answer(tuple(one["text"] for one in said), buttons, message["turn"]))

    def _answer_to(self, message_id: str) -> asyncio.Future[Answer]:
        if message_id not in self._answers:
            self._answers[message_id] = asyncio.get_running_loop().create_future()
        return self._answers[message_id]
