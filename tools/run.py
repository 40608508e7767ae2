"""
Starts the four programs under one supervisor, waits until they are healthy, prints the address.

    python -m tools.run --port 8080

supervisord restarts a program that dies; Ctrl-C ends all of them. What they say goes to var/log/.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from tools import model
from tools.errors import RunError
from tools.programs import Program, programs

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 120
console = Console(highlight=False, soft_wrap=True)


def step(text: str, work: Callable[[], str | None]) -> None:
    """
    Show one step while it works, and how long it took.
    """
    began = time.monotonic()
    with console.status(f"{text} …"):
        said = work()
    console.print(f"[green]✓[/] {text} [dim]{said or ''} {time.monotonic() - began:.1f} s[/]")


def check_ports(wanted: Sequence[Program]) -> None:
    """
    Raises:
        RunError: when a port is taken, naming all of them and what to do.
    """
    busy = [program for program in wanted if _is_busy(program.port)]
    if busy:
        taken = ", ".join(f"{program.port} ({program.name})" for program in busy)
        raise RunError(
            f"port {taken} is in use: stop what listens there, or choose another with PORT=9080 (it and the next three are used)"
        )


def _is_busy(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def check_content() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "knowledge", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RunError(f"the content cannot be used:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout.strip().splitlines()[-1]


def supervisor_file(wanted: Sequence[Program], state: Path) -> Path:
    """
    Write supervisord's configuration and return its path.
    """
    log = state / "log"
    log.mkdir(parents=True, exist_ok=True)
    lines = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        f"logfile={log}/supervisord.log",
        f"pidfile={state}/supervisord.pid",
        f"directory={ROOT}",
        "minfds=1024",
    ]
    for program in wanted:
        given = ",".join(f'{name}="{value}"' for name, value in program.environment.items())
        lines += [
            f"[program:{program.name}]", f"command={' '.join(program.command)}", f"environment={given}", f"directory={program.directory}",
            "autorestart=true", "startsecs=1", "startretries=1000", "stopsignal=TERM", "stopwaitsecs=4", "stopasgroup=true", "killasgroup=true",
            "redirect_stderr=true", f"stdout_logfile={log}/{program.name}.log", "stdout_logfile_maxbytes=20MB", "stdout_logfile_backups=2",
        ]  # fmt: skip
    path = state / "supervisord.conf"
    path.write_text("\n".join(lines).replace("%", "%%") + "\n", encoding="utf-8")
    return path


def healthy(program: Program) -> bool:
    try:
        with urllib.request.urlopen(program.health, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def wait(wanted: Sequence[Program], supervisor: subprocess.Popen[bytes], state: Path) -> None:
    """
    Wait until every program is healthy, showing which ones are not yet.

    Raises:
        RunError: when the supervisor ends or the patience does, with the last lines of the logs concerned.
    """
    began, missing = time.monotonic(), list(wanted)
    with console.status("") as status:
        while missing:
            for program in [program for program in missing if healthy(program)]:
                missing.remove(program)
                console.print(f"[green]✓[/] {program.name} [dim]{time.monotonic() - began:.1f} s[/]")
            status.update(f"waiting for {', '.join(program.name for program in missing)} …")
            if supervisor.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                raise RunError(
                    "\n".join(
                        f"{program.name} did not start; the end of {state}/log/{program.name}.log:\n{_tail(state, program)}"
                        for program in missing
                    )
                )
            time.sleep(0.2)


def _tail(state: Path, program: Program, lines: int = 8) -> str:
    path = state / "log" / f"{program.name}.log"
    return (
        "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        if path.exists()
        else "(empty)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--state", type=Path, default=ROOT / "var")
    options = parser.parse_args()
    try:
        return start(options.port, options.state.resolve())
    except RunError as error:
        console.print(f"[red]✗[/] {error}", markup=True)
        return 1
    except KeyboardInterrupt:
        return 130


def start(port: int, state: Path) -> int:
    """
    Start everything and stay until interrupted.
    """
    if not 1024 <= port <= 65532:
        raise RunError(f"PORT={port} cannot be used: choose one between 1024 and 65532")
    state.mkdir(parents=True, exist_ok=True)
    (state / "rasa").mkdir(exist_ok=True)
    check_ports(programs(ROOT, state, port, Path("-")))
    step("content", check_content)
    trained = model.current(state / "rasa" / "models")
    step(
        "Rasa model" if trained.exists() else "training Rasa (half a minute)",
        lambda: model.train(state / "rasa" / "models").name,
    )
    wanted = programs(ROOT, state, port, trained)
    settings = supervisor_file(wanted, state)
    # A session of its own: Ctrl-C reaches only us, and we end the programs in order.
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(settings)], cwd=ROOT, start_new_session=True
    )
    # Also where a shell started us in the background, with SIGINT ignored.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        wait(wanted, supervisor, state)
        (state / "run.json").write_text(json.dumps({"port": port, "pid": supervisor.pid}), encoding="utf-8")
        console.print(f"\n[bold]Trợ lý Một cửa[/]  http://localhost:{port}/phuong-mau   [dim](Ctrl-C ends it)[/]\n")
        supervisor.wait()
        raise RunError(f"the supervisor ended by itself; see {state}/log/supervisord.log")
    except KeyboardInterrupt:
        return 0
    finally:
        with console.status("stopping …"):
            supervisor.terminate()
            try:
                supervisor.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(supervisor.pid, signal.SIGKILL)
        (state / "run.json").unlink(missing_ok=True)
        console.print("stopped")


if __name__ == "__main__":
    sys.exit(main())
