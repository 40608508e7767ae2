"""
Files over HTTP: out, tried, and written in one go, with the history that everything else has.
"""

import asyncio
import io
import zipfile
from typing import Any

import pytest

from knowledge.spreadsheet import opening
from tests.knowledge.office.conftest import BY, Desk
from tests.knowledge.spreadsheet.workbook import Excel

WARD = "dong-mau"
MAIN = "Thủ tục"


async def exported(desk: Desk, ward: str = WARD, form: str = "xlsx") -> bytes:
    response = await desk.client.get("/office/export", params={"ward": ward, "format": form})
    assert response.status == 200
    return await response.read()


async def tried(desk: Desk, content: bytes, ward: str = WARD) -> Any:
    status, told = await desk.call("POST", "/office/import", params={"ward": ward, "dry": "1"}, data=content)
    assert status == 200, told
    return told


async def written(desk: Desk, content: bytes, digest: str, ward: str = WARD) -> tuple[int, Any]:
    query = {"ward": ward, "dry": "0", "digest": digest, "by": BY}
    return await desk.call("POST", "/office/import", params=query, data=content)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("ward", ["", "dong-mau", "tay-mau"])
async def test_what_went_out_comes_back_without_a_change(desk, ward, form):
    content = await exported(desk, ward, form)

    told = await tried(desk, content, ward)
    status, again = await written(desk, content, told["digest"], ward)

    assert {name: told[name] for name in ("added", "changed", "removed", "kept", "mistakes")} == {
        "added": [], "changed": [], "removed": [], "kept": [], "mistakes": [],
    }  # fmt: skip
    assert (status, again["seconds"]) == (200, 0.0)


async def test_a_file_is_tried_then_written_and_citizens_are_told_at_once(desk):
    excel = Excel(await exported(desk))
    excel.write(MAIN, "khai-sinh", "Phí, lệ phí", "10.000 đồng một bản")
    excel.write(MAIN, "khai-sinh", "Số tiền (đồng)", 10_000)
    excel.add("Câu hỏi thường gặp", Câu_hỏi="Phường có wifi không?", Câu_trả_lời="Có, mật khẩu dán ở quầy.")
    excel.drop(MAIN, "tam-tru")
    content = excel.save()
    before = await desk.told("khai-sinh", WARD)

    told = await tried(desk, content)

    assert [one["field"] for one in told["changed"]] == ["fee.text", "fee.dong"]
    assert (told["added"], told["removed"]) == (
        [{"kind": "faq", "id": "phuong-co-wifi-khong", "title": "Phường có wifi không?"}],
        [{"kind": "procedure", "id": "tam-tru", "title": "Đăng ký tạm trú tại phường Đông Mẫu"}],
    )
    assert await desk.told("khai-sinh", WARD) == before

    status, done = await written(desk, content, told["digest"])

    assert status == 200, done
    assert done["seconds"] > 0
    fee = (await desk.ask("", WARD, choose={"entry": "khai-sinh", "part": "fee"}))["findings"][0]
    assert "10.000 đồng một bản" in str(fee)
    elsewhere = (await desk.ask("", "tay-mau", choose={"entry": "khai-sinh", "part": "fee"}))["findings"][0]
    assert "10.000 đồng một bản" not in str(elsewhere)
    assert "Có, mật khẩu dán ở quầy." in str(await desk.told("phuong-co-wifi-khong", WARD))
    assert (await desk.entry("procedure/tam-tru", WARD))["ward"] == ""
    [version] = await desk.history("procedure/khai-sinh", WARD)
    assert (version["by"], version["note"]) == (BY, "Nhập từ tệp Excel")
    assert (await desk.history("procedure/tam-tru", WARD))[-1]["entry"] is None


async def test_a_file_with_mistakes_cannot_be_written(desk):
    excel = Excel(await exported(desk))
    place = excel.write(MAIN, "khai-sinh", "Số tiền (đồng)", "nhiều")
    excel.write(MAIN, "khai-sinh", "Nơi nộp", "Quầy số 9")
    content = excel.save()

    told = await tried(desk, content)
    status, again = await written(desk, content, told["digest"])

    assert [(one["sheet"], one["cell"]) for one in told["mistakes"]] == [(MAIN, place)]
    assert status == 200
    assert again["mistakes"] == told["mistakes"]
    assert (await desk.entry("procedure/khai-sinh", WARD))["ward"] == ""


