"""
Entity parsing: MarkdownV2, legacy Markdown and HTML → the text that counts, and where its marks stand.

Offsets and lengths are in UTF-16 units, places in errors in bytes, as Telegram has them. One wrong mark refuses it all.
"""

from __future__ import annotations

import html
import re
from typing import Any, NamedTuple

from emulators.telegram.refusals import Refused, bad

Entity = dict[str, Any]
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_V2_MARKS = (("||", "spoiler"), ("__", "underline"), ("*", "bold"), ("_", "italic"), ("~", "strikethrough"))
_V1_MARKS = {"*": "bold", "_": "italic"}
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "code": "code",
    "pre": "pre", "a": "text_link", "blockquote": "blockquote", "span": "spoiler", "tg-emoji": "custom_emoji",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)([^<>]*)>")
_REFERENCE = re.compile(r"&(lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


class Parsed(NamedTuple):
    text: str
    entities: list[Entity]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(text: str, mode: str) -> Parsed:
    """
    Raises:
        Refused: 400 "can't parse entities: …", or an unknown mode.
    """
    parsers = {"": lambda plain: Parsed(plain, []), "markdownv2": _markdown_v2, "markdown": _markdown, "html": _html}
    parser = parsers.get(mode.lower())
    if parser is None:
        raise bad("unsupported parse_mode")
    return parser(text)


class _Writer:
    """
    The text so far, and the marks that are open.
    """

    def __init__(self, source: str):
        self.source, self.out, self.length = source, [], 0  # type: str, list[str], int
        self.entities: list[Entity] = []
        self.open: list[tuple[str, int, int, str]] = []  # what closes it, offset, place in the source, type

    def write(self, text: str) -> None:
        self.out.append(text)
        self.length += units(text)

    def begin(self, closing: str, place: int, kind: str) -> None:
        self.open.append((closing, self.length, place, kind))

    def end(self, **more: Any) -> None:
        _, offset, _, kind = self.open.pop()
        if self.length > offset:
            self.entities.append({"type": kind, "offset": offset, "length": self.length - offset, **more})

    def byte(self, place: int) -> int:
        return len(self.source[:place].encode("utf-8", "surrogatepass"))

    def done(self, problem: str) -> Parsed:
        if self.open:
            _, _, place, kind = self.open[-1]
            raise _cannot(problem.format(kind=kind.replace("_", " ").title().replace(" ", ""), at=self.byte(place)))
        return Parsed("".join(self.out), sorted(self.entities, key=lambda one: (one["offset"], -one["length"])))


def _cannot(problem: str) -> Refused:
    return bad(f"can't parse entities: {problem}")


def _markdown_v2(source: str) -> Parsed:
    writer, place = _Writer(source), 0
    lost = "Can't find end of {kind} entity at byte offset {at}"
    while place < len(source):
        here = source[place]
        if here == "\\" and place + 1 < len(source) and ord(source[place + 1]) < 127:
            writer.write(source[place + 1])
            place += 2
            continue
        if here == "`":
            place = _code(writer, place, lost)
            continue
        mark = next((one for one in _V2_MARKS if source.startswith(one[0], place)), None)
        if mark is not None:
            if writer.open and writer.open[-1][0] == mark[0]:
                writer.end()
            else:
                writer.begin(mark[0], place, mark[1])
            place += len(mark[0])
        elif here == "[" or (here == "!" and source.startswith("![", place)):
            writer.begin("]", place, "text_link")
            place += 1 if here == "[" else 2
        elif here == "]" and writer.open and writer.open[-1][0] == "]":
            place = _link(writer, place)
        elif here == ">" and (place == 0 or source[place - 1] == "\n"):
            place += 1  # a quotation: the mark alone is taken out
        elif here in RESERVED:
            raise _cannot(f"Character '{here}' is reserved and must be escaped with the preceding '\\'")
        else:
            writer.write(here)
            place += 1
    return writer.done(lost)


def _code(writer: _Writer, place: int, lost: str) -> int:
    """
    Read `code` or a ```block```; inside only the back quote and the backslash are special.
    """
    fence, kind = ("```", "pre") if writer.source.startswith("```", place) else ("`", "code")
    writer.begin(fence, place, kind)
    place += len(fence)
    while place < len(writer.source):
        if writer.source.startswith(fence, place):
            writer.end()
            return place + len(fence)
        if writer.source[place] == "\\" and place + 1 < len(writer.source):
            place += 1
        writer.write(writer.source[place])
        place += 1
    writer.done(lost)
    return place


def _link(writer: _Writer, place: int) -> int:
    source, place = writer.source, place + 1
    if not source.startswith("(", place):
        writer.end(url="")
        writer.entities = [one for one in writer.entities if one.get("url") != ""]
        return place
    address, at = [], place + 1
    while at < len(source) and source[at] != ")":
        at += source[at] == "\\" and at + 1 < len(source)
        address.append(source[at])
        at += 1
    if at >= len(source):
        raise _cannot(f"Can't find end of a URL at byte offset {writer.byte(place)}")
    writer.end(url="".join(address))
    return at + 1


def _markdown(source: str) -> Parsed:
    writer, place = _Writer(source), 0
    lost = "Can't find end of the entity starting at byte offset {at}"
    while place < len(source):
        here = source[place]
        if here == "\\" and place + 1 < len(source) and source[place + 1] in "_*`[":
            writer.write(source[place + 1])
            place += 2
        elif here == "`":
            place = _code(writer, place, lost)
        elif here in _V1_MARKS and (not writer.open or writer.open[-1][0] == here):
            if writer.open:
                writer.end()
            else:
                writer.begin(here, place, _V1_MARKS[here])
            place += 1
        elif here == "[" and not writer.open:
            writer.begin("]", place, "text_link")
            place += 1
        elif here == "]" and writer.open and writer.open[-1][0] == "]":
            place = _link(writer, place)
        else:
            writer.write(here)
            place += 1
    return writer.done(lost)


def _html(source: str) -> Parsed:
    writer, place = _Writer(source), 0
    addresses: list[str] = []
    while place < len(source):
        reference = _REFERENCE.match(source, place)
        if reference:
            writer.write(html.unescape(reference[0]))
            place = reference.end()
            continue
        if source[place] != "<":
            writer.write(source[place])
            place += 1
            continue
        tag, at = _TAG.match(source, place), writer.byte(place)
        if tag is None:
            raise _cannot(f"Unclosed start tag at byte offset {at}")
        name = tag[2].lower()
        if tag[1]:
            if not writer.open:
                raise _cannot(f"Unexpected end tag at byte offset {at}")
            if writer.open[-1][0] != name:
                raise _cannot(
                    f'Unmatched end tag at byte offset {at}, expected "</{writer.open[-1][0]}>", found "</{name}>"'
                )
            writer.end(**({"url": addresses.pop()} if name == "a" else {}))
        elif name not in _TAGS or (name == "span" and "tg-spoiler" not in tag[3]):
            raise _cannot(f'Unsupported start tag "{name}" at byte offset {at}')
        else:
            if name == "a":
                found = _HREF.search(tag[3])
                addresses.append(next(filter(None, found.groups()), "") if found else "")
            writer.begin(name, place, _TAGS[name])
        place = tag.end()
    if writer.open:
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{writer.open[-1][0]}"')
    return writer.done("")
