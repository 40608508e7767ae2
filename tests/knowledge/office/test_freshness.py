"""
What has grown old, and that it withdraws by itself.
"""

from datetime import date

import pytest

OLD, NEW = "Nghị định 20/2021/NĐ-CP (15/3/2021)", "Nghị định 335/2026/NĐ-CP"


async def ids(desk, name, ward="", today=None):
    query = {"ward": ward} | ({"today": today} if today else {})
    return [row["id"] for row in (await desk.get("/office/freshness", **query))[name]]


async def test_what_is_past_its_dates_is_listed_oldest_first(desk):
    await desk.saved("faq/faq-gui-xe", valid_until="2026-07-01")
    await desk.saved("procedure/ket-hon", review_by="2026-12-20")
    await desk.saved("procedure/khai-sinh", review_by="2026-10")
    await desk.saved("service/cong-mau", review_by="2026-12-21")

    assert await ids(desk, "expired") == ["faq-gui-xe", "faq-chien-dich-he"]
    assert await ids(desk, "due") == ["khai-sinh", "ket-hon"]
    assert await ids(desk, "due", today="2026-11-21") == ["khai-sinh", "ket-hon", "cong-mau"]
    assert await ids(desk, "expired", today="2026-01-01") == []


async def test_an_entry_is_withdrawn_at_midnight_without_a_restart_and_the_citizen_is_told_whom_to_call(desk):
    question = "bãi giữ xe của phường thu bao nhiêu"
    await desk.saved("faq/faq-gui-xe", valid_until="2026-11-20")
    before = await desk.ask(question, "dong-mau")

    desk.days.append(date(2026, 11, 21))

    after = await desk.ask(question, "dong-mau")
    assert (before["outcome"], after["outcome"]) == ("answered", "unanswerable_expired")
    assert after["elsewhere"]["title"] == "Gửi xe ở trụ sở có mất tiền không?"
    assert after["ward"]["hotlines"][0]["number"] == "0000 000 001"
    assert await ids(desk, "expired", "dong-mau") == ["faq-chien-dich-he", "faq-gui-xe"]
    listed = await desk.get("/office/entries", state="expired")
    assert [row["expired"] for row in listed["entries"]] == [True, True]


async def test_a_plan_past_its_date_is_withdrawn_with_all_its_parts(desk):
    await desk.saved("plan/plan-dong-mau", "dong-mau", valid_until="2026-11-20")
    desk.days.append(date(2026, 11, 21))

    for id in ("plan-dong-mau", "plan-dong-mau-zalo", "plan-dong-mau-loa", "plan-dong-mau--channels"):
        assert (await desk.ask("", "dong-mau", choose={"entry": id}))["outcome"] == "unanswerable_expired"
    assert (await desk.ask("ai giữ trang Zalo của phường", "dong-mau"))["outcome"] == "unanswerable_expired"


async def test_an_entry_that_is_given_a_later_date_answers_again(desk):
    await desk.saved("faq/faq-gui-xe", valid_until="2026-11-01")
    assert (await desk.ask("", choose={"entry": "faq-gui-xe"}))["outcome"] == "unanswerable_expired"

    await desk.saved("faq/faq-gui-xe", valid_until="2027-11-01")

    assert (await desk.ask("", choose={"entry": "faq-gui-xe"}))["outcome"] == "answered"


async def test_of_a_double_question_the_part_that_has_not_ended_is_answered(desk):
    await desk.saved("faq/faq-gui-xe", valid_until="2026-11-01")

    found = await desk.ask("đăng ký kết hôn cần gì và bãi giữ xe của phường thu bao nhiêu")

    assert "faq-gui-xe" not in [one["entry"]["id"] for one in found["findings"]]


# A decree is replaced


@pytest.mark.parametrize("written", ["NĐ 20/2021", "Nghị định 20/2021/NĐ-CP", "nghị định số 20/2021/NĐ-CP"])
async def test_whoever_cites_a_document_is_found_however_it_is_written(desk, written):
    await desk.saved("procedure/khai-sinh", legal_basis=["Luật 1/2026/QH16", OLD])
    await desk.saved("procedure/tam-tru", "dong-mau", legal_basis=["NĐ 20/2021"])

    everywhere = (await desk.get("/office/citing", document=written))["entries"]
    west = (await desk.get("/office/citing", document=written, ward="tay-mau"))["entries"]

    assert [(row["id"], row["ward"], row["cites"]) for row in everywhere] == [
        ("khai-sinh", "", [OLD]), ("tam-tru", "dong-mau", ["NĐ 20/2021"]),
    ]  # fmt: skip
    assert [row["id"] for row in west] == ["khai-sinh"]