@pytest.mark.parametrize("meanwhile", ["the pages", "the file", "another content of the upload"])
async def test_what_changed_since_the_trial_refuses_the_file_and_writes_nothing(desk, meanwhile):
    excel = Excel(await exported(desk))
    excel.write(MAIN, "tam-tru", "Nơi nộp", "Quầy số 9")
    excel.write(MAIN, "khai-sinh", "Nơi nộp", "Quầy số 9")
    content = excel.save()
    told = await tried(desk, content)
    if meanwhile == "the pages":
        await desk.saved("procedure/tam-tru", WARD, summary="Khác.")
    elif meanwhile == "the file":
        path = desk.file(f"wards/{WARD}/procedures/tam-tru.yml")
        path.write_text(path.read_text("utf-8").replace("summary:", "result: Giấy tạm trú\n  summary:", 1), "utf-8")
    else:
        excel.write(MAIN, "khai-sinh", "Nơi nộp", "Quầy số 10")
        content = excel.save()

    status, refused = await written(desk, content, told["digest"])

    assert (status, refused["code"]) == (409, "import.changed")
    assert (await desk.entry("procedure/khai-sinh", WARD))["ward"] == ""


async def test_what_others_change_elsewhere_does_not_refuse_the_file(desk):
    excel = Excel(await exported(desk))
    excel.write(MAIN, "khai-sinh", "Nơi nộp", "Quầy số 9")
    content = excel.save()
    told = await tried(desk, content)
    await desk.saved("procedure/tam-tru", WARD, place="Quầy số 3")

    status, done = await written(desk, content, told["digest"])

    assert status == 200, done
    assert (await desk.entry("procedure/tam-tru", WARD))["entry"]["place"] == "Quầy số 3"
    assert (await desk.entry("procedure/khai-sinh", WARD))["entry"]["place"] == "Quầy số 9"


async def test_a_file_that_went_out_before_an_edit_on_the_pages_leaves_that_edit_alone(desk):
    excel = Excel(await exported(desk))
    await desk.saved("procedure/khai-sinh", WARD, place="Quầy số 3")
    excel.write(MAIN, "khai-sinh", "Kết quả nhận được", "Giấy khai sinh")
    excel.write(MAIN, "ket-hon", "Nơi nộp", "Quầy số 5")

    told = await tried(desk, excel.save())

    assert {(one["id"], one["field"]) for one in told["changed"]} == {("khai-sinh", "result"), ("ket-hon", "place")}
    assert told["mistakes"] == []


async def test_only_files_may_be_large_and_none_beyond_twenty_megabytes(desk):
    padded = io.BytesIO(await exported(desk))
    with zipfile.ZipFile(padded, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/media/anh.png", b"\x89" * 3_000_000)
    assert (await tried(desk, padded.getvalue()))["mistakes"] == []

    status, told = await desk.call(
        "POST", "/office/import", params={"ward": "", "dry": "1"}, data=b"x" * (opening.MOST_BYTES + 1)
    )
    assert (status, told["code"]) == (413, "import.too_large")
    assert "20 MB" in told["message"]
    status, _ = await desk.call("POST", "/office/try", data=b"x" * 300_000)
    assert status == 413


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("import", {"ward": "khong-co", "dry": "1"}, 404, "ward.unknown"),
        ("import", {"ward": WARD}, 400, "request.invalid"),
        ("import", {"ward": WARD, "dry": "0", "by": "A"}, 400, "request.invalid"),
        ("import", {"ward": WARD, "dry": "0", "digest": "x"}, 400, "request.invalid"),
        ("import", {"ward": WARD, "dry": "1"}, 422, "import.unreadable"),
    ],
)
async def test_a_request_outside_the_contract_is_refused(desk, path, query, status, code):
    got, told = await desk.call("POST", f"/office/{path}", params=query, data=b"%PDF")

    assert (got, told["code"]) == (status, code)


async def test_citizens_are_answered_while_a_file_is_read(desk):
    content = await exported(desk)

    attempts = [asyncio.create_task(tried(desk, content)) for _ in range(3)]
    answers = [await desk.told("khai-sinh", WARD) for _ in range(5)]

    assert all(answers)
    assert len(await asyncio.gather(*attempts)) == 3


async def test_a_new_procedure_that_no_field_of_work_is_named_for_is_told_so_not_a_broken_file(desk):
    entry = {"id": "moi", "title": "Mới", "summary": "Mới.", "as_of": "2026-11"}

    status, told = await desk.put("procedure/moi", entry, None, WARD)

    assert (status, told["code"]) == (422, "content.invalid")
    assert told["fields"]["mistakes"] == [{"field": "field", "message": "Chưa điền “Lĩnh vực”."}]
