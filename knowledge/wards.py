"""
The ward itself: its name, former names, and how to reach it.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from knowledge.entries import IsoDate, Record, Slug, Text

_CLOCK = re.compile(r"([01]?\d|2[0-3])(?::|h|giờ)([0-5]\d)?")


def _clock(value: object) -> object:
    """
    Return a time of day as "07:30". YAML reads a bare 13:30 as the number of its minutes, 810.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value // 60:02}:{value % 60:02}"
    match = _CLOCK.fullmatch("".join(value.split())) if isinstance(value, str) else None
    return f"{int(match[1]):02}:{match[2] or '00'}" if match else value


def _is_clock(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise PydanticCustomError("time_of_day", "not a time of day")
    return value


Clock = Annotated[str, BeforeValidator(_clock), AfterValidator(_is_clock)]


class Hotline(Record):
    label: Text
    number: Text


class DeskHours(Record):
    """
    One stretch of a weekday in which officers answer citizens; a day with a break at noon has two.
    """

    day: Literal["thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"]
    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> "DeskHours":
        if self.closes <= self.opens:
            raise PydanticCustomError("closes_too_early", "closes before it opens")
        return self


# First words of the gateway's own addresses: a ward of that name could not be reached at /{slug}.
RESERVED = frozenset({"admin", "api", "connect", "embed", "healthz", "hook", "l", "static", "thong-bao"})


def _is_free(slug: str) -> str:
    if slug in RESERVED:
        raise PydanticCustomError("slug_reserved", "an address of the gateway")
    return slug


class Ward(Record):
    """
    What no source gives stays empty: the assistant then says that the ward has not entered it yet.
    """

    slug: Annotated[Slug, AfterValidator(_is_free)]
    name: Text
    unit: Literal["phường", "xã", "đặc khu"]
    province: Text
    former_names: list[Text] = Field(default_factory=list)
    former_district: Text | None = None
    address: Text | None = None
    hours: Text | None = None
    hotlines: list[Hotline] = Field(default_factory=list)
    desk: Text = "Trung tâm Phục vụ hành chính công"
    desk_hours: list[DeskHours] = Field(default_factory=list)
    desk_closed: list[IsoDate] = Field(default_factory=list)
    map_link: Text | None = None
    website: Text | None = None
    facebook: Text | None = None
    zalo: Text | None = None
    neighbourhood_word: Text = "khu phố"
    neighbourhoods: list[Text] = Field(default_factory=list)
    as_of: IsoDate
    sources: list[Text] = Field(default_factory=list)
