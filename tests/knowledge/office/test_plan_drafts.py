"""
A plan's file, sent over HTTP, is read beside, reviewed, and becomes the ward's plan with its history.
"""

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from knowledge.importing import draft as drafts
from knowledge.office.plan_drafts import MOST_TRIES, PlanDrafts
from tests.knowledge.conftest import CONTENT, FACTS
from tests.knowledge.importing.conftest import SAMPLES, needs_tesseract
from tests.knowledge.office.conftest import BY, Desk

SEEDS = FACTS.parent / "seeds"
REAL_WARDS = ("hai-hoa", "thinh-liet", "hoa-binh", "tien-tien", "long-anh")
DRAFTS = "/office/plan-drafts"
PATIENCE_SECONDS = 90


async def send(desk: Desk, path: Path, ward: str = "dong-mau", name: str = "") -> tuple[int, Any]:
    query = {"ward": ward, "name": name or path.name, "by": BY}
    return await desk.call("POST", DRAFTS, params=query, data=await asyncio.to_thread(path.read_bytes))


async def listed(desk: Desk, ward: str = "dong-mau") -> list[Any]:
    return (await desk.get(DRAFTS, ward=ward))["drafts"]


async def until(desk: Desk, id: str, state: str, ward: str = "dong-mau", seen: set[Any] | None = None) -> Any:
    """
    Wait for what becomes of a file; return its row in the list. `seen` collects how far it was.
    """
    for _ in range(round(PATIENCE_SECONDS / 0.05)):
        row = next(one for one in await listed(desk, ward) if one["id"] == id)
        if seen is not None:
            seen.add(tuple(row["pages"] or ()))
        if row["state"] == state:
            return row
        assert row["state"] in ("waiting", "reading"), row
        await asyncio.sleep(0.05)
    raise AssertionError(f"{id} is not {state} after {PATIENCE_SECONDS} seconds")


async def read(desk: Desk, path: Path, ward: str = "dong-mau", name: str = "") -> Any:
    """
    Send a file, wait until it is read, and return its draft.
    """
    status, told = await send(desk, path, ward, name)
    assert status == 202, told
    await until(desk, told["id"], "read", ward)
    return await desk.get(f"{DRAFTS}/{told['id']}", ward=ward)


async def put(desk: Desk, draft: Any, **changes: Any) -> tuple[int, Any]:
    answers = {one["id"][2:]: one["answer"] for one in draft["doubts"] if one["kind"] == "question" and one["answer"]}
    looked = [one["id"] for one in draft["doubts"] if one["looked"]]
    body = {"expected": draft["version"], "answers": answers, "looked": looked, "plan": draft["plan"], **changes}
    return await desk.call("PUT", f"{DRAFTS}/{draft['id']}", params={"ward": draft["ward"]}, json=body)


async def confirm(desk: Desk, draft: Any, replaces: Any = None) -> tuple[int, Any]:
    body = {"expected": draft["version"], "by": BY, "replaces": replaces}
    return await desk.call("POST", f"{DRAFTS}/{draft['id']}/confirm", params={"ward": draft["ward"]}, json=body)


def first_answers(draft: Any) -> dict[str, Any]:
    return {one["id"][2:]: 1 for one in draft["doubts"] if one["kind"] == "question"}


def all_looked(draft: Any) -> list[str]:
    return [one["id"] for one in draft["doubts"]]


@pytest.fixture
def no_plan_yet(desk: Desk) -> Desk:
    """
    The ward's plan makes room for one of 2026.
    """
    path = desk.file("wards/dong-mau/plans/2026.yml")
    path.write_text(path.read_text("utf-8").replace("plan-dong-mau-2026", "plan-dong-mau-truoc"), "utf-8")
    path.rename(path.with_name("truoc.yml"))
    return desk


