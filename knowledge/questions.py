"""
Files of questions with what they should find: tab-separated id, question, expected, aspect, style and optionally ward.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import QuestionsError

OUT_OF_SCOPE = "OOS"
COLUMNS = ("id", "question", "expected", "aspect", "style", "ward")


@dataclass(frozen=True)
class Asked:
    """
    `turns` are the turns of one conversation; only the last counts. `expected` is empty for out of scope.
    """

    id: str
    turns: tuple[str, ...]
    expected: frozenset[str]
    aspect: str
    style: str
    ward: str

    @property
    def inside(self) -> bool:
        return bool(self.expected)


def read(path: Path, ward: str) -> list[Asked]:
    """
    Read a file of questions; a first line with the column names, blank lines and lines that begin with # are passed over.

    Raises:
        QuestionsError: with file and line of the first line that cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{path} cannot be read: {error}") from error
    return list(_rows(path, text, ward))


def _rows(path: Path, text: str, ward: str) -> Iterator[Asked]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#") or (number == 1 and line.lower().startswith("id\tquestion")):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) < 3:
            raise QuestionsError(
                f"{path}:{number}: {len(cells)} columns, at least 3 are needed ({', '.join(COLUMNS)}), separated by tabs"
            )
        id, question, expected, aspect, style, own_ward = (cells + [""] * 6)[:6]
        turns = tuple(turn.strip() for turn in question.split("||") if turn.strip())
        if not turns or not expected:
            raise QuestionsError(
                f"{path}:{number}: question and expected must not be empty (write {OUT_OF_SCOPE} for out of scope)"
            )
        wanted = (
            frozenset()
            if expected == OUT_OF_SCOPE
            else frozenset(part.strip() for part in expected.split("|") if part.strip())
        )
        yield Asked(id, turns, wanted, aspect, style or "-", own_ward or ward)
