"""
Rows of a national list become drafts: repaired or marked, counted, written once, never over a person's changes.
"""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge import content as contents
from knowledge.errors import SourceError
from knowledge.importing import report
from knowledge.importing.cells import cut_papers
from knowledge.importing.letters import tear
from knowledge.importing.national import draft_of
from knowledge.importing.papers import papers_of
from knowledge.importing.procedure_drafts import import_list
from knowledge.procedures import Procedure
from tests.knowledge.conftest import SAMPLES as LIBRARY

HEAD = "Hình thức nộp. Thời gian. Phí, lệ phí. Mô tả. "
PAPERS_HEAD = "--Tên giấy tờ. Mẫu đơn, tờ khai. Số lượng. "
TODAY = date(2026, 11, 20)


def row(
    code: str = "1.900001",
    title: str = "Cấp lại giấy Mẫu",
    table: str = "Trực tiếp5 Ngày làm việcMiễn phíNộp tại UBND cấp xã.",
    **sections: str,
):
    return {
        "id": code, "title": title, "field": "Lĩnh vực mẫu", "level": "Cấp xã",
        "sections": {
            "trình tự thực hiện": "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả.",
            "cách thức thực hiện, thời hạn, lệ phí": tear(HEAD + table),
            "thành phần hồ sơ": tear(PAPERS_HEAD + "Tờ khai (mẫu TK).Mau TK.docx1 bản chính"),
            "yêu cầu điều kiện": "Không có thông tin", "kết quả": tear("Giấy MẫuMã: KQ.G01.000001"),
            "cơ quan thực hiện": "Ủy ban nhân dân cấp xã", "đối tượng": "Công dân Việt Nam", **sections,
        },
    }  # fmt: skip


def drafted(**changes):
    return draft_of(row(**changes), 1, as_of="2026-11-20", listed_in="danh-sach.jsonl")


def listed(folder: Path, *rows, name: str = "danh-sach.jsonl") -> Path:
    text = "".join((one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n" for one in rows)
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def test_a_row_becomes_a_procedure_with_its_parts_and_nothing_of_it_is_verified():
    draft = drafted()

    procedure = Procedure.model_validate(draft.procedure)
    assert (procedure.code, procedure.title, procedure.fee.dong, procedure.time.working_days) == (
        "1.900001",
        "Cấp lại giấy Mẫu",
        0,
        5,
    )
    assert [(paper.text, paper.form, paper.copies) for paper in procedure.papers] == [
        ("Tờ khai (mẫu TK).", "Mau TK.docx", "1 bản chính")
    ]
    assert (procedure.place, procedure.result) == ("Nộp tại UBND cấp xã", "Giấy Mẫu")
    assert procedure.confidence == "unverified"
    assert set(procedure.unverified) == {"fee", "time", "papers", "place", "result", "applicants", "authority"}
    assert (draft.state, draft.doubts) == ("repaired", [])


def test_the_source_is_kept_letter_by_letter():
    assert drafted().source == row()["sections"]


def test_a_doubtful_figure_is_left_out_and_the_rest_is_kept():
    draft = drafted(table="Trực tuyến1Miễn phí(Lệ phí do Hội đồng nhân dân cấp tỉnh quyết định)")

    assert draft.state == "review"
    assert {"fee", "time"} & set(draft.procedure) == set()
    assert draft.procedure["papers"]
    assert {doubt.reason for doubt in draft.doubts} == {"thoi-han-thieu-don-vi", "mien-phi-nhung-co-muc-thu"}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Cấp giấy phép Mẫu (cấp xã) ( 1.900001 )", "Cấp giấy phép Mẫu (cấp xã)"),
        ("cấp giấy  phép\nMẫu.", "Cấp giấy phép Mẫu"),
    ],
)
def test_a_title_is_tidied(title, expected):
    assert drafted(title=title).procedure["title"] == expected


@pytest.mark.parametrize(
    ("table", "papers", "reasons"),
    [
        ("Giấy chứng minh (nếu có1 bản chính", [("Giấy chứng minh (nếu có", "1 bản chính")], ["giay-to-thieu-ngoac"]),
        ("\uf0fc ) Bản sao hợp đồng;0 bản chính,1 bản sao", [("Bản sao hợp đồng", "1 bản sao")], []),
        ("* Lưu ý: người nộp mang theo thẻ0 bản chính. Đơn1 bản chính", [("Đơn", "1 bản chính")], []),
        ("Đơn mẫu 1.docxmẫu 2.docx1 bản chính", [("Đơn mẫu 1.", "1 bản chính")], ["ten-tep-mau-dinh-vao-ten"]),
        ("Đơn theo Mẫu số 031 bản chính", [("Đơn theo Mẫu số 03", None)], ["so-ban-dinh-vao-so"]),
    ],
)
def test_a_paper_that_is_not_certain_is_kept_and_listed(table, papers, reasons):
    found, _, doubts = papers_of(cut_papers(PAPERS_HEAD + table))

    assert [(paper["text"], paper["copies"]) for paper in found] == papers
    assert [doubt.reason for doubt in doubts] == reasons


def test_the_name_of_a_decision_is_not_taken_for_the_name_of_a_procedure():
    draft = drafted(title="Công bố Danh mục và Quy trình nội bộ thủ tục hành chính thuộc thẩm\nquyền của Sở Mẫu")

    assert [doubt.reason for doubt in draft.doubts] == ["ten-la-ten-quyet-dinh"]


