"""
The import rules of ARCHITECTURE.md hold, and the tool that checks them does see a broken one.
"""

import subprocess
import sys
from pathlib import Path

from tests.house.repository import ROOT

LINT = str(Path(sys.executable).with_name("lint-imports"))
BROKEN = """
[tool.importlinter]
root_packages = ["bot"]

[[tool.importlinter.contracts]]
name = "The gateway has no database"
type = "forbidden"
source_modules = ["bot.app"]
forbidden_modules = ["bot.database"]
"""


def lint(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", *options], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def test_nothing_imports_what_it_may_not():
    done = lint()

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_broken_rule_is_seen(tmp_path: Path):
    rules = tmp_path / "pyproject.toml"
    rules.write_text(BROKEN, encoding="utf-8")

    done = lint("--config", str(rules))

    assert done.returncode == 1
    assert "The gateway has no database BROKEN" in done.stdout
