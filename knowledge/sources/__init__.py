"""
Files of other programs → a Document of located lines and tables, one module per form.
"""

from pathlib import Path

from knowledge.errors import SourceError
from knowledge.sources import docx, pdf, txt
from knowledge.sources.document import Document

READERS = {".txt": txt.read, ".md": txt.read, ".docx": docx.read, ".pdf": pdf.read}
_OTHERS = {
    ".doc": "tệp .doc đời cũ; mở bằng Word, chọn Lưu thành (Save As) .docx rồi nhập lại",
    ".odt": "tệp .odt; mở bằng LibreOffice, lưu thành .docx rồi nhập lại",
    ".rtf": "tệp .rtf; mở bằng Word, lưu thành .docx rồi nhập lại",
    ".jpg": "ảnh chụp; ghép các trang thành một tệp .pdf rồi nhập lại",
    ".jpeg": "ảnh chụp; ghép các trang thành một tệp .pdf rồi nhập lại",
    ".png": "ảnh chụp; ghép các trang thành một tệp .pdf rồi nhập lại",
}


def read(path: Path) -> Document:
    """
    Read one file by the ending of its name.

    Raises:
        SourceError: in Vietnamese, when the form is not known or the file cannot be read.
    """
    ending = path.suffix.lower()
    if ending not in READERS:
        known = ", ".join(READERS)
        raise SourceError(f"{path.name}: {_OTHERS.get(ending, f'chưa đọc được loại tệp này; chỉ đọc {known}')}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: không mở được tệp ({error.strerror})") from error
    if not data:
        raise SourceError(f"{path.name}: tệp rỗng")
    return READERS[ending](data, path.name)
