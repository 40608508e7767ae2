"""
A file with a mistake keeps back its own news and nobody else's; it is never overwritten, and never takes the service down.
"""

import os

import pytest

from knowledge.errors import ContentError
from knowledge.service import create_app
from knowledge.settings import Settings

BROKEN = "kind: faq\nentries:\n- id: hong\n  title: ''\n"


async def test_a_save_goes_through_while_another_file_is_broken(desk):
    path = desk.file("common/faqs/hong.yml")
    path.write_text(BROKEN, "utf-8")

    await desk.saved("procedure/ket-hon", place="Quầy số 2")

    assert (await desk.told("ket-hon"))["place"] == "Quầy số 2"
    assert path.read_text("utf-8") == BROKEN
    assert len((await desk.get("/healthz"))["mistakes"]) == 3


async def test_of_a_broken_file_the_last_good_copy_answers(desk):
    path = desk.file("common/faqs/chung.yml")
    path.write_text(path.read_text("utf-8").replace("- id: faq-gui-xe", "- id: [faq-gui-xe"), "utf-8")

    await desk.saved("procedure/ket-hon", place="Quầy số 2")

    assert (await desk.told("faq-gui-xe"))["answer"] == "Bãi xe của trụ sở không thu tiền."
    (mistake,) = (await desk.get("/healthz"))["mistakes"]
    assert mistake.endswith(
        "chung.yml:4: sai cú pháp YAML: thiếu dấu phẩy, hoặc ngoặc [ ] { } mở mà chưa đóng, bắt đầu từ dòng 3"
    )


async def test_an_entry_of_a_broken_file_is_shown_with_what_is_wrong_and_cannot_be_saved(desk):
    path = desk.file("common/faqs/chung.yml")
    broken = path.read_text("utf-8").replace("- id: faq-gui-xe", "- id: [faq-gui-xe")
    path.write_text(broken, "utf-8")

    read = await desk.entry("faq/faq-gui-xe")
    status, told = await desk.put("faq/faq-gui-xe", {**read["entry"], "answer": "Thu 3.000 đồng."}, read["version"])

    assert read["entry"]["answer"] == "Bãi xe của trụ sở không thu tiền."
    assert read["broken"]["file"] == "common/faqs/chung.yml"
    assert [one["line"] for one in read["broken"]["mistakes"]] == [4]
    assert (status, told["code"]) == (409, "file.broken")
    assert path.read_text("utf-8") == broken


async def test_beside_an_entry_with_a_mistake_another_of_the_same_file_is_saved(desk):
    path = desk.file("common/faqs/chung.yml")
    path.write_text(path.read_text("utf-8").replace("as_of: '2026-05'", "as_of: hôm nào"), "utf-8")
    read = await desk.entry("faq/faq-gui-xe")

    status, _ = await desk.put("faq/faq-gui-xe", {**read["entry"], "answer": "Thu 3.000 đồng."}, read["version"])

    assert status == 200
    text = path.read_text("utf-8")
    assert "answer: Thu 3.000 đồng." in text
    assert "as_of: hôm nào" in text


async def test_a_mended_file_is_in_use_again_by_itself(desk, log):
    path = desk.file("common/faqs/chung.yml")
    good = path.read_text("utf-8")
    path.write_text(good.replace("- id: faq-gui-xe", "- id: [faq-gui-xe"), "utf-8")
    await log.wait_for("content.refused")

    path.write_text(good.replace("không thu tiền", "thu 3.000 đồng"), "utf-8")
    await log.wait_for("index.swapped")

    assert (await desk.told("faq-gui-xe"))["answer"] == "Bãi xe của trụ sở thu 3.000 đồng."
    assert (await desk.get("/healthz"))["mistakes"] == []


async def test_a_service_starts_over_a_broken_file_and_still_answers_from_its_copy(desk):
    await desk.close()
    path = desk.file("common/faqs/chung.yml")
    path.write_text(path.read_text("utf-8").replace("- id: faq-gui-xe", "- id: [faq-gui-xe"), "utf-8")

    await desk.open()

    assert (await desk.told("faq-gui-xe"))["answer"] == "Bãi xe của trụ sở không thu tiền."
    assert len((await desk.get("/healthz"))["mistakes"]) == 1
    assert [one["by"] for one in await desk.history("faq/faq-gui-xe")] == ["tệp"]


async def test_a_service_that_never_saw_the_file_good_starts_without_it(library_folder, tmp_path, desk):
    await desk.close()
    desk.file("common/faqs/hong.yml").write_text(BROKEN, "utf-8")
    desk.file("wards/tay-mau/ward.yml").write_text("kind: ward\nslug: tay-mau\n", "utf-8")
    desk.state = tmp_path / "elsewhere"

    await desk.open()

    assert (await desk.told("ket-hon", "dong-mau"))["title"] == "Đăng ký kết hôn"
    assert (await desk.ask("đăng ký kết hôn", "tay-mau"))["code"] == "ward.unknown"