async def test_one_edit_marks_everything_that_cites_the_old_decree(desk):
    await desk.saved("procedure/khai-sinh", legal_basis=[OLD])
    await desk.saved("procedure/ket-hon", legal_basis=[OLD], review_by="2026-10-01")
    await desk.saved("procedure/tam-tru", "dong-mau", legal_basis=["NĐ 20/2021"])

    body = {"ward": "", "old": "NĐ 20/2021", "new": "nghị định số 335/2026", "by": "Biên tập viên tỉnh Mẫu"}
    status, told = await desk.call("POST", "/office/replace-basis", json=body)

    assert (status, told["old"], told["new"]) == (200, "Nghị định 20/2021/NĐ-CP", NEW)
    assert [(row["id"], row["marked"]) for row in told["entries"]] == [("ket-hon", True), ("khai-sinh", True)]
    birth = (await desk.entry("procedure/khai-sinh"))["entry"]
    assert birth["review_by"] == "2026-11-20"
    assert f"Nghị định 20/2021/NĐ-CP đã được thay bằng {NEW}" in birth["to_check"][-1]
    assert (await desk.entry("procedure/ket-hon"))["entry"]["review_by"] == "2026-10-01"
    found = (await desk.get("/office/freshness", ward="dong-mau"))["replaced"]
    assert {(one["entry"]["id"], one["basis"], one["by"]) for one in found} == {
        ("khai-sinh", OLD, NEW), ("ket-hon", OLD, NEW), ("tam-tru", "NĐ 20/2021", NEW),
    }  # fmt: skip
    assert (await desk.history("procedure/khai-sinh"))[-1]["by"] == "Biên tập viên tỉnh Mẫu"


async def test_a_ward_marks_its_own_entries_and_sees_the_others(desk):
    await desk.saved("procedure/khai-sinh", legal_basis=[OLD])
    await desk.saved("procedure/tam-tru", "dong-mau", legal_basis=["NĐ 20/2021"])

    body = {"ward": "dong-mau", "old": "NĐ 20/2021", "new": "NĐ 335/2026", "by": "x"}
    _, told = await desk.call("POST", "/office/replace-basis", json=body)

    assert {(row["id"], row["marked"]) for row in told["entries"]} == {("khai-sinh", False), ("tam-tru", True)}
    assert "review_by" not in (await desk.entry("procedure/khai-sinh"))["entry"]


async def test_who_has_mended_the_basis_is_listed_no_more(desk):
    await desk.saved("procedure/khai-sinh", legal_basis=[OLD])
    body = {"ward": "", "old": "NĐ 20/2021", "new": "NĐ 335/2026", "by": "x"}
    await desk.call("POST", "/office/replace-basis", json=body)

    await desk.saved("procedure/khai-sinh", legal_basis=[NEW], to_check=None, review_by="2027-11-20")

    found = await desk.get("/office/freshness")
    assert (found["replaced"], found["due"]) == ([], [])
    _, told = await desk.call("POST", "/office/try", json={
        "ward": "", "kind": "procedure", "id": "ket-hon", "entry": {**(await desk.entry("procedure/ket-hon"))["entry"], "legal_basis": ["NĐ 20/2021"]},
    })  # fmt: skip
    assert [one["kind"] for one in told["conflicts"]] == ["basis_expired"]  # what replaced it is remembered


async def test_a_decree_that_is_not_in_force_yet_replaces_nothing_yet(desk):
    await desk.saved("procedure/khai-sinh", legal_basis=[OLD])
    await desk.saved(
        "procedure/ket-hon", legal_basis=["Nghị định 335/2026/NĐ-CP (hiệu lực 05/12/2026, thay Nghị định 20/2021)"]
    )

    now = (await desk.get("/office/freshness"))["replaced"]
    later = (await desk.get("/office/freshness", today="2026-12-05"))["replaced"]

    assert (now, [one["entry"]["id"] for one in later]) == ([], ["khai-sinh"])
