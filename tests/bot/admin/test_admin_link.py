"""
python -m bot admin-link, as the person at the server runs it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

from bot.admin import links, officers
from bot.database import Database
from tests.bot.gateway import ROOT

LINK = re.compile(r"^  (http\S+)/admin/setup/(\S{43})$", re.MULTILINE)


def run(database: Database, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    url = database.url.render_as_string(hide_password=False)
    return subprocess.run(
        [sys.executable, "-m", "bot", "admin-link", *arguments],
        cwd=ROOT, env={**clean, "BOT_DATABASE": url, **environment}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_prints_a_link_as_long_as_there_is_no_officer(database: Database):
    done = run(database, BOT_PORT="9080")

    assert done.returncode == 0, done.stderr
    found = LINK.search(done.stdout)
    assert found is not None
    assert found[1] == "http://127.0.0.1:9080"
    with database.engine.begin() as connection:
        link = links.find(connection, found[2], now=time.time())
        assert link == links.Link("first", None)
        officers.create(connection, login="quantri", name="Quản trị", roles=[("*", "admin")], now=1.0)
    again = run(database)
    assert again.returncode == 1
    assert "there are officers already" in again.stderr
    assert not LINK.search(again.stdout)


def test_it_makes_a_new_password_for_an_officer_who_is_locked_out(database: Database):
    with database.engine.begin() as connection:
        officers.create(connection, login="quantri", name="Quản trị", roles=[("*", "admin")], now=1.0)

    done = run(database, "--login", "QuanTri", BOT_PUBLIC_URL="https://motcua.example.org")

    found = LINK.search(done.stdout)
    assert found is not None
    assert found[1] == "https://motcua.example.org"
    assert run(database, "--login", "nobody").returncode == 1
