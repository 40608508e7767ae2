"""
What the page of a plan's draft shows: the source with its marks, what is in doubt, and the form beside it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.admin import plans_wording
from bot.admin.content_fields import Field
from bot.admin.content_forms import Box
from bot.plan_drafts_api import Draft

MOST_LINKS = 6
MAX_ANSWER = 2000


@dataclass
class SourceLine:
    """
    One line of the source. `kind` is how it is marked: unread, asked, mended, apart (in no field) or nothing.
    `doubts` are the ids of those that speak of it, `fields` (name, label) those that it feeds.
    """

    number: int
    text: str
    page: int | None
    kind: str = ""
    said: str = ""
    doubts: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)


def lines(draft: Draft, fields: Sequence[Field]) -> list[SourceLine]:
    """
    Return the lines of the source that have words in them.
    """
    doubts = _doubts_by_line(draft["doubts"])
    labels = {one.name: one.label for one in fields}
    found = []
    for raw in draft["lines"]:
        if not raw["text"].strip():
            continue
        line = SourceLine(raw["n"], raw["text"].strip(), raw.get("page"))
        names = [_field_of(use, labels) for use in raw["use"]]
        line.fields = [(name, labels[name]) for name in dict.fromkeys(filter(None, names))]
        kinds = {kind for kind, _ in doubts.get(line.number, [])}
        line.doubts = [id for _, id in doubts.get(line.number, [])]
        if "unread" in raw["use"] or "unread" in kinds:
            line.kind, line.said = "unread", plans_wording.USES["unread"]
        elif "question" in kinds:
            line.kind = "asked"
        elif "repairs" in kinds:
            line.kind = "mended"
        if not line.fields and not line.said:
            line.said = next((plans_wording.USES[use] for use in raw["use"] if use in plans_wording.USES), "")
            if not line.said:
                line.said, line.kind = plans_wording.ONLY_SECTION, line.kind or "apart"
        found.append(line)
    return found


def _doubts_by_line(doubts: Sequence[Mapping[str, Any]]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for doubt in doubts:
        told = [place["lines"] for place in doubt["places"]] or list(doubt["spots"])
        for number in dict.fromkeys(number for some in told for number in some):
            found.setdefault(number, []).append((doubt["kind"], doubt["id"]))
    return found


def _field_of(use: str, labels: Mapping[str, str]) -> str:
    """
    "signer.name" → itself, "tasks.3.lead" → "tasks"; "" for what is no field.
    """
    return use if use in labels else first if (first := use.split(".")[0]) in labels else ""


def origins(places: Mapping[str, Sequence[int]], name: str) -> list[tuple[str, int]]:
    """
    Return (label, line) of where a field was read: line by line, or for a table the first line of each row.
    """
    own = {path: numbers for path, numbers in places.items() if path == name or path.startswith(f"{name}.")}
    rows: dict[str, int] = {}
    plain: list[int] = []
    for path, numbers in own.items():
        row = path.removeprefix(f"{name}.").split(".")[0]
        if row.isdigit() and numbers:
            rows[row] = min(rows.get(row, numbers[0]), numbers[0])
        else:
            plain += numbers
    if rows:
        return [(f"{int(row) + 1}", line) for row, line in sorted(rows.items(), key=lambda one: int(one[0]))]
    return [("", line) for line in sorted(set(plain))[:MOST_LINKS]]


def sections(boxes: Sequence[Box]) -> list[tuple[str, list[Box]]]:
    found: dict[str, list[Box]] = {name: [] for name in plans_wording.SECTIONS}
    for box in boxes:
        found[plans_wording.section(box.field.name)].append(box)
    return [(name, some) for name, some in found.items() if some]


def shown_fields(fields: Sequence[Field]) -> list[Field]:
    """
    Leave out what the importer sets and nobody needs to read: the id, and which entries say the same.
    """
    return [one for one in fields if one.name != "id" and not one.name.startswith("covers.")]


def answers(form: Any, draft: Draft) -> dict[str, int | str]:
    """
    Return the answers of a form by the question's id: the number of a choice, or words of one's own.
    """
    found: dict[str, int | str] = {}
    for doubt in draft["doubts"]:
        if doubt["kind"] != "question":
            continue
        id = doubt["id"][2:]
        pick, words = str(form.get(f"pick.{id}") or ""), " ".join(str(form.get(f"words.{id}") or "").split())
        if pick.isascii() and pick.isdigit() and 0 < int(pick) <= len(doubt["says"]):
            found[id] = int(pick)
        elif words and doubt["own"] and pick in ("", "own"):
            found[id] = words[:MAX_ANSWER]
    return found


def still_open(draft: Draft) -> list[tuple[str, str]]:
    """
    Return (id, sentence) of what was not looked at, or not answered.
    """
    unanswered, unseen = plans_wording.NOT_YET
    return [
        (
            one["id"],
            plans_wording.not_yet(number, unseen if one["kind"] != "question" or one["answer"] else unanswered),
        )
        for number, one in enumerate(draft["doubts"], 1)
        if not one["looked"] or (one["kind"] == "question" and not one["answer"])
    ]
