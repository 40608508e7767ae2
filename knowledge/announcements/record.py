"""
One announcement as the gateway sends it, and the finding that is made of it.
"""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import Field

from knowledge.entries import VIET_NAM, Record, Slug, Text

PREFIX = "announcement/"


class Announced(Record):
    """
    An approved text that is published. Times are seconds since 1970. `links`: ward → the page where it stands in full.
    `digest` is the sender's own, given back to it to compare with.
    """

    id: int = Field(gt=0)
    wards: list[Slug] = Field(min_length=1)
    title: Text
    text: Text
    key_line: str = ""
    topic: str | None = None
    links: dict[str, str] = Field(default_factory=dict)
    published_at: float
    valid_until: float
    happens_at: float | None = None
    digest: str = ""

    @property
    def entry_id(self) -> str:
        return f"{PREFIX}{self.id}"

    @property
    def published_on(self) -> date:
        return day_of(self.published_at)

    @property
    def happens_on(self) -> date | None:
        return None if self.happens_at is None else day_of(self.happens_at)

    def valid(self, now: float) -> bool:
        return now < self.valid_until


def day_of(moment: float) -> date:
    """
    Return the day that it was in Viet Nam.
    """
    return datetime.fromtimestamp(moment, UTC).astimezone(VIET_NAM).date()


def finding(found: Announced, ward: str) -> dict[str, Any]:
    """
    Return the JSON of one finding (see docs/api.md): the announcement's own words, nothing added.
    """
    return {
        "entry": {
            "id": found.entry_id, "ids": [found.entry_id], "kind": "announcement", "title": found.title, "code": None,
        },
        "part": "summary", "parts": [], "case": None,
        "content": {
            "text": found.text, "key_line": found.key_line, "link": found.links.get(ward),
            "published_on": found.published_on.isoformat(), "valid_until": day_of(found.valid_until).isoformat(),
        },
        "unverified": [],
        "source": {"legal_basis": [], "sources": [], "as_of": found.published_on.isoformat(), "confidence": "sure"},
    }  # fmt: skip


def option(found: Announced) -> dict[str, Any]:
    """
    Return the choice under which it is offered among others.
    """
    day = found.published_on
    title = f"{found.title} (thông báo ngày {day.day}/{day.month})"
    return {"id": found.entry_id, "ids": [found.entry_id], "title": title, "part": None}
