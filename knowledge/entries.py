"""
What every kind of entry has in common, whatever file it stands in.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Confidence = Literal["sure", "likely", "unverified"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]


def _iso_month_or_day(value: str) -> str:
    date.fromisoformat(value if len(value) == 10 else f"{value}-01")
    return value


IsoDate = Annotated[str, AfterValidator(_iso_month_or_day)]


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
        if self.valid_until is None:
            return False
        return today.isoformat()[: len(self.valid_until)] > self.valid_until
