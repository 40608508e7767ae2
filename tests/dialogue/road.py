"""
Real Rasa and the real action server in processes of their own, with the fake knowledge behind them.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.knowledge import FakeKnowledge
from tests.fakes.serving import Serving, free_port
from tools.model import PYTHON as RASA_PYTHON

ROOT = Path(__file__).parents[2]
START_SECONDS = 120.0
TURN_SECONDS = 30.0


@dataclass
class Process:
    """
    One program of ours; its log is a file, read by the tests for what must not stand in it.
    """

    command: list[str]
    environment: dict[str, str]
    health: str
    log: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            environment = {**os.environ, **self.environment}
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.running.poll() is None:
            try:
                urllib.request.urlopen(self.health, timeout=2).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError(f"{self.command[:3]} did not start:\n{self.log.read_text('utf-8')[-2000:]}")

    def stop(self) -> None:
        if self.running is not None:
            self.running.terminate()
            self.running.wait(20)


@dataclass
class Road:
    """
    Rasa → actions → fake knowledge. `conversation` begins a new one.
    """

    folder: Path
    model: Path
    knowledge: FakeKnowledge = field(default_factory=FakeKnowledge)

    def __post_init__(self) -> None:
        self.serving = Serving(self.knowledge.app)
        rasa, actions = free_port(), free_port()
        self.rasa_url = f"http://127.0.0.1:{rasa}"
        self.actions = Process(
            [sys.executable, "-m", "actions"],
            {"ACTIONS_PORT": str(actions), "ACTIONS_KNOWLEDGE_URL": self.serving.url},
            f"http://127.0.0.1:{actions}/health",
            self.folder / "actions.log",
        )
        self.rasa = Process(
            [str(ROOT / RASA_PYTHON), "dialogue/rasa_slim.py", "run", "-i", "127.0.0.1", "-p", str(rasa), "-m", str(self.model),
             "--endpoints", "dialogue/endpoints.yml", "--credentials", "dialogue/credentials.yml", "--enable-api"],
            {"RASA_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
             "RASA_TRACKER_URL": f"sqlite:///{self.folder / 'tracker.sqlite'}"},
            f"{self.rasa_url}/", self.folder / "rasa.log",
        )  # fmt: skip

    def start(self) -> None:
        self.serving.start()
        self.actions.start()
        self.rasa.start()

    def stop(self) -> None:
        self.rasa.stop()
        self.actions.stop()
        self.serving.stop()

    def conversation(self, ward: str = "hoa-binh") -> "Conversation":
        return Conversation(self.rasa_url, ward)

    def kind_of_turn(self, text: str) -> str:
        """
        Return the intent that Rasa hears; what it does not understand is a question.
        """
        heard = str(_post(f"{self.rasa_url}/model/parse", {"text": text})["intent"]["name"])
        return "ask" if heard == "nlu_fallback" else heard


@dataclass
class Conversation:
    rasa_url: str
    ward: str
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)

    def say(self, text: str) -> "Heard":
        metadata = {"ward": self.ward, "channel": "web", "message_id": uuid.uuid4().hex}
        body = {"sender": self.sender, "message": text, "metadata": metadata}
        return Heard(_post(f"{self.rasa_url}/webhooks/rest/webhook", body))


@dataclass(frozen=True)
class Heard:
    """
    One turn as Rasa's REST channel gives it back.
    """

    items: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(item["text"] for item in self.items if "text" in item)

    @property
    def buttons(self) -> dict[str, str]:
        return {button["title"]: button["payload"] for item in self.items for button in item.get("buttons", [])}

    @property
    def effects(self) -> list[dict[str, Any]]:
        return [item["custom"] for item in self.items if "custom" in item]

    @property
    def outcome(self) -> str:
        assert [effect["kind"] for effect in self.effects].count("turn") == 1
        assert self.items[-1]["custom"]["kind"] == "turn"
        return str(self.effects[-1]["outcome"])


def _post(url: str, body: dict[str, Any]) -> Any:
    data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=TURN_SECONDS) as response:
        return json.load(response)
