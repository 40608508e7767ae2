"""
Services: portals, accounts, rights, hotlines, indices: what is not a procedure but is asked like one.
"""

from typing import Literal

from pydantic import Field

from knowledge.entries import Case, Entry, Slug, Text


class Service(Entry):
    """
    `ward_value` says that the answer is a value of the ward's own: its hotline, its hours, its address. `fallback`
    names the service whose phone is told when the ward has not entered its own.
    """

    topic: Text = ""
    summary: Text
    details: list[Text] = Field(default_factory=list)
    steps: list[Text] = Field(default_factory=list)
    phone: Text | None = None
    link: Text | None = None
    ward_value: Literal["hotline", "hours", "address"] | None = None
    fallback: Slug | None = None
    cases: list[Case] = Field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [self.id]
