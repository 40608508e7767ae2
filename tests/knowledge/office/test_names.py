"""
A ward's own way of asking for a shared entry: found there and nowhere else, while the entry stays the base's.
"""

from __future__ import annotations

from typing import Any

from tests.knowledge.office.conftest import BY, Desk

ODD = "giấy lủng lẳng treo tường"


async def entry_of_the_base(desk: Desk) -> tuple[str, str]:
    rows = (await desk.get("/office/entries", ward="tay-mau", kind="procedure"))["entries"]
    row = next(one for one in rows if one["ward"] == "")
    return row["kind"], row["id"]


async def say(
    desk: Desk, kind: str, id: str, words: str, *, drop: bool = False, ward: str = "tay-mau"
) -> tuple[int, Any]:
    body = {"ward": ward, "kind": kind, "id": id, "words": words, "drop": drop, "by": BY}
    return await desk.call("POST", "/office/names", json=body)


async def best(desk: Desk, ward: str) -> list[str]:
    _, told = await desk.call("POST", "/explain", json={"ward": ward, "question": ODD})
    return [hit["id"] for hit in told["hits"][:1]]


async def test_a_name_of_one_ward_finds_the_shared_entry_there_and_nowhere_else(desk: Desk):
    kind, id = await entry_of_the_base(desk)
    status, told = await say(desk, kind, id, ODD)

    assert (status, told["added"]) == (200, [ODD])
    assert await best(desk, "tay-mau") == [id]
    assert await best(desk, "dong-mau") != [id]
    there = await desk.entry(f"{kind}/{id}", "tay-mau")
    assert (there["ward"], there["added"]) == ("", [ODD])
    assert ODD in there["questions"]
    assert (await desk.entry(f"{kind}/{id}", "dong-mau"))["added"] == []
    assert desk.file("wards/tay-mau/wordings/mot-cua.yml").read_text("utf-8").startswith("# Cách người dân")


async def test_later_changes_of_the_base_are_seen_in_the_ward(desk: Desk):
    kind, id = await entry_of_the_base(desk)
    await say(desk, kind, id, ODD)

    await desk.saved(f"{kind}/{id}", summary="Tóm tắt vừa được sửa ở bản chung.")

    assert "Tóm tắt vừa được sửa ở bản chung." in str(await desk.told(id, "tay-mau"))
    assert await best(desk, "tay-mau") == [id]


async def test_a_ward_that_makes_its_own_keeps_the_name_and_going_back_too(desk: Desk):
    kind, id = await entry_of_the_base(desk)
    await say(desk, kind, id, ODD)
    saved = await desk.saved(f"{kind}/{id}", "tay-mau", summary="Bản riêng.")
    assert await best(desk, "tay-mau") == [id]

    await desk.delete(f"{kind}/{id}", saved["version"], "tay-mau")

    assert await best(desk, "tay-mau") == [id]


async def test_a_name_is_taken_away_and_the_file_is_as_if_it_had_never_been(desk: Desk):
    kind, id = await entry_of_the_base(desk)
    before = await best(desk, "tay-mau")
    await say(desk, kind, id, ODD)
    await say(desk, kind, id, ODD.upper())

    status, told = await say(desk, kind, id, ODD, drop=True)

    assert (status, told["added"]) == (200, [])
    assert await best(desk, "tay-mau") == before
    assert (await desk.entry(f"{kind}/{id}", "tay-mau"))["added"] == []


async def test_words_survive_a_restart_and_stand_in_the_history(desk: Desk):
    kind, id = await entry_of_the_base(desk)
    await say(desk, kind, id, ODD)
    await desk.close()
    await desk.open()

    assert await best(desk, "tay-mau") == [id]
    lines = (desk.state / f"history/wording/{id}.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 1
    assert BY in lines[0]


async def test_what_cannot_be_named_is_refused(desk: Desk):
    kind, id = await entry_of_the_base(desk)

    assert (await say(desk, kind, "khong-co", ODD))[1]["code"] == "entry.unknown"
    assert (await say(desk, kind, id, ODD, ward=""))[0] == 400
    assert (await say(desk, "plan", id, ODD))[0] == 400
    assert (await say(desk, kind, id, "x" * 301))[0] == 400
    path = desk.file("wards/tay-mau/wordings/mot-cua.yml")
    path.parent.mkdir(parents=True)
    path.write_text("kind: wording\nwordings: [", "utf-8")
    assert (await say(desk, kind, id, ODD))[1]["code"] == "file.broken"
