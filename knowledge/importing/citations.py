"""
Documents that a plan names: kind, number, date, who issued them; and what about them does not agree.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from pathlib import Path

from knowledge.importing.paragraphs import UPPER, Paragraph
from knowledge.text import fold, normalise

KINDS = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "KH": "Kế hoạch", "NĐ": "Nghị định", "TT": "Thông tư", "KL": "Kết luận", "CTr": "Chương trình",
    "HD": "Hướng dẫn", "CV": "Công văn", "TB": "Thông báo", "BC": "Báo cáo", "ĐA": "Đề án", "QH": "Luật",
}  # fmt: skip
_KIND = r"Nghị quyết|Nghị định|Quyết định|Chỉ thị|Kế hoạch|Thông tư|Kết luận|Chương trình(?: hành động)?|Hướng dẫn|Công văn|Thông báo|Báo cáo|Đề án|Luật|Pháp lệnh|Văn bản|NQ|QĐ|KH|NĐ|CT"
_CODE = rf"(?P<count>\d{{1,5}})\s*(?P<year>/\s*(?:19|20)\d\d)?\s*(?P<first>[/–-])\s*(?P<code>[A-ZĐ][A-Za-zĐđ]{{0,5}}\d{{0,2}}(?:\s*[-–/]\s*[A-ZĐ][{UPPER}A-Za-zđ&]{{0,7}}){{0,3}})"
_DATE = r"ngày\s+(?P<day>\d{1,2})\s*(?:/|-|\.|\s+tháng\s+)\s*(?P<month>\d{1,2})(?:\s*(?:/|-|\.|\s+năm\s+)\s*(?P<full>\d{4,5}))?"
_ISSUER = r"của\s+(?P<issuer>(?:[^,;.“”\"():]|, (?=thị xã|thành phố))+?)(?=\s+(?:về|ban hành|triển khai|thực hiện|khóa|khoá|quy định|sửa đổi|phê duyệt|“|và|theo|trong|nhằm|để|hướng dẫn|đã|tiếp tục)\b|\s*[,;.:“\"()]|$)"
CITATION = re.compile(
    rf"(?:(?P<kind>{_KIND})\s+)?(?:số\s*:?\s*)?{_CODE}(?:\s*,?\s*{_DATE})?(?:\s+{_ISSUER})?"
    rf"|(?P<scheme>Đề án)\s+(?:số\s+)?(?P<scheme_number>\d{{2}})\b"
)
_LEVEL = re.compile(r"\b(?:phường|xã|quận|huyện|thành phố|tỉnh)\b", re.IGNORECASE)
_WHOLE_DATE = re.compile(_DATE)
_ISSUERS = {
    "TTg": r"thu tuong", "CP": r"chinh phu", "HĐND": r"hoi dong nhan dan|hdnd", "UBND": r"ubnd|uy ban nhan dan", "TU": r"tinh uy|thanh uy|dang bo|ban thuong vu|ban chap hanh",
    "TW": r"trung uong|bo chinh tri|ban bi thu", "QU": r"quan uy",
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """
    A document named in the text. `number` is written one way ("131/CTr-UBND"); `date` as the source's figures
    with strokes ("28/12/2023"), without the year when the source has none; `lines` and `around` say where.
    """

    kind: str
    number: str
    date: str | None
    issuer: str | None
    lines: tuple[int, ...]
    around: str
    subject: str | None = None
    written: str = ""

    @property
    def key(self) -> str:
        """
        Return the number as it is compared: "05-NQ/TU" and "05/NQ/TU" are one document.
        """
        count, _, rest = re.sub(r"[-/]", "/", self.number.upper()).partition("/")
        return f"{int(count) if count.isdigit() else count}/{rest}"

    def shown(self, *, dated: bool = True) -> str:
        parts = [f"{self.kind} {self.number}".strip()]
        if dated and self.date and self.whole_date:
            parts.append(f"ngày {self.date}")
        if self.issuer:
            parts.append(f"của {self.issuer}")
        return " ".join(parts)

    @property
    def whole_date(self) -> Day | None:
        return parse_date(self.date)


def same_day(one: str, other: str) -> bool:
    return one == other or (parse_date(one) is not None and parse_date(one) == parse_date(other))


def parse_date(text: str | None) -> Day | None:
    """
    Return the day that dd/mm/yyyy stands for, or None when it is no day of the calendar.
    """
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text or "")
    try:
        return Day(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def find(paragraph: Paragraph) -> list[Citation]:
    return [_citation(match, paragraph) for match in CITATION.finditer(paragraph.text)]


def _citation(match: re.Match[str], paragraph: Paragraph) -> Citation:
    lines = paragraph.lines_of(match.start(), match.end())
    around = match[0].strip()
    if match["scheme"]:
        return Citation("Đề án", match["scheme_number"], None, None, lines, around, written=match[0])
    code = re.sub(r"\s*([-–/])\s*", lambda sign: "-" if sign[1] in "-–" else "/", match["code"])
    year = re.sub(r"\s", "", match["year"] or "")
    first = "/" if match["first"] == "/" else "-"
    kind = match["kind"] or KINDS.get(re.split(r"[-/]", code)[0], "")
    issuer = re.sub(r"\s+", " ", match["issuer"]).strip() if match["issuer"] else None
    return Citation(
        KINDS.get(kind, kind),
        f"{match['count']}{year}{first}{code}",
        _date(match),
        issuer,
        lines,
        around,
        _subject(paragraph.text, match.end()),
        match[0],
    )


def _date(match: re.Match[str]) -> str | None:
    if match["day"] is None:
        return None
    return "/".join(part for part in (match["day"], match["month"], match["full"]) if part)


def dates(text: str) -> list[str]:
    return [found for match in _WHOLE_DATE.finditer(text) if (found := _date(match))]


def _subject(text: str, end: int) -> str | None:
    match = re.match(r"\s*(?:,\s*)?((?:về(?: việc)?|ban hành|phê duyệt)\s+[^;.]{5,200})", text[end:])
    return match[1].strip() if match else None


@dataclass(frozen=True)
class Disagreement:
    """
    Something about cited documents that a person has to settle: a sentence, and the citations it is about. `offered` are
    dates from elsewhere.
    """

    key: str
    kind: str
    problem: str
    citations: tuple[Citation, ...]
    offered: tuple[str, ...] = ()


def disagreements(
    found: Sequence[Citation], *, year: int | None, issued: Day | None, registry: dict[str, set[str]]
) -> Iterator[Disagreement]:
    """
    Yield what does not agree: one number with two dates or two issuers, a date after the plan's own, or not of the calendar,
    a number that does not fit who issued it, a date that differs from the one in the assistant's own content.

    Args:
        year: Of the plan.
        issued: The plan's own date, when it is known.
        registry: Number (as in `Citation.key`) → dates under which the content cites it.
    """
    grouped: dict[str, list[Citation]] = {}
    for citation in found:
        grouped.setdefault(citation.key, []).append(citation)
    for key, group in grouped.items():
        yield from _two_issuers(key, group)
        days: dict[object, Citation] = {}
        for citation in group:
            if citation.date:
                days.setdefault(citation.whole_date or citation.date, citation)
        if len(days) > 1:
            told = " và ".join(f"ngày {citation.date}" for citation in days.values())
            problem = f"{group[0].kind} {group[0].number} ghi {told} ở các chỗ khác nhau: ngày nào đúng?"
            yield Disagreement(key, "date", problem, tuple(one for one in group if one.date))
            continue
        yield from _about_one(key, group, year, issued, registry)


def _two_issuers(key: str, group: list[Citation]) -> Iterator[Disagreement]:
    levels: dict[str, Citation] = {}
    for citation in group:
        level = _LEVEL.search(citation.issuer or "")
        if level and not re.search(r"Ban |Đảng|HĐND|Hội đồng", citation.issuer or ""):
            levels.setdefault({"xã": "phường"}.get(level[0].lower(), level[0].lower()), citation)
    if len(levels) > 1:
        told = ", chỗ khác ".join(f"của {citation.issuer}" for citation in levels.values())
        yield Disagreement(
            key,
            "issuer",
            f"{group[0].kind} {group[0].number} có chỗ ghi {told}: nơi nào ban hành?",
            tuple(levels.values()),
        )


def _about_one(
    key: str, group: list[Citation], year: int | None, issued: Day | None, registry: dict[str, set[str]]
) -> Iterator[Disagreement]:
    citation = next((one for one in group if one.date), group[0])
    name, day = f"{citation.kind} {citation.number}".strip(), citation.whole_date
    if citation.date and day is None:
        missing = citation.date.count("/") == 1
        yield Disagreement(
            key,
            "date",
            f"{name} ghi ngày {citation.date}, {'thiếu năm' if missing else 'không có ngày này'}: ngày nào đúng?",
            (citation,),
        )
    elif day and issued and day > issued:
        yield Disagreement(
            key,
            "date",
            f"{name} ghi ngày {citation.date}, sau ngày của chính kế hoạch này: số và ngày nào đúng?",
            (citation,),
        )
    elif day and _too_early(citation, day, group):
        yield Disagreement(
            key,
            "date",
            f"{name} ghi ngày {citation.date} nhưng nói về năm {_year_spoken_of(citation)}: năm ban hành có đúng không?",
            (citation,),
        )
    elif citation.date and registry.get(key) and not any(same_day(citation.date, one) for one in registry[key]):
        known = ", ".join(sorted(registry[key]))
        yield Disagreement(
            key,
            "date",
            f"{name} ghi ngày {citation.date}; nội dung đang dùng của trợ lý ghi ngày {known}: ngày nào đúng?",
            (citation,),
            tuple(sorted(registry[key])),
        )
    for one in group:
        if _issuer_differs(one):
            yield Disagreement(
                key, "number", f"Số “{one.number}” không hợp với nơi ban hành “{one.issuer}”: số nào đúng?", (one,)
            )
            break
    if citation.number.split("/")[-1].startswith("CTT") or re.search(r"-CTT", citation.number):
        yield Disagreement(
            key, "number", f"Ký hiệu lạ trong số “{citation.number}” (thường là CTr): số nào đúng?", (citation,)
        )


def _year_spoken_of(citation: Citation) -> int | None:
    years = [int(found) for found in re.findall(r"năm (20\d\d)\b", citation.subject or "")]
    return years[0] if len(set(years)) == 1 else None


def _too_early(citation: Citation, day: Day, group: list[Citation]) -> bool:
    """
    Tell whether a plan for one year bears a date of long before: plans of a year are issued from October on.
    """
    spoken = _year_spoken_of(citation)
    return citation.kind == "Kế hoạch" and spoken is not None and day < Day(spoken - 1, 10, 1)


def _issuer_differs(citation: Citation) -> bool:
    if not citation.issuer:
        return False
    code = re.split(r"[-/]", citation.number)[-1]
    plain = fold(normalise(citation.issuer))
    expected = _ISSUERS.get(code)
    named = [own for own, pattern in _ISSUERS.items() if re.match(rf"(?:chu tich )?(?:{pattern})", plain)]
    return expected is not None and bool(named) and code not in named and not re.search(expected, plain)


def registry_of(content: Path) -> dict[str, set[str]]:
    """
    Return the documents that the shared content cites with a date: number → dates.
    """
    found: dict[str, set[str]] = {}
    for path in sorted((content / "common").rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        for match in CITATION.finditer(text):
            if match["code"] and match["day"] and match["full"]:
                citation = _citation(match, Paragraph(text, (1,) * len(text), (1,)))
                if citation.date:
                    found.setdefault(citation.key, set()).add(citation.date)
    return found


def unique(found: Iterable[Citation]) -> list[Citation]:
    """
    Return one citation per document, the one that says most, its number in the commonest spelling; by first appearance.
    """
    best: dict[str, Citation] = {}
    spelled: dict[str, Counter[str]] = {}
    for citation in found:
        spelled.setdefault(citation.key, Counter())[citation.number] += 1
        before = best.get(citation.key)
        if before is None or _worth(citation) > _worth(before):
            best[citation.key] = citation
    return [replace(citation, number=spelled[key].most_common(1)[0][0]) for key, citation in best.items()]


def _worth(citation: Citation) -> tuple[bool, bool, int]:
    return citation.date is not None, citation.issuer is not None, len(citation.issuer or "")
