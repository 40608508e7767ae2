"""
What was edited in a file, and only that, is taken: added, changed, removed.
"""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest

from knowledge import content as contents
from knowledge.office.catalogue import Catalogue
from knowledge.office.records import Key, meaning
from knowledge.office.store import ANY, Change, Store
from tests.knowledge.spreadsheet.workbook import Counter, Excel, quiet, told

MAIN = "Thủ tục"


def test_a_cell_that_was_edited_changes_its_field_and_a_shared_entry_becomes_the_wards_own(
    counter: Counter, excel: Excel
):
    place = excel.write(MAIN, "khai-sinh", "Số tiền (đồng)", "10.000 đồng")
    excel.write(MAIN, "khai-sinh", "Phí, lệ phí", "10.000 đồng một bản")

    found = counter.attempt(excel.save())

    assert [(one["field"], one["before"], one["after"]) for one in found.changed] == [
        ("fee.text", "Không thu", "10.000 đồng một bản"), ("fee.dong", 0, 10_000),
    ]  # fmt: skip
    assert (found.changed[1]["sheet"], found.changed[1]["cell"], found.changed[1]["ward"]) == (MAIN, place, "")
    [change] = found.changes
    assert change.key == Key("procedure", "khai-sinh", "dong-mau")
    assert change.entry is not None
    assert change.seen == {**change.entry, "fee": {"text": "Không thu", "dong": 0}}


def test_a_cell_that_was_emptied_takes_its_field_away(counter: Counter, excel: Excel):
    for header in ("Lưu ý", "Số ngày làm việc", "Nhận qua bưu chính", "Câu hỏi của người dân"):
        excel.write(MAIN, "khai-sinh", header, None)

    found = counter.attempt(excel.save())

    assert [one["field"] for one in found.changed] == ["time.working_days", "post", "notes", "questions"]
    assert found.changes[0].entry["time"] == {"text": "Trong ngày"}
    assert "notes" not in found.changes[0].entry


def test_a_new_row_is_a_new_entry_with_an_id_of_its_own_and_the_day_of_today(counter: Counter, excel: Excel):
    excel.add(
        MAIN,
        Tiêu_đề="Cấp bản sao giấy khai sinh",
        Tóm_tắt="Lấy lại bản sao.",
        Mức_chắc_chắn="Chắc chắn",
        Lĩnh_vực="Hộ tịch",
    )
    excel.add(MAIN, Tiêu_đề="Khai sinh", Tóm_tắt="Cùng mã với mục đã có.", Lĩnh_vực="Hộ tịch")
    excel.add("Thành phần hồ sơ", Tên_mục="Cấp bản sao giấy khai sinh", Giấy_tờ="Tờ khai cấp bản sao", Thứ_tự=2)
    excel.add("Thành phần hồ sơ", Tên_mục="Cấp bản sao giấy khai sinh", Giấy_tờ="Căn cước", Thứ_tự="1,5")

    found = counter.attempt(excel.save())

    assert found.mistakes == []
    assert [one["id"] for one in found.added] == ["cap-ban-sao-giay-khai-sinh", "khai-sinh-2"]
    assert found.changes[0].entry == {
        "id": "cap-ban-sao-giay-khai-sinh", "field": "Hộ tịch", "title": "Cấp bản sao giấy khai sinh", "summary": "Lấy lại bản sao.",
        "papers": [{"text": "Căn cước"}, {"text": "Tờ khai cấp bản sao"}], "as_of": "2026-11-20", "confidence": "sure",
    }  # fmt: skip
    assert (found.changes[0].key.ward, found.changes[0].expected) == ("dong-mau", None)


def test_rows_of_a_table_are_added_moved_and_taken_out(counter: Counter, excel: Excel):
    excel.write("Thành phần hồ sơ", "khai-sinh", "Thứ tự", 5)
    excel.add("Thành phần hồ sơ", Mã_mục="khai-sinh", Giấy_tờ="Căn cước của cha hoặc mẹ")
    excel.drop("Thành phần hồ sơ", "ket-hon")

    found = counter.attempt(excel.save())

    papers = {one["id"]: one["after"] for one in found.changed}
    assert papers["khai-sinh"] == [
        {"text": "Giấy chứng sinh của bệnh viện", "when": "khi sinh tại bệnh viện"},
        {"text": "Tờ khai", "form": "mẫu BM-01", "copies": "1 bản chính"}, {"text": "Căn cước của cha hoặc mẹ"},
    ]  # fmt: skip
    assert papers["ket-hon"] is None
    assert found.mistakes == []


