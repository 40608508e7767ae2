"""
ARCHITECTURE.md's map names every module that there is, and none that is gone.
"""

import re

import pytest

from tests.house.repository import ROOT, files, name

PACKAGES = ("bot", "dialogue", "actions", "knowledge", "emulators", "tools")
_BLOCK = re.compile(r"^```\n(\w+)/ .*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"[\w./-]+")


def mapped(package: str) -> set[str]:
    """
    Return the paths that the map lists for a package. Of several names on one line, the later ones lie beside the first.
    """
    block = dict(_BLOCK.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8")))[package]
    found: set[str] = set()
    for line in block.splitlines():
        folder = ""
        for place, word in enumerate(line.split()):
            if not _WORD.fullmatch(word) or not (word.endswith("/") or re.search(r"\.(py|yml|html|js)$", word)):
                break
            if place == 0 and "/" in word.rstrip("/"):
                folder = word.rstrip("/").rsplit("/", 1)[0] + "/"
            found.add(f"{package}/{word if place == 0 else folder + word}")
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_is_on_the_map(package: str):
    listed = mapped(package)
    folders = tuple(path for path in listed if path.endswith("/"))
    modules = {name(path) for path in files() if path.suffix == ".py" and name(path).startswith(f"{package}/")}

    missing = {path for path in modules if path not in listed and not path.startswith(folders or ("\0",))}
    assert {path for path in missing if not path.endswith("__init__.py")} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_on_the_map_exists(package: str):
    assert {path for path in mapped(package) if not (ROOT / path).exists()} == set()
