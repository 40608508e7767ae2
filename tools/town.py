"""
The four programs as children of a test or a benchmark: real ones, on free ports, killed and started again by name.

Unlike `tools.run` there is no supervisor: who kills a program here decides when it comes back.
"""

import json
import os
import random
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools import model
from tools.errors import RunError
from tools.programs import Program, programs

ROOT = Path(__file__).parent.parent
# Trained once for all towns of this checkout; `make run` uses the same.
MODELS = ROOT / "var/rasa/models"
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.05
STOP_SECONDS = 10.0
OURS = ("BOT_", "ACTIONS_", "KNOWLEDGE_", "RASA_")


class Town:
    """
    `with Town(folder) as town: …`; what the programs keep and say lies in the folder.

    `settings` adds environment variables: {"knowledge": {"KNOWLEDGE_CONTENT": "…"}}.
    """

    def __init__(self, state: Path, settings: Mapping[str, Mapping[str, str]] | None = None):
        self.state, self._settings = state, settings or {}
        for folder in (state / "rasa", state / "log"):
            folder.mkdir(parents=True, exist_ok=True)
        self.port = free_block(4)
        self._model = model.current(MODELS)
        made = programs(ROOT, state, self.port, self._model)
        self.programs: dict[str, Program] = {program.name: program for program in made}
        self.url, self.rasa_url, self.knowledge_url = (
            f"http://127.0.0.1:{self.programs[name].port}" for name in ("bot", "rasa", "knowledge")
        )
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, *names: str) -> None:
        """
        Start these programs, or all, and wait until they are healthy. What runs already is left alone.

        Raises:
            RunError: with the end of the log of what did not start.
        """
        self.launch(*names)
        self.wait(*names)

    def launch(self, *names: str) -> None:
        """
        As `start`, without waiting.
        """
        if "rasa" in (names or self.programs) and not self._model.exists():
            model.train(MODELS)
        for name in names or self.programs:
            if not self.runs(name):
                self._running[name] = self._launch(self.programs[name])

    def wait(self, *names: str) -> None:
        """
        Wait until these programs, or all, are healthy, and the gateway knows the wards.
        """
        missing, began = list(names or self.programs), time.monotonic()
        while missing:
            missing = [name for name in missing if get(self.programs[name].health) is None]
            ended = [name for name in missing if not self.runs(name)]
            if ended or time.monotonic() - began > PATIENCE_SECONDS:
                raise RunError("\n".join(f"{name} did not start:\n{self.tail(name)}" for name in ended or missing))
            time.sleep(PAUSE_SECONDS if missing else 0)
        while self.runs("bot") and self.runs("knowledge") and not self._knows_wards():
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise RunError(f"the gateway does not learn the wards:\n{self.tail('bot')}")
            time.sleep(PAUSE_SECONDS)

    def kill(self, *names: str) -> None:
        """
        kill -9.
        """
        for name in names:
            self._running[name].kill()
        for name in names:
            self._running[name].wait(STOP_SECONDS)

    def stop(self) -> None:
        """
        End all of them, politely at first.
        """
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def runs(self, name: str) -> bool:
        return name in self._running and self._running[name].poll() is None

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def log(self, name: str) -> Path:
        return self.state / "log" / f"{name}.log"

    def tail(self, name: str, lines: int = 15) -> str:
        """
        Return the last lines that a program said.
        """
        log = self.log(name)
        said = log.read_text("utf-8", errors="replace").splitlines() if log.exists() else []
        return "\n".join(line[:2000] for line in said[-lines:])

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        environment = {**inherited, **program.environment, **self._settings.get(program.name, {})}
        with self.log(program.name).open("ab") as log:
            # A session of its own: Ctrl-C reaches only us, and we end the programs.
            return subprocess.Popen(
                program.command, cwd=program.directory, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def _knows_wards(self) -> bool:
        body = get(f"{self.knowledge_url}/wards")
        return body is None or get(f"{self.url}/{json.loads(body)['wards'][0]['slug']}") is not None


def get(url: str, *, seconds: float = 2.0) -> bytes | None:
    """
    Return the body of a page, or None while it does not answer 200.
    """
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:  # noqa: S310 - our own loopback address
            body: Any = answer.read()
            return bytes(body) if answer.status == 200 else None
    except (urllib.error.URLError, OSError):
        return None


def free_block(size: int) -> int:
    """
    Return the first of `size` free ports in a row, below those that the system hands out by itself.

    Raises:
        RunError: when fifty tries found none.
    """
    for _ in range(50):
        first = random.randrange(20_000, 32_000, size)
        probes = [socket.socket() for _ in range(size)]
        try:
            for offset, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + offset))
        except OSError:
            continue
        else:
            return first
        finally:
            for probe in probes:
                probe.close()
    raise RunError(f"no {size} free ports in a row between 20000 and 32000")
