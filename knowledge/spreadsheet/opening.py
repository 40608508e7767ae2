"""
Bytes → the sheets of a file, or what kind of file it is instead, and what to do about that.
"""

import io
import zipfile

import structlog

from knowledge.errors import ImportTooLarge, ImportUnreadable
from knowledge.spreadsheet import delimited, reading
from knowledge.spreadsheet.pages import Book

log = structlog.get_logger()
MOST_BYTES = 20 * 1024 * 1024
MOST_EXPANDED = 300 * 1024 * 1024  # 20,000 entries are 60 MB of XML
MOST_PARTS = 2_000

TOO_LARGE = "Tệp lớn quá 20 MB. Anh/chị kiểm tra lại đã chọn đúng tệp chưa; ảnh chèn trong tệp thì xóa bớt."
EXPANDS = "Tệp này khi mở ra lớn bất thường nên hệ thống không nhận. Anh/chị tải tệp mới từ trang Nhập, xuất Excel rồi chép phần đã sửa sang."
DAMAGED = (
    "Tệp này không mở được, có thể đã hỏng khi chép hoặc gửi. Anh/chị mở lại bằng Excel, chọn Lưu thành kiểu “Excel Workbook (.xlsx)” "
    "rồi gửi tệp vừa lưu."
)
OLD = "Tệp này là Excel đời cũ (.xls). Anh/chị mở bằng Excel, chọn Lưu thành kiểu “Excel Workbook (.xlsx)” rồi gửi tệp .xlsx."
LOCKED = "Tệp này đặt mật khẩu nên hệ thống không mở được. Trong Excel, anh/chị vào Tệp, Thông tin, Bảo vệ sổ làm việc, xóa mật khẩu rồi lưu lại."
BINARY = "Tệp này là kiểu .xlsb. Anh/chị mở bằng Excel, chọn Lưu thành kiểu “Excel Workbook (.xlsx)” rồi gửi tệp .xlsx."
OPEN_DOCUMENT = (
    "Tệp này là kiểu .ods. Anh/chị mở bằng LibreOffice, chọn Lưu thành kiểu “Excel 2007-365 (.xlsx)” rồi gửi tệp .xlsx."
)
OTHER = "Tệp này không phải Excel hay CSV. Anh/chị chọn tệp .xlsx, .csv hoặc .zip tải về từ trang này."
EMPTY = "Tệp này trống."

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")


def open_book(content: bytes) -> Book:
    """
    Raises:
        ImportUnreadable: when there is no sheet to read; says what to do.
    """
    if len(content) > MOST_BYTES:
        raise ImportTooLarge(TOO_LARGE)
    if not content.strip(b"\0 \r\n\t"):
        raise ImportUnreadable(EMPTY)
    if content.startswith(_OLE):
        raise ImportUnreadable(LOCKED if "EncryptedPackage".encode("utf-16-le") in content else OLD)
    if content.startswith(_FOREIGN) or content[:400].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise ImportUnreadable(OTHER)
    if not content.startswith(b"PK"):
        return delimited.book([("", content)])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _from_archive(archive, content)
    except ImportUnreadable:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise ImportUnreadable(DAMAGED) from error


def _from_archive(archive: zipfile.ZipFile, content: bytes) -> Book:
    parts = archive.infolist()
    # What a part says that it holds is all that is ever read of it.
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_EXPANDED:
        raise ImportTooLarge(EXPANDS)
    names = {one.filename for one in parts}
    if "xl/workbook.bin" in names:
        raise ImportUnreadable(BINARY)
    if any(name.startswith("xl/") for name in names):
        for one in parts:
            if one.filename.lower().endswith((".xml", ".rels")):
                with archive.open(one) as part:
                    if b"<!DOCTYPE" in part.read(2_000):
                        raise ImportUnreadable(DAMAGED)
        try:
            return reading.book(content)
        except Exception as error:  # whatever a library says of a file that it cannot make out
            log.warning("import.unreadable", why=f"{type(error).__name__}: {error}"[:300])
            raise ImportUnreadable(DAMAGED) from error
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        raise ImportUnreadable(OPEN_DOCUMENT)
    files = [
        (one.filename, archive.read(one)) for one in parts
        if one.filename.lower().endswith((".csv", ".txt", ".tsv")) and not one.filename.startswith("__MACOSX")
    ]  # fmt: skip
    if not any(name.lower().endswith(".csv") for name, _ in files):
        raise ImportUnreadable(OTHER)
    return delimited.book(files)
