"""
Two hundred random edits: every field comes back as it was sent, and no comment of anybody is lost.
"""

import random
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from knowledge import content as contents
from knowledge import located
from knowledge.office import marks
from knowledge.office.catalogue import Catalogue
from knowledge.office.history import History
from knowledge.office.records import MODELS, Key, meaning
from knowledge.office.store import ANY, Change, Store
from tests.knowledge.conftest import CONTENT
from tests.knowledge.office.conftest import BY, Desk

EDITS = 200
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
WORDS = (
    "phí: lệ # phí | > 'quote' \"dq\" - một [hai] {ba} , & * ! % @ ` 1.001193 2026-07 2026-11-20 no yes null true 50000 08:00 = ~ ? : đăng ký\n"
    "xuống\n\n dòng 🙂 ''"
).split(" ")
# Names that others are found by, and what only certain values are allowed for.
LEFT = {"id", "slug", "kind", "code", "old_codes", "unit", "year", "tasks", "kpis", "facts", "covers", "desk_hours", "desk_closed", "family",
        "ward_value", "fallback", "unverified", "online", "as_of", "questions" }  # fmt: skip
EMPTIED = {
    "place",
    "result",
    "notes",
    "aliases",
    "link",
    "phone",
    "steps",
    "papers_note",
    "hours",
    "address",
    "review_by",
    "papers",
    "cases",
}


def with_comments(text: str, chance: random.Random) -> str:
    """
    Return a content file with comments strewn over it: lines of their own and behind values.
    """
    out = []
    for number, line in enumerate(text.splitlines()):
        if chance.random() < 0.2 and re.match(r" *(- )?[a-z_]+:( |$)|- ", line):
            out.append(" " * (len(line) - len(line.lstrip())) + f"# trên dòng {number}")
        if chance.random() < 0.3 and re.match(r" *(- )?[a-z_]+: [^|>#]*$", line):
            line += f"   # cạnh dòng {number}: 'nháy"
        out.append(line)
    return "\n".join(out) + "\n"


def strewn(root: Path, chance: random.Random) -> None:
    for path in sorted(root.rglob("*.yml")):
        text = path.read_text("utf-8")
        value = located.load(path)[0]
        path.write_text(with_comments(text, chance), "utf-8")
        if located.load(path)[0] != value:  # a comment fell into a text of several lines
            path.write_text(text, "utf-8")


def comments(root: Path) -> list[str]:
    texts = [path.read_text("utf-8") for path in sorted(root.rglob("*.yml"))]
    return sorted(comment for text in texts for comment in marks.comments(text, 0, len(text), marks.root(text)))


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, chance.choice([3, 8, 40])))).strip() or "x"


def edited(entry: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    new = dict(entry)
    for _ in range(chance.randint(1, 3)):
        name = chance.choice([name for name in new if name not in LEFT])
        new[name] = changed(new[name], name, chance)
        if not new[name] or (name in EMPTIED and chance.random() < 0.2):
            del new[name]
    return new


def changed(value: Any, name: str, chance: random.Random) -> Any:
    if name in ("review_by", "valid_until"):
        return chance.choice(["2026-12", "2027-01-05"])
    if name == "confidence":
        return chance.choice(["sure", "likely"])
    if isinstance(value, str):
        return sentence(chance)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return chance.choice([0, 8000])
    if isinstance(value, dict):
        inner = chance.choice(list(value))
        return {**value, inner: changed(value[inner], inner, chance)}
    items, place = list(value), chance.randrange(len(value))
    match chance.randrange(4):
        case 0:
            del items[place]
        case 1:
            items.insert(place, changed(items[place], name, chance))
        case 2:
            items[place] = changed(items[place], name, chance)
        case _:
            chance.shuffle(items)
    return items


@pytest.mark.services
def test_two_hundred_edits_of_the_shipped_content_lose_nothing(tmp_path):
    chance = random.Random(5)
    root = tmp_path / "content"
    for path in CONTENT.rglob("*.yml"):
        copy = root / path.relative_to(CONTENT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    strewn(root, chance)
    before = comments(root)
    places = Catalogue(contents.read(root)).places
    store = Store(root, History(tmp_path / "history"))
    said: dict[Key, dict[str, Any]] = {key: meaning(stored.record) for key, stored in places.stored.items()}

    for key in chance.choices(sorted(said), k=EDITS):
        said[key] = meaning(MODELS[key.kind].model_validate(edited(said[key], chance)))
        store.save(places, [Change(key, said[key], ANY)], by=BY, note="", now=NOW)

    now = Catalogue(contents.read(root)).places.stored
    assert len(before) > 1000
    assert {key: meaning(stored.record) for key, stored in now.items()} == said
    assert comments(root) == before


@pytest.mark.services
async def test_two_hundred_edits_over_the_socket_lose_nothing(library_folder, tmp_path, log):
    chance = random.Random(11)
    strewn(library_folder, chance)
    before = comments(library_folder)
    desk = Desk(library_folder, tmp_path)
    await desk.open()
    rows = [row for ward in ("", "dong-mau") for row in (await desk.get("/office/entries", ward=ward))["entries"]]
    places = sorted({(f"{row['kind']}/{row['id']}", row["ward"]) for row in rows})
    said = {place: (await desk.entry(*place))["entry"] for place in places}
    saved = 0

    for place in chance.choices(places, k=EDITS):
        seen = await desk.entry(*place)
        assert seen["entry"] == said[place]
        new = edited(seen["entry"], chance)
        saved += meaning(MODELS[place[0].partition("/")[0]].model_validate(new)) != said[place]
        said[place] = meaning(MODELS[place[0].partition("/")[0]].model_validate(new))
        status, told = await desk.put(place[0], new, seen["version"], place[1])
        assert status == 200, told

    assert {place: (await desk.entry(*place))["entry"] for place in places} == said
    assert comments(library_folder) == before
    versions = [one for place in places for one in await desk.history(*place)]
    assert sum(one["by"] == BY for one in versions) == saved > 0.9 * EDITS
    await desk.close()


async def test_a_plan_that_no_longer_has_questions_about_a_part_is_written(desk: Desk):
    there = (await desk.entry("plan/plan-dong-mau", "dong-mau"))["entry"]
    asked = there.get("questions") or {}
    saved = await desk.saved("plan/plan-dong-mau", "dong-mau", questions={**asked, "audience": ["dành cho ai"]})
    assert saved["version"]

    await desk.saved("plan/plan-dong-mau", "dong-mau", questions={"plan": ["kế hoạch có gì"]})

    assert (await desk.entry("plan/plan-dong-mau", "dong-mau"))["entry"]["questions"] == {"plan": ["kế hoạch có gì"]}
