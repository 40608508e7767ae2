"""
What comes back unedited changes nothing, whatever programs have done to the file on the way.
"""

import csv
import io
import os
import random
import time
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.content import Content, Stored
from knowledge.entries import Case
from knowledge.faqs import Faq
from knowledge.procedures import Fee, Paper, Procedure, Time
from knowledge.spreadsheet import cells
from knowledge.spreadsheet.columns import KINDS, sheets
from tests.knowledge.spreadsheet.workbook import Counter, Excel, quiet

VISIBLE = [sheet.name for sheet in sheets()]
# 20,000 were measured with SPREADSHEET_ENTRIES=20000; fewer show the same to every run of the tests.
MANY = int(os.environ.get("SPREADSHEET_ENTRIES", "5000"))


@pytest.fixture(scope="module", params=["", "phuong-mau", "hoa-binh"])
def shipped_counter(request: pytest.FixtureRequest, shipped_content: Content, tmp_path_factory) -> Counter:
    return Counter(shipped_content, tmp_path_factory.mktemp("history"), request.param)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_all_that_we_ship_comes_back_as_it_went(shipped_counter: Counter, form: str):
    assert quiet(shipped_counter.attempt(shipped_counter.export(form)))


def test_it_is_the_same_after_another_program_has_saved_it(shipped_counter: Counter):
    rewritten = Excel(shipped_counter.export()).save()

    found = shipped_counter.attempt(rewritten)

    assert quiet(found), (found.changed[:3], found.mistakes[:3])


def test_decomposed_letters_blanks_at_the_ends_and_other_line_ends_are_no_change(shipped_counter: Counter):
    excel = Excel(shipped_counter.export())
    for name in VISIBLE:
        for row in excel[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = unicodedata.normalize("NFD", cell.value).replace("\n", "\r\n") + "  "
                    cell.data_type = "s"

    found = shipped_counter.attempt(excel.save())

    assert quiet(found), (found.changed[:3], found.mistakes[:3])


def test_rows_that_were_sorted_hidden_and_filtered_are_the_same_rows(shipped_counter: Counter):
    excel = Excel(shipped_counter.export())
    for name in VISIBLE:
        page = excel[name]
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        random.Random(name).shuffle(rows)
        for at, row in enumerate(rows, 2):
            page.row_dimensions[at].hidden = at % 3 == 0
            for place, value in enumerate(row, 1):
                page.cell(at, place).value = value
                if isinstance(value, str):
                    page.cell(at, place).data_type = "s"

    found = shipped_counter.attempt(excel.save())

    assert quiet(found), (found.changed[:3], found.mistakes[:3])


def test_columns_may_change_their_places(counter: Counter):
    archive = io.BytesIO(counter.export())
    book, made = openpyxl.load_workbook(archive), io.BytesIO()
    for name in VISIBLE:
        page = book[name]
        rows = [[cell.value for cell in row][::-1] for row in page.iter_rows()]
        for row, values in zip(page.iter_rows(), rows, strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value
    book.save(made)

    assert quiet(counter.attempt(made.getvalue()))


def test_numbers_and_days_that_excel_made_of_texts_are_what_they_were(counter: Counter, excel: Excel):
    excel.write("Thủ tục", "khai-sinh", "Mã thủ tục quốc gia", 1.000001)
    excel.write("Thủ tục", "khai-sinh", "Mã cũ", 2.000009)
    excel.write("Thủ tục", "khai-sinh", "Số tiền (đồng)", 0)
    excel.write("Thủ tục", "khai-sinh", "Số ngày làm việc", 1.0)
    excel.write("Thủ tục", "khai-sinh", "Nhận qua bưu chính", True)
    place = excel.cell("Thủ tục", "khai-sinh", "Đúng tại thời điểm")
    place.value, place.number_format = datetime(2026, 7, 1), "mmm-yy"
    place = excel.cell("Thủ tục", "ket-hon", "Đúng tại thời điểm")
    place.value, place.number_format = datetime(2026, 7, 1), "dd/mm/yyyy"

    assert quiet(counter.attempt(excel.save()))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_one_csv_file_is_known_by_its_header_however_it_was_saved(counter: Counter, mark: str, encoding: str):
    for name in ("thu-tuc.csv", "thanh-phan-ho-so.csv"):
        with zipfile.ZipFile(io.BytesIO(counter.export("csv"))) as archive:
            rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
        out = io.StringIO()
        csv.writer(out, delimiter=mark).writerows(rows)

        assert quiet(counter.attempt(out.getvalue().encode(encoding)))


def test_what_excel_does_to_a_csv_file_that_it_opens_and_saves_is_undone(counter: Counter):
    with zipfile.ZipFile(io.BytesIO(counter.export("csv"))) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("thu-tuc.csv").decode("utf-8-sig"))))
    shown = {"1.000001": "1.000001", "07/2026": "Jul-26", "Có": "TRUE"}
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([shown.get(cell, cell) for cell in row] for row in rows)

    assert "Jul-26" in out.getvalue()
    assert quiet(counter.attempt(out.getvalue().encode()))


texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\u0085"), min_size=1, max_size=40
).filter(lambda text: text.strip() and cells.tidy(text))
awkward = st.one_of(
    texts,
    st.sampled_from(
        ["=1+1", "@x", "+84 912", "-5", "'nháy", "'=1", "1.001190", "0912345678", "TRUE", "10/2026", "_x000D_a"]
    ),
)
lists = st.lists(awkward, max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=awkward,
    summary=awkward,
    notes=lists,
    papers=lists,
    about=awkward,
    days=st.floats(0, 999, width=16),
    dong=st.integers(0, 10**9),
)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_whatever_an_entry_says_comes_back_as_it_went(
    form, tmp_path: Path, title, summary, notes, papers, about, days, dong
):
    record = Procedure(
        id="mot", code="1.001190", title=title, summary=summary, notes=notes, papers=[Paper(text=one) for one in papers],
        cases=[Case(about=about, text=summary)], fee=Fee(text=about, dong=dong), time=Time(text=about, working_days=days),
        as_of="2026-07", questions=notes,
    )  # fmt: skip
    other = Faq(id="hai", title=f"{title} 2", answer=summary, aliases=notes, as_of="2026-07-15")
    stored = [Stored(one, kind, None, Path("x.yml"), 1) for one, kind in ((record, "procedure"), (other, "faq"))]
    counter = Counter(Content(entries=stored), tmp_path)

    found = counter.attempt(counter.export(form))

    assert quiet(found), (found.changed, found.mistakes)


def test_a_text_longer_than_a_cell_can_be_stays_as_it_is(tmp_path: Path):
    record = Faq(id="dai", title="Dài", answer="chữ " * 10_000, as_of="2026-07")
    counter = Counter(Content(entries=[Stored(record, "faq", None, Path("x.yml"), 1)]), tmp_path)
    excel = Excel(counter.export())
    title = excel.write("Câu hỏi thường gặp", "dai", "Câu hỏi", "Rất dài")

    found = counter.attempt(excel.save())

    assert title == "B2"
    assert [one["field"] for one in found.changed] == ["title"]
    assert found.changes[0].entry["answer"] == record.answer


@pytest.mark.services
def test_thousands_of_entries_go_out_and_come_back(shipped_content: Content, tmp_path: Path, capsys):
    real = [one for one in shipped_content.entries if one.kind in KINDS]
    many = [
        Stored(one.record.model_copy(update={"id": f"{one.record.id}-{n}", "title": f"{one.record.title} {n}", "told_apart": []}),
               one.kind, None, one.path, 1)
        for n in range(MANY) for one in [real[n % len(real)]]
    ]  # fmt: skip
    counter = Counter(Content(entries=many), tmp_path)

    began = time.perf_counter()
    content = counter.export()
    exported = time.perf_counter() - began
    began = time.perf_counter()
    found = counter.attempt(content)
    tried = time.perf_counter() - began

    assert quiet(found)
    with capsys.disabled():
        print(f"\n{MANY:,} entries: exported in {exported:.0f} s ({len(content) / 1e6:.1f} MB), tried in {tried:.0f} s")
