"""
docs/settings.md lists every setting of every program, with the default that the code has.
"""

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from actions import settings as actions_settings
from bot import settings as bot_settings
from knowledge import settings as knowledge_settings
from tests.house.repository import ROOT

_ROW = re.compile(r"^\| `(\w+)` \| (`[^`]*`|\(empty\)) \| (.+) \|$", re.MULTILINE)


def documented(section: str) -> dict[str, str]:
    """
    Return name → default of one section of the page.
    """
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    parts = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    rows = _ROW.findall(parts[section])
    assert len(rows) == parts[section].count("\n| `"), f"a row of {section} is not | `NAME` | `default` | meaning |"
    return {name: "" if default == "(empty)" else default.strip("`") for name, default, _ in rows}


def read_actions(environment: Mapping[str, str]) -> Any:
    return actions_settings.from_environment(environment)


PROGRAMS = [
    pytest.param("bot", "BOT_", bot_settings.Settings, bot_settings.read, id="bot"),
    pytest.param("knowledge", "KNOWLEDGE_", knowledge_settings.Settings, knowledge_settings.read, id="knowledge"),
    pytest.param("actions", "ACTIONS_", actions_settings.Settings, read_actions, id="actions"),
]


@pytest.fixture(autouse=True)
def _in_the_root(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize(("section", "prefix", "settings", "_read"), PROGRAMS)
def test_every_setting_is_documented_and_no_other(section: str, prefix: str, settings: Any, _read: Any):
    assert set(documented(section)) == {prefix + field.name.upper() for field in fields(settings)}


@pytest.mark.parametrize(("section", "prefix", "settings", "read"), PROGRAMS)
def test_the_defaults_on_the_page_are_those_of_the_code(section: str, prefix: str, settings: Any, read: Any):
    silent, told = read({}), read(documented(section))

    for field in fields(settings):
        default, written = getattr(silent, field.name), getattr(told, field.name)
        if isinstance(default, Path):
            default, written = default.resolve(), written.resolve()
        assert written == default, prefix + field.name.upper()


def test_a_default_that_follows_the_port_does_follow_it():
    moved = bot_settings.read({"BOT_PORT": "9080"})

    assert [moved.rasa_url, moved.actions_url, moved.knowledge_url] == [
        f"http://127.0.0.1:{port}" for port in (9081, 9082, 9083)
    ]


def test_what_rasa_reads_is_documented_with_its_defaults():
    spec = importlib.util.spec_from_file_location("rasa_slim", ROOT / "dialogue/rasa_slim.py")
    assert spec is not None
    assert spec.loader is not None
    slim = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(slim)
    endpoints = (ROOT / "dialogue/endpoints.yml").read_text("utf-8")
    read = {name for name in re.findall(r"^[^#]*\$\{(\w+)\}", endpoints, re.MULTILINE)}

    assert documented("dialogue (Rasa)") == slim.DEFAULTS
    assert read <= set(slim.DEFAULTS)


def test_what_make_takes_is_documented():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    taken = dict(re.findall(r"^(\w+) \?= (.*)$", makefile, re.MULTILINE))
    expected = {name: "" if "$" in value else value for name, value in taken.items()}

    assert documented("make") == expected


def test_what_compose_alone_reads_is_documented():
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    read = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", compose))
    elsewhere = {name for section in ("bot", "knowledge", "actions", "dialogue (Rasa)") for name in documented(section)}

    assert documented("docker compose") == {name: value for name, value in read.items() if name not in elsewhere}
    for section in ("bot", "knowledge", "actions", "dialogue (Rasa)"):
        shared = {name: value for name, value in documented(section).items() if name in read}
        assert shared == {name: read[name] for name in shared}
