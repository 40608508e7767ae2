"""
One turn as an action sees it: what Rasa understood, which ward it is, and what was talked about before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.errors import TurnError


@dataclass(frozen=True)
class Turn:
    """
    intent_confidence: Rasa's, 0 to 1. entry, part, options: the conversation's memory (slots). chosen: entry and part that a button carries, else None.
    """

    ward: str
    text: str
    intent: str
    intent_confidence: float = 0.0
    entry: str | None = None
    part: str | None = None
    options: tuple[Mapping[str, Any], ...] = ()
    chosen: Mapping[str, str | None] | None = None

    @property
    def is_command(self) -> bool:
        """
        True for a button's payload; the gateway lets no typed text through that begins with a slash.
        """
        return self.text.startswith("/")

    @property
    def context(self) -> dict[str, Any] | None:
        """
        The memory in the form that knowledge reads; None at the start of a conversation.
        """
        if not (self.entry or self.options):
            return None
        return {"entry": self.entry, "part": self.part, "options": [option["id"] for option in self.options]}


def read(message: Mapping[str, Any], slots: Mapping[str, Any]) -> Turn:
    """
    Make a Turn of Rasa's latest message and slots.

    Raises:
        TurnError: the message carries no ward; only the gateway's calls do.
    """
    ward = (message.get("metadata") or {}).get("ward")
    if not isinstance(ward, str) or not ward:
        raise TurnError("metadata.ward is missing — is somebody other than the gateway calling Rasa?")
    intent = message.get("intent") or {}
    entities = {entity["entity"]: entity.get("value") for entity in message.get("entities") or []}
    chosen = {"entry": str(entities["entry"]), "part": entities.get("part")} if entities.get("entry") else None
    return Turn(
        ward=ward,
        text=str(message.get("text") or ""),
        intent=str(intent.get("name") or ""),
        intent_confidence=float(intent.get("confidence") or 0.0),
        entry=slots.get("entry"),
        part=slots.get("part"),
        options=tuple(slots.get("options") or ()),
        chosen=chosen,
    )
