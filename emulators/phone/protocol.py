"""
What an emulator lets the phone page do. Everything runs in the loop of the emulator's own app.

The shapes that travel as JSON:

    bubble   {"id", "side": "citizen" | "oa" | "officer", "text", "buttons": [button], "at", "note"?}
             `at`: seconds since 1970 by the emulator's clock; `note`: a word under the bubble, Vietnamese ("Đã xem")
    button   {"title", "kind", "url"?}
             kind "url", "phone", "sms": the phone's own business, `url` says where to (https:, tel:, sms:).
             "quick": a quick reply, which goes away with the next message. Any other kind: a tap says something.
    switch   {"name", "label", "kind": "bool" | "number" | "text" | "choice", "value", "choices"?: [value | [value, label]]}
             one way in which a platform has a bad day; labels are Vietnamese
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Shape = Mapping[str, object]


class Phone(Protocol):
    """
    `say`, `tap`, `do` and `set_weather` raise KeyError or ValueError for what is not there; the page then gets 400.
    """

    @property
    def kind(self) -> str:
        """zalo, messenger or telegram: chooses the colours, and the way buttons look."""

    def account_labels(self) -> Sequence[str]:
        """Return what people call the accounts, for the head of the page."""

    def users(self) -> Sequence[str]:
        """Return the platform's ids of the citizens, the first one first."""

    def add_user(self) -> str:
        """Make up one more citizen, who has not written yet; return the id."""

    def bubbles(self, user: str) -> Sequence[Shape]:
        """Return what this citizen's phone shows, from top to bottom."""

    def actions(self) -> Sequence[tuple[str, str]]:
        """Return (name, Vietnamese label) of what a citizen, or the office, can do besides writing."""

    async def say(self, user: str, text: str) -> object:
        """The citizen writes."""

    async def tap(self, user: str, bubble_id: str, button_index: int) -> object:
        """The citizen taps a button, counted from 0."""

    async def do(self, user: str, action: str) -> object:
        """Something of `actions` happens."""

    def weather_switches(self) -> Sequence[Shape]:
        """Return the switches as they stand."""

    def set_weather(self, name: str, value: Any) -> None:
        """Change one switch."""
