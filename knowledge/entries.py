"""
What every kind of entry has in common, whatever file it stands in.
"""

from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

VIET_NAM = timezone(timedelta(hours=7))  # no daylight saving since 1975
Confidence = Literal["sure", "likely", "unverified"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]


def _iso_month_or_day(value: str) -> str:
    date.fromisoformat(value if len(value) == 10 else f"{value}-01")
    return value


IsoDate = Annotated[str, AfterValidator(_iso_month_or_day)]


def today() -> date:
    """
    Return the day that it is in Viet Nam, wherever the server stands.
    """
    return datetime.now(VIET_NAM).date()


def past(last_day: str | None, today: date) -> bool:
    """
    Tell whether a last day or month is over.
    """
    return last_day is not None and today.isoformat()[: len(last_day)] > last_day


class Record(BaseModel):
    """
    A part of a content file: unknown fields are mistakes, values do not change once read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Case(Record):
    """
    A special situation of an entry that people ask about, with its own short answer.
    """

    about: Text
    questions: list[Text] = Field(default_factory=list)
    text: Text


class Apart(Record):
    """
    Another entry that people's words fit as well ("mất giấy khai sinh"), and the question that tells the two apart.

    The question names the other entry's side first. It is not asked when one of `words` was said; `this_when` and
    `other_when` are what people answer when they mean this entry or the other, looked for in that order.
    """

    other: Slug
    question: Text
    words: list[Text] = Field(min_length=1)
    this_when: list[Text] = Field(default_factory=list)
    other_when: list[Text] = Field(default_factory=list)


class Entry(Record):
    """
    The fields of every entry that can be an answer.

    `unverified` names the parts whose text has not been confirmed: they are shown to staff, never told as fact.
    `to_check` holds statements for staff only.
    """

    id: Slug
    title: Text
    aliases: list[Text] = Field(default_factory=list)
    family: Slug | None = None
    variant: Text | None = None
    told_apart: list[Apart] = Field(default_factory=list)
    questions: list[Text] = Field(default_factory=list)
    unverified: list[str] = Field(default_factory=list)
    to_check: list[Text] = Field(default_factory=list)
    legal_basis: list[Text] = Field(default_factory=list)
    sources: list[Text] = Field(default_factory=list)
    as_of: IsoDate
    confidence: Confidence = "likely"
    review_by: IsoDate | None = None
    valid_until: IsoDate | None = None

    def expired(self, today: date) -> bool:
        """
        Tell whether the entry may no longer be answered from.
        """
        return past(self.valid_until, today)
