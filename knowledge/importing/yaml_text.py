"""
Records → YAML as a person edits it: long sentences folded, texts of several lines as they are, codes and dates quoted.
"""

from typing import Any

import yaml

WIDTH = 120


class _Dumper(yaml.CSafeDumper):
    """
    Block style, keys in their order.
    """

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.CSafeDumper, value: str) -> yaml.Node:
    several = "\n" in value and not any(line != line.rstrip() for line in value.split("\n"))
    style = "|" if several else ">" if len(value) > WIDTH and "  " not in value and value == value.strip() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _list(dumper: yaml.CSafeDumper, value: list[Any]) -> yaml.Node:
    return dumper.represent_sequence(
        "tag:yaml.org,2002:seq", value, flow_style=bool(value) and all(isinstance(one, int) for one in value)
    )


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def dump(value: Any, note: str = "") -> str:
    """
    Return YAML, under a comment when a note is given.
    """
    head = "".join(f"# {line}\n" for line in note.split("\n")) if note else ""
    return head + yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


class _Row(_Dumper):
    pass


_Row.add_representer(str, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value))


def row(value: dict[str, Any]) -> str:
    """
    Return a mapping on one line: `{n: 12, text: …}`.
    """
    return yaml.dump(
        value, Dumper=_Row, allow_unicode=True, sort_keys=False, default_flow_style=True, width=10**9
    ).strip()
