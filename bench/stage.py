"""
A town with one Official Account in each of three wards, Zalo beside it in a process of its own, and what each program
takes of the CPU.
"""

import secrets
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import psutil  # type: ignore[import-untyped]
import yaml

from bench.phones import HOST
from bench.talk import WARDS
from tools.errors import RunError
from tools.town import PAUSE_SECONDS, ROOT, Town, free_block, get

START_SECONDS = 30.0
OTHERS, WALL = "others", "wall"


class Stage:
    """
    `accounts` by ward, as the accounts file holds them; `control` is where the citizens' phones are told to talk.
    """

    def __init__(self, folder: Path):
        self._folder, self._port = folder, free_block(2)
        self._zalo, self.control = f"http://{HOST}:{self._port}", f"http://{HOST}:{self._port + 1}"
        self.accounts = {ward: self._account(place, ward) for place, ward in enumerate(WARDS)}
        path = folder / "accounts.yml"
        path.write_text(yaml.safe_dump({"zalo": list(self.accounts.values())}), "utf-8")
        # Citizens who wait for their answer do not type in pieces.
        self.town = Town(folder, {"bot": {"BOT_ACCOUNTS_FILE": str(path), "BOT_BURST_SECONDS": "0"}})
        self._pids: dict[str, int] = {}

    @contextmanager
    def open(self) -> Iterator[None]:
        """
        Raises:
            RunError: Something did not start.
        """
        hook, accounts = f"{self.town.url}/hook/zalo", list(self.accounts.values())
        path = self._folder / "stage.json"
        path.write_bytes(orjson.dumps({"port": self._port, "webhook": hook, "accounts": accounts}))
        command = [sys.executable, "-m", "bench.phones", str(path)]
        phones = subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603
        try:
            began = time.monotonic()
            while get(self.control) is None:
                if phones.poll() is not None or time.monotonic() - began > START_SECONDS:
                    raise RunError("the emulated Zalo did not start")
                time.sleep(PAUSE_SECONDS)
            with self.town:
                self._pids = {name: self.town.pid(name) for name in self.town.programs} | {"zalo": phones.pid}
                yield
        finally:
            phones.terminate()
            phones.wait()

    def cpu(self) -> dict[str, float]:
        """
        Return the seconds that each program has had of the CPU so far; under OTHERS what is none of ours, under WALL
        those of a clock.
        """
        found: dict[str, float] = defaultdict(float)
        for name, pid in self._pids.items():
            for one in (process := psutil.Process(pid), *process.children(recursive=True)):
                found[name] += one.cpu_times().user + one.cpu_times().system
        own, machine = psutil.Process().cpu_times(), psutil.cpu_times()
        found[OTHERS] = machine.user + machine.nice + machine.system - sum(found.values()) - own.user - own.system
        found[WALL] = time.perf_counter()
        return found

    def _account(self, place: int, ward: str) -> dict[str, str]:
        made = {name: secrets.token_hex(20) for name in ("app_secret", "oa_secret", "access_token", "refresh_token")}
        # An app for each account: Zalo counts calls per app.
        ids = {"id": str(2810000000000000001 + place), "app_id": str(3600000000000000001 + place)}
        return {**ids, "ward": ward, **made, "api_url": self._zalo, "oauth_url": self._zalo}
