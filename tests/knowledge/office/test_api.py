"""
What the pages ask of the service, over HTTP: list, read, save, go back. Two editors, and a third who edits the file.
"""

import asyncio

import pytest

from tests.knowledge.office.conftest import BY, Desk

PLACE = {"place": "Quầy số 2"}
FAQ = {"id": "gio-lam-viec", "title": "Phường làm việc giờ nào?", "answer": "Buổi sáng.", "as_of": "2026-11"}


# Listing


async def test_a_ward_sees_its_own_entries_in_place_of_the_base(desk):
    east = (await desk.get("/office/entries", ward="dong-mau"))["entries"]
    base = (await desk.get("/office/entries"))["entries"]

    rows = {row["id"]: row for row in east}
    assert (rows["tam-tru"]["ward"], rows["tam-tru"]["overridden"]) == ("dong-mau", True)
    assert (rows["khai-sinh"]["ward"], rows["khai-sinh"]["overridden"]) == ("", False)
    assert {"plan-dong-mau", "dong-mau"} <= set(rows)
    assert {row["kind"] for row in base} == {"faq", "procedure", "service"}
    assert [row["id"] for row in base if row["overridden"]] == ["tam-tru"]
    assert rows["khai-sinh"] == {
        "id": "khai-sinh", "kind": "procedure", "title": "Đăng ký khai sinh", "ward": "", "overridden": False, "as_of": "2026-07",
        "review_by": None, "valid_until": None, "expired": False, "to_check": 1, "questions": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"q": "khai sinh"}, ["khai-sinh", "khai-sinh-lai"]),
        ({"q": "KHAI  sinh"}, ["khai-sinh", "khai-sinh-lai"]),
        ({"q": "giay hon thu"}, ["ket-hon"]),
        ({"q": "1.000003"}, ["ket-hon"]),
        ({"q": "bãi giữ xe"}, ["faq-gui-xe"]),
        ({"q": "đăng ký", "kind": "faq"}, []),
        ({"kind": "faq"}, ["faq-chien-dich-he", "faq-gui-xe"]),
        ({"kind": "plan", "ward": "dong-mau"}, ["plan-dong-mau"]),
        ({"state": "expired"}, ["faq-chien-dich-he"]),
        ({"state": "unchecked"}, ["khai-sinh"]),
        ({"state": "overridden", "ward": "dong-mau"}, ["tam-tru"]),
        ({"state": "overridden", "ward": "tay-mau"}, []),
        ({"kind": "procedure", "size": "2", "page": "2"}, ["khai-sinh-lai", "tam-tru"]),
    ],
)
async def test_the_list_is_searched_and_filtered(desk, query, ids):
    found = await desk.get("/office/entries", **query)

    assert [row["id"] for row in found["entries"]] == ids
    assert found["total"] == (4 if "size" in query else len(ids))


# Reading and saving


async def test_an_entry_comes_with_where_it_stands_and_what_must_find_it(desk):
    read = await desk.entry("procedure/khai-sinh", "tay-mau")

    assert read["file"] == "common/procedures/ho-tich.yml"
    assert read["line"] == 5
    assert (read["ward"], read["version"], read["base"], read["broken"]) == ("", 1, None, None)
    assert read["entry"]["fee"] == {"text": "Không thu", "dong": 0}
    assert read["entry"]["field"] == "Hộ tịch"
    assert {"em bé mới sinh làm giấy gì", "làm giấy khai sinh", "vợ mới đẻ cần đi làm giấy cho cháu"} <= set(
        read["questions"]
    )


async def test_what_is_saved_is_live_when_the_answer_comes(desk):
    saved = await desk.saved(
        "procedure/ket-hon", fee={"text": "10.000 đồng", "dong": 10000}, aliases=["rước dâu về dinh"]
    )

    assert saved["version"] == 2
    assert saved["seconds"] < 5
    assert (await desk.told("ket-hon"))["fee"]["dong"] == 10000
    _, why = await desk.call("POST", "/explain", json={"ward": "tay-mau", "question": "rước dâu về dinh"})
    assert why["hits"][0]["id"] == "ket-hon"
    assert (await desk.entry("procedure/ket-hon"))["version"] == 2


