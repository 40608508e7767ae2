"""
A rehearsal with no live account: the four programs, and three emulated platforms with a phone each.

    python -m tools.drill --port 8080 --ward phuong-mau

Every rehearsal begins from nothing: what the last one left in var/drill/ is deleted, its index apart.
Ctrl-C ends everything. What the programs say goes to var/drill/log/.
"""

import argparse
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from tools import model, stage
from tools.errors import RunError
from tools.programs import Program, programs
from tools.run import ROOT, check_content, console, step, supervisor_file, wait

# Trained once for all of this checkout; `make run` uses the same.
MODELS = ROOT / "var/rasa/models"
WARDS = ROOT / "knowledge/content/wards"
LAST_PORT = 65535 - stage.PHONES
STOP_SECONDS = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--ward", default="phuong-mau")
    parser.add_argument("--state", type=Path, default=ROOT / "var", help="its folder drill/ is used")
    options = parser.parse_args()
    try:
        return start(options.port, options.ward, options.state.resolve() / "drill")
    except RunError as error:
        console.print(f"[red]✗[/] {error}", markup=True)
        return 1
    except KeyboardInterrupt:
        return 130


def start(port: int, ward: str, state: Path) -> int:
    """
    Start everything and stay until interrupted.
    """
    if not 1024 <= port <= LAST_PORT:
        raise RunError(f"PORT={port} cannot be used: choose one between 1024 and {LAST_PORT}")
    set_up = stage.build(ROOT, port, ward, ward_name(ward))
    wanted = cast(port, state, set_up)
    check_ports(wanted)
    step("content", check_content)
    trained = model.current(MODELS).exists()
    step("Rasa model" if trained else "training Rasa (half a minute)", lambda: model.train(MODELS).name)
    clear(state)
    accounts = state / "accounts.yml"
    accounts.write_text(yaml.safe_dump(set_up.accounts, allow_unicode=True, sort_keys=False), encoding="utf-8")
    settings = next(one.environment for one in wanted if one.name == "bot")
    (state / "bot.env").write_text(
        "".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items()), encoding="utf-8"
    )

    def welcome() -> None:
        step("menus", lambda: write_menus(settings))
        console.print(f"\n[bold]Diễn tập[/]  {set_up.address}   [dim](Ctrl-C ends it)[/]")
        console.print(
            f"what waits for an officer:  set -a; . {state}/bot.env; .venv/bin/python -m bot desk\n", style="dim"
        )

    run(wanted, state, welcome)
    return 0


def cast(port: int, state: Path, set_up: stage.Stage) -> list[Program]:
    """
    Return everything that is started: the four programs with the accounts of the rehearsal, and the stage's own.
    """
    four = programs(ROOT, state, port, model.current(MODELS))
    # Announcements carry links, which a browser on this machine can follow.
    given = {"BOT_ACCOUNTS_FILE": str(state / "accounts.yml"), "BOT_PUBLIC_URL": f"http://localhost:{port}"}
    four = [replace(one, environment={**one.environment, **given}) if one.name == "bot" else one for one in four]
    # The words of a ward may hold spaces; supervisord splits a command as a shell does.
    return [*four, *(replace(one, command=tuple(shlex.quote(part) for part in one.command)) for one in set_up.programs)]


def ward_name(slug: str) -> str:
    """
    Return the name of a ward as it stands in its content.

    Raises:
        RunError: when there is no such ward, naming those there are.
    """
    path = WARDS / slug / "ward.yml"
    if not re.fullmatch(r"[a-z0-9-]+", slug) or not path.is_file():
        known = ", ".join(sorted(one.parent.name for one in WARDS.glob("*/ward.yml")))
        raise RunError(f"WARD={slug} is no ward of this installation; there are {known}")
    return str(yaml.safe_load(path.read_text("utf-8"))["name"])


def check_ports(wanted: Sequence[Program]) -> None:
    """
    Raises:
        RunError: when a port is taken, naming all of them and what to do.
    """
    busy = []
    for program in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", program.port))
            except OSError:
                busy.append(f"{program.port} ({program.name})")
    if busy:
        raise RunError(
            f"port {', '.join(busy)} is in use: stop what listens there, or choose another with PORT=9080 "
            f"(it and the next {stage.PHONES} are used)"
        )


def write_menus(settings: Mapping[str, str]) -> str:
    """
    Give the emulated accounts the menus that real ones have. A rehearsal goes on without them.
    """
    command = [sys.executable, "-m", "bot", "menus", "--apply"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, check=False)
    return "" if done.returncode == 0 else "could not be written; the rehearsal goes on without them"


def clear(state: Path) -> None:
    """
    Forget the last rehearsal: the emulators count messages from the beginning again, so must the gateway.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in ("rasa", "log"):
        shutil.rmtree(state / left, ignore_errors=True)
    for pattern in ("*.sqlite*", "accounts.yml", "bot.env", "supervisord.conf"):
        for path in state.glob(pattern):
            path.unlink()
    (state / "rasa").mkdir()


def run(wanted: Sequence[Program], state: Path, welcome: Callable[[], None]) -> None:
    """
    Keep the programs running under one supervisor until interrupted; `welcome` is called when all are healthy.
    """
    settings = supervisor_file(wanted, state)
    # A session of its own: Ctrl-C reaches only us, and we end the programs in order.
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(settings)], cwd=ROOT, start_new_session=True
    )
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        wait(wanted, supervisor, state)
        welcome()
        supervisor.wait()
        raise RunError(f"the supervisor ended by itself; see {state}/log/supervisord.log")
    except KeyboardInterrupt:
        return
    finally:
        with console.status("stopping …"):
            supervisor.terminate()
            try:
                supervisor.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(supervisor.pid, signal.SIGKILL)
        console.print("stopped")


if __name__ == "__main__":
    sys.exit(main())
