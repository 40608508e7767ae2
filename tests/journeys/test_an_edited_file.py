"""
Staff edit a content file by hand; the chat answers with the new text in seconds, or keeps the old one.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Meet
from tools.town import Town, get

pytestmark = [pytest.mark.rasa, pytest.mark.services]

SEEN_WITHIN_SECONDS = 5.0
PATIENCE_SECONDS = 30.0
FAQ = "wards/phuong-mau/faqs/rieng-cua-phuong.yml"
PARKING = "ra phường để xe máy chỗ nào"
OLD_PARKING = "trong sân trụ sở"
NEW_PARKING = ("sau lưng hội trường Khu phố 2", "cạnh cổng chợ Mẫu")
MARRIAGE = "common/procedures/ho-tich-ket-hon.yml"
NEW_FEE = "Hoàn toàn miễn lệ phí cho công dân"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(content: Path, town: Town) -> Iterator[Edit]:
    """
    edit(file, old, new) as in an editor; every file is put back at the end of the test.
    """
    before: dict[Path, bytes] = {}

    def replace(name: str, old: str, new: str) -> None:
        path = content / name
        text = path.read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} does not stand in {name}"
        before.setdefault(path, path.read_bytes())
        path.write_text(text.replace(old, new, 1), "utf-8")

    yield replace
    for path, raw in before.items():
        path.write_bytes(raw)
    again = urllib.request.Request(f"{town.knowledge_url}/rebuild", method="POST")
    with urllib.request.urlopen(again, timeout=PATIENCE_SECONDS):
        pass  # taken in: the next test finds the content as it was


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS:g} s: {what}"
        time.sleep(0.1)


def health(town: Town) -> dict[str, Any]:
    body = get(f"{town.knowledge_url}/healthz")
    assert body is not None
    found: dict[str, Any] = json.loads(body)
    return found


async def seconds_until_shown(meet: Meet, town: Town, entry: str, text: str) -> float:
    """
    Wait for the new text of an entry, let a new citizen of phuong-mau ask for it, and return how long both took.
    """
    began = time.monotonic()
    # Asking Rasa all the time would slow down what is being waited for.
    address = f"{town.knowledge_url}/entries/{entry}?ward=phuong-mau"
    wait_until(lambda: text in (get(address) or b"").decode(), f"knowledge has the new text of {entry}")
    async with meet("phuong-mau") as citizen:
        button = await citizen.say("Xem", payload=f'/choose{{"entry":"{entry}"}}')
        answer = await citizen.answer(button)
    assert text in answer.text
    return time.monotonic() - began


async def test_an_edited_faq_of_the_ward_is_answered_with_its_new_text_in_seconds(meet: Meet, edit: Edit, town: Town):
    async with meet("phuong-mau") as citizen:
        before = await citizen.ask(PARKING)

    took = []
    for old, new in pairwise([OLD_PARKING, *NEW_PARKING]):
        edit(FAQ, old, new)
        took.append(await seconds_until_shown(meet, town, "faq-phuong-mau-gui-xe", new))

    assert OLD_PARKING in before.text
    # Alone on the machine it takes 2 s (2026-11-20); the better of two, because the machine may be busy with others.
    assert min(took) < SEEN_WITHIN_SECONDS


async def test_an_edited_fee_of_a_procedure_is_answered_with_its_new_text(meet: Meet, edit: Edit, town: Town):
    edit(MARRIAGE, "Miễn lệ phí cho công dân", NEW_FEE)

    assert await seconds_until_shown(meet, town, "ket-hon", NEW_FEE) < PATIENCE_SECONDS


async def test_a_broken_file_leaves_the_old_answer_and_health_names_file_and_line(meet: Meet, edit: Edit, town: Town):
    edit(FAQ, "answer: >-", "anwser: >-")

    wait_until(lambda: bool(health(town)["mistakes"]), "the mistake is noticed")
    async with meet("phuong-mau") as citizen:
        answer = await citizen.ask(PARKING)

    assert OLD_PARKING in answer.text
    mistakes = " ".join(health(town)["mistakes"])
    assert "rieng-cua-phuong.yml:" in mistakes
    assert "anwser" in mistakes
