"""
YAML with the line of every field, so that a mistake can be shown where it stands.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import Mistake

Place = tuple[str | int, ...]
# What libyaml says, by a few of its words; the first that fits counts.
PROBLEMS = {
    "expected ',' or": "thiếu dấu phẩy, hoặc ngoặc [ ] { } mở mà chưa đóng",
    "flow": "ngoặc [ ] { } mở mà chưa đóng, hoặc thiếu dấu phẩy giữa các ý",
    "escape": "trong nháy kép dấu \\ có nghĩa riêng; dùng nháy đơn",
    "quoted scalar": "dấu nháy mở mà chưa đóng",
    "mapping values are not allowed": "có dấu hai chấm ở giữa câu; đặt cả câu trong dấu nháy, hoặc thụt lề dòng này chưa đúng",
    "cannot start any token": "có ký tự không được đứng đầu (phím Tab, @, `, %); thay Tab bằng dấu cách, hoặc đặt trong dấu nháy",
    "found a tab": "có phím Tab; thay bằng dấu cách",
    "could not find expected ':'": "thiếu dấu hai chấm sau tên trường, hoặc dòng này thụt lề chưa đúng",
    "did not find expected key": "thụt lề dòng này không khớp các dòng cùng nhóm",
    "expected '-' indicator": "dòng này phải bắt đầu bằng “- ” như các dòng cùng danh sách, hoặc thụt lề chưa đúng",
    "block sequence entries are not allowed": "danh sách “- ” phải xuống dòng, không viết ngay sau tên trường",
    "undefined alias": "dấu * ở đầu là ký hiệu riêng của YAML; đặt trong dấu nháy",
    "alias": "dấu * hoặc & ở đầu là ký hiệu riêng của YAML; đặt trong dấu nháy",
    "anchor": "dấu * hoặc & ở đầu là ký hiệu riêng của YAML; đặt trong dấu nháy",
    "tag": "dấu ! ở đầu là ký hiệu riêng của YAML; đặt trong dấu nháy",
    "document": "tệp chỉ được có một phần; bỏ dòng --- hoặc ... ở giữa, và dòng đầu phải là “kind: …”",
    "block scalar": "sau dấu | hoặc > phải xuống dòng, và các dòng dưới thụt vào",
    "control characters": "có ký tự ẩn không dùng được; xóa rồi gõ lại chỗ này",
    "special characters": "có ký tự ẩn không dùng được; xóa rồi gõ lại chỗ này",
}
OTHER_PROBLEM = "xem lại thụt lề, dấu hai chấm, dấu nháy ở dòng này và dòng trên"


class _Loader(yaml.CSafeLoader):
    """
    Reads numbers with dots and dates as the text they are: `1.001193` is a code, `2026-07` a month, `no` a word.
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":float", ":bool"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$", re.IGNORECASE), list("tTfF"))


def load(path: Path, raw: bytes | None = None) -> tuple[Any, dict[Place, int], list[Mistake]]:
    """
    Read one YAML file.

    Args:
        raw: What stands in it, when it was read already.

    Returns:
        (value, line of each place counted from 1, mistakes). With mistakes the value is None.
    """
    try:
        loader = _Loader((path.read_bytes() if raw is None else raw).decode("utf-8"))
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
    except (ValueError, TypeError, AttributeError, RecursionError):  # what a wrong tag makes of a value: `!!int chín`
        return None, {}, [Mistake(path, 1, "có giá trị không đọc được; bỏ các chữ bắt đầu bằng dấu ! trong tệp")]
    except yaml.YAMLError as error:
        mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else 1
        since = f", bắt đầu từ dòng {begun.line + 1}" if begun and begun.line + 1 != line else ""
        return None, {}, [Mistake(path, line, f"sai cú pháp YAML: {_why(error)}{since}")]
    return (None, lines, mistakes) if mistakes else (value, lines, [])


def _why(error: yaml.YAMLError) -> str:
    """
    Return in Vietnamese what the parser found, and how to mend it.
    """
    said = f"{getattr(error, 'problem', None)} {getattr(error, 'context', None)}"
    return next((told for word, told in PROBLEMS.items() if word in said), OTHER_PROBLEM)


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
