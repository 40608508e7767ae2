"""
A draft written as a YAML file, for who works on the console: its fields, checked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.announcements.announcement import Announcement, Audience, Kind, Link, Outlet, Repeat
from bot.announcements.topics import TOPICS
from bot.errors import RequestError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\n]+$")]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s/]+\S*$", max_length=2000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LinkFields(_Strict):
    title: Line
    url: Address


class DraftFields(_Strict):
    """
    Fields of the file; times with their zone, "2026-11-25T07:30:00+07:00".
    """

    ward: Line
    title: Line
    text: Text
    wards: list[Line] = Field(default_factory=list)
    kind: Kind = "normal"
    key_line: str = ""
    link: LinkFields | None = None
    button: LinkFields | None = None
    topic: str | None = None
    outlets: list[Outlet] = Field(default_factory=list)
    neighbourhoods: list[Line] = Field(default_factory=list)
    topics: list[Line] = Field(default_factory=list)
    channels: list[Line] = Field(default_factory=list)
    tasks: list[Line] = Field(default_factory=list)
    send_at: AwareDatetime | None = None
    repeat: Repeat | None = None
    repeat_until: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    happens_at: AwareDatetime | None = None


def read(path: Path) -> Announcement:
    """
    Return the announcement of a file, with the id 0.

    Raises:
        RequestError: 422 "announcement.invalid", with every wrong field named; "file" when it cannot be read at all.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = DraftFields.model_validate(values)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _wrong({"file": f"{path.name} cannot be read: {type(error).__name__}"}) from error
    except ValidationError as error:
        wrong = {".".join(map(str, one["loc"])) or "file": one["msg"] for one in error.errors(include_input=False)}
        raise _wrong(wrong) from None
    unknown = [one for one in (found.topic, *found.topics) if one and one not in TOPICS]
    if unknown:
        raise _wrong({"topic": f"must be one of {', '.join(TOPICS)}"})
    times: dict[str, Any] = {
        name: moment.timestamp() if (moment := getattr(found, name)) is not None else None
        for name in ("send_at", "repeat_until", "valid_until", "happens_at")
    }
    return Announcement(
        0, found.ward, tuple(dict.fromkeys((found.ward, *found.wards))), found.kind, found.title, found.text,
        key_line=found.key_line.strip(), link=_link(found.link), button=_link(found.button), topic=found.topic,
        outlets=tuple(dict.fromkeys(found.outlets)), tasks=tuple(found.tasks), repeat=found.repeat,
        audience=Audience(tuple(found.neighbourhoods), tuple(found.topics), tuple(found.channels)), **times,
    )  # fmt: skip


def _link(fields: LinkFields | None) -> Link | None:
    return None if fields is None else Link(fields.title, fields.url)


def _wrong(fields: dict[str, str]) -> RequestError:
    return RequestError(422, "announcement.invalid", "the draft cannot be used", fields=fields)