async def test_only_the_lines_that_changed_change_in_the_file(desk):
    path = desk.file("common/procedures/ho-tich.yml")
    before = path.read_text("utf-8").splitlines()

    await desk.saved("procedure/ket-hon", place="Quầy số 2", result="Giấy chứng nhận kết hôn")

    after = path.read_text("utf-8").splitlines()
    assert set(before) - set(after) == set()  # the same line stands in another entry
    assert set(after) - set(before) == {"  place: Quầy số 2", "  result: Giấy chứng nhận kết hôn"}
    assert len(after) == len(before) + 1


async def test_nothing_is_written_when_an_entry_says_what_it_said(desk):
    path = desk.file("common/procedures/ho-tich.yml")
    before = path.read_bytes()

    saved = await desk.saved("procedure/khai-sinh")

    assert saved["version"] == 1
    assert path.read_bytes() == before


async def test_a_new_entry_of_a_ward_is_seen_there_alone(desk):
    status, told = await desk.put("faq/gio-lam-viec", FAQ, None, "tay-mau")

    assert (status, told["version"]) == (200, 1)
    assert (await desk.told("gio-lam-viec"))["answer"] == "Buổi sáng."
    assert (await desk.ask("", "dong-mau", choose={"entry": "gio-lam-viec"}))["code"] == "entry.unknown"
    assert (await desk.entry("faq/gio-lam-viec", "tay-mau"))["file"] == "wards/tay-mau/faqs/mot-cua.yml"


async def test_many_new_entries_do_not_make_one_endless_file(desk):
    for number in range(43):
        entry = {**FAQ, "id": f"cau-{number}", "title": f"Câu {number}?"}
        assert (await desk.put(f"faq/cau-{number}", entry, None))[0] == 200

    names = sorted(path.name for path in desk.file("common/faqs").iterdir())
    assert names == ["chung.yml", "mot-cua-2.yml", "mot-cua.yml"]


async def test_a_wards_hotline_and_a_plans_fact_are_entries_like_others(desk):
    await desk.saved("ward/dong-mau", "dong-mau", hotlines=[{"label": "Quầy", "number": "0000 000 009"}])
    plan = (await desk.entry("plan/plan-dong-mau", "dong-mau"))["entry"]
    plan["facts"][0]["text"] = "Trang Zalo do Văn phòng và Phòng Văn hóa cùng giữ."
    await desk.saved("plan/plan-dong-mau", "dong-mau", facts=plan["facts"])

    assert (await desk.ask("gọi cho phường số nào", "dong-mau"))["ward"]["hotlines"][0]["number"] == "0000 000 009"
    assert "cùng giữ" in (await desk.told("plan-dong-mau-zalo", "dong-mau"))["text"]


async def test_a_new_ward_begins_with_its_own_file(desk):
    entry = {"slug": "nam-mau", "name": "xã Nam Mẫu", "unit": "xã", "province": "tỉnh Mẫu", "as_of": "2026-11"}

    status, told = await desk.put("ward/nam-mau", entry, None, "nam-mau")

    assert status == 200, told
    assert (await desk.told("khai-sinh", "nam-mau"))["title"] == "Đăng ký khai sinh"


# One ward's own version of a base entry


