"""
Changes one value inside a YAML text and leaves every other character as it stands: comments, order, quotes, blank lines.

A person's file is not dumped anew: what differs between the old and the new value is replaced where it stands in the
text. A comment inside a part that goes away stays as a line of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import orjson
import yaml

from knowledge.located import Place
from knowledge.office import layout, marks
from knowledge.office.marks import CannotSplice, content_end, line_end, line_start

GONE = object()  # a blank that cannot be written: the field's line goes


Change = tuple[Place, Mapping[str, Any], Mapping[str, Any]]


def change(text: str, changes: Iterable[Change], blanks: Mapping[str, Any]) -> str:
    """
    Return the text with mappings changed; keys that are new stand where the new mapping has them.

    Args:
        changes: (place, old, new) of each: old is what the mapping means now, and may lack fields that say nothing (null, []).
        blanks: What to write for a field that is in old and not in new, by name; null or [] when missing here.

    Raises:
        CannotSplice: when a place uses aliases or has another shape.
    """
    root, work = marks.root(text), _Work(text, blanks)
    for place, old, new in changes:
        _, node = marks.find(root, place)
        marks.refuse_aliases(node)
        if not isinstance(node, yaml.MappingNode):
            raise CannotSplice("no mapping there")
        work.mapping(node, old, new, top=True)
    return work.result()


def rewrite(text: str, place: Place, new: Mapping[str, Any]) -> str:
    """
    Return the text with the list's item at a place written anew; its comments follow it.
    """
    *above, number = place
    _, items = marks.find(marks.root(text), tuple(above))
    assert isinstance(items, yaml.SequenceNode)
    marks.refuse_aliases(items.value[int(number)])
    if items.flow_style:
        raise CannotSplice("the list is written in one line")
    work = _Work(text, {})
    work.item_anew(items, items.value[int(number)], dict(new))
    return work.result()


def append(text: str, place: Place, value: Mapping[str, Any]) -> str:
    """
    Return the text with one more value at the end of the list at a place.
    """
    key, items = marks.find(marks.root(text), place)
    work = _Work(text, {})
    if isinstance(items, yaml.SequenceNode) and items.value:
        if items.flow_style:
            raise CannotSplice("the list is written in one line")
        at = line_end(text, content_end(text, items.value[-1]))
        *_, last = items.value
        between = (
            text[content_end(text, items.value[-2]) : marks.dash(text, items, last)] if len(items.value) > 1 else ""
        )
        apart = "\n\n" in between
        work.replace(at, at, ("\n\n" if apart else "\n") + layout.item(dict(value), items.start_mark.column))
    else:
        assert key is not None
        work.pair_anew(key, items, [dict(value)])
    return work.result()


def remove(text: str, place: Place) -> str:
    """
    Return the text without the list's item at a place; comments above it stay, its own go with it.
    """
    *above, number = place
    key, items = marks.find(marks.root(text), tuple(above))
    assert isinstance(items, yaml.SequenceNode)
    assert key is not None
    if items.flow_style and len(items.value) > 1:
        raise CannotSplice("the list is written in one line")
    work = _Work(text, {})
    if len(items.value) == 1:
        work.pair_anew(key, items, [])
        return work.result()
    item = items.value[int(number)]
    start = line_start(text, marks.dash(text, items, item))
    end = line_end(text, content_end(text, item)) + 1
    if text[:start].endswith("\n\n") and text[end : end + 1] in ("", "\n"):
        start -= 1  # of the blank lines around it one goes too
    work.replace(start, min(end, len(text)), "")
    return work.result()


class _Work:
    """
    A text and what is to be replaced in it: (start, end, new text), never overlapping.
    """

    def __init__(self, text: str, blanks: Mapping[str, Any]):
        self.text, self.blanks = text, blanks
        self.edits: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, new: str) -> None:
        self.edits.append((start, end, new))

    def result(self) -> str:
        text = self.text
        # Of two insertions at one place the one asked for first comes first.
        for start, end, new in sorted(reversed(self.edits), key=lambda edit: edit[:2], reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def mapping(
        self, node: yaml.MappingNode, old: Mapping[str, Any], new: Mapping[str, Any], *, top: bool = False
    ) -> None:
        flow = bool(node.flow_style)
        there = {key.value: (key, value) for key, value in node.value}
        for name, (key, value) in there.items():
            if name in new:
                if old.get(name) != new[name]:
                    self._pair(key, value, old.get(name), new[name], flow=flow)
            elif name in old:
                blank: Any = [] if isinstance(old[name], list) else None
                blank = self.blanks.get(name, blank) if top else blank
                if blank is GONE:
                    self._drop(node, key, value)
                else:
                    self._pair(key, value, old[name], blank, flow=flow)
        added = [name for name in new if name not in there]
        if flow and added:
            told = ", ".join(layout.inline({name: new[name]})[1:-1] for name in added)
            self.replace(node.end_mark.index - 1, node.end_mark.index - 1, f", {told}" if there else told)
            return
        names = list(new)
        for name in added:  # behind the nearest field before it that stands in the file
            before = next((each for each in reversed(names[: names.index(name)]) if each in there), next(iter(there)))
            key, value = there[before]
            at = line_end(self.text, max(content_end(self.text, value), key.end_mark.index))
            column = key.start_mark.column
            self.replace(at, at, f"\n{' ' * column}{layout.pair(name, new[name], column)}")

    def _pair(self, key: yaml.Node, value: yaml.Node, old: Any, new: Any, *, flow: bool) -> None:
        if (
            isinstance(value, yaml.MappingNode)
            and value.value
            and isinstance(old, dict)
            and isinstance(new, dict)
            and new
        ):
            self.mapping(value, old, new)
        elif flow:
            lead = " " if self.text[value.start_mark.index - 1] in ":," else ""
            style = value.style if isinstance(value, yaml.ScalarNode) and value.style in ("'", '"') else None
            self.replace(value.start_mark.index, value.end_mark.index, lead + layout.inline(new, style))
        elif (
            isinstance(value, yaml.SequenceNode) and not value.flow_style and isinstance(old, list) and isinstance(new, list)
            and new and len(old) == len(value.value)
        ):  # fmt: skip
            self._sequence(value, old, new)
        else:
            self.pair_anew(key, value, new)

    def pair_anew(self, key: yaml.Node, value: yaml.Node, new: Any) -> None:
        """
        Write `key: value` over a pair of a block, its first comment beside it where it stood, the others below.
        """
        text, column = self.text, key.start_mark.column
        end = line_end(text, max(content_end(text, value), key.end_mark.index))
        flow = isinstance(value, yaml.CollectionNode) and bool(value.flow_style) and bool(value.value)
        told = layout.pair(key.value, new, column, flow=flow, style=_quotes(value))
        kept = marks.comments(text, key.end_mark.index, end, value)
        if kept and kept[0] in text[key.end_mark.index : line_end(text, key.end_mark.index)]:
            stood = text.index(kept[0], key.end_mark.index) - key.start_mark.index
            told = layout.with_comment(told, kept.pop(0), max(stood - len(told.partition("\n")[0]), 2))
        elif kept and "\n" not in told:
            told = layout.with_comment(told, kept.pop(0), 2)
        self.replace(key.start_mark.index, end, told + "".join(f"\n{' ' * column}{one}" for one in kept))

    def _drop(self, node: yaml.MappingNode, key: yaml.Node, value: yaml.Node) -> None:
        if node.flow_style or key is node.value[0][0]:
            raise CannotSplice("the field begins the entry")
        end = line_end(self.text, max(content_end(self.text, value), key.end_mark.index))
        kept = marks.comments(self.text, key.end_mark.index, end, value)
        self._lines(line_start(self.text, key.start_mark.index), end, kept, key.start_mark.column)

    def _lines(self, start: int, end: int, kept: Sequence[str], column: int) -> None:
        self.replace(start, min(end + 1, len(self.text)), "".join(f"{' ' * column}{one}\n" for one in kept))

    def _sequence(self, node: yaml.SequenceNode, old: Sequence[Any], new: Sequence[Any]) -> None:
        text, column = self.text, node.start_mark.column
        was, will = ([orjson.dumps(one) for one in side] for side in (old, new))
        for tag, low, high, first, last in SequenceMatcher(None, was, will, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            both = min(high - low, last - first)
            for step in range(both):
                self._item(node, node.value[low + step], old[low + step], new[first + step])
            for item in node.value[low + both : high]:
                end = line_end(text, content_end(text, item))
                start = marks.dash(text, node, item)
                self._lines(line_start(text, start), end, marks.comments(text, start, end, item), column)
            told = "\n".join(layout.item(one, column) for one in new[first + both : last])
            if told and low + both:
                at = line_end(text, content_end(text, node.value[low + both - 1]))
                self.replace(at, at, "\n" + told)
            elif told:
                at = line_start(text, marks.dash(text, node, node.value[0]))
                self.replace(at, at, told + "\n")

    def _item(self, items: yaml.SequenceNode, node: yaml.Node, old: Any, new: Any) -> None:
        if isinstance(node, yaml.MappingNode) and node.value and isinstance(old, dict) and isinstance(new, dict):
            self.mapping(node, old, new)
        else:
            self.item_anew(items, node, new)

    def item_anew(self, items: yaml.SequenceNode, node: yaml.Node, new: Any) -> None:
        text, column = self.text, items.start_mark.column
        start, end = marks.dash(text, items, node), line_end(text, content_end(text, node))
        told = layout.item(new, column, style=_quotes(node)).lstrip()
        kept = marks.comments(text, start, end, node)
        if kept and "\n" not in told:
            told += f"  {kept.pop(0)}"
        self.replace(start, end, told + "".join(f"\n{' ' * column}{one}" for one in kept))


def _quotes(node: yaml.Node) -> str | None:
    return node.style if isinstance(node, yaml.ScalarNode) and node.style in ("'", '"') else None