async def test_a_messy_plan_is_read_answered_edited_and_becomes_the_wards_plan(no_plan_yet: Desk):
    desk = no_plan_yet
    await desk.reread()
    draft = await read(desk, SAMPLES / "vo-bang.txt", name="Kế hoạch CCHC 2026.txt")
    assert draft["id"].startswith("ke-hoach-cchc-2026-")
    kinds = {one["kind"] for one in draft["doubts"]}
    assert {"question", "repairs"} <= kinds
    assert all(place["lines"] for one in draft["doubts"] for place in one["places"])
    assert len(draft["lines"]) == len((SAMPLES / "vo-bang.txt").read_text("utf-8").splitlines())

    status, told = await confirm(desk, draft)
    assert (status, told["code"]) == (422, "draft.not_ready")
    assert {one["doubt"] for one in told["fields"]["missing"]} == set(all_looked(draft))

    plan = {**draft["plan"], "summary": "Phường Đông Mẫu tuyên truyền cải cách hành chính năm 2026."}
    status, saved = await put(desk, draft, answers=first_answers(draft), looked=all_looked(draft), plan=plan)
    assert status == 200
    assert saved["plan"]["summary"] == plan["summary"]
    assert "31/QĐ-UBND ngày 05/01/2026" in saved["plan"]["legal_basis"][0]
    assert not any(not one["looked"] for one in saved["doubts"])

    status, told = await confirm(desk, saved)
    assert status == 200, told
    assert (told["kind"], told["id"]) == ("plan", "plan-dong-mau-2026")
    [version] = await desk.history("plan/plan-dong-mau-2026", "dong-mau")
    assert (version["by"], version["note"]) == (BY, "nhập từ tệp Kế hoạch CCHC 2026.txt")
    assert BY in version["entry"]["to_check"][-1]
    assert plan["summary"] in (desk.file("wards/dong-mau/plans/2026.yml").read_text("utf-8"))
    [row] = await listed(desk)
    assert (row["state"], row["by"]) == ("accepted", BY)
    assert (await put(desk, await desk.get(f"{DRAFTS}/{draft['id']}", ward="dong-mau")))[0] == 400


async def test_a_plan_of_the_same_year_may_be_replaced_or_stand_beside(desk: Desk):
    draft = await read(desk, SAMPLES / "vo-bang.txt")
    [there] = draft["there"]
    assert (there["id"], there["year"]) == ("plan-dong-mau", 2026)
    _, saved = await put(desk, draft, answers=first_answers(draft), looked=all_looked(draft))

    status, told = await confirm(desk, saved, {"id": there["id"], "version": there["version"] + 1})
    assert (status, told["code"]) == (409, "entry.changed")
    status, told = await confirm(desk, saved, {"id": there["id"], "version": there["version"]})

    assert (status, told["id"]) == (200, "plan-dong-mau"), told
    history = await desk.history("plan/plan-dong-mau", "dong-mau")
    assert [one["by"] for one in history] == ["tệp", BY]
    assert history[1]["entry"]["number"] == "17/KH-UBND"


async def test_an_id_that_is_taken_is_not_written_over_unasked(desk: Desk):
    draft = await read(desk, SAMPLES / "vo-bang.txt")
    plan = {**draft["plan"], "id": "plan-dong-mau"}
    _, saved = await put(desk, draft, answers=first_answers(draft), looked=all_looked(draft), plan=plan)

    assert (await confirm(desk, saved))[1]["code"] == "entry.changed"


async def test_an_answer_changed_later_keeps_what_was_typed_and_says_where_they_are_at_odds(desk: Desk):
    draft = await read(desk, SAMPLES / "vo-bang.txt")
    first = first_answers(draft)
    _, saved = await put(desk, draft, answers=first)
    plan = saved["plan"]
    plan["legal_basis"][0] += " (đã đối chiếu)"
    plan["legal_basis"].append("Luật Tổ chức chính quyền địa phương")
    _, saved = await put(desk, saved, plan=plan)

    status, again = await put(desk, saved, answers={**first, "van-ban-1": 2})

    assert status == 200
    assert again["plan"]["legal_basis"] == plan["legal_basis"]
    [odd] = [one for one in again["doubts"] if one["kind"] == "again"]
    assert "legal_basis" in odd["text"]
    _, back = await put(desk, again, answers={**first, "van-ban-1": 1, "van-ban-3": 2})
    assert "23/CT-UBND" in str(back["plan"]["publicised"]), "what nobody typed into follows the answer"


async def test_two_people_do_not_write_over_each_other(desk: Desk):
    draft = await read(desk, SAMPLES / "bang-vach.md")
    assert (await put(desk, draft, plan={**draft["plan"], "summary": "một"}))[0] == 200

    status, told = await put(desk, draft, plan={**draft["plan"], "summary": "hai"})

    assert (status, told["code"]) == (409, "draft.changed")
    assert (await confirm(desk, draft))[1]["code"] == "draft.changed"