async def test_a_base_entry_is_overridden_for_one_ward_and_goes_back(desk):
    base = await desk.entry("procedure/ket-hon", "tay-mau")

    status, told = await desk.put("procedure/ket-hon", {**base["entry"], **PLACE}, base["version"], "tay-mau")

    assert status == 200
    assert ((await desk.told("ket-hon"))["place"], (await desk.told("ket-hon", "dong-mau"))["place"]) == (
        "Quầy số 2",
        "Quầy một cửa của phường",
    )
    own = await desk.entry("procedure/ket-hon", "tay-mau")
    assert (own["ward"], own["base"], own["version"]) == ("tay-mau", base["entry"], told["version"])
    assert own["file"] == "wards/tay-mau/procedures/mot-cua.yml"

    status, _ = await desk.delete("procedure/ket-hon", own["version"], "tay-mau")

    assert status == 200
    assert (await desk.told("ket-hon"))["place"] == "Quầy một cửa của phường"
    assert (await desk.entry("procedure/ket-hon", "tay-mau"))["ward"] == ""
    assert not desk.file("wards/tay-mau/procedures/mot-cua.yml").exists()
    assert [version["entry"] is None for version in await desk.history("procedure/ket-hon", "tay-mau")] == [False, True]


async def test_a_base_entry_saved_for_a_ward_without_a_change_stays_the_base(desk):
    base = await desk.entry("procedure/ket-hon", "tay-mau")

    status, told = await desk.put("procedure/ket-hon", base["entry"], base["version"], "tay-mau")

    assert (status, told["version"]) == (200, 1)
    assert (await desk.entry("procedure/ket-hon", "tay-mau"))["ward"] == ""
    assert not desk.file("wards/tay-mau/procedures").exists()


async def test_an_override_has_numbers_that_the_base_never_had(desk):
    base = await desk.entry("procedure/ket-hon", "tay-mau")
    first = {**base["entry"], **PLACE}
    assert (await desk.put("procedure/ket-hon", first, base["version"], "tay-mau"))[0] == 200

    status, told = await desk.put("procedure/ket-hon", {**first, "place": "Quầy 9"}, base["version"], "tay-mau")

    assert (status, told["code"]) == (409, "entry.changed")
    assert told["fields"]["current"]["place"] == "Quầy số 2"


async def test_an_editor_of_an_override_that_was_deleted_is_told(desk):
    own = await desk.entry("procedure/tam-tru", "dong-mau")
    assert (await desk.delete("procedure/tam-tru", own["version"], "dong-mau"))[0] == 200

    status, told = await desk.put("procedure/tam-tru", {**own["entry"], **PLACE}, own["version"], "dong-mau")

    assert (status, told["code"]) == (409, "entry.changed")
    assert told["fields"]["current"]["title"] == "Đăng ký tạm trú"


# Two editors


async def test_of_two_editors_the_second_is_shown_what_the_first_has_saved(desk):
    seen = await desk.entry("procedure/ket-hon")
    one, other = {**seen["entry"], "place": "Quầy 1"}, {**seen["entry"], "place": "Quầy 2"}

    answers = await asyncio.gather(
        desk.put("procedure/ket-hon", one, seen["version"]), desk.put("procedure/ket-hon", other, seen["version"])
    )

    (_, won), (_, lost) = sorted(answers, key=lambda answer: answer[0])
    assert [status for status, _ in sorted(answers, key=lambda answer: answer[0])] == [200, 409]
    assert lost["code"] == "entry.changed"
    assert lost["fields"]["version"] == won["version"] == 2
    assert lost["fields"]["by"] == BY
    assert lost["fields"]["at"].startswith("20")
    assert lost["fields"]["current"] == (await desk.entry("procedure/ket-hon"))["entry"]


async def test_two_entries_of_one_file_are_saved_at_once_and_both_stay(desk):
    names = ["khai-sinh", "khai-sinh-lai", "ket-hon"]
    seen = [await desk.entry(f"procedure/{name}") for name in names]

    answers = await asyncio.gather(
        *(desk.put(f"procedure/{name}", {**one["entry"], **PLACE}, 1) for name, one in zip(names, seen, strict=True))
    )

    assert [status for status, _ in answers] == [200] * 3
    assert [(await desk.told(name))["place"] for name in names] == ["Quầy số 2"] * 3


async def test_nobody_waits_for_an_answer_while_somebody_saves(desk):
    async def save():
        for number in range(4):
            await desk.saved("procedure/ket-hon", place=f"Quầy {number}")
        return 200

    async def ask():
        return (await desk.client.post("/answer", json={"ward": "tay-mau", "question": "đăng ký kết hôn"})).status

    assert set(await asyncio.gather(save(), *(ask() for _ in range(20)))) == {200}


