"""
Where the values and comments of a YAML text stand in it, counted in characters.
"""

from collections.abc import Iterator

import yaml

from knowledge.located import Place


class CannotSplice(Exception):
    """
    The text uses something of YAML that has no one place to change: an alias, a list in one line.
    """


def root(text: str) -> yaml.MappingNode:
    """
    Raises:
        CannotSplice: when the text is no mapping.
    """
    node = yaml.CSafeLoader(text).get_single_node()
    if not isinstance(node, yaml.MappingNode):
        raise CannotSplice("not a file of fields")
    return node


def find(node: yaml.Node, place: Place) -> tuple[yaml.Node | None, yaml.Node]:
    """
    Return the key, if it has one, and the value at a place.
    """
    key: yaml.Node | None = None
    for step in place:
        if isinstance(node, yaml.MappingNode):
            key, node = next(pair for pair in node.value if pair[0].value == step)
        else:
            key, node = None, node.value[step]
    return key, node


def refuse_aliases(node: yaml.Node) -> None:
    """
    Raises:
        CannotSplice: when a value inside the node stands somewhere else in the text.
    """
    seen: set[int] = set()

    def walk(one: yaml.Node, after: int) -> None:
        if id(one) in seen or one.start_mark.index < after:
            raise CannotSplice("an alias")
        seen.add(id(one))
        for child in _children(one):
            walk(child, one.start_mark.index)

    walk(node, 0)


def line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """
    Return where the line of an index ends, before its newline.
    """
    found = text.find("\n", index)
    return len(text) if found < 0 else found


def content_end(text: str, node: yaml.Node) -> int:
    """
    Return the index after the last character of a value; comments and blank lines after it are not its own.
    """
    if isinstance(node, yaml.ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        return start + len(text[start:end].rstrip()) if node.style in ("|", ">") else end
    if isinstance(node, yaml.CollectionNode) and node.flow_style:
        return node.end_mark.index
    return content_end(text, list(_children(node))[-1])


def dash(text: str, items: yaml.SequenceNode, item: yaml.Node) -> int:
    """
    Return the index of the dash before an item of a list in block style.
    """
    column = items.start_mark.column
    start = line_start(text, item.start_mark.index)
    while text[start + column : start + column + 1] != "-" or "#" in text[start : start + column]:
        start = line_start(text, start - 1)
    return start + column


def comments(text: str, start: int, end: int, node: yaml.Node) -> list[str]:
    """
    Return the comments between two indexes, in order; a # inside a value is none, but one behind `|` or `>` is.
    """
    values = iter([*sorted(_spans(text, node)), (len(text) + 1, len(text) + 1)])
    span, found, at = next(values), [], start
    while (at := text.find("#", at, end)) >= 0:
        while span[1] <= at:
            span = next(values)
        if span[0] <= at:
            at = span[1]
        elif at and text[at - 1] not in " \t\r\n":
            at += 1
        else:
            stop = line_end(text, at)
            found.append(text[at:stop].rstrip())
            at = stop
    return found


def _spans(text: str, node: yaml.Node) -> Iterator[tuple[int, int]]:
    """
    Yield from where to where each scalar holds text in which a # says nothing.
    """
    if isinstance(node, yaml.ScalarNode):
        start = node.start_mark.index
        if node.style in ("|", ">"):
            yield line_end(text, start), content_end(text, node)
        else:
            yield start, node.end_mark.index
    for child in _children(node):
        yield from _spans(text, child)


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield value
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value
