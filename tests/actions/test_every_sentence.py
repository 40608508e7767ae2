"""
Every reply there is, filled in with the real domain.yml; and the shipped content through the very same sentences.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.phrasing.answer import phrase
from actions.phrasing.bubbles import MAX_CHARS, Phrased, fill, texts_of
from actions.phrasing.smalltalk import POPULAR
from knowledge import content as contents
from knowledge.content import Content
from knowledge.entries import Entry
from knowledge.faqs import Elsewhere
from knowledge.findings import finding
from knowledge.library import Library, PlanPart
from tests.actions import corpus
from tests.fakes.knowledge import answered

Texts = Mapping[str, str]
CONTENT = Path(__file__).parents[2] / "knowledge" / "content"
_LEFT_OVER = re.compile(r"\{\w+\}|\bNone\b|\bnull\b|· *·|· *$|\(\)|  |\n\n", re.MULTILINE)


def shown(phrased: Phrased, texts: Texts) -> Iterator[str]:
    for bubble in phrased.bubbles:
        yield from texts_of(bubble, texts)


def test_every_sentence_of_the_domain_is_said_somewhere_and_no_other(texts: Texts):
    said = {line.response for phrased in corpus.replies(texts) for line in corpus.lines(phrased)}
    said |= {title for _, title in POPULAR}  # filled in before they become options

    assert said == set(texts)


def test_no_placeholder_is_left_and_no_bubble_is_too_long(texts: Texts):
    for phrased in corpus.replies(texts):
        for text in shown(phrased, texts):
            assert text
            assert len(text) <= MAX_CHARS
            assert not _LEFT_OVER.search(text), text


def test_every_turn_closes_with_exactly_one_turn(texts: Texts):
    for phrased in corpus.replies(texts):
        assert [effect["kind"] for effect in phrased.effects].count("turn") == 1
        assert phrased.effects[-1]["kind"] == "turn"
        assert set(phrased.effects[-1]) == {"kind", "outcome", "entry_ids", "sources", "part"}


def test_buttons_fit_and_carry_only_what_the_gateway_lets_through(texts: Texts):
    payload = re.compile(r'/show_menu|/ask_officer|/choose\{"entry":"[\w./-]+"(?:,"part":"\w+")?\}')
    for phrased in corpus.replies(texts):
        for bubble in phrased.bubbles:
            assert len(bubble.buttons) <= 6
            assert all(payload.fullmatch(button.payload) for button in bubble.buttons)
            assert all(fill(button.title, texts) for button in bubble.buttons)


@pytest.fixture(scope="module")
def shipped() -> Content:
    return contents.read(CONTENT)


def records(content: Content, ward: str) -> Iterator[Any]:
    """
    Yield what a citizen of the ward can be answered from. The library is only asked for the parts of the ward's plan.
    """
    library = Library(content, None, None, date(2026, 11, 20))  # type: ignore[arg-type]
    yield from (stored.record for stored in library.entries(ward).values() if not isinstance(stored.record, Elsewhere))
    yield from library.parts(ward).values()


def findings(content: Content, ward: str) -> Iterator[dict[str, Any]]:
    place = content.wards[ward].record
    for record in records(content, ward):
        assert isinstance(record, Entry | PlanPart)
        yield finding(record, place, [])
        for case in getattr(record, "cases", []):
            yield finding(record, place, [], case)
        if hasattr(record, "papers"):
            for part in corpus.PARTS:
                yield finding(record, place, [part])


@pytest.mark.parametrize("ward", ["hoa-binh", "phuong-mau"])
def test_the_shipped_content_goes_through_every_sentence_cleanly(ward: str, shipped: Content, texts: Texts):
    place = shipped.wards[ward].record.model_dump(mode="json")
    count = 0
    for found in findings(shipped, ward):
        phrased = phrase({**answered(found), "ward": place})
        for text in shown(phrased, texts):
            assert len(text) <= MAX_CHARS
            assert not _LEFT_OVER.search(text), text
        count += 1
    assert count > 1500


def test_no_unverified_part_of_the_shipped_content_is_told(shipped: Content, texts: Texts):
    place = shipped.wards["hoa-binh"].record
    checked = 0
    for record in records(shipped, "hoa-binh"):
        for part, quoted in _doubtful(record):
            for asked in ([], [part]):
                phrased = phrase({**answered(finding(record, place, asked)), "ward": place.model_dump(mode="json")})
                assert quoted not in "\n".join(shown(phrased, texts)), f"{record.id}: {part}"
                checked += 1
    assert checked > 20


def _doubtful(record: Any) -> Iterator[tuple[str, str]]:
    """
    Yield (part, its text as a bubble would show it) for the parts that may not be told.
    """
    for part in getattr(record, "unverified", []):
        if part in ("fee", "time", "online") and getattr(getattr(record, part, None), "text", None):
            label = {"fee": "Lệ phí", "time": "Thời hạn", "online": "Nộp trực tuyến"}[part]
            yield part, f"{label}: {getattr(record, part).text}"
        if part == "papers":
            yield from (("papers", f"• {paper.text}") for paper in record.papers)
        if part == "conditions":
            yield from (("conditions", f"• {condition}") for condition in record.conditions)