async def test_an_entry_that_is_already_there_is_not_made_a_second_time(desk):
    assert (await desk.put("faq/gio-lam-viec", FAQ, None))[0] == 200

    status, told = await desk.put("faq/gio-lam-viec", FAQ, None)

    assert (status, told["code"]) == (409, "entry.changed")


# Versions


async def test_every_version_is_kept_and_one_of_them_made_the_current_again(desk):
    await desk.saved("procedure/ket-hon", place="Quầy 1")
    await desk.saved("procedure/ket-hon", place="Quầy 2")
    versions = await desk.history("procedure/ket-hon")
    assert [(one["version"], one["by"], one["entry"]["place"]) for one in versions] == [
        (1, "tệp", "Quầy một cửa của phường"), (2, BY, "Quầy 1"), (3, BY, "Quầy 2"),
    ]  # fmt: skip

    body = {"kind": "procedure", "id": "ket-hon", "ward": "", "version": 1, "expected": 3, "by": "Người duyệt"}
    status, told = await desk.call("POST", "/office/restore", json=body)

    assert (status, told["version"]) == (200, 4)
    assert (await desk.told("ket-hon"))["place"] == "Quầy một cửa của phường"
    assert (await desk.history("procedure/ket-hon"))[-1]["note"] == "khôi phục bản 1"
    status, told = await desk.call("POST", "/office/restore", json=body)
    assert (status, told["code"]) == (409, "entry.changed")


async def test_what_was_deleted_comes_back(desk):
    await desk.put("faq/gio-lam-viec", FAQ, None, "tay-mau")
    assert (await desk.delete("faq/gio-lam-viec", 1, "tay-mau"))[0] == 200
    assert (await desk.call("GET", "/office/entries/faq/gio-lam-viec", params={"ward": "tay-mau"}))[0] == 404

    body = {"kind": "faq", "id": "gio-lam-viec", "ward": "tay-mau", "version": 1, "expected": None, "by": BY}
    status, _ = await desk.call("POST", "/office/restore", json=body)

    assert status == 200
    assert (await desk.told("gio-lam-viec"))["answer"] == "Buổi sáng."
    assert [one["version"] for one in await desk.history("faq/gio-lam-viec", "tay-mau")] == [1, 2, 3]


async def test_an_entry_that_nobody_touched_has_one_version(desk):
    versions = await desk.history("procedure/ket-hon")

    assert [(one["version"], one["by"]) for one in versions] == [(1, "tệp")]


async def test_a_deleted_entry_leaves_the_file_that_a_person_began(desk):
    status, _ = await desk.delete("service/cong-mau", 1)
    assert status == 200
    status, _ = await desk.delete("service/hotline-xa", 1)
    assert status == 200

    assert desk.file("common/services/hoi-dap.yml").read_text("utf-8") == "kind: service\ntopic: Liên hệ\nentries: []\n"


# A person edits the file


async def test_an_edit_by_hand_is_a_version_of_its_own_and_is_never_overwritten(desk):
    seen = await desk.entry("procedure/ket-hon")
    path = desk.file("common/procedures/ho-tich.yml")
    path.write_text(path.read_text("utf-8").replace("title: Đăng ký kết hôn", "title: Ghi chú việc cưới"), "utf-8")

    status, told = await desk.put("procedure/ket-hon", {**seen["entry"], **PLACE}, seen["version"])

    assert (status, told["code"]) == (409, "entry.changed")
    assert (told["fields"]["version"], told["fields"]["by"]) == (2, "tệp")
    assert told["fields"]["current"]["title"] == "Ghi chú việc cưới"
    status, _ = await desk.put("procedure/ket-hon", {**told["fields"]["current"], **PLACE}, 2)
    assert status == 200
    now = await desk.told("ket-hon")
    assert (now["title"], now["place"]) == ("Ghi chú việc cưới", "Quầy số 2")
    assert [(one["version"], one["by"]) for one in await desk.history("procedure/ket-hon")] == [
        (1, "tệp"),
        (2, "tệp"),
        (3, BY),
    ]


