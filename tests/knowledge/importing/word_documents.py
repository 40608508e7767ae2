"""
Word documents as wards write them: a letterhead in a table, numbers that only Word shows, merged cells, tracked changes.
"""

from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement

HEADER = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành", "Kết quả"]
ROWS = [
    ["1", "Đăng tin, bài trên trang Zalo", "Phòng Văn hóa - Xã hội", "Các khu phố", "Hằng tháng", "Tin, bài"],
    ["2", "Tập huấn cho cán bộ", "", "Trung tâm Phục vụ hành chính công", "Quý II/2026", ""],
]


def plan(path: Path, number: str = "Số:      /KH-UBND", day: str = "Đông Mẫu, ngày     tháng 02 năm 2026") -> Path:
    word = docx.Document()
    _table(
        word,
        [
            ["ỦY BAN NHÂN DÂN\nPHƯỜNG ĐÔNG MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"],
            [number, day],
        ],
    )
    for text in (
        "KẾ HOẠCH",
        "TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH PHƯỜNG ĐÔNG MẪU NĂM 2026",
        "Căn cứ Kế hoạch số 12/KH-UBND ngày 20/01/2026 của UBND tỉnh Mẫu về tuyên truyền cải cách hành chính năm 2026;",
        "Ủy ban nhân dân phường Đông Mẫu ban hành kế hoạch như sau:",
        "I. MỤC ĐÍCH",
    ):
        word.add_paragraph(text)
    for text in ("Để người dân biết cách nộp hồ sơ qua mạng", "Để cán bộ phục vụ tận tụy hơn."):
        word.add_paragraph(text, style="List Number")
    word.add_paragraph("II. NỘI DUNG")
    for text in ("Tuyên truyền về dịch vụ công trực tuyến", "Tuyên truyền về mạng phường hội và an toàn thông tin"):
        word.add_paragraph(text, style="List Bullet")
    changed = word.add_paragraph("Chủ đề năm 2026: ")
    _track(changed, "w:ins", "w:t", "“Phục vụ nhân dân tốt hơn”")
    _track(changed, "w:del", "w:delText", "chữ đã xóa")
    word.add_paragraph("III. TỔ CHỨC THỰC HIỆN")
    table = _table(word, [HEADER, *ROWS])
    table.cell(1, 3).merge(table.cell(2, 3))
    word.add_paragraph("Trên đây là kế hoạch của phường./.")
    _table(
        word,
        [["Nơi nhận:\n- Như trên;\n- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\n\nLê Thị Mẫu"]],
    )
    word.sections[0].footer.paragraphs[0].text = "2"
    word.save(str(path))
    return path


def _table(word: Any, rows: list[list[str]]) -> Any:
    table = word.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return table


def _track(paragraph: Any, change: str, holder: str, text: str) -> None:
    outer, run, inner = OxmlElement(change), OxmlElement("w:r"), OxmlElement(holder)
    inner.text = text
    run.append(inner)
    outer.append(run)
    paragraph._p.append(outer)
