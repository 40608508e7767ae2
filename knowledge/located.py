"""
YAML with the line of every field, so that a mistake can be shown where it stands.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import Mistake

Place = tuple[str | int, ...]


class _Loader(yaml.CSafeLoader):
    """
    Reads numbers with dots and dates as the text they are: `1.001193` is a code, `2026-07` a month, `no` a word.
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":float", ":bool"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$", re.IGNORECASE), list("tTfF"))


def load(path: Path) -> tuple[Any, dict[Place, int], list[Mistake]]:
    """
    Read one YAML file.

    Returns:
        (value, line of each place counted from 1, mistakes). With mistakes the value is None.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            lines: dict[Place, int] = {}
            mistakes = _walk(root, (), lines, path, set()) if root is not None else []
            value = loader.construct_document(root) if root is not None and not mistakes else None
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        return None, {}, [Mistake(path, 1, f"tệp không phải UTF-8 (byte thứ {error.start}); hãy lưu lại với mã UTF-8")]
    except OSError as error:
        return None, {}, [Mistake(path, 1, f"không mở được tệp này ({error.strerror})")]
    except (
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:  # what a wrong tag makes of a value: `!!int chín`
        return (
            None,
            {},
            [Mistake(path, 1, f"có giá trị không đọc được ({error}); bỏ các chữ bắt đầu bằng dấu ! trong tệp")],
        )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "không đọc được"
        return (
            None,
            {},
            [
                Mistake(
                    path,
                    mark.line + 1 if mark else 1,
                    f"sai cú pháp YAML ({problem}); xem lại thụt lề, dấu hai chấm, dấu nháy",
                )
            ],
        )
    return (None, lines, mistakes) if mistakes else (value, lines, [])


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int], path: Path, walked: set[int]) -> list[Mistake]:
    lines.setdefault(place, node.start_mark.line + 1)
    mistakes: list[Mistake] = []
    if id(node) in walked:  # an alias (`*x`), perhaps of something that holds it
        return mistakes
    walked.add(id(node))
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key.value, str):
                mistakes.append(Mistake(path, line, "tên trường phải là chữ đứng trước dấu hai chấm"))
                continue
            if key.value in seen:
                mistakes.append(Mistake(path, line, f"trường “{key.value}” viết hai lần; giữ lại một"))
            seen.add(key.value)
            lines[(*place, key.value)] = line
            mistakes += _walk(value, (*place, key.value), lines, path, walked)
    elif isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value):
            lines[(*place, number)] = child.start_mark.line + 1
            mistakes += _walk(child, (*place, number), lines, path, walked)
    return mistakes


def line_of(lines: dict[Place, int], place: Place) -> int:
    """
    Return the line of a place, or of the nearest part of the file around it.
    """
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
