"""
The wordings that train the encoder: ours, with the titles they stand for.
"""

from pathlib import Path

from knowledge import content as contents
from knowledge.encoder.corpus import rows
from knowledge.items import OUTSIDE
from knowledge.passages import items


def load_bank(root: Path, data: Path | None) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """
    Return (wordings by id, titles by id) of the content, and of national codes that only the training texts name.
    """
    content = contents.read(root)
    bank: dict[str, list[str]] = {}
    titles: dict[str, list[str]] = {}
    for item in items(content):
        if item.id != OUTSIDE and item.wordings:
            bank[item.id], titles[item.id] = list(item.wordings), list(item.titles)
    if data is not None:
        for row in rows(data / "procedures.jsonl.gz"):
            if row["id"] in content.wordings:
                bank[row["id"]], titles[row["id"]] = content.wordings[row["id"]], [row["title"]]
    return bank, titles