async def test_mistakes_are_told_by_field_and_the_draft_is_kept(desk: Desk):
    draft = await read(desk, SAMPLES / "bang-vach.md")

    status, saved = await put(desk, draft, plan={**draft["plan"], "year": "hai nghìn", "ghi_chu": "x"})

    assert status == 200
    assert {one["field"] for one in saved["mistakes"]} == {"year", "ghi_chu"}


async def test_what_cannot_be_read_is_told_and_can_be_tried_again_or_discarded(desk: Desk, tmp_path: Path):
    bad = tmp_path / "hong.pdf"
    bad.write_bytes(b"%PDF-1.4 not a pdf")
    status, told = await send(desk, bad)
    assert status == 202
    row = await until(desk, told["id"], "failed")
    assert (row["code"], row["file"]) == ("source.unreadable", "hong.pdf")
    assert "không mở được tệp PDF" in row["message"]

    status, _ = await desk.call("POST", f"{DRAFTS}/{told['id']}/again", params={"ward": "dong-mau"})
    assert status == 202
    assert (await desk.call("DELETE", f"{DRAFTS}/{told['id']}", params={"ward": "dong-mau"}))[0] == 200
    assert await listed(desk) == []
    assert (await desk.call("DELETE", f"{DRAFTS}/{told['id']}", params={"ward": "dong-mau"}))[1][
        "code"
    ] == "draft.unknown"


@pytest.mark.parametrize(("name", "word"), [("cu.doc", "Lưu thành"), ("bang.xlsx", "chưa đọc được"), ("", "chưa đọc")])
async def test_a_file_of_another_form_is_refused_at_once(desk: Desk, tmp_path: Path, name: str, word: str):
    path = tmp_path / "x"
    path.write_bytes(b"x")

    status, told = await send(desk, path, name=name or "khong-duoi")

    assert (status, told["code"]) == (422, "source.unreadable")
    assert word in told["message"]


async def test_the_same_file_is_the_same_draft_and_the_review_of_it_stays(desk: Desk):
    draft = await read(desk, SAMPLES / "bang-vach.md")
    await put(desk, draft, looked=["repairs"])

    status, told = await send(desk, SAMPLES / "bang-vach.md")

    assert (status, told) == (202, {"id": draft["id"], "new": False})
    assert "repairs" in drafts.read(desk.state / f"drafts/plans/dong-mau/{draft['id']}.yml").looked


async def test_a_file_that_is_too_large_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("knowledge.office.plan_api.MOST_BYTES", 1000)
    path = tmp_path / "to.txt"
    path.write_bytes(b"x" * 1001)

    assert (await send(desk, path))[1]["fields"] == {"file": "at most 20 MB"}
    assert await listed(desk) == []


async def test_a_reading_cut_off_by_a_restart_is_begun_again(library_folder: Path, tmp_path: Path):
    folder = PlanDrafts(tmp_path / "drafts/plans")
    data = (SAMPLES / "vo-bang.txt").read_bytes()
    id, _ = folder.add("dong-mau", "vo-bang.txt", data, by=BY, now=datetime.now(UTC))
    sent = folder.reading("dong-mau", id)
    assert sent is not None
    folder.put(replace(sent, state="reading", tries=1))
    desk = Desk(library_folder, tmp_path)

    await desk.open()

    row = await until(desk, id, "read")
    assert (row["by"], row["file"]) == (BY, "vo-bang.txt")
    await desk.close()


async def test_a_draft_that_somebody_works_on_is_not_read_over_after_a_kill(library_folder: Path, tmp_path: Path):
    desk = Desk(library_folder, tmp_path)
    await desk.open()
    draft = await read(desk, SAMPLES / "bang-vach.md")
    assert (await put(desk, draft, looked=["notes"]))[0] == 200
    await desk.close()
    folder = PlanDrafts(tmp_path / "drafts/plans")
    sent = folder.reading("dong-mau", draft["id"])
    assert sent is not None
    folder.put(replace(sent, state="reading", tries=1))

    await desk.open()

    await until(desk, draft["id"], "read")
    again = await desk.get(f"{DRAFTS}/{draft['id']}", ward="dong-mau")
    assert [one["id"] for one in again["doubts"] if one["looked"]] == ["notes"]
    await desk.close()


