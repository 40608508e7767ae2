"""
From what a test or the platform wants delivered to what the courier carries: whose Page, which subscription, which lane.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulators.messenger import events, signing
from emulators.messenger.courier import Load
from emulators.messenger.pages import Page

Pages = Mapping[str, Page]


def items_of(pages: Pages, elements: list[dict[str, Any]]) -> list[events.Item]:
    """
    Find the Page of each element, and leave out what it is not subscribed to.

    Raises:
        ValueError: An element names no known Page.
    """
    items = []
    for element in elements:
        page, person = ends_of(pages, element)
        thread = page.threads.get(person)
        item = item_of(page, element, standby=thread is not None and thread.owner != page.app.id)
        if item is not None:
            items.append(item)
    return items


def item_of(page: Page, element: dict[str, Any], *, standby: bool) -> events.Item | None:
    """
    Return None when the Page's app is not subscribed to the field of this element, or to standby where it is due.
    A kind that nobody knows needs no more than any subscription.
    """
    field = events.field_of(element)
    if field == "messaging_handovers":
        standby = False
    wanted = (field, "standby") if standby else (field,)
    if not page.fields or any(one and (one not in page.fields or one not in page.app.fields) for one in wanted):
        return None
    return events.Item(page, element, standby)


def whole(pages: Pages, body: dict[str, Any]) -> Load:
    """
    Send a body as it is, to the app of the first Page that it names.
    """
    entries = body.get("entry")
    entries = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    named = (pages.get(str(entry.get("id"))) for entry in entries)
    known = tuple(page for page in named if page is not None) or tuple(pages.values())
    elements = [
        element
        for entry in entries
        for key in ("messaging", "standby")
        for element in (entry.get(key) if isinstance(entry.get(key), list) else ())
    ]
    names = tuple(events.name_of(element) for element in elements if isinstance(element, dict)) or ("body",)
    return Load(known[0].app, known, names, signing.encode(body))


def raw(pages: Pages, body: bytes) -> Load:
    """
    Send bytes as they are, to the first app.
    """
    app = next(iter(pages.values())).app
    return Load(app, tuple(page for page in pages.values() if page.app is app), ("raw",), body)


def ends_of(pages: Pages, element: dict[str, Any]) -> tuple[Page, str]:
    """
    Return the Page of an element and the person at the other end ("" when nobody is named).
    """
    ends = [element.get(end) for end in ("recipient", "sender")]
    ids = [str(end.get("id")) for end in ends if isinstance(end, dict)]
    page = next((pages[one] for one in ids if one in pages), None)
    if page is None:
        raise ValueError("neither the sender nor the recipient of this event is a known Page")
    return page, next((one for one in ids if one != page.id), "")
