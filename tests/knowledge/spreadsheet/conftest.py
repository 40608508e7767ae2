from pathlib import Path

import pytest

from tests.knowledge.spreadsheet.workbook import Counter, Excel


@pytest.fixture
def counter(library_folder: Path, tmp_path: Path) -> Counter:
    """
    The small library as one of its wards sees it.
    """
    return Counter(library_folder, tmp_path / "history", "dong-mau")


@pytest.fixture
def excel(counter: Counter) -> Excel:
    return Excel(counter.export())
