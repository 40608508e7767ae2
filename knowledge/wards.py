"""
The ward itself: its name, former names, and how to reach it.
"""

from typing import Literal

from pydantic import Field

from knowledge.entries import IsoDate, Record, Slug, Text


class Hotline(Record):
    label: Text
    number: Text


class Ward(Record):
    """
    What no source gives stays empty: the assistant then says that the ward has not entered it yet.
    """

    slug: Slug
    name: Text
    unit: Literal["phường", "xã", "đặc khu"]
    province: Text
    former_names: list[Text] = Field(default_factory=list)
    former_district: Text | None = None
    address: Text | None = None
    hours: Text | None = None
    hotlines: list[Hotline] = Field(default_factory=list)
    desk: Text = "Trung tâm Phục vụ hành chính công"
    map_link: Text | None = None
    website: Text | None = None
    facebook: Text | None = None
    zalo: Text | None = None
    neighbourhood_word: Text = "khu phố"
    neighbourhoods: list[Text] = Field(default_factory=list)
    as_of: IsoDate
    sources: list[Text] = Field(default_factory=list)
