"""
Whatever cells somebody edits: these fields change, and no other; and what was written comes back without a change.
"""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge import content as contents
from knowledge.office.catalogue import Catalogue
from knowledge.office.store import Store
from knowledge.spreadsheet.columns import KINDS, main
from tests.knowledge.spreadsheet.workbook import Counter, Excel, quiet

WORDS = (
    "Quầy số 2",
    "Hai ngày",
    "=1+1 không phải công thức",
    "Căn cước",
    "- gạch đầu dòng",
    "Nghị định 1/2026/NĐ-CP",
    "không",
)


def edit(excel: Excel, chance: random.Random, how_many: int) -> set[tuple[str, str]]:
    """
    Edit cells of shared and own entries at random; return (id, field) of each.
    """
    edited: set[tuple[str, str]] = set()
    while len(edited) < how_many:
        sheet = main(chance.choice(KINDS))
        page = excel[sheet.name]
        column = chance.choice(
            [one for one in sheet.columns if one.form in ("long", "lines", "date", "choice") and one.name]
        )
        row = chance.randint(2, page.max_row)
        cell, id = page.cell(row, excel.column(sheet.name, column.header)), page.cell(row, 1).value
        needs = column.name.partition(".")[0] if "." in column.name else ""
        if (id, column.name) in edited or (needs and not cell.value):
            continue
        if column.form == "date":
            new = f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/{chance.randint(2027, 2030)}"
        elif column.choices:
            new = chance.choice([label for _, label in column.choices])
        else:
            new = " ".join(chance.sample(WORDS, 2)) + ("\n" + chance.choice(WORDS) if column.form == "lines" else "")
        if new != cell.value:
            cell.value = new
            cell.data_type = "s"
            edited.add((id, column.name))
    return edited


@pytest.mark.parametrize("seed", range(8))
def test_only_the_cells_that_were_edited_change(library_folder: Path, tmp_path: Path, seed: int):
    counter = Counter(library_folder, tmp_path / "history", "dong-mau" if seed % 2 else "")
    excel = Excel(counter.export())
    edited = edit(excel, random.Random(seed), 12)
    before = counter.attempt(excel.save())
    assert before.mistakes == []
    assert {(one["id"], one["field"]) for one in before.changed} == edited

    store = Store(library_folder, counter.history)
    store.save(counter.catalogue.places, before.changes, by="Biên tập viên", note="", now=datetime.now(UTC))
    counter.catalogue = Catalogue(contents.read(library_folder))

    assert quiet(counter.attempt(excel.save()))
    assert quiet(counter.attempt(counter.export()))
    assert counter.catalogue.content.entries
