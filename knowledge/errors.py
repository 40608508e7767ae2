"""
What can go wrong in the knowledge service.

    KnowledgeError
    ├── ContentError        content.invalid       files that cannot be used; carries every mistake
    ├── IndexMissing        index.missing         no index was built yet
    ├── EncoderError        encoder.unusable      the encoder folder or model cannot be loaded
    ├── QuestionsError      questions.invalid     a file of questions cannot be read
    ├── SourceError         source.unreadable     a plan or list to import cannot be read; says in Vietnamese why
    │   └── OcrMissing      source.ocr_missing    a scan is to be read, and tesseract or its Vietnamese is not installed
    ├── DraftError          draft.not_ready       a draft that cannot be accepted yet; carries every reason
    ├── DraftChanged        draft.changed         somebody else has worked on the draft meanwhile
    ├── UnknownDraft        draft.unknown         a draft that is not there, or no more
    ├── RequestError        request.invalid       a request that is not of the form the endpoint takes
    ├── EntryChanged        entry.changed         somebody else has saved the entry, or edited it by hand; carries what it says now
    ├── FileBroken          file.broken           a file that cannot be edited as it is: mend it by hand first
    ├── FileNotWritable     file.not_writable     the system does not let us write a content file
    ├── ImportUnreadable    import.unreadable     a file of sheets cannot be read at all; says in Vietnamese what to do
    │   └── ImportTooLarge  import.too_large      it is larger than any that we made
    ├── ImportChanged       import.changed        the content is not what it was when the file was tried; nothing was written
    ├── UnknownWard         ward.unknown          a ward that has no folder under content/wards
    └── UnknownEntry        entry.unknown         an id that no entry of this ward has
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class KnowledgeError(Exception):
    """
    The root of all errors of this package.
    """

    code = "knowledge.failed"
    status = 500


@dataclass(frozen=True, order=True)
class Mistake:
    """
    One mistake in a content file: where it stands, what is wrong and how to mend it, in Vietnamese.
    """

    path: Path
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


class ContentError(KnowledgeError):
    """
    Content files cannot be used as they are. Carries all mistakes at once.
    """

    code = "content.invalid"

    def __init__(self, mistakes: Sequence[Mistake]):
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = list(mistakes)


class IndexMissing(KnowledgeError):
    code = "index.missing"
    status = 503


class EncoderError(KnowledgeError):
    code = "encoder.unusable"


class QuestionsError(KnowledgeError):
    code = "questions.invalid"


class SourceError(KnowledgeError):
    """
    A file that is to be imported cannot be read. The message is for staff, in Vietnamese.
    """

    code = "source.unreadable"


class OcrMissing(SourceError):
    code = "source.ocr_missing"


class DraftError(KnowledgeError):
    """
    A draft cannot become content yet. Carries every reason at once, in Vietnamese.
    """

    code = "draft.not_ready"

    def __init__(self, reasons: Sequence[str]):
        super().__init__("\n".join(reasons))
        self.reasons = list(reasons)


class DraftChanged(KnowledgeError):
    code = "draft.changed"
    status = 409


class UnknownDraft(KnowledgeError):
    code = "draft.unknown"
    status = 404


class RequestError(KnowledgeError):
    code = "request.invalid"
    status = 400

    def __init__(self, message: str, fields: dict[str, str] | None = None):
        super().__init__(message)
        self.fields = fields or {}


class EntryChanged(KnowledgeError):
    code = "entry.changed"
    status = 409

    def __init__(self, what: str, fields: dict[str, Any]):
        """
        Args:
            fields: What the entry says now: {"current", "version", "by", "at"}, all None when it is gone.
        """
        super().__init__(f"{what} is not the version that was expected, it is {fields['version']}")
        self.fields = fields


class FileBroken(KnowledgeError):
    code = "file.broken"
    status = 409

    def __init__(self, path: Path, mistakes: Sequence[Mistake]):
        super().__init__(f"{path} cannot be edited here as it is: mend it by hand")
        self.fields = {
            "file": path.as_posix(),
            "mistakes": [{"line": one.line, "message": one.problem} for one in mistakes],
        }


class FileNotWritable(KnowledgeError):
    code = "file.not_writable"
    status = 409

    def __init__(self, path: Path, problem: str):
        super().__init__(
            f"{path} cannot be written: {problem}; give the user of this service the right to write into content"
        )
        self.fields = {"file": path.as_posix()}


class ImportUnreadable(KnowledgeError):
    """
    An Excel or CSV file cannot be read at all. The message is for staff, in Vietnamese.
    """

    code = "import.unreadable"
    status = 422


class ImportTooLarge(ImportUnreadable):
    code = "import.too_large"
    status = 413


class ImportChanged(KnowledgeError):
    code = "import.changed"
    status = 409


class UnknownWard(KnowledgeError):
    code = "ward.unknown"
    status = 404


class UnknownEntry(KnowledgeError):
    code = "entry.unknown"
    status = 404
