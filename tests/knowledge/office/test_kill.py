"""
A process is killed while it saves: the file is whole, and what it says is the last version.
"""

import random
import subprocess
import sys
import time

import pytest

from knowledge import content as contents
from knowledge.office.catalogue import Catalogue
from knowledge.office.history import History
from knowledge.office.records import Key
from knowledge.office.store import Store

KILLS = 8
KEY = Key("procedure", "ket-hon", "")
SAVING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from knowledge import content as contents
from knowledge.office.catalogue import Catalogue
from knowledge.office.history import History
from knowledge.office.records import Key
from knowledge.office.store import ANY, Change, Store

root, key = Path(sys.argv[1]), Key("procedure", "ket-hon", "")
places = Catalogue(contents.read(root)).places
store = Store(root, History(Path(sys.argv[2])))
entry = store.read(places, key).standing.entry
print("saving", flush=True)
for number in range(100_000):
    changes = [Change(key, {**entry, "place": f"Quầy {number} " + "dài " * 200}, ANY)]
    store.save(places, changes, by="x", note="", now=datetime.now(UTC))
"""


@pytest.mark.services
def test_whenever_it_is_killed_nothing_is_half_written(library_folder, tmp_path):
    chance = random.Random(3)
    before = Catalogue(contents.read(library_folder)).places
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVING, str(library_folder), str(tmp_path / "history")], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"saving\n"
        time.sleep(chance.uniform(0.01, 0.3))  # the moment of the kill is what is tried
        process.kill()
        process.wait()
        process.stdout.close()

        content = contents.read(library_folder)
        read = Store(library_folder, History(tmp_path / "history")).read(Catalogue(content).places, KEY)
        history = History(tmp_path / "history").of(KEY)
        assert read.version == history[-1]
        assert read.standing.entry == history[-1].entry
        assert [one.version for one in history] == list(range(1, len(history) + 1))
        assert content.for_ward("tay-mau").keys() == {
            key.id for key in before.stored if key.ward == "" and key.kind != "ward"
        } | {stored.record.id for stored in content.entries if stored.kind == "elsewhere"}
    assert len(history) > KILLS