def test_without_any_ward_there_is_nothing_to_start(library_folder, tmp_path):
    for ward in ("dong-mau", "tay-mau"):
        (library_folder / "wards" / ward / "ward.yml").write_text("kind: x\n", "utf-8")

    with pytest.raises(ContentError, match=r"ward\.yml:1"):
        create_app(Settings("127.0.0.1", 0, library_folder, tmp_path / "index", "none"))


async def test_two_files_with_one_id_keep_the_one_that_was_there(desk):
    path = desk.file("wards/tay-mau/faqs")
    path.mkdir()
    text = desk.file("common/faqs/chung.yml").read_text("utf-8").replace("không thu tiền", "thu 3.000 đồng")
    desk.file("common/faqs/lap.yml").write_text(text, "utf-8")

    await desk.reread()

    assert (await desk.told("faq-gui-xe"))["answer"] == "Bãi xe của trụ sở không thu tiền."
    assert all("lap.yml" in mistake for mistake in (await desk.get("/healthz"))["mistakes"])


# What would make the content invalid is refused


@pytest.mark.parametrize(
    ("what", "ward", "fields", "told"),
    [
        ("procedure/ket-hon", "", {"title": " "}, {"title": "“Tiêu đề” đang để trống."}),
        ("procedure/ket-hon", "", {"id": "cuoi-xin"}, {"id": "Mã của mục đã có không đổi được: giữ “ket-hon”."}),
        ("procedure/ket-hon", "", {"fee": {"text": "x", "dong": -1}}, {"fee.dong": "“Số tiền (đồng)” không được âm."}),
        ("faq/hotline-xa", "", {"id": "hotline-xa", "title": "A", "answer": "B", "as_of": "2026-11"},
         {"id": "Mã “hotline-xa” đã dùng cho mục “Số điện thoại của phường”; hãy chọn mã khác."}),
        ("faq/plan-dong-mau-loa", "dong-mau", {"id": "plan-dong-mau-loa", "title": "A", "answer": "B", "as_of": "2026-11"},
         {"id": "Mã “plan-dong-mau-loa” đã dùng cho mục “Kế hoạch tuyên truyền cải cách hành chính năm 2026”; hãy chọn mã khác."}),
        ("plan/plan-dong-mau", "dong-mau", {"facts": [{"id": "plan-dong-mau-loa", "text": "x"}]},
         {"tasks.1.id": "Mã “plan-dong-mau-loa” dùng hai lần trong kế hoạch này.", "facts.1.id": "Mã “plan-dong-mau-loa” dùng hai lần trong kế hoạch này."}),
        ("ward/tay-mau", "tay-mau", {"slug": "nam-mau"}, {"slug": "Mã của mục đã có không đổi được: giữ “tay-mau”."}),
    ],
)  # fmt: skip
async def test_an_entry_that_would_break_the_content_is_refused_by_field(desk, what, ward, fields, told):
    files = {path: path.read_bytes() for path in desk.content.rglob("*.yml")}
    status, there = await desk.call("GET", f"/office/entries/{what}", params={"ward": ward})
    entry, version = (there["entry"], there["version"]) if status == 200 else ({}, None)

    status, refused = await desk.put(what, {**entry, **fields}, version, ward)
    _, tried = await desk.call("POST", "/office/try", json={
        "ward": ward, "kind": what.partition("/")[0], "id": what.partition("/")[2], "entry": {**entry, **fields},
    })  # fmt: skip

    assert (status, refused["code"]) == (422, "content.invalid")
    assert {one["field"]: one["message"] for one in refused["fields"]["mistakes"]} == told
    assert tried["mistakes"] == refused["fields"]["mistakes"]
    assert {path: path.read_bytes() for path in desk.content.rglob("*.yml")} == files


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kind: faq\nentries:\n- &a {id: b1, title: &t A, answer: B, as_of: '2026-07'}\n- {id: b2, title: *t, answer: B, as_of: '2026-07'}\n", "an alias"),
        ("kind: faq\nentries: [{id: b2, title: A, answer: B, as_of: '2026-07'}, {id: b1, title: A, answer: B, as_of: '2026-07'}]\n", None),
    ],
)  # fmt: skip
async def test_a_file_written_in_an_unusual_way_is_changed_where_it_can_be(desk, text, why):
    path = desk.file("common/faqs/la.yml")
    path.write_text(text, "utf-8")
    await desk.reread()
    read = await desk.entry("faq/b2")

    status, told = await desk.put("faq/b2", {**read["entry"], "title": "Tiêu đề, mới"}, read["version"])

    assert (status, told.get("code")) == ((409, "file.broken") if why else (200, None))
    assert (path.read_text("utf-8") == text) == bool(why)


