"""
What the menus of all platforms offer: the same few things, in each platform's own form.
"""

from __future__ import annotations

from dataclasses import dataclass

# A tap that asks a question, as if the citizen had typed it.
ASK = "ask:"


@dataclass(frozen=True)
class Item:
    """
    `title` is at most 20 characters (Messenger's limit on buttons, read 2026-11-20). `command` is the Telegram
    command and the Zalo keyword without its mark: small letters a–z.
    """

    title: str
    payload: str
    command: str
    description: str


@dataclass(frozen=True)
class Menu:
    """
    `greeting` stands on an empty conversation; `questions` are suggested there, at most 4.
    """

    ward: str  # the ward's name, for greetings
    greeting: str  # at most 160 characters
    items: tuple[Item, ...]
    questions: tuple[str, ...]