def test_a_row_that_was_deleted_removes_the_wards_own_and_keeps_what_is_shared(counter: Counter, excel: Excel):
    excel.drop(MAIN, "tam-tru")
    excel.drop(MAIN, "ket-hon")

    found = counter.attempt(excel.save())

    assert [one["id"] for one in found.removed] == ["tam-tru"]
    assert [one["id"] for one in found.kept] == ["ket-hon"]
    assert [(one.key, one.entry) for one in found.changes] == [(Key("procedure", "tam-tru", "dong-mau"), None)]


@pytest.mark.parametrize("lost", ["du-lieu", MAIN])
def test_nothing_is_removed_when_the_file_cannot_tell_that_it_was_there(counter: Counter, excel: Excel, lost: str):
    excel.drop(MAIN, "tam-tru")
    del excel.book[lost]

    assert quiet(counter.attempt(excel.save()))


def test_of_csv_files_the_archive_removes_and_one_alone_does_not(counter: Counter):
    with zipfile.ZipFile(io.BytesIO(counter.export("csv"))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    rows = csv.reader(io.StringIO(files["thu-tuc.csv"].decode("utf-8-sig")))
    without = io.StringIO()
    csv.writer(without).writerows(row for row in rows if row[0] != "tam-tru")
    files["thu-tuc.csv"] = without.getvalue().encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"noi-dung/{name}", content)

    assert [one["id"] for one in counter.attempt(made.getvalue()).removed] == ["tam-tru"]
    assert quiet(counter.attempt(files["thu-tuc.csv"]))


# What was saved on the pages since


def on_the_pages(counter: Counter, **fields: object) -> None:
    """
    Save an entry as the pages do while the file is out.
    """
    key = Key("procedure", "tam-tru", "dong-mau")
    root = next(iter(counter.catalogue.places.stored.values())).path
    root = next(parent for parent in root.parents if parent.name == "content")
    entry = {**meaning(counter.catalogue.by_key[key].record), **fields}
    Store(root, counter.history).save(
        counter.catalogue.places, [Change(key, entry, ANY)], by="Một cán bộ khác", note="", now=datetime.now(UTC)
    )
    counter.catalogue = Catalogue(contents.read(root))


def test_what_others_saved_meanwhile_is_not_undone_by_cells_that_nobody_edited(counter: Counter, excel: Excel):
    on_the_pages(counter, place="Quầy số 3")
    excel.write(MAIN, "tam-tru", "Tóm tắt", "Báo nơi ở tạm.")

    found = counter.attempt(excel.save())

    assert [one["field"] for one in found.changed] == ["summary"]
    assert found.changes[0].entry["place"] == "Quầy số 3"


def test_a_cell_that_was_edited_here_and_there_is_a_mistake(counter: Counter, excel: Excel):
    on_the_pages(counter, place="Quầy số 3", papers=[{"text": "Hợp đồng thuê"}])
    place = excel.write(MAIN, "tam-tru", "Nơi nộp", "Quầy số 4")
    excel.add("Thành phần hồ sơ", Mã_mục="tam-tru", Giấy_tờ="Căn cước")

    messages = told(counter.attempt(excel.save()))

    assert "nay là “Quầy số 3”" in messages[MAIN, place]
    assert len(messages) == 2
    assert "“Thành phần hồ sơ” của mục" in next(text for (sheet, _), text in messages.items() if sheet != MAIN)


def test_an_entry_that_was_edited_meanwhile_is_not_removed(counter: Counter, excel: Excel):
    on_the_pages(counter, place="Quầy số 3")
    excel.drop(MAIN, "tam-tru")

    found = counter.attempt(excel.save())

    assert "đã được sửa trên trang Nội dung" in told(found)[MAIN, "A1"]
    assert found.removed == []
