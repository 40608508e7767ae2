"""
What can go wrong in the knowledge service.

    KnowledgeError
    ├── ContentError        content.invalid       files that cannot be used; carries every mistake
    ├── IndexMissing        index.missing         no index was built yet
    ├── EncoderError        encoder.unusable      the encoder folder or model cannot be loaded
    ├── QuestionsError      questions.invalid     a file of questions cannot be read
    ├── RequestError        request.invalid       a request that is not of the form the endpoint takes
    ├── UnknownWard         ward.unknown          a ward that has no folder under content/wards
    └── UnknownEntry        entry.unknown         an id that no entry of this ward has
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


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


class RequestError(KnowledgeError):
    code = "request.invalid"
    status = 400

    def __init__(self, message: str, fields: dict[str, str] | None = None):
        super().__init__(message)
        self.fields = fields or {}


class UnknownWard(KnowledgeError):
    code = "ward.unknown"
    status = 404


class UnknownEntry(KnowledgeError):
    code = "entry.unknown"
    status = 404
