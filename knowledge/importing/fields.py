"""
Sections of a plan → the lists of the Plan record: for whom, what, how, through which channels, which indices, which fields.

All are quoted; only channels are named by us, since a plan names each of them in many ways.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from knowledge.importing.outline import Node, items, of_role
from knowledge.importing.paragraphs import Paragraph
from knowledge.importing.quoting import Quote, clause, first_capital, gist, sentences
from knowledge.text import fold, normalise

_GROUPS = re.compile(
    r"(?:,|;|\bvà\b|\bđến\b|\bcùng\b)\s*(?:và |đến |với )*(?=(?:toàn thể |toàn bộ |các tầng lớp |mọi |đông đảo )?(?:nhân dân|người dân|quần chúng)|(?:cộng đồng |các )?doanh nghiệp|"
    r"(?:các )?tổ chức|(?:các )?đoàn viên|(?:các )?hội viên|học sinh|(?:các )?hộ kinh doanh|nhà đầu tư)",
    re.IGNORECASE,
)
_AUDIENCE_START = re.compile(
    r"^(?:.{0,60}?\b(?:trong|đến|cho|tới|với)\s+(?=đội ngũ|cán bộ|các tầng lớp|toàn thể|nhân dân|người dân)|Là\s+|Gồm:?\s+|Bao gồm:?\s+)?(?:đội ngũ\s+)?",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\s+(?:trên địa bàn|thuộc địa bàn)[^,;.]*$")

CHANNELS: tuple[tuple[str, str], ...] = (
    ("Hệ thống loa truyền thanh", r"loa|(?:he thong |dai )truyen thanh|truyen thanh cua"),
    ("Đài phát thanh", r"dai phat thanh|he thong (?:tin )?phat thanh"),
    ("Cổng thông tin điện tử", r"cong(?:/trang)? thong tin"),
    ("Trang thông tin điện tử", r"trang thong tin|cong/trang thong tin"),
    ("Facebook", r"facebook|fanpage"),
    ("Zalo", r"zalo"),
    ("Lotus", r"lotus"),
    ("Mạng xã hội", r"mang xa hoi|mang internet"),
    ("Niêm yết công khai", r"niem yet"),
    ("Hội nghị, cuộc họp", r"hoi nghi|cuoc hop|giao ban"),
    ("Pa nô, áp phích, băng rôn", r"pa ?no|ap phich|bang ron|khau hieu"),
    ("Tờ rơi, tờ gấp, sổ tay", r"to roi|to gap|so tay|an pham"),
    ("Nhà văn hóa", r"nha van hoa"),
)
_INDEX = re.compile(
    r"[Cc]hỉ số\s+((?:(?!chỉ số)[^;.:()“”]){3,140}?)\s*\((PAR[ -]?INDEX|SIPAS|PAPI|DDCI|DGI|PCI|DTI|PGI|ICT[ -]?INDEX)\)",
    re.IGNORECASE,
)
_BARE_INDEX = re.compile(
    r"Chỉ số\s+((?:tính|đo lường|hiệu quả|chuyển đổi|năng lực|hài lòng|cải cách|đánh giá|phục vụ)[^;.:()“”]{3,110}?)(?=\s*(?:,\s*[Cc]hỉ số|[;.:()“”]|, cải thiện|\Z))"
)
_EMPHASIS = re.compile(
    r"(?:chú trọng|đặc biệt|nhất là|ưu tiên|trọng tâm là)[^.;:…]{0,100}?lĩnh vực\s*:?\s*(?P<list>[^.:…“”]{5,260}?)(?=\s*(?:\.|…|,\.|;\.|:| để | nhằm | trong đó |$))",
    re.IGNORECASE,
)
_KEPT_TOGETHER = (
    "lao động, thương binh và xã hội",
    "lao động - thương binh và xã hội",
    "tài nguyên, môi trường",
    "văn hóa, thể thao và du lịch",
)
_PROMISE = re.compile(
    r"đường dây nóng|lắng nghe|đối thoại (?:giữa|với|trực tiếp)|trả lời (?:những |các )?(?:thắc mắc|kiến nghị|ý kiến)|hỏi đáp trực tuyến|khảo sát[^.;]{0,30}ý kiến|(?:niêm yết|công bố)[^.;]{0,15} công khai[^.;]{0,40}(?:thủ tục|TTHC)|"
    r"tiếp nhận (?:và giải quyết |các )?(?:phản ánh|kiến nghị|sáng kiến|ý kiến)|không phụ thuộc (?:vào )?địa giới|theo dõi (?:được )?trạng thái|xin lỗi|biểu mẫu[^.;]{0,60}dễ tải|công khai[^.;]{0,40}(?:thời gian giải quyết|tình (?:hình|trạng) giải quyết|người giải quyết)",
    re.IGNORECASE,
)  # fmt: skip
MOST_PROMISES = 8
_THEME = re.compile(r"chủ đề (?:công tác )?năm[^“”.;]{0,80}“[^”]{10,300}”", re.IGNORECASE)
_FACTS = re.compile(
    r"đường dây nóng|(?:định kỳ|hằng quý|hàng quý|6 tháng)[^.;]{0,60}báo cáo|báo cáo[^.;]{0,60}(?:định kỳ|hằng quý|hàng quý|6 tháng)|vướng mắc[^.;]{0,80}(?:báo|phản ánh|báo cáo)",
    re.IGNORECASE,
)


@dataclass
class Listed:
    """
    One item of a list of the plan, with where it was read.
    """

    text: str
    lines: tuple[int, ...]
    whole: bool = True


def _listed(quote: Quote) -> Listed:
    return Listed(quote.text, quote.lines, quote.whole)


def audience(roots: Sequence[Node]) -> Iterator[Listed]:
    for section in of_role(roots, "audience"):
        for node in items(section):
            text = _AUDIENCE_START.sub("", gist(node.paragraph).text)
            for part in _GROUPS.split(text):
                said = _WITHIN.sub("", part.strip(" ,;.")) if part.count(" ") > 2 else part.strip(" ,;.")
                if said:
                    yield Listed(first_capital(said), node.paragraph.lines)


def contents(roots: Sequence[Node]) -> Iterator[Listed]:
    for section in of_role(roots, "contents"):
        for node in items(section):
            yield _listed(gist(node.paragraph))


def forms(roots: Sequence[Node]) -> Iterator[Listed]:
    for section in of_role(roots, "forms"):
        for node in items(section):
            quote = gist(node.paragraph)
            yield Listed(
                first_capital(
                    re.sub(
                        r"^Thông qua (?=hệ thống|việc|hội nghị|các|đài|loa|trang|cổng)",
                        "",
                        quote.text,
                        flags=re.IGNORECASE,
                    )
                ),
                quote.lines,
                quote.whole,
            )


def channels(paragraphs: Iterable[Paragraph]) -> Iterator[Listed]:
    """
    Yield the channels that are named, each once, with the lines of every place.
    """
    found: dict[str, set[int]] = {}
    for paragraph in paragraphs:
        plain = fold(normalise(paragraph.text))
        same = len(plain) == len(paragraph.text)
        for name, pattern in CHANNELS:
            for match in re.finditer(rf"\b(?:{pattern})\b", plain):
                lines = paragraph.lines_of(match.start(), match.end()) if same else paragraph.lines
                found.setdefault(name, set()).update(lines)
    for name, _ in CHANNELS:
        if name in found:
            yield Listed(name, tuple(sorted(found[name])))


def indices(paragraphs: Iterable[Paragraph]) -> Iterator[Listed]:
    """
    Yield the indices that are named: with their abbreviation once per abbreviation, else by name.
    """
    seen: set[str] = set()
    for paragraph in paragraphs:
        named = [*_INDEX.finditer(paragraph.text), *_BARE_INDEX.finditer(paragraph.text)]
        for match in sorted(named, key=lambda one: one.start()):
            short = re.sub(r"[ -]", " ", match[2]).upper() if match.re is _INDEX else ""
            name = re.sub(r"\s+", " ", match[1]).strip(" -")
            key = short or fold(normalise(name))[:24]
            if key in seen or (not short and _INDEX.match(paragraph.text, match.start())):
                continue
            seen.add(key)
            yield Listed(
                f"Chỉ số {name}" + (f" ({short})" if short else ""), paragraph.lines_of(match.start(), match.end())
            )


def emphasis(paragraphs: Iterable[Paragraph]) -> Iterator[Listed]:
    seen: set[str] = set()
    for paragraph in paragraphs:
        for match in _EMPHASIS.finditer(paragraph.text):
            text, kept = match["list"], {}
            for number, together in enumerate(_KEPT_TOGETHER):
                if together in text.lower():
                    text = re.sub(re.escape(together), f"\x00{number}", text, flags=re.IGNORECASE)
                    kept[f"\x00{number}"] = together
            for part in re.split(r"[,;]\s*", text):
                name = kept.get(part.strip(), part).strip(" -…")
                if name and len(name) < 60 and fold(normalise(name)) not in seen:
                    seen.add(fold(normalise(name)))
                    yield Listed(first_capital(name), paragraph.lines_of(match.start("list"), match.end("list")))


def promises(paragraphs: Iterable[Paragraph]) -> Iterator[Listed]:
    """
    Yield clauses that promise something to citizens, as far as keywords tell: a person has to read them.
    """
    seen: set[str] = set()
    for paragraph in paragraphs:
        for match in _PROMISE.finditer(paragraph.text):
            quote = clause(paragraph, match.start(), match.end())
            key = fold(normalise(quote.text))[:40]
            if key not in seen and 20 < len(quote.text) < 300 and len(seen) < MOST_PROMISES:
                seen.add(key)
                yield _listed(quote)


def facts(paragraphs: Iterable[Paragraph], beyond: Sequence[Paragraph]) -> Iterator[Listed]:
    """
    Yield the theme of the year; and from `beyond` (what is not about purposes) sentences about reports, hotlines and where to
    turn with difficulties.
    """
    themes = ((paragraph, match) for paragraph in paragraphs if (match := _THEME.search(paragraph.text)))
    for paragraph, theme in islice(themes, 1):
        yield Listed(first_capital(theme[0]) + ".", paragraph.lines_of(*theme.span()))
    seen: set[str] = set()
    for paragraph in beyond:
        for sentence in sentences(paragraph):
            match = _FACTS.search(sentence.text)
            key = fold(normalise(match[0]))[:12] if match else ""
            if match and key not in seen and len(sentence.text) < 420:
                seen.add(key)
                yield Listed(first_capital(sentence.text.rstrip(" ;:")), sentence.lines)


def budget(roots: Sequence[Node]) -> Listed | None:
    """
    Return what is said about money: the section about it, else a sentence that begins with it.
    """
    told: list[Paragraph] = []
    for section in of_role(roots, "budget"):
        told += [node.paragraph for child in section.children for node in child.walk()]
    if not told:
        told = [
            node.paragraph
            for root in roots
            for node in root.walk()
            if node.text.startswith("Kinh phí ") and not node.heading
        ][:1]
    if not told:
        return None
    text = " ".join(first_capital(paragraph.text.strip()) for paragraph in told)
    return Listed(text, tuple(sorted({line for paragraph in told for line in paragraph.lines})))


def units(roots: Sequence[Node]) -> Iterator[tuple[Listed, Listed]]:
    """
    Yield (office, what it has to do) of every office to which work is given.
    """
    for section in of_role(roots, "units"):
        for node in section.children:
            if not (node.heading or node.children):
                continue
            told = [gist(child.paragraph) for child in node.children]
            if not told:
                continue
            name = office(node.text)
            work = "; ".join([told[0].text, *(quote.text[:1].lower() + quote.text[1:] for quote in told[1:])])
            yield (
                Listed(name, node.paragraph.lines),
                Listed(
                    work,
                    tuple(sorted({line for quote in told for line in quote.lines})),
                    all(quote.whole for quote in told),
                ),
            )


def office(title: str) -> str:
    """
    Return an office's name as a heading gives it: without "Đề nghị", with one kind of dash.
    """
    name = re.sub(r"^(?:Đề nghị|Đối với)\s+(?:các\s+)?", "", title.strip().rstrip(":. "))
    return first_capital(re.sub(r"\s*[–-]\s*", " - ", name))