async def test_an_edit_by_hand_of_another_entry_is_kept_when_one_is_saved(desk):
    seen = await desk.entry("procedure/ket-hon")
    path = desk.file("common/procedures/ho-tich.yml")
    path.write_text(
        path.read_text("utf-8").replace("title: Đăng ký khai sinh\n", "title: Khai sinh\n") + "# cuối tệp\n", "utf-8"
    )

    status, _ = await desk.put("procedure/ket-hon", {**seen["entry"], **PLACE}, seen["version"])

    assert status == 200
    assert (await desk.told("khai-sinh"))["title"] == "Khai sinh"
    assert path.read_text("utf-8").endswith("# cuối tệp\n")
    assert [one["by"] for one in await desk.history("procedure/khai-sinh")] == ["tệp", "tệp"]


async def test_a_file_saved_in_an_editor_appears_in_the_history_by_itself(desk, log):
    path = desk.file("common/faqs/chung.yml")
    beside = path.with_name("chung.yml.swp")
    beside.write_text(path.read_text("utf-8").replace("không thu tiền", "thu 3.000 đồng"), "utf-8")
    beside.rename(path)  # as editors save: written beside, then renamed

    await log.wait_for("index.swapped")

    versions = await desk.history("faq/faq-gui-xe")
    assert [one["entry"]["answer"] for one in versions] == [
        "Bãi xe của trụ sở không thu tiền.",
        "Bãi xe của trụ sở thu 3.000 đồng.",
    ]
    assert versions[-1]["by"] == "tệp"


async def test_an_entry_that_moved_to_another_file_is_the_same_entry(desk):
    path, other = desk.file("common/faqs/chung.yml"), desk.file("common/faqs/khac.yml")
    path.rename(other)

    await desk.saved("faq/faq-gui-xe", answer="Thu 3.000 đồng.")

    assert (await desk.told("faq-gui-xe"))["answer"] == "Thu 3.000 đồng."
    assert [one["by"] for one in await desk.history("faq/faq-gui-xe")] == ["tệp", BY]
    assert not path.exists()


async def test_what_was_edited_while_the_service_was_down_is_in_the_history(desk):
    await desk.close()
    path = desk.file("common/faqs/chung.yml")
    path.write_text(path.read_text("utf-8").replace("không thu tiền", "thu 3.000 đồng"), "utf-8")

    await desk.open()

    versions = await desk.history("faq/faq-gui-xe")
    assert ["thu 3.000" in one["entry"]["answer"] for one in versions] == [False, True]


