"""
The gateway as a process of its own, as it runs in life, and a citizen who talks to it over HTTP.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from tests.fakes.rasa import Rasa
from tests.fakes.serving import Serving, free_port
from tests.fakes.wards import Neighbours

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 30


class Gateway:
    """
    `python -m bot serve` on a free port, with its databases in a folder.
    """

    def __init__(self, folder: Path, rasa_url: str, neighbours_url: str, **environment: str):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "bot.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
            "BOT_PORT": str(self.port),
            "BOT_DATABASE": f"sqlite:///{folder / 'bot.sqlite'}",
            "BOT_DBOS_DATABASE": f"sqlite:///{folder / 'dbos.sqlite'}",
            "BOT_RASA_URL": rasa_url,
            "BOT_ACTIONS_URL": neighbours_url,
            "BOT_KNOWLEDGE_URL": neighbours_url,
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait_for_wards: bool = True) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the bot ended at once:\n{self.log.read_text()[-3000:]}")
            if self._healthy(wait_for_wards):
                return
            time.sleep(0.05)
        raise AssertionError(f"the bot did not start:\n{self.log.read_text()[-3000:]}")

    def _healthy(self, wait_for_wards: bool) -> bool:
        import urllib.error
        import urllib.request

        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1):
                pass
            if wait_for_wards:
                with urllib.request.urlopen(f"{self.url}/hoa-binh", timeout=1):
                    pass
        except (urllib.error.URLError, OSError):
            return False
        return True

    def kill(self) -> None:
        """
        kill -9.
        """
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """
        Run another command of the program with the same environment.
        """
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            **options,
        )

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


class Road:
    """
    The gateway with a fake Rasa and fake neighbours behind it.
    """

    def __init__(self, folder: Path, **environment: str):
        self.rasa, self.neighbours = Rasa(), Neighbours()
        self.rasa_server, self.neighbours_server = Serving(self.rasa.app), Serving(self.neighbours.app)
        self.gateway = Gateway(folder, self.rasa_server.url, self.neighbours_server.url, **environment)

    def __enter__(self) -> Road:
        self.rasa_server.start()
        self.neighbours_server.start()
        self.gateway.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gateway.stop()
        self.rasa_server.stop()
        self.neighbours_server.stop()


class Citizen:
    """
    One conversation in the web chat.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, ward: str = "hoa-binh"):
        self.session, self.url, self.ward = session, url, ward
        self.conversation = secrets.token_urlsafe(32)
        self.position = 0

    def body(self, text: str | None = None, *, message_id: str | None = None, **fields: Any) -> dict[str, Any]:
        body = {"conversation": self.conversation, "ward": self.ward, "id": message_id or secrets.token_urlsafe(12)}
        return {**body, **({"text": text} if text is not None else {}), **fields}

    async def post(self, body: Any, **options: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(f"{self.url}/hook/web", json=body, **options) as response:
            return response.status, await response.json()

    async def say(self, text: str, **fields: Any) -> str:
        body = self.body(text, **fields)
        status, answer = await self.post(body)
        assert status == 200, answer
        message_id: str = body["id"]
        return message_id

    async def ask(self, text: str, *, seconds: float = 20, **fields: Any) -> list[dict[str, Any]]:
        """
        Say something and return what the bot answers to it, notices left out.
        """
        message_id = await self.say(text, **fields)
        return await self.replies(message_id, seconds=seconds)

    async def replies(self, message_id: str, *, seconds: float = 20) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async for message in self.events(seconds=seconds):
            if message["side"] == "bot" and message.get("to") == message_id and message["kind"] != "notice":
                found.append(message)
                if "turn" in message:
                    return found
        raise AssertionError("the stream ended before the answer")

    async def events(self, *, after: int | None = None, seconds: float = 20) -> Any:
        """
        Follow the stream from where this citizen is, or from a given position.
        """
        position = self.position if after is None else after
        headers = {"Authorization": f"Bearer {self.conversation}"}
        timeout = aiohttp.ClientTimeout(total=seconds)
        address = f"{self.url}/api/web/events?after={position}"
        async with self.session.get(address, headers=headers, timeout=timeout) as response:
            assert response.status == 200, await response.text()
            async for line in response.content:
                if line.startswith(b'data: {"'):
                    message = orjson.loads(line[6:])
                    self.position = max(self.position, message["position"])
                    yield message

    async def history(self) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.conversation}"}
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["position"] if found else 0
            async with self.session.get(f"{self.url}/api/web/messages?after={after}", headers=headers) as response:
                assert response.status == 200, await response.text()
                page = await response.json()
            found += page["messages"]
            if not page["more"]:
                return found
