"""
The national list → a folder of draft procedures, one file each; a second run writes only what changed.

What a person changed in a draft is never overwritten: when its row changes too, the draft is listed as a conflict.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from knowledge.content import Content
from knowledge.errors import SourceError
from knowledge.importing import yaml_text
from knowledge.importing.figures import Doubt
from knowledge.importing.national import Draft, draft_of
from knowledge.procedures import Procedure
from knowledge.text import fold, normalise

KIND = "procedure-draft"
VERSION = "1"  # raised when the same row is read differently, so that untouched drafts are written again
INDEX = ".da-nhap.json"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class BadRow:
    """
    A line of the list that is no row, or a row whose code was there before.
    """

    line: int
    problem: str
    text: str


@dataclass
class Outcome:
    """
    What an import did. `states`, `reasons` and `repairs` count rows; the others are codes.
    """

    rows: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    review: list[Draft] = field(default_factory=list)


def rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """
    Yield every line of a list with its number; a line that is no row is yielded as what is wrong with it.

    Raises:
        SourceError: when the file cannot be read at all.
    """
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (OSError, EOFError, gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: không đọc được tệp danh sách ({error})") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            yield number, BadRow(number, f"không phải JSON ({error.msg}, ký tự {error.colno})", line[:200])
            continue
        missing = [name for name in ("id", "title", "sections") if not isinstance(row, dict) or not row.get(name)]
        if missing or not isinstance(row["sections"], dict):
            yield number, BadRow(number, f"thiếu {', '.join(missing or ['sections'])}", line[:200])
        else:
            row["sections"] = {str(name): str(value) for name, value in row["sections"].items() if value is not None}
            yield number, row


def import_list(
    path: Path, out: Path, content: Content | None, *, today: date, progress: Progress = lambda done, total: None
) -> Outcome:
    """
    Bring the drafts in `out` up to date with a list.

    Args:
        content: What the assistant answers from now; a draft whose code it holds is compared with that entry.
    """
    outcome = Outcome()
    read = list(rows(path))
    index = _read_index(out)
    known = _entries_by_code(content)
    twins = _twins(read)
    seen: dict[str, int] = {}
    for done, (number, row) in enumerate(read, 1):
        progress(done, len(read))
        if isinstance(row, BadRow):
            outcome.bad.append(row)
            continue
        code = str(row["id"]).strip()
        if code in seen:
            outcome.bad.append(BadRow(number, f"mã {code} đã có ở dòng {seen[code]}", str(row["title"])[:200]))
            continue
        seen[code] = number
        draft = draft_of(row, number, as_of=today.isoformat(), listed_in=path.name)
        _compare(draft, known.get(code), twins.get(_content_digest(row), []), outcome)
        _count(draft, outcome)
        _write(draft, row, out, index, outcome)
        if done % 250 == 0:
            _write_index(out, index)
    outcome.rows = len(seen)
    outcome.gone = sorted(set(index) - set(seen))
    _write_index(out, index)
    return outcome


def _twins(read: list[tuple[int, dict[str, Any] | BadRow]]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for _, row in read:
        if not isinstance(row, BadRow):
            codes.setdefault(_content_digest(row), []).append(str(row["id"]).strip())
    return {digest: found for digest, found in codes.items() if len(found) > 1}


def _content_digest(row: Mapping[str, Any]) -> str:
    return _digest(orjson.dumps([row["title"], row["sections"]], option=orjson.OPT_SORT_KEYS))


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=12).hexdigest()


def _entries_by_code(content: Content | None) -> dict[str, Procedure]:
    found: dict[str, Procedure] = {}
    for stored in content.entries if content else []:
        if isinstance(stored.record, Procedure) and stored.ward is None:
            for code in stored.record.keys[1:]:
                found.setdefault(code, stored.record)
    return found


def _compare(draft: Draft, entry: Procedure | None, twins: list[str], outcome: Outcome) -> None:
    """
    Say what is doubtful about a draft beside other drafts and beside the entry that is in use.
    """
    others = [code for code in twins if code != draft.code]
    if others:
        draft.doubts.append(Doubt("title", "nhieu-ma-mot-noi-dung", f"cùng nội dung với {', '.join(others)}"))
    if entry is None:
        return
    outcome.known.append(draft.code)
    draft.procedure["id"] = entry.id
    for part, name in (("fee", "dong"), ("time", "working_days")):
        ours, theirs = getattr(getattr(entry, part), name, None), (draft.procedure.get(part) or {}).get(name)
        if ours is not None and theirs is not None and ours != theirs:
            text = f"đang dùng: {getattr(entry, part).text} — danh sách: {draft.procedure[part]['text']}"
            draft.doubts.append(Doubt(part, "khac-noi-dung-dang-dung", text))


def _count(draft: Draft, outcome: Outcome) -> None:
    outcome.states[draft.state] += 1
    outcome.reasons.update({doubt.reason for doubt in draft.doubts})
    outcome.repairs.update(draft.repairs)
    outcome.silent.update(draft.silent)
    if draft.doubts:
        outcome.review.append(draft)


def _write(draft: Draft, row: Mapping[str, Any], out: Path, index: dict[str, dict[str, str]], outcome: Outcome) -> None:
    place = f"{_slug(draft.procedure.get('field', '')) or 'khac'}/{draft.code}.yml"
    # Doubts stand in it too: they depend on other rows and on the content in use, not on this row alone.
    digest = _digest(
        orjson.dumps(
            [VERSION, row, [vars(doubt) for doubt in draft.doubts], draft.procedure["id"]], option=orjson.OPT_SORT_KEYS
        )
    )
    before = index.get(draft.code)
    present = out / before["file"] if before else out / place
    data = present.read_bytes() if present.exists() else None
    touched = data is not None and (before is None or _digest(data) != before["written"])
    if before and data is not None and before["row"] == digest:
        (outcome.edited if touched else outcome.kept).append(draft.code)
        return
    text = yaml_text.dump(_as_file(draft), KIND_NOTE).encode()
    if touched and data != text:
        outcome.conflicts.append(draft.code)
        return
    (out / place).parent.mkdir(parents=True, exist_ok=True)
    beside = (out / place).with_suffix(".tmp")
    beside.write_bytes(text)
    beside.replace(out / place)
    if before and before["file"] != place and data is not None:
        present.unlink()
    index[draft.code] = {"file": place, "row": digest, "written": _digest(text)}
    (outcome.kept if data == text else outcome.changed if before else outcome.added).append(draft.code)


KIND_NOTE = (
    "Bản nháp từ danh sách thủ tục quốc gia. Trợ lý KHÔNG trả lời từ tệp này. Xem các mục trong “review”, đối chiếu với\n"
    "“source”, rồi mới chép phần “procedure” sang knowledge/content (docs/vi/nhap-ke-hoach.md)."
)


def _as_file(draft: Draft) -> dict[str, Any]:
    return {
        "kind": KIND,
        "state": draft.state,
        "code": draft.code,
        "line": draft.line,
        "level": draft.level,
        "repairs": draft.repairs,
        "review": [vars(doubt) for doubt in draft.doubts],
        "procedure": draft.procedure,
        "source": draft.source,
    }


def _slug(text: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in fold(normalise(text))).split())


def _read_index(out: Path) -> dict[str, dict[str, str]]:
    try:
        return orjson.loads((out / INDEX).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}


def _write_index(out: Path, index: dict[str, dict[str, str]]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    beside = out / (INDEX + ".tmp")
    beside.write_bytes(orjson.dumps(index, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    beside.replace(out / INDEX)
