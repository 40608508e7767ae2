"""
`make drill`: from nothing to an answered question on three phones, and everything gone after Ctrl-C.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
import yaml

from tests.house.repository import ROOT
from tools import stage
from tools.town import free_block, get

pytestmark = [pytest.mark.rasa, pytest.mark.services]
WARD = "hoa-binh"
START_SECONDS, ANSWER_SECONDS = 240, 60


class Drill:
    """
    `python -m tools.drill` on free ports, its state in a folder.
    """

    def __init__(self, state: Path):
        self.port = free_block(stage.PHONES + 1)
        self.state, self.log = state / "drill", state / "drill.log"
        command = [sys.executable, "-m", "tools.drill", "--port", str(self.port), "--ward", WARD, "--state", str(state)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        self.urls = {kind: f"http://127.0.0.1:{self.port + stage.FIRST + at}" for at, kind in enumerate(stage.KINDS)}

    def wait(self) -> None:
        until(lambda: self.process.poll() is not None or "Diễn tập" in self.said(), START_SECONDS)
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def state_of(self, kind: str) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(get(f"{self.urls[kind]}/_phone/state") or b"{}")
        return state

    def post(self, kind: str, what: str, **body: Any) -> None:
        headers = {"Content-Type": "application/json"}
        with urlopen(
            Request(f"{self.urls[kind]}/_phone/{what}", json.dumps(body).encode(), headers), timeout=10
        ) as answer:
            assert answer.status == 200

    def answers(self, kind: str) -> list[str]:
        return [one["text"] for one in self.state_of(kind)["bubbles"] if one["side"] == "oa"]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


def until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    drill = Drill(tmp_path_factory.mktemp("drill"))
    try:
        drill.wait()
        yield drill
    finally:
        ended = drill.stop()
    assert ended == 0
    assert [url for url in drill.urls.values() if get(f"{url}/_phone/") is not None] == []
    assert get(f"http://127.0.0.1:{drill.port}/healthz") is None


@pytest.mark.parametrize("kind", stage.KINDS)
def test_a_question_from_each_phone_is_answered_there(drill: Drill, kind: str) -> None:
    [user] = drill.state_of(kind)["users"]

    drill.post(kind, "say", user=user, text="làm khai sinh cho con cần giấy tờ gì")
    until(lambda: any("Giấy chứng sinh" in text for text in drill.answers(kind)), ANSWER_SECONDS)

    assert drill.state_of(kind)["labels"][0].startswith("UBND phường Hòa Bình")
    assert "phường Hòa Bình" in drill.answers(kind)[0]


def test_the_menus_were_written(drill: Drill) -> None:
    assert "could not be written" not in drill.said()
    assert any(name.startswith("menu:") for name, _label in drill.state_of("messenger")["actions"])


def test_the_page_with_all_phones_shows_each_of_them(drill: Drill) -> None:
    [address] = re.findall(r"Diễn tập\s+(http://localhost:\d+)", drill.said())

    page = (get(address) or b"").decode()

    assert re.findall(r'src="(http://localhost:\d+/_phone/)"', page) == [
        f"{url.replace('127.0.0.1', 'localhost')}/_phone/" for url in drill.urls.values()
    ]
    assert f"http://localhost:{drill.port}/{WARD}" in page


def test_no_secret_is_said(drill: Drill) -> None:
    accounts = yaml.safe_load((drill.state / "accounts.yml").read_text("utf-8"))
    secrets = [
        value
        for rows in accounts.values()
        for row in rows
        for name, value in row.items()
        if re.search("secret|token", name)
    ]
    logs = drill.said() + (drill.state / "log/bot.log").read_text("utf-8")

    assert len(secrets) == 9
    assert [one for one in secrets if one in logs] == []