def test_what_a_web_page_left_behind_the_conditions_is_cut_off():
    draft = drafted(**{"yêu cầu điều kiện": "Có giấy phép còn hạn.\nTừ khóa:"})

    assert draft.procedure["conditions"] == ["Có giấy phép còn hạn."]


def test_an_import_counts_writes_and_says_why(tmp_path, capsys):
    path = listed(tmp_path, row(), row("1.900002", "Thủ tục khác", "Trực tuyến1Miễn phí"), name="ds.jsonl.gz")

    outcome = import_list(path, tmp_path / "out", None, today=TODAY)

    assert (outcome.rows, dict(outcome.states), len(outcome.added)) == (2, {"repaired": 1, "review": 1}, 2)
    assert outcome.reasons == {"thoi-han-thieu-don-vi": 1}
    said = "\n".join(report.of_list(outcome, tmp_path, 0.1))
    assert "Đã đọc 2 thủ tục" in said
    assert "1 thời hạn chỉ có con số, thiếu đơn vị" in said
    assert "1.900002" in report.review_page(outcome)


def test_a_draft_file_can_be_read_and_is_no_content(tmp_path):
    import_list(listed(tmp_path, row()), tmp_path / "out", None, today=TODAY)

    value = yaml.safe_load((tmp_path / "out/linh-vuc-mau/1.900001.yml").read_text(encoding="utf-8"))
    assert (value["kind"], value["code"], value["line"]) == ("procedure-draft", "1.900001", 1)
    assert value["source"] == row()["sections"]
    assert "procedure-draft" not in contents.KINDS


def test_a_second_run_writes_nothing_and_a_changed_row_writes_one(tmp_path):
    out = tmp_path / "out"
    import_list(listed(tmp_path, row(), row("1.900002")), out, None, today=TODAY)
    written = {path: path.stat().st_mtime_ns for path in out.rglob("*.yml")}

    again = import_list(listed(tmp_path, row(), row("1.900002")), out, None, today=date(2026, 12, 1))
    assert (len(again.kept), again.added, again.changed) == (2, [], [])
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.yml")} == written

    changed = import_list(
        listed(tmp_path, row(table="Trực tiếp7 NgàyMiễn phí"), row("1.900002", "Tên mới")), out, None, today=TODAY
    )
    assert sorted(changed.changed) == ["1.900001", "1.900002"]


def test_what_a_person_changed_is_not_written_over(tmp_path):
    out = tmp_path / "out"
    import_list(listed(tmp_path, row()), out, None, today=TODAY)
    path = out / "linh-vuc-mau/1.900001.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("5 ngày làm việc", "4 ngày làm việc"), encoding="utf-8")

    same = import_list(listed(tmp_path, row()), out, None, today=TODAY)
    newer = import_list(listed(tmp_path, row(table="Trực tiếp9 NgàyMiễn phí")), out, None, today=TODAY)

    assert (same.edited, newer.conflicts) == (["1.900001"], ["1.900001"])
    assert "4 ngày làm việc" in path.read_text(encoding="utf-8")


def test_a_draft_that_left_the_list_is_told_and_kept(tmp_path):
    out = tmp_path / "out"
    import_list(listed(tmp_path, row(), row("1.900002")), out, None, today=TODAY)

    assert import_list(listed(tmp_path, row()), out, None, today=TODAY).gone == ["1.900002"]
    assert (out / "linh-vuc-mau/1.900002.yml").exists()


def test_lines_that_are_no_rows_are_told_with_their_number(tmp_path):
    path = listed(tmp_path, row(), "không phải JSON", {"id": "1.900003"}, row())

    outcome = import_list(path, tmp_path / "out", None, today=TODAY)

    assert [(bad.line, bad.problem.split(" ")[0]) for bad in outcome.bad] == [(2, "không"), (3, "thiếu"), (4, "mã")]
    assert outcome.rows == 1


def test_rows_with_the_same_content_under_several_codes_are_marked(tmp_path):
    outcome = import_list(listed(tmp_path, row(), row("1.900002")), tmp_path / "out", None, today=TODAY)

    assert outcome.reasons == {"nhieu-ma-mot-noi-dung": 2}


def test_a_procedure_that_is_in_use_lends_its_id_and_is_compared(tmp_path):
    content = contents.read(LIBRARY / "library")
    entry = next(stored.record for stored in content.entries if getattr(stored.record, "code", None))
    days = (entry.time.working_days if entry.time and entry.time.working_days else 1) + 3
    path = listed(tmp_path, row(entry.code, table=f"Trực tiếp{days:.0f} Ngày làm việcMiễn phí"))

    outcome = import_list(path, tmp_path / "out", content, today=TODAY)

    assert outcome.known == [entry.code]
    value = yaml.safe_load(next((tmp_path / "out").rglob("*.yml")).read_text(encoding="utf-8"))
    assert value["procedure"]["id"] == entry.id
    differs = {"khac-noi-dung-dang-dung"} if entry.time and entry.time.working_days else set()
    assert differs <= {doubt["reason"] for doubt in value["review"]}


def test_a_file_that_is_no_list_is_told_in_vietnamese(tmp_path):
    path = tmp_path / "hong.jsonl.gz"
    path.write_bytes(b"\x1f\x8b hong")

    with pytest.raises(SourceError, match="không đọc được tệp danh sách"):
        import_list(path, tmp_path / "out", None, today=TODAY)
