"""
Procedures (thủ tục hành chính): what to bring, what it costs, how long it takes, where to hand it in.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from knowledge.entries import Case, Entry, Record, Text

NationalCode = Annotated[str, StringConstraints(pattern=r"^\d\.\d{6}(?:\.[0-9A-Za-z.]+)?$")]
ProcedurePart = Literal[
    "fee",
    "time",
    "papers",
    "place",
    "online",
    "conditions",
    "notes",
    "result",
    "applicants",
    "authority",
    "basis",
    "post",
]


class Paper(Record):
    text: Text
    form: Text | None = None
    copies: Text | None = None
    when: Text | None = None


class Fee(Record):
    """
    `dong` is the amount in đồng, and only set when one amount holds everywhere; 0 is free of charge.
    """

    text: Text
    dong: Annotated[int, Field(ge=0, strict=True)] | None = None
    exemptions: list[Text] = Field(default_factory=list)


class Time(Record):
    """
    `working_days` is only set when the source counts working days.
    """

    text: Text
    working_days: float | None = Field(default=None, ge=0)


class Online(Record):
    """
    `full` toàn trình, `partial` một phần, `yes` nhận trực tuyến nhưng chưa rõ mức, `no` không.
    """

    level: Literal["full", "partial", "yes", "no"]
    text: Text | None = None


class Procedure(Entry):
    code: NationalCode | None = None
    old_codes: list[NationalCode] = Field(default_factory=list)
    field: Text = ""
    official_title: Text | None = None
    summary: Text
    applicants: Text | None = None
    papers: list[Paper] = Field(default_factory=list)
    papers_note: Text | None = None
    fee: Fee | None = None
    time: Time | None = None
    place: Text | None = None
    authority: Text | None = None
    online: Online | None = None
    post: bool | None = None
    conditions: list[Text] = Field(default_factory=list)
    result: Text | None = None
    notes: list[Text] = Field(default_factory=list)
    cases: list[Case] = Field(default_factory=list)
    unverified: list[ProcedurePart] = Field(default_factory=list)  # type: ignore[assignment]

    @property
    def keys(self) -> list[str]:
        """
        Every id this procedure answers to: its slug first, then its national codes.
        """
        return [self.id, *([self.code] if self.code else []), *self.old_codes]
