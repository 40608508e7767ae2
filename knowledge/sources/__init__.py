"""
Files of other programs → a Document of located lines and tables, one module per form.
"""

from pathlib import Path

from knowledge.errors import SourceError
from knowledge.sources import docx, pdf, txt
from knowledge.sources.document import Document
from knowledge.sources.pdf import Progress, unheard

READERS = {".txt": txt.read, ".md": txt.read, ".docx": docx.read, ".pdf": pdf.read}
_OTHERS = {
    ".doc": "tệp .doc đời cũ; mở bằng Word, chọn Lưu thành (Save As) .docx rồi nhập lại",
    ".odt": "tệp .odt; mở bằng LibreOffice, lưu thành .docx rồi nhập lại",
    ".rtf": "tệp .rtf; mở bằng Word, lưu thành .docx rồi nhập lại",
    ".jpg": "ảnh chụp; ghép các trang thành một tệp .pdf rồi nhập lại",
    ".jpeg": "ảnh chụp; ghép các trang thành một tệp .pdf rồi nhập lại",
    ".png": "ảnh chụp; ghép các trang thành một tệp .pdf rồi nhập lại",
}


def read(path: Path, progress: Progress = unheard) -> Document:
    """
    Read one file by the ending of its name.

    Raises:
        SourceError: in Vietnamese, when the form is not known or the file cannot be read.
    """
    check_name(path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: không mở được tệp ({error.strerror})") from error
    return read_bytes(data, path.name, progress)


def check_name(name: str) -> None:
    """
    Raises:
        SourceError: in Vietnamese, when the ending of a file's name is none that can be read.
    """
    ending = Path(name).suffix.lower()
    if ending not in READERS:
        known = ", ".join(READERS)
        raise SourceError(f"{name}: {_OTHERS.get(ending, f'chưa đọc được loại tệp này; chỉ đọc {known}')}")


def read_bytes(data: bytes, name: str, progress: Progress = unheard) -> Document:
    """
    Read what is in a file of that name.

    Args:
        progress: Told (pages done, pages in all) after every page of a PDF.

    Raises:
        SourceError: in Vietnamese, when the form is not known or the file cannot be read.
    """
    check_name(name)
    if not data:
        raise SourceError(f"{name}: tệp rỗng")
    ending = Path(name).suffix.lower()
    return pdf.read(data, name, progress) if ending == ".pdf" else READERS[ending](data, name)
