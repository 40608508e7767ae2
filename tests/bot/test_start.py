"""
What cannot work is said in one line, before the port opens; what may not be logged is not.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.log import NEVER_LOGGED, drop_private
from bot.wards import Ward
from tests.bot.gateway import ROOT
from tests.fakes.serving import free_port


def serve(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    defaults = {
        "BOT_PORT": str(free_port()),
        "BOT_DATABASE": f"sqlite:///{tmp_path}/bot.sqlite",
        "BOT_DBOS_DATABASE": f"sqlite:///{tmp_path}/dbos.sqlite",
    }
    command = [sys.executable, "-m", "bot", "serve"]
    return subprocess.run(
        command, cwd=ROOT, env={**clean, **defaults, **environment}, capture_output=True, text=True, timeout=30
    )


def test_wrong_settings_are_listed(tmp_path: Path) -> None:
    result = serve(tmp_path, BOT_PORT="x", BOT_LOG_LEVEL="loud")

    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "BOT_PORT='x' is not a port number between 1 and 65535",
        "BOT_LOG_LEVEL='loud' is not one of DEBUG, INFO, WARNING, ERROR",
    ]


@pytest.mark.parametrize("setting", ["BOT_DATABASE", "BOT_DBOS_DATABASE"])
def test_a_database_that_cannot_be_opened_is_one_line_without_its_password(tmp_path: Path, setting: str) -> None:
    url = f"postgresql://bot:hunter2@127.0.0.1:{free_port()}/bot?connect_timeout=2"

    result = serve(tmp_path, **{setting: url})

    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"database.unusable: {setting}: ")
    assert "hunter2" not in result.stdout + result.stderr


def test_a_wrong_sites_file_is_one_line(tmp_path: Path) -> None:
    sites = tmp_path / "sites.yml"
    sites.write_text("sites: [a]")

    result = serve(tmp_path, BOT_SITES_FILE=str(sites))

    assert result.returncode == 1
    assert result.stderr == f"sites.invalid: {sites}: 'sites' must list site keys\n"


def test_a_busy_port_is_said_before_the_database_is_touched(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()

        result = serve(tmp_path, BOT_PORT=str(busy.getsockname()[1]))

    assert result.returncode == 1
    assert "cannot be used on 127.0.0.1: Address already in use" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_private_fields_are_dropped_from_every_line() -> None:
    line = {"event": "message.answered", "ward": "hoa-binh", **{name: "bí mật" for name in NEVER_LOGGED}}

    assert drop_private(None, "info", line) == {"event": "message.answered", "ward": "hoa-binh"}


@pytest.mark.parametrize(
    ("hotlines", "expected"),
    [
        ([{"label": "Trực", "number": "0000 000 000"}, {"number": "1"}], "0000 000 000"),
        ([], None),
        (None, None),
        ([{"label": "Trực"}], None),
    ],
)
def test_the_hotline_of_a_ward_is_its_first_number(hotlines: object, expected: str | None) -> None:
    assert Ward.read({"slug": "a", "name": "phường A", "hotlines": hotlines}).hotline == expected
