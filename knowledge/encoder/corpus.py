"""
What the encoder learns from: groups of texts that mean the same thing.

A group has questions (what people type) and documents (what the index holds). Training draws one of each.
"""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from pathlib import Path
from typing import Any

from knowledge.text import tokenise

WINDOW, STEP = 90, 70  # tokens of one piece of a long document, and how far the next one starts
PIECES = 12
_SENTENCE = re.compile(r"(?<=[.;:!?\n])\s+")


@dataclass
class Group:
    """
    `key` tells groups apart; texts of groups with one key are never each other's negatives. `source` sets how often
    the group is drawn, `field` lets hard negatives come from the same field.
    """

    key: str
    source: str
    field: str = ""
    questions: list[list[str]] = attribute(default_factory=list)
    documents: list[list[str]] = attribute(default_factory=list)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """
    Read JSON lines, gzipped or not.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def pieces(tokens: Sequence[str]) -> list[list[str]]:
    """
    Cut tokens into overlapping windows of at most WINDOW tokens, PIECES at most.
    """
    starts = range(0, max(1, len(tokens) - (WINDOW - STEP)), STEP)
    return [list(tokens[start : start + WINDOW]) for start in starts][:PIECES]


def collection(corpus: Iterable[dict[str, Any]], source: str) -> list[Group]:
    """
    Make a group of each row `{id, title, body}` or `{id, title, field, sections{}}`: its title asks, its body answers.
    """
    groups = []
    for row in corpus:
        bodies = list(row["sections"].values()) if "sections" in row else [row.get("body", "")]
        title = tokenise(row["title"])
        documents = [piece for body in bodies if body for piece in pieces(tokenise(body)) if len(piece) > 3]
        sentences = [
            tokens for body in bodies for text in _SENTENCE.split(body)[:30] if 6 <= len(tokens := tokenise(text)) <= 40
        ]
        groups.append(
            Group(
                row["id"],
                source,
                row.get("field", ""),
                [title] * 3 + sentences[:6] if title else sentences[:6],
                [title] * 2 + documents,
            )
        )
    return groups


def wordings(bank: dict[str, list[str]], titles: dict[str, list[str]], source: str = "wording") -> list[Group]:
    """
    Make a group of each entry with wordings; wordings answer each other, and the entry's titles answer them.
    """
    out = []
    for key, phrases in bank.items():
        said = [tokenise(phrase) for phrase in phrases]
        named = [tokenise(title) for title in titles.get(key, [])]
        if said and (named or len(said) > 1):
            out.append(Group(key, source, "", said, named * max(1, len(said) // max(1, 2 * len(named))) + said))
    return out


def paired(pairs: Iterable[tuple[str, str, Sequence[str]]], source: str) -> list[Group]:
    """
    Make a group of each (key, question, documents).
    """
    out = []
    for key, question, documents in pairs:
        cut = [piece for document in documents for piece in pieces(tokenise(document))[:2]]
        if cut:
            out.append(Group(key, source, "", [tokenise(question)], cut))
    return out


def alone(questions: Iterable[str], source: str) -> list[Group]:
    """
    Make a group of each question with nothing but itself: it must find itself however it is typed.
    """
    return [
        Group(f"{source}:{number}", source, "", [tokens], [tokens])
        for number, text in enumerate(questions)
        if (tokens := tokenise(text))
    ]


def draw(
    groups: Sequence[Group], size: int, rng: random.Random, shares: dict[str, float]
) -> list[tuple[Group, list[str], list[str]]]:
    """
    Draw (group, question, document) triples: sources by their shares, half of the fielded ones from three fields.
    """
    by_source: dict[str, list[Group]] = {}
    for group in groups:
        by_source.setdefault(group.source, []).append(group)
    present = {source: share for source, share in shares.items() if source in by_source}
    total = sum(present.values())
    out = []
    for source, share in present.items():
        pool, count = by_source[source], round(size * share / total)
        fields = sorted({group.field for group in pool if group.field})
        if len(fields) > 3:
            near = set(rng.sample(fields, 3))
            close = [group for group in pool if group.field in near]
            chosen = rng.choices(close, k=count // 2) + rng.choices(pool, k=count - count // 2)
        else:
            chosen = rng.choices(pool, k=count)
        for group in chosen:
            question = rng.choice(group.questions) if group.questions else rng.choice(group.documents)
            others = [document for document in group.documents if document != question] or group.documents
            out.append((group, question, rng.choice(others)))
    return out
