"""
What the house tests read: the repository's own files, and the commands in its documents.
"""

import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", ".tools", "var", "node_modules", "__pycache__"}
_FENCE = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


@cache
def files() -> tuple[Path, ...]:
    """
    Return every file that is in the repository or would be, as git sees it; all of ours where there is no git.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
        found = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted({path for path in found if path.is_file()}))


def documents() -> list[Path]:
    """
    Return every Markdown file.
    """
    return [path for path in files() if path.suffix == ".md"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str | None:
    """
    Return a file's text, or None when it is not text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def code_lines(markdown: str) -> list[str]:
    """
    Return what stands in code: the lines of fenced blocks, joined where a backslash continues them, and inline code.
    """
    fenced = "\n".join(block for _, block in _FENCE.findall(markdown)).replace("\\\n", " ")
    return [*fenced.splitlines(), *_INLINE.findall(_FENCE.sub("", markdown))]
