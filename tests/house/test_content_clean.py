"""
What a citizen is told holds no doubts of the researchers, no traces of where it was made, no letters in disguise.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.repository import ROOT, name

CONTENT = ROOT / "knowledge/content"
FILES = sorted(CONTENT.rglob("*.yml"))
# What citizens say is searched, never told; the rest is for staff.
NOT_TOLD = {"to_check", "unverified", "confidence", "questions", "aliases", "wordings", "abbreviations", "sayings"}
DOUBTS = re.compile(
    r"\b(unverified|likely|code_confidence|field_confidence|TBD|chưa xác minh)\b|\(sure\)", re.IGNORECASE
)
TRACES = re.compile(r"\.\./|\bshared/|\bfacts/|\bseeds/|\.docx\b|\.ya?ml\b", re.IGNORECASE)


def told(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """
    Yield (place, text) of every text that may reach a citizen.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in NOT_TOLD:
                yield from told(item, f"{place}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from told(item, f"{place}[{number}]")
    elif isinstance(value, str):
        yield place, value


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_that_is_told_holds_a_doubt_or_a_trace(path: Path):
    texts = list(told(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)))

    assert [one for one in texts if DOUBTS.search(one[1]) or TRACES.search(one[1])] == []


def test_no_content_file_points_to_where_it_was_made():
    assert [name(path) for path in FILES if "../shared" in path.read_text("utf-8")] == []


def test_every_content_file_is_composed_unicode_without_hidden_characters():
    bad = []
    for path in FILES:
        text = path.read_text("utf-8")
        if text != unicodedata.normalize("NFC", text) or re.search(r"[\u200b-\u200f\ufeff\u2060\ud800-\udfff]", text):
            bad.append(name(path))

    assert bad == []


def test_only_the_model_ward_has_invented_numbers():
    invented = re.compile(r"\b0000 000 00\d\b|\bphường Mẫu\b|\bexample\.(?:org|vn)\b")
    found = [name(path) for path in FILES if invented.search(path.read_text("utf-8"))]

    assert found
    assert [one for one in found if "/wards/phuong-mau/" not in one] == []


def test_the_model_ward_has_everything_filled_in():
    ward = yaml.safe_load((CONTENT / "wards/phuong-mau/ward.yml").read_text("utf-8"))

    assert [key for key, value in ward.items() if value in (None, [], "")] == []


@pytest.mark.parametrize("path", sorted(CONTENT.glob("wards/*/ward.yml")), ids=lambda path: path.parent.name)
def test_a_ward_tells_no_number_without_a_source(path: Path):
    ward = yaml.safe_load(path.read_text("utf-8"))

    assert ward["slug"] == path.parent.name
    if any(ward.get(key) for key in ("hotlines", "address", "hours")):
        assert ward["sources"]