async def test_a_file_of_notepad_stays_one(desk):
    path = desk.file("common/faqs/chung.yml")
    text = path.read_text("utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())

    await desk.saved("faq/faq-gui-xe", answer="Thu 3.000 đồng.")

    raw = path.read_bytes()
    assert raw == b"\xef\xbb\xbf" + text.replace("Bãi xe của trụ sở không thu tiền.", "Thu 3.000 đồng.").encode()


async def test_what_is_left_of_a_killed_save_is_no_content(desk):
    beside = desk.file("common/faqs/.chung.yml.0123abcd~")
    beside.write_text(BROKEN, "utf-8")

    await desk.reread()

    assert (await desk.get("/healthz"))["mistakes"] == []
    await desk.close()
    await desk.open()
    assert not beside.exists()


async def test_a_folder_that_cannot_be_written_is_told_as_such(desk):
    if os.geteuid() == 0:
        # The administrator may write everywhere; a file where a folder must be refuses even him.
        desk.file("wards/tay-mau/faqs").write_text("không phải thư mục", "utf-8")
    else:
        desk.file("wards/tay-mau").chmod(0o500)

    status, told = await desk.put(
        "faq/moi", {"id": "moi", "title": "A", "answer": "B", "as_of": "2026-11"}, None, "tay-mau"
    )

    assert (status, told["code"]) == (409, "file.not_writable")
    assert (await desk.told("ket-hon"))["title"] == "Đăng ký kết hôn"
    desk.file("wards/tay-mau").chmod(0o700)


APART = [{"other": "khai-sinh-lai", "question": "Làm lần đầu hay làm lại?", "words": ["lần đầu"]}]


async def test_an_entry_that_another_speaks_of_is_not_deleted(desk):
    await desk.saved("procedure/khai-sinh", told_apart=APART)

    status, told = await desk.delete("procedure/khai-sinh-lai", 1)

    assert (status, told["code"]) == (422, "content.invalid")
    assert "“Đăng ký khai sinh” còn nhắc đến" in told["fields"]["mistakes"][0]["message"]


async def test_an_entry_may_only_speak_of_what_is_there(desk):
    entry = (await desk.entry("procedure/khai-sinh"))["entry"]

    status, told = await desk.put(
        "procedure/khai-sinh", {**entry, "told_apart": [{**APART[0], "other": "khong-co"}]}, 1
    )

    assert status == 422
    assert told["fields"]["mistakes"] == [
        {"field": "told_apart.1.other", "message": "Không có mục nào mang mã “khong-co”."}
    ]


@pytest.mark.parametrize("what", ["wards/dong-mau/ward.yml", "common/procedures/lai.yml"])
async def test_a_file_that_others_need_keeps_answering_when_it_is_deleted_by_hand(desk, what):
    lines = desk.file("common/procedures/ho-tich.yml").read_text("utf-8").split("- id: ")
    again = next(part for part in lines if part.startswith("khai-sinh-lai"))
    desk.file("common/procedures/ho-tich.yml").write_text(
        "- id: ".join(part for part in lines if part != again), "utf-8"
    )
    desk.file("common/procedures/lai.yml").write_text(
        f"kind: procedure\nfield: Hộ tịch\nentries:\n- id: {again}", "utf-8"
    )
    await desk.reread()
    await desk.saved("procedure/khai-sinh", told_apart=APART)

    desk.file(what).unlink()
    await desk.saved("faq/faq-gui-xe", answer="Thu 3.000 đồng.")

    assert (await desk.get("/healthz"))["mistakes"]
    assert (await desk.told("faq-gui-xe"))["answer"] == "Thu 3.000 đồng."
    assert (await desk.told("khai-sinh-lai", "dong-mau"))["title"] == "Đăng ký lại khai sinh"
    assert (await desk.told("khai-sinh", "dong-mau"))["title"] == "Đăng ký khai sinh"


async def test_a_folder_that_is_emptied_for_a_moment_changes_no_answer(desk):
    away = desk.content.with_name("away")
    desk.content.rename(away)
    desk.content.mkdir()
    await desk.reread()

    assert (await desk.told("ket-hon", "dong-mau"))["title"] == "Đăng ký kết hôn"

    desk.content.rmdir()
    away.rename(desk.content)
    await desk.reread()
    assert (await desk.get("/healthz"))["mistakes"] == []
    assert [one["by"] for one in await desk.history("procedure/ket-hon")] == ["tệp"]
