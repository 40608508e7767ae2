"""
A content folder of any size: the shipped files, and synthetic entries beside them in files of a few hundred lines.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.synthetic import Synthetic
from knowledge.items import Item

PER_FILE = 25  # entries; 250 to 400 lines
FAQS_IN_FOUR = 3
AS_OF = "2026-11-20"


def write(root: Path, shipped: Path, count: int) -> None:
    """
    Copy the shipped content and add `count` synthetic entries, three FAQs to one procedure.
    """
    shutil.copytree(shipped, root)
    made = Synthetic(shipped).entries(count)
    for number, start in enumerate(range(0, count, PER_FILE)):
        entries = made[start : start + PER_FILE]
        if number % 4 < FAQS_IN_FOUR:
            path, top = root / f"common/faqs/tong-hop-{number:04}.yml", {"kind": "faq"}
            written = [_faq(entry) for entry in entries]
        else:
            path, top = root / f"common/procedures/tong-hop-{number:04}.yml", {"kind": "procedure", "field": "Tổng hợp"}
            written = [_procedure(entry) for entry in entries]
        path.write_text(_yaml({**top, "entries": written}), encoding="utf-8")


def _yaml(value: Any) -> str:
    return str(yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=110))


def _faq(item: Item) -> dict[str, Any]:
    return {
        "id": item.id, "title": item.titles[0], "questions": _said(item.wordings), "answer": " ".join(item.texts),
        "sources": ["bench"], "as_of": AS_OF, "confidence": "sure",
    }  # fmt: skip


def _procedure(item: Item) -> dict[str, Any]:
    return {
        "id": item.id, "title": item.titles[0], "summary": item.texts[0], "questions": _said(item.wordings),
        "papers": [{"text": text} for text in item.texts[1:]], "fee": {"text": "Không thu", "dong": 0},
        "time": {"text": "03 ngày làm việc", "working_days": 3}, "sources": ["bench"], "as_of": AS_OF, "confidence": "sure",
    }  # fmt: skip


def _said(wordings: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(wordings))
