"""
A form of a page as a browser would send it when nobody touches anything.
"""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self, wanted: str):
        super().__init__()
        self.wanted, self.inside, self.hidden = wanted, False, 0
        self.pairs: list[tuple[str, str]] = []
        self._textarea: str | None = None
        self._text = ""
        self._select: str | None = None
        self._chosen: list[str] = []
        self._first: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = self.wanted in (given.get("id"), given.get("action", "").partition("?")[0])
        self.hidden += tag == "template"
        if not self.inside or self.hidden:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") != "file":
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked:
                self.pairs.append((name, given.get("value", "on" if given.get("type") == "checkbox" else "")))
        elif tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select, self._chosen, self._first = name, [], None
        elif tag == "option" and self._select is not None:
            self._first = given.get("value", "") if self._first is None else self._first
            if "selected" in given:
                self._chosen.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.hidden -= 1
        elif tag == "form":
            self.inside = False
        elif tag == "textarea" and self._textarea is not None:
            # A browser drops the first line break, and sends every other as CRLF.
            text = self._text.removeprefix("\n").replace("\n", "\r\n")
            self.pairs.append((self._textarea, text))
            self._textarea = None
        elif tag == "select" and self._select is not None:
            self.pairs.append((self._select, (self._chosen or [self._first or ""])[-1]))
            self._select = None


def untouched(html: str, wanted: str = "entry-form") -> list[tuple[str, str]]:
    """
    Return the pairs of the form with this id or action.
    """
    reader = _Reader(wanted)
    reader.feed(html)
    assert reader.pairs, f"no form {wanted}"
    return reader.pairs


def filled(html: str, wanted: str = "entry-form", /, **values: str | list[str]) -> list[tuple[str, str]]:
    """
    Return the pairs with some values typed over: `e__fee__text` is the box e.fee.text.
    """
    named = {name.replace("__", "."): value for name, value in values.items()}
    pairs = [(name, value) for name, value in untouched(html, wanted) if name not in named]
    for name, value in named.items():
        pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    return pairs
