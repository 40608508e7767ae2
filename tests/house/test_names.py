"""
Names that say something, files that hold one idea, and nothing that belongs to one machine.
"""

import re
import tomllib

import pytest

from tests.house.repository import ROOT, files, name, text_of

EMPTY_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py", "util.py", "helper.py"}
MOST_LINES = 400
LOCKS = {"uv.lock", "dialogue/uv.lock"}
# Put together here, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile("|".join(re.escape("/" + one) for one in ("work/", "root/", "home/", "Users/", "mnt/")))


def texts() -> list[tuple[str, str]]:
    return [(name(path), text) for path in files() if name(path) not in LOCKS and (text := text_of(path)) is not None]


def test_no_file_has_a_name_that_says_nothing():
    assert [name(path) for path in files() if path.name in EMPTY_NAMES] == []


def test_no_python_file_outside_the_tests_is_longer_than_one_idea():
    long = {
        name(path): lines
        for path in files()
        if path.suffix == ".py"
        and not name(path).startswith("tests/")
        and (lines := len((text_of(path) or "").splitlines())) > MOST_LINES
    }

    assert long == {}


def test_no_file_names_a_path_of_somebodys_machine():
    found = {
        (where, match[0])
        for where, text in texts()
        for match in MACHINE_PATHS.finditer(text)
        if _begins_a_path(text, match.start())
    }

    assert found == set()


def _begins_a_path(text: str, start: int) -> bool:
    # In the middle of a longer path, or of an address, it is a folder of that name and nobody's machine.
    return start == 0 or not re.match(r"[\w.}>)\]/-]", text[start - 1])


def test_only_the_locks_name_a_package_registry():
    hosts = {match for lock in LOCKS for match in re.findall(r"https?://([\w.-]+)", (ROOT / lock).read_text("utf-8"))}
    hosts |= {"test." + host for host in hosts} | {
        "registry" + ".npmjs.org",
        "download" + ".pytorch.org",
        "index" + ".docker.io",
    }

    assert len(hosts) > 3
    assert {
        (where, host) for where, text in texts() for host in hosts if re.search(rf"(?<![\w.-]){re.escape(host)}", text)
    } == set()


def test_the_locks_are_those_of_the_public_registry():
    for lock in LOCKS:
        registries = {
            package["source"].get("registry") for package in tomllib.loads((ROOT / lock).read_text("utf-8"))["package"]
        }
        assert {one for one in registries if one} == {"https://" + "pypi" + ".org/simple"}, lock


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_to_do_without_a_ticket(word: str):
    found = [
        where
        for where, text in texts()
        if where.endswith((".py", ".js", ".md"))
        and where != "tests/house/test_names.py"
        and re.search(rf"\b{word}\b", text)
    ]

    assert found == []


def test_no_secret_file_is_in_the_repository():
    assert [name(path) for path in files() if path.name == ".env" or path.suffix in {".pem", ".key"}] == []