# What a caller may get wrong


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/office/entries?ward=hoa-tinh", None, 404, "ward.unknown"),
        ("GET", "/office/entries?ward=../tay-mau", None, 404, "ward.unknown"),
        ("GET", "/office/entries?kind=elsewhere", None, 400, "request.invalid"),
        ("GET", "/office/entries?state=cu", None, 400, "request.invalid"),
        ("GET", "/office/entries?page=0", None, 400, "request.invalid"),
        ("GET", "/office/entries?size=x", None, 400, "request.invalid"),
        ("GET", "/office/entries/faq/khong-co", None, 404, "entry.unknown"),
        ("GET", "/office/entries/faq/khai-sinh", None, 404, "entry.unknown"),
        ("GET", "/office/entries/elsewhere/elsewhere-ho-chieu", None, 400, "request.invalid"),
        ("GET", "/office/entries/faq/..%2F..%2Fetc", None, 400, "request.invalid"),
        ("GET", "/office/entries/faq/A", None, 400, "request.invalid"),
        ("GET", "/office/schema/nothing", None, 400, "request.invalid"),
        ("GET", "/office/history/faq/khong-co", None, 404, "entry.unknown"),
        ("GET", "/office/freshness?today=hom-qua", None, 400, "request.invalid"),
        ("GET", "/office/citing?document=abc", None, 400, "request.invalid"),
        ("PUT", "/office/entries/faq/a", b"{", 400, "request.invalid"),
        ("PUT", "/office/entries/faq/a", b"[]", 400, "request.invalid"),
        ("PUT", "/office/entries/faq/a", b'{"entry": {}, "expected": null}', 400, "request.invalid"),
        ("PUT", "/office/entries/faq/a", b'{"entry": {}, "expected": "1", "by": "x"}', 400, "request.invalid"),
        ("PUT", "/office/entries/faq/a", b'{"entry": {}, "expected": true, "by": "x"}', 400, "request.invalid"),
        ("PUT", "/office/entries/faq/a", b'{"entry": [], "expected": null, "by": "x"}', 400, "request.invalid"),
        ("PUT", "/office/entries/faq/a", b'{"entry": {}, "expected": null, "by": "x", "ward": "../x"}', 404, "ward.unknown"),
        ("PUT", "/office/entries/faq/a", b'{"entry": {}, "expected": null, "by": "x", "ward": 5}', 400, "request.invalid"),
        ("PUT", "/office/entries/ward/..", b"{}", 404, "http.404"),
        ("PUT", "/office/entries/plan/ke-hoach", b'{"entry": {}, "expected": null, "by": "x"}', 400, "request.invalid"),
        ("PUT", "/office/entries/faq/a", b'{"entry": {}, "expected": 4, "by": "x"}', 409, "entry.changed"),
        ("DELETE", "/office/entries/faq/khong-co", b'{"expected": null, "by": "x"}', 404, "entry.unknown"),
        ("DELETE", "/office/entries/ward/tay-mau?ward=tay-mau", b'{"expected": 2, "by": "x"}', 409, "entry.changed"),
        ("DELETE", "/office/entries/ward/tay-mau?ward=tay-mau", b'{"expected": 1, "by": "x"}', 400, "request.invalid"),
        ("DELETE", "/office/entries/procedure/ket-hon?ward=tay-mau", b'{"expected": 1, "by": "x"}', 404, "entry.unknown"),
        ("POST", "/office/try", b'{"kind": "faq", "ward": ""}', 400, "request.invalid"),
        ("POST", "/office/try", b'{"kind": "x", "ward": "", "entry": {}}', 400, "request.invalid"),
        ("POST", "/office/restore", b'{"kind": "faq", "id": "faq-gui-xe", "version": 7, "expected": 1, "by": "x"}', 404, "entry.unknown"),
        ("POST", "/office/restore", b'{"kind": "faq", "id": "faq-gui-xe", "version": "1", "expected": 1, "by": "x"}', 400, "request.invalid"),
        ("POST", "/office/replace-basis", b'{"ward": "", "old": "NQ", "new": "x", "by": "x"}', 400, "request.invalid"),
    ],
)  # fmt: skip
async def test_a_bad_request_is_refused_in_the_one_shape_of_all_errors(desk, method, path, body, status, code):
    response = await desk.client.request(method, path, data=body)

    told = await response.json()
    assert (response.status, told["code"]) == (status, code), told
    assert set(told) == {"code", "message", "fields"}
    assert (await desk.told("ket-hon"))["title"] == "Đăng ký kết hôn"


async def test_two_services_over_one_folder_see_each_others_versions(desk, tmp_path):
    other = Desk(desk.content, tmp_path / "other", versions=tmp_path / "history")
    await other.open()
    seen = await other.entry("procedure/ket-hon")
    await desk.saved("procedure/ket-hon", place="Quầy số 2")

    status, told = await other.put("procedure/ket-hon", {**seen["entry"], "place": "Quầy 9"}, seen["version"])

    assert (status, told["fields"]["version"], told["fields"]["by"]) == (409, 2, BY)
    await other.saved("procedure/ket-hon", place="Quầy 9")
    assert (await desk.history("procedure/ket-hon"))[-1]["entry"]["place"] == "Quầy 9"
    await other.close()
