"""
What stands around the body of a plan: its number and date, title, what it is based on, who signed it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.importing import citations
from knowledge.importing.paragraphs import READ_AS, UPPER, Paragraph
from knowledge.text import fold, normalise
from knowledge.wards import Ward

_NUMBER = re.compile(rf"^Số\s*:?\s*(?P<count>\d{{1,5}})?[\s.…]*/\s*(?P<code>KH\s*[-–]\s*[{UPPER}]+)")
_PLACE_DATE = re.compile(
    rf"[{UPPER}][^,\d]{{1,40}},\s*ngày\s+(?P<day>\d{{1,2}})?[\s.…]*tháng\s+(?P<month>\d{{1,2}})?[\s.…]*năm\s+(?P<year>\d{{4}})"
)
_ATTACHED = re.compile(r"kèm theo\s+Kế hoạch\s+số", re.IGNORECASE)
_TITLE = re.compile(r"KẾ HOẠCH\b\s*(?P<rest>.*)")
_BASIS = re.compile(r"(?:Căn cứ|Thực hiện|Xét|Theo)\b")
_OPENING = re.compile(r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd)\b.*(?:ban hành|xây dựng|triển khai)", re.IGNORECASE)
_SECTION_ONE = re.compile(r"(?:Phần|Mục)?\s*I\b")
_CLOSING = re.compile(r"Trên đây là\b", re.IGNORECASE)
_RECIPIENTS = re.compile(r"Nơi nhận\s*:?", re.IGNORECASE)
_EMBLEM = re.compile(
    r"CỘNG H[ÒO][ÀA] XÃ HỘI|Độc lập\s*[-–]\s*Tự do|^(?:UBND|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN)\b.{0,40}$|^[-_*=—–\s]+$"
)
_OFFICE = re.compile(r"(?:TM|T/M|KT|TUQ|TL|Q)\s*\.\s*|(?:PHÓ\s+)?CHỦ TỊCH", re.IGNORECASE)
_SIGNS = re.compile(
    r"^(?P<before>.*?)(?P<office>(?:TM\.?\s*(?:ỦY|UỶ) BAN NHÂN DÂN|KT\.?\s*CHỦ TỊCH|PHÓ CHỦ TỊCH|CHỦ TỊCH|Q\.\s*CHỦ TỊCH)\b.*)$"
)
_PERSON = re.compile(rf"[{UPPER}][^\W\d_]*(?: [{UPPER}][^\W\d_]*){{1,4}}")
_LONGEST_OFFICE = 60


@dataclass
class Found:
    """
    A value with the lines that it was read from and the words there.
    """

    value: str
    lines: tuple[int, ...]
    around: str


@dataclass
class Letterhead:
    """
    What was found around the body. Of number and date there may be several that differ; `use` says what each paragraph is.
    """

    numbers: list[Found] = field(default_factory=list)
    dates: list[Found] = field(default_factory=list)
    blank_number: Found | None = None
    blank_date: Found | None = None
    title: Found | None = None
    signer: Found | None = None
    position: Found | None = None
    basis: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    use: list[tuple[str, Paragraph]] = field(default_factory=list)


def read(paragraphs: Sequence[Paragraph], ward: Ward) -> Letterhead:
    """
    Part a plan into what stands before its first section, the body, and what stands after it.
    """
    head = Letterhead()
    title = next((place for place, one in enumerate(paragraphs) if _TITLE.match(one.text)), None)
    after = range(0 if title is None else title + 1, len(paragraphs))
    first = next((place for place in after if _is_first_section(paragraphs[place])), None)
    if first is None:
        first = next((place for place in after if paragraphs[place].kind in ("roman", "number")), None)
    start = first if first is not None else min(after.start, len(paragraphs))
    _before(paragraphs[:start], title, head, ward)
    end = next((place for place in range(start, len(paragraphs)) if _ends_body(paragraphs[place])), len(paragraphs))
    head.body = list(paragraphs[start:end])
    _after(paragraphs[end:], head, ward)
    return head


def _is_first_section(paragraph: Paragraph) -> bool:
    return paragraph.kind == "roman" and bool(_SECTION_ONE.fullmatch(paragraph.marker.translate(READ_AS)))


def _ends_body(paragraph: Paragraph) -> bool:
    return bool(
        _CLOSING.match(paragraph.text)
        or _RECIPIENTS.match(paragraph.text)
        or (_SIGNS.match(paragraph.text) and len(paragraph.text) < _LONGEST_OFFICE)
    )


def _before(paragraphs: Sequence[Paragraph], title: int | None, head: Letterhead, ward: Ward) -> None:
    titles: list[Paragraph] = []
    for place, one in enumerate(paragraphs):
        number, day = _NUMBER.search(one.text), _PLACE_DATE.search(one.text)
        if title is not None and place == title:
            titles.append(one)
            head.use.append(("title", one))
        elif number or day:
            _number_and_date(one, number, day, head)
            head.use.append(("number and date", one))
        elif _OPENING.match(one.text):
            head.use.append(("opening", one))
        elif title is not None and place > title and (_BASIS.match(one.text) or head.basis):
            head.basis.append(one)
            head.use.append(("basis", one))
        elif title is not None and place > title and not one.kind:
            titles.append(one)
            head.use.append(("title", one))
        elif _EMBLEM.search(one.text) or (title is not None and place < title):
            head.use.append(("letterhead", one))
        else:
            head.use.append(("unread", one))
    if titles:
        head.title = _title(titles, ward)


def _number_and_date(one: Paragraph, number: re.Match[str] | None, day: re.Match[str] | None, head: Letterhead) -> None:
    if number:
        shown = Found("", one.lines_of(number.start(), number.end()), number[0])
        if number["count"]:
            code = re.sub(r"\s*[-–]\s*", "-", number["code"])
            shown.value = f"{number['count']}/{code}"
            head.numbers.append(shown)
        else:
            head.blank_number = shown
    if day:
        shown = Found("", one.lines_of(day.start(), day.end()), day[0])
        if day["day"] and day["month"]:
            shown.value = f"{day['day']}/{day['month']}/{day['year']}"
            head.dates.append(shown)
        else:
            head.blank_date = shown


def _title(titles: Sequence[Paragraph], ward: Ward) -> Found:
    text = " ".join(re.sub(r"\s+", " ", one.text).strip() for one in titles)
    rest = text[len("KẾ HOẠCH") :].strip(" :.")
    if rest.upper() == rest:
        rest = _spoken(rest, ward)
    elif rest:
        rest = rest[0].lower() + rest[1:] if not re.match(rf"[{UPPER}]{{2}}", rest) else rest
    lines = tuple(sorted({line for one in titles for line in one.lines}))
    return Found(f"Kế hoạch {rest}".strip(), lines, text)


def _spoken(capitals: str, ward: Ward) -> str:
    """
    Write a title in capitals as one writes a sentence; the names that are known keep theirs.
    """
    text = capitals.lower()
    names = [ward.name, ward.province, *(filter(None, [ward.former_district])), "UBND", "HĐND", "CCHC", "TTHC", "Zalo"]
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name.lower())}(?!\w)", name, text)
    return text


def _after(paragraphs: Sequence[Paragraph], head: Letterhead, ward: Ward) -> None:
    inside = ""
    offices: list[tuple[str, Paragraph]] = []
    for one in paragraphs:
        sign = _SIGNS.match(one.text) if len(one.text) < _LONGEST_OFFICE * 3 else None
        if _CLOSING.match(one.text):
            inside = "closing"
        elif _RECIPIENTS.match(one.text):
            inside = "recipients"
        elif _ATTACHED.search(one.text):
            _attached(one, head)
            inside = "attached"
        elif re.match(r"PHỤ LỤC|Phụ lục", one.text):
            inside = "appendix"
        elif sign and inside != "appendix":
            offices.append((sign["office"], one))
            inside = "signature"
            person = _PERSON.search(re.sub(_OFFICE, " ", _offices_cut(sign["office"])))
            if person and not person[0].isupper():
                head.signer = Found(person[0], one.lines, one.text)
        elif inside != "recipients" and (_EMBLEM.search(one.text) or _is_name_of(ward, one)):
            head.use.append(("letterhead", one))
            continue
        elif inside in ("signature", "recipients") and offices and head.signer is None and _is_person(one):
            head.signer = Found(one.text.strip(), one.lines, one.text)
            inside = "signature"
        elif inside == "signature" and one.kind == "bullet":
            inside = "recipients"
        elif inside == "signature" and head.signer is not None:
            inside = "rest"
        head.use.append((inside if inside and inside != "rest" else "unread", one))
        if inside in ("attached",):
            inside = "rest"
    if offices:
        head.position = _position(offices, ward)


def _is_name_of(ward: Ward, one: Paragraph) -> bool:
    return one.capitals and fold(normalise(one.text)).strip() == fold(normalise(ward.name))


def _offices_cut(text: str) -> str:
    return re.sub(r"(?:ỦY|UỶ) BAN NHÂN DÂN", " ", text)


def _is_person(one: Paragraph) -> bool:
    return bool(_PERSON.fullmatch(one.text.strip())) and not one.text.isupper() and not one.kind


def _position(offices: Sequence[tuple[str, Paragraph]], ward: Ward) -> Found:
    said = " ".join(office for office, _ in offices)
    plain = fold(normalise(said))
    lines = tuple(sorted({line for _, one in offices for line in one.lines}))
    instead = ", ký thay Chủ tịch" if re.search(r"\bkt\b", plain) else ""
    office = (
        "Phó Chủ tịch"
        if "pho chu tich" in plain
        else "Quyền Chủ tịch"
        if re.search(r"\bq\b ?\.? ?chu tich", plain)
        else "Chủ tịch"
    )
    return Found(f"{office} UBND {ward.unit}{instead}", lines, said)


def _attached(one: Paragraph, head: Letterhead) -> None:
    """
    Take number and date from an appendix: "(Kèm theo Kế hoạch số 28/KH-UBND ngày 07/02/2024 …)".
    """
    for citation in citations.find(one)[:1]:
        head.numbers.append(Found(citation.number, citation.lines, one.text))
        if citation.date:
            head.dates.append(Found(citation.date, citation.lines, one.text))