async def test_a_file_that_takes_its_reader_down_every_time_is_given_up(library_folder: Path, tmp_path: Path):
    folder = PlanDrafts(tmp_path / "drafts/plans")
    id, _ = folder.add("dong-mau", "doc.txt", b"abc", by=BY, now=datetime.now(UTC))
    sent = folder.reading("dong-mau", id)
    assert sent is not None
    folder.put(replace(sent, state="reading", tries=MOST_TRIES))
    desk = Desk(library_folder, tmp_path)

    await desk.open()

    await until(desk, id, "failed")
    await desk.close()


@pytest.mark.parametrize("id", ["..", "../../x", ".an", "a%2Fb"])
async def test_no_id_leads_out_of_the_folder(desk: Desk, id: str):
    status, _ = await desk.call("GET", f"{DRAFTS}/{id.replace('/', '%2F')}", params={"ward": "dong-mau"})

    assert status in (400, 404)


async def test_drafts_of_the_command_are_listed_and_a_broken_one_is_told(desk: Desk):
    draft = await read(desk, SAMPLES / "bang-vach.md")
    folder = desk.state / "drafts/plans/dong-mau"
    shutil.copy(folder / f"{draft['id']}.yml", folder / "Kế hoạch tay.yml")
    (folder / "hong.yml").write_text("kind: plan-draft\nward: [", "utf-8")

    rows = {one["id"]: one for one in await listed(desk)}

    assert rows["Kế hoạch tay"]["state"] == "read"
    assert rows["hong"]["state"] == "broken"
    assert (await desk.get(f"{DRAFTS}/Kế hoạch tay", ward="dong-mau"))["plan"] == draft["plan"]


async def test_a_scan_without_tesseract_says_so_and_is_read_once_it_is_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    _, told = await send(desk, SAMPLES / "ban-quet.pdf")

    row = await until(desk, told["id"], "failed")

    assert row["code"] == "source.ocr_missing"
    assert "chưa cài phần mềm nhận dạng chữ tesseract" in row["message"]
    _, again = await send(desk, SAMPLES / "ban-quet.pdf")
    assert again == {"id": told["id"], "new": True}, "sent again, it is tried again"


@needs_tesseract
async def test_a_scan_tells_how_far_it_is_and_its_doubtful_lines_are_one_doubt_per_page(desk: Desk):
    seen: set[Any] = set()
    status, told = await send(desk, SAMPLES / "ban-quet.pdf")
    assert status == 202
    await until(desk, told["id"], "read", seen=seen)
    draft = await desk.get(f"{DRAFTS}/{told['id']}", ward="dong-mau")
    assert draft["source"]["notices"]
    assert len([one for one in draft["doubts"] if one["id"].startswith("u-trang-")]) <= max(
        line["page"] for line in draft["lines"]
    )


@pytest.mark.shared
@pytest.mark.services
async def test_the_five_real_plans_are_read_with_every_line_and_take_the_place_of_those_entered_by_hand(tmp_path: Path):
    if not SEEDS.is_dir():
        pytest.skip("the project's shared folder is not here, so there are no real plans to read")
    desk = Desk(Path(await asyncio.to_thread(shutil.copytree, CONTENT, tmp_path / "content")), tmp_path)
    await desk.open()
    for path, ward in zip(sorted(SEEDS.glob("*.txt")), REAL_WARDS, strict=True):
        draft = await read(desk, path, ward)
        unread = {line["n"] for line in draft["lines"] if line["use"] == ["unread"]}
        told = [place for one in draft["doubts"] if one["kind"] == "unread" for place in one["places"]]
        assert unread <= {line for place in told for line in place["lines"]}, "what could not be read is listed"
        _, saved = await put(desk, draft, answers=first_answers(draft), looked=all_looked(draft))
        assert saved["mistakes"] == []
        [there] = saved["there"]

        status, done = await confirm(desk, saved, {"id": there["id"], "version": there["version"]})

        assert status == 200, done
        assert (await desk.ask("kế hoạch căn cứ văn bản nào", ward))["outcome"] == "answered"
    assert (await desk.get("/healthz"))["mistakes"] == []
    await desk.close()
