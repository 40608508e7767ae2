"""
What the documents tell a reader to type exists; what they link to is there.
"""

import importlib.util
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.house.repository import ROOT, code_lines, documents, files, name, text_of

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TOP = ("actions", "bench", "bot", "dialogue", "docker", "docs", "emulators", "knowledge", "tests", "tools", ".ci")
# The ward that the examples invent; its folder exists only once a reader has made it.
INVENTED = ("dong-mau", "wards/hoa-binh/faqs/gui-xe.yml")
# Files that a reader is told to write, or that a program makes.
_PLACEHOLDER = re.compile(r"[<>*{}…]")
_MAKE = re.compile(r"(?:^|[\s;(])make((?: -\w+)*)((?: [a-z][a-z-]*)*)((?: [A-Z_]+=(?:\"[^\"]*\"|\S+))*)")
_PYTHON = re.compile(r"python[\d.]* -m ([\w.]+)([^|&;`]*)")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_PATH = re.compile(rf"(?<![\w/.<-])((?:{'|'.join(map(re.escape, TOP))})/[\w./<>*{{}}…-]*\w)")


def commands() -> list[tuple[str, str]]:
    """
    Return (document, line of code) of every document.
    """
    return [(name(path), line) for path in documents() for line in code_lines(path.read_text("utf-8"))]


def modules() -> list[tuple[str, str, str]]:
    found = {(match[1], match[2].split("#")[0]) for _, line in commands() for match in _PYTHON.finditer(line)}
    return sorted((module, *_command_and_rest(rest)) for module, rest in found)


def _command_and_rest(rest: str) -> tuple[str, str]:
    """
    Return the command with its subcommand ("switch off"), and everything after the module.
    """
    command = re.match(r" *((?:[a-z]+(?:-[a-z]+)*(?: [a-z]+)?)?)(?= |$)", rest)
    return command[1] if command else "", rest


@cache
def help_of(module: str, command: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", module, *command.split(), "--help"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
    named = {
        (document, target)
        for document, line in commands()
        for match in _MAKE.finditer(line)
        for target in match[2].split()
    }

    assert {target for _, target in named} >= {"run", "test", "ask"}
    assert {one for one in named if one[1] not in targets} == set()


def test_every_variable_given_to_make_is_one_it_reads():
    given = {
        variable
        for _, line in commands()
        for match in _MAKE.finditer(line)
        for variable in re.findall(r"([A-Z_]+)=", match[3])
    }

    assert {variable for variable in given if f"$({variable})" not in MAKEFILE} == set()


@pytest.mark.parametrize(("module", "command", "rest"), modules())
def test_every_python_command_that_is_named_exists(module: str, command: str, rest: str):
    place = ROOT / module.replace(".", "/")
    ours = (place / "__main__.py") if place.is_dir() else place.with_suffix(".py")
    if not ours.exists():
        assert module.split(".")[0] not in TOP, f"there is no {module}"
        assert importlib.util.find_spec(module.split(".")[0]) is not None
        return
    if "argparse" not in ours.read_text("utf-8"):
        return

    done = help_of(module, command)

    assert done.returncode == 0, done.stderr
    for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", rest):
        assert option in done.stdout


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_link_leads_to_a_file(document: Path):
    lost = []
    for match in _LINK.finditer(document.read_text("utf-8")):
        target = (match[1] or match[2]).split("#")[0]
        if target and not re.match(r"[a-z]+:", target) and not (document.parent / target).exists():
            lost.append(target)

    assert lost == []


@pytest.mark.parametrize("document", documents(), ids=name)
def test_every_path_that_is_named_exists(document: Path):
    lost = []
    for line in code_lines(document.read_text("utf-8")):
        for path in _PATH.findall(line):
            example = any(part in path for part in INVENTED) or path.startswith("tests/bot/channels/")
            if not example and not _PLACEHOLDER.search(path) and not (ROOT / path).exists():
                lost.append(path)

    assert lost == []


def test_every_document_that_the_code_sends_a_reader_to_exists():
    lost = set()
    for path in files():
        if path.suffix in {".py", ".yml", ".toml", ".js", ""} and not name(path).startswith("tests/house/"):
            for target in re.findall(r"(?<![\w/.])((?:docs|dialogue)/[\w/.-]+\.md)", text_of(path) or ""):
                if not (ROOT / target).exists():
                    lost.add(f"{name(path)} → {target}")

    assert lost == set()


@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_the_first_screen_holds_the_two_commands(readme: str):
    first = "\n".join((ROOT / readme).read_text("utf-8").splitlines()[:40])

    assert [
        word for word in ("make run", "make test", "make ask", "docs/images/conversation.png") if word not in first
    ] == []


def test_the_word_list_has_every_noun_that_the_code_has_as_a_class():
    words = set(re.findall(r"^\| ([A-Z]\w+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    vietnamese = set(re.findall(r"^\| ([A-Z]\w+) \|", (ROOT / "README.vi.md").read_text("utf-8"), re.MULTILINE))

    assert {
        "Ward",
        "Citizen",
        "Channel",
        "InboundMessage",
        "Reply",
        "Effect",
        "Delivery",
        "Ticket",
        "Procedure",
        "Plan",
        "Faq",
        "Answer",
    } <= words
    assert vietnamese <= words
