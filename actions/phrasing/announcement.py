"""
What the ward has announced, in its own words; and saying that it has announced nothing on what was asked.
"""

from collections.abc import Mapping
from typing import Any

from actions.phrasing import refusal
from actions.phrasing.bubbles import Bubble, Line, line
from actions.phrasing.source import MENU, OFFICER, as_of, contact

Content = Mapping[str, Any]

TOLD_CHARS = 900  # of an announcement that stands in full on a page
REASONS = ("announced", "no_announcement")


def announcement(finding: Mapping[str, Any], ward: Content) -> Bubble:
    """
    Phrase one finding of kind announcement: whose it is and of which day, its title, its text, and where it stands.
    """
    content = finding["content"]
    head = line("utter_announced", ward=ward["name"], date=as_of(str(content["published_on"])))
    title = line("utter_title", title=finding["entry"]["title"])
    text, link = str(content["text"]), content.get("link")
    told = _first(text) if link else text
    lines: list[Line] = [head, title, line("utter_case_text", text=told)]
    if link:
        lines.append(line("utter_announced_link" if told == text else "utter_announced_more", link=str(link)))
    return Bubble(tuple(lines))


def none(answer: Mapping[str, Any]) -> Bubble:
    """
    Say that nothing is announced; who decides elsewhere is told, or else whom to call.
    """
    told = line("utter_no_announcement", ward=answer["ward"]["name"])
    if (answer.get("elsewhere") or {}).get("who"):
        other = refusal.elsewhere(answer)
        return Bubble((told, *other.lines), other.buttons)
    return Bubble((told, contact(answer["ward"])), (MENU, OFFICER))


def _first(text: str) -> str:
    """
    Return as many whole sentences as fit on a phone.
    """
    if len(text) <= TOLD_CHARS:
        return text
    head = text[:TOLD_CHARS]
    cut = max(head.rfind("\n"), head.rfind(". ") + 1)
    return (head[:cut] if cut > 0 else head[: head.rfind(" ")]).rstrip() + " …"
