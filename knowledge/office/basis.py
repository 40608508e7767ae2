"""
Names of legal documents: the many ways to write one, made one; and what a citation says of others.

"NĐ 20/2021", "Nghị định 20/2021/NĐ-CP" and "nghị định số 20/2021/NĐ-CP" are the same decree.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from knowledge.text import fold, normalise

# Kinds as they are written out and shortened, folded; the longer of two that begin alike stands first.
_KINDS = {
    "thong tu lien tich": "ttlt", "ttlt": "ttlt", "nghi dinh": "nd", "nghi quyet": "nq", "quyet dinh": "qd", "thong tu": "tt", "phap lenh": "pl",
    "bo luat": "luat", "luat": "luat", "chi thi": "ct", "ke hoach": "kh", "cong van": "cv", "huong dan": "hd", "quy chuan": "qc",
    "nd": "nd", "nq": "nq", "qd": "qd", "tt": "tt", "pl": "pl", "ct": "ct", "kh": "kh", "cv": "cv", "l": "luat",
}  # fmt: skip
SHOWN = {
    "ttlt": "Thông tư liên tịch", "nd": "Nghị định", "nq": "Nghị quyết", "qd": "Quyết định", "tt": "Thông tư", "pl": "Pháp lệnh", "luat": "Luật",
    "ct": "Chỉ thị", "kh": "Kế hoạch", "cv": "Công văn", "hd": "Hướng dẫn", "qc": "Quy chuẩn",
}  # fmt: skip
_ISSUERS = {"HDND": "HĐND", "TTG": "TTg", "BLDTBXH": "BLĐTBXH", "BGDDT": "BGDĐT"}
_KIND = re.compile(rf"(?<![\w/-])(?:{'|'.join(_KINDS)})(?!\w)")
# 20/2021, 20/2021/nd-cp, 66.7/2025/nq-cp, 766/qd-ttg, 59/2020/qh14; a date (16/7/2021) is none of them.
_NUMBER = re.compile(
    r"(?<![\w/.,-])(?P<number>\d{1,5}(?:\.\d{1,3})?[a-z]?)/(?:(?P<year>(?:19|20)\d\d)(?!\d)(?:/(?P<suffix>[a-z]+\d*(?:-[a-z]+)*))?"
    r"|(?P<only>[a-z]+\d*(?:-[a-z]+)+))(?![\w/])"
)
_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_REPLACES = re.compile(r"(?:thay the cho|thay the|thay cho|thay|bai bo)\s+(?:toan bo\s+)?(?=(?:[^\W\d]+\s+){0,8}\d)")
_REPLACED_BY = re.compile(r"(?:duoc|bi|da)\s+(?:thay the|thay|bai bo)\s+(?:bang|boi)\s+")
_PASSIVE = re.compile(r"(?:duoc|bi)\s+$")
_IN_FORCE = re.compile(r"(?<!het )hieu luc\s+(?:thi hanh\s+)?(?:tu\s+)?(?:ngay\s+)?(?=\d{1,2}[/.-])")
_ENDS = re.compile(
    r"(?:het hieu luc|het hieu luc thi hanh|den het|ap dung den)\s+(?:het\s+)?(?:sau\s+)?(?:tu\s+)?(?:ngay\s+)?(?=\d{1,2}[/.-])"
)


@dataclass(frozen=True)
class Document:
    """
    `kind` is folded and short ("nd"), `issuer` as in the number ("cp", "btc", "qh14"); what was not written is "" or None.
    """

    kind: str
    number: str
    year: int | None
    issuer: str

    def same_as(self, other: "Document") -> bool:
        """
        Tell whether two names are of one document; what one of them leaves out, the other may say.
        """
        years = self.year == other.year or (
            None in (self.year, other.year) and bool(self.issuer) and self.issuer == other.issuer
        )
        return (
            self.number.lstrip("0") == other.number.lstrip("0")
            and (self.kind == other.kind or not (self.kind and other.kind))
            and (self.issuer == other.issuer or not (self.issuer and other.issuer))
            and years
        )

    def __str__(self) -> str:
        issuer = self.issuer.upper()
        for folded, written in _ISSUERS.items():
            issuer = issuer.replace(folded, written)
        short = {"nd": "NĐ", "qd": "QĐ"}.get(self.kind, self.kind.upper())
        code = issuer if self.kind == "luat" or "QH" in issuer or not issuer else f"{short}-{issuer}"
        number = "/".join(filter(None, (self.number, str(self.year or ""), code)))
        return " ".join(filter(None, (SHOWN.get(self.kind, ""), number)))


@dataclass(frozen=True)
class Citation:
    """
    What one line of a legal basis says: the documents that it names, which of them replaced which (old, new), from when on
    that is so, and until when the line holds.
    """

    documents: tuple[Document, ...]
    replaced: tuple[tuple[Document, Document], ...]
    in_force: date | None
    ends: date | None


def documents(text: str) -> list[Document]:
    """
    Return the documents that a text names, in order.
    """
    return [document for document, _ in _named(fold(normalise(text)))]


@lru_cache(maxsize=65536)
def citation(text: str) -> Citation:
    """
    Read one line of a legal basis: "Nghị định 217/2026/NĐ-CP (19/06/2026, thay Nghị định 175/2024)".

    What a line says was replaced is none of the documents that it relies on.
    """
    plain = fold(normalise(text))
    turns = [(match.end(), "by") for match in _REPLACED_BY.finditer(plain)]
    turns += [(match.end(), "of") for match in _REPLACES.finditer(plain) if not _PASSIVE.search(plain[: match.start()])]
    cited: list[Document] = []
    replaced: list[tuple[Document, Document]] = []
    for document, at in _named(plain):
        turn, way = max((each for each in turns if each[0] <= at), default=(-1, ""))
        if turn < 0 or not cited or re.search(r"[);]", plain[turn:at]):
            cited.append(document)
        elif way == "of":
            replaced.append((document, cited[0]))
        else:
            replaced.append((cited[0], document))
            cited.append(document)
    return Citation(tuple(cited), tuple(replaced), _date_after(_IN_FORCE, plain), _date_after(_ENDS, plain))


def _named(plain: str) -> list[tuple[Document, int]]:
    found, last = [], 0
    for match in _NUMBER.finditer(plain):
        before = list(_KIND.finditer(plain, last, match.start()))
        kind = (
            _KINDS[before[-1].group()]
            if before and (len(before[-1].group()) > 1 or match.start() - before[-1].end() < 3)
            else ""
        )
        head, _, tail = (match["suffix"] or match["only"] or "").partition("-")
        if head in _KINDS and len(head) > 1:
            kind, issuer = _KINDS[head], tail
        else:
            issuer = "-".join(filter(None, (head, tail)))
        year = int(match["year"]) if match["year"] else _year_beside(plain, match.end())
        if kind or issuer:
            # Decrees are the Government's alone: "NĐ 20/2021" leaves nothing open.
            issuer = issuer or ("cp" if kind == "nd" else "")
            found.append((Document(kind, match["number"], year, issuer), match.start()))
        last = match.end()
    return found


def _year_beside(plain: str, at: int) -> int | None:
    """
    Return the year of the date written right behind a number without one: 766/QĐ-TTg (23/06/2022).
    """
    match = re.match(r"\s*\(?(?:ngay\s+)?(\d{1,2})/(\d{1,2})/(\d{4})", plain[at:])
    return int(match[3]) if match else None


def _date_after(word: re.Pattern[str], plain: str) -> date | None:
    for match in word.finditer(plain):
        said = _DATE.match(plain, match.end())
        if said:
            try:
                return date(int(said[3]), int(said[2]), int(said[1]))
            except ValueError:
                continue
    return None
