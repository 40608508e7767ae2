"""
What a question shows: that it is about a notice, a day, an event that wards announce, or a procedure after all. Pure.

All patterns are matched against folded words with single blanks, so "cúp điện" and "cup dien" are the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge import parts
from knowledge.text import fold

# What wards announce, each with the ways to say it. Two words at least, for folded syllables mean many things.
EVENTS: dict[str, str] = {
    "power": r"(?:cup|mat|cat|ngat|ngung|tam ngung|ngung cung|tam ngung cung|ngung cap|tam ngung cap|ngung cung cap|tam ngung cung cap|khong co|co) "
    r"dien(?! (?:thoai|anh|bien|tich|mao)\b)(?: sinh hoat)?|dien (?:co|bi) (?:cup|cat)|sua (?:chua )?(?:luoi |duong )?dien|bao tri (?:luoi )?dien",
    "water": r"(?:cup|mat|cat|ngat|ngung|tam ngung|ngung cap|tam ngung cap|ngung cung cap|tam ngung cung cap|khong co) nuoc(?! (?:ngoai|sau)\b)"
    r"|co nuoc (?:lai|chua)|nuoc (?:co|bi) (?:cup|cat)",
    "vaccination": r"tiem chung|tiem phong|tiem ngua|chich ngua|chung ngua|vac xin|vacxin|vaccine|vaccin|tiem cho (?:be|chau|tre|con|em be)|tiem (?:soi|cum|dai|bai liet|covid)|uong vitamin a",
    "storm": r"con bao|bao so \d+|(?:tranh|chong|phong) bao(?! luc| hanh)|mua bao|bao lu|lu lut|mua lu|ngap lut|ngap ung|ap thap nhiet doi|so tan|thien tai|trieu cuong|sat lo",
    "on_site": r"luu dong|tan nha|tai nha van hoa",
    "reception": r"tiep cong dan|tiep dan|gap (?:chu tich|lanh dao|bi thu)|doi thoai voi (?:nhan dan|dan|cong dan)",
    "holiday": r"nghi le|nghi tet|lich nghi|(?:dip|ngay) le",
    "spraying": r"phun thuoc|diet muoi|sot xuat huyet|khu khuan|phun khu",
    "rubbish": r"thu gom rac|gom rac|do rac|xe rac|lay rac",
    "road": r"duong (?:nao )?(?:bi |dang )?(?:cam|chan)|cam duong|chan duong|phan luong|(?:sua|dao|lam|thi cong) duong|cam xe",
    "health_check": r"kham (?:suc khoe|benh|mat|rang|sang loc|mien phi)|hien mau",
    "meeting": r"hop (?:to dan pho|khu pho|to|dan|thon|xom)|tiep xuc cu tri|bau cu|bo phieu",
    "jobs": r"ngay hoi viec lam|hoi cho viec lam|phien giao dich viec lam|tuyen (?:dung )?lao dong",
    "service_army": r"kham (?:tuyen )?nghia vu(?: quan su)?|kham tuyen|le giao (?:nhan )?quan",
    "training": r"lop tap huan|tap huan|lop hoc so|to cong nghe so|huong dan dich vu cong truc tuyen tai",
}
_EVENTS = {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in EVENTS.items()}

_NOTICE = re.compile(
    # Who "wants to announce", "must notify" or thanks for a notice asks for none.
    r"(?<!\bmuon )(?<!\bcan )(?<!\bxin )(?<!\bphai )(?<!\bda )\bthong bao\b(?! (?:cho|voi|den) )|\btin (?:moi|tuc|gi)\b|\bco tin\b|\bloa (?:phuong|xa|phat thanh|truyen thanh|noi|bao|vua)\b|\bban tin\b"
)
_WHICH = re.compile(r"\b(?:gi|nao|moi|xem|doc|nhat|cac|nhung|danh sach)\b")
_THANKS = re.compile(r"\bcam on\b|\bthank")
BARE = 4  # words: "xem thông báo", "thông báo của phường"
_DAY = (
    r"hom (?:nay|qua|kia)|ngay (?:mai|mot|kia|hom nay)|mai|sang mai|toi (?:nay|mai)|chieu (?:nay|mai)|trua (?:nay|mai)|sang nay|dem nay"
    r"|(?:tuan|thang) (?:nay|sau|toi)|cuoi tuan|thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn|ngay \d{1,2}|\d{1,2} thang \d{1,2}|may hom nay|sap toi|sap"
)
_WHEN = re.compile(
    rf"\b(?:{_DAY}|khi nao|bao gio|bao h|bjo|chung nao|hoi nao|may gio|luc nao|ngay nao|hom nao|buoi nao|lich|den bao gio|may h|dot nao|dot)\b"
)
_WHERE = re.compile(
    r"\b(?:o dau|cho nao|khu nao|nhung khu|duong nao|khu pho nao|khu pho|to dan pho|thon|diem nao|dia diem)\b"
)
_WHETHER = re.compile(
    r"\b(?:co|da|sap|bi)\b.*\b(?:khong|ko|k|hok|hong|hem|kg|chua|ha|a)$|\bchua(?: vay| a| nhi)?$|\bphai khong\b|\bha$|\bnhi$"
)
_PROCEDURE = re.compile(
    r"\b(?:thu tuc|ho so|giay to|dang ki|dang ky|le phi|to khai|don xin|xin (?:cap|giay|xac nhan)|cap (?:lai|doi|moi)|nop (?:ho so|don|o dau)"
    r"|can (?:gi|nhung gi|giay)|lam (?:the nao|sao|giay)|the nao|tra ket qua|khai bao|phi bao nhieu|giay phep|luu tru|ke hoach)\b"
)
_WHOM = re.compile(r"\b(?:goi ai|goi so nao|goi dau|bao ai|lien he ai|so dien thoai|hotline|tong dai)\b")
_DATED = re.compile(r"\b(?:ngay |mung )?(\d{1,2}) (?:thang )?(\d{1,2})\b|\bngay (\d{1,2})\b")
_WEEKDAYS = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5,
}  # fmt: skip
# Words that carry no topic of an announcement.
_EMPTY = frozenset(
    """
    a ad ah ai alo anh ba bac ban bao bi biet bo bua buoi cac cai cho chi chieu chu chua chung co con cua cung da dang dau day dem den di do duoc em gi gio ha
    hay hom hoi hong hok hem k khi khong ko kia la lai lam luc mai may minh moi mot nao nay ngay nha nhan nhat nhe nhi nhu nhung noi o oi phai phuong pho qua ra
    roi sang sap sau se so tai tet thang the theo thi thoi thon thong thu tin to toi trong trua tu tuan tui ubnd va vao vay ve vi voi vua xa xin xom z khu dan
    nghe thay doc xem hoi gui bat dau ket thuc tien hanh to chuc dien ra dip dot lich moi nguoi ba con chau em bay nam hai tu tam chin muoi gio h cn
    chung cu the nao bjo hon them noi dung cho biet toi can cam on vang dung phat loa bai dang tuc de va hoac nua thoi gian dia diem ngay
    """.split()
)


@dataclass(frozen=True)
class Asked:
    """
    What a question shows. `words` is it folded, `topic` what is left without question words, in order.
    """

    words: str
    topic: tuple[str, ...]
    events: frozenset[str]
    notice: bool
    when: bool
    where: bool
    whether: bool
    procedural: bool
    whom: bool
    listing: bool

    @property
    def cued(self) -> bool:
        return self.when or self.where or self.whether


def read(tokens: Sequence[str]) -> Asked:
    """
    Read the normalised tokens of a question.
    """
    plain = [fold(token) for token in tokens]
    words = " ".join(part for token in plain for part in re.split(r"[./-]", token))
    events = events_in(words) | ({"storm"} if "bão" in tokens else set())
    wanted = set(parts.asked(list(tokens))) & {"papers", "fee", "form", "conditions", "result", "basis", "online"}
    topic = tuple(word for word in plain if word not in _EMPTY and not word[:1].isdigit())
    return Asked(
        words, topic, events,
        notice=_NOTICE.search(words) is not None and not _THANKS.search(words), when=_WHEN.search(words) is not None,
        where=_WHERE.search(words) is not None, whether=_WHETHER.search(words) is not None,
        listing=not topic and not events and _asks_which(words),
        procedural=bool(wanted) or _PROCEDURE.search(words) is not None, whom=_WHOM.search(words) is not None,
    )  # fmt: skip


def _asks_which(words: str) -> bool:
    if not _NOTICE.search(words) or _THANKS.search(words):
        return False
    return len(words.split()) <= BARE or bool(_WHICH.search(words)) or bool(_WHETHER.search(words))


def events_in(words: str) -> frozenset[str]:
    """
    Return the events that folded words speak of.
    """
    return frozenset(name for name, pattern in _EVENTS.items() if pattern.search(words))


def spots(event: str, words: str) -> list[str]:
    """
    Return the pieces of folded words that speak of an event.
    """
    return [match[0] for match in _EVENTS[event].finditer(words)]


def days(words: str, today: date) -> frozenset[date]:
    """
    Return the days that folded words name; none when they name none. A weekday is the next one, today among them.
    """
    found: set[date] = set()
    for pattern, distance in (
        (r"\bhom nay\b|\b(?:sang|trua|chieu|toi|dem) nay\b", 0),
        (r"\bhom qua\b|\b(?:sang|trua|chieu|toi) qua\b", -1),
        (r"\bhom kia\b", -2),
        (r"\b(?:ngay|sang|trua|chieu|toi)? ?mai\b", 1),
        (r"\bngay (?:mot|kia)\b", 2),
    ):
        if re.search(pattern, words):
            found.add(today + timedelta(days=distance))
    if match := re.search(r"\bthu (hai|ba|tu|nam|sau|bay|[2-7])\b", words):
        found.add(_next(today, _WEEKDAYS[match[1]]))
    if re.search(r"\b(?:chu nhat|cn)\b", words):
        found.add(_next(today, 6))
    for match in _DATED.finditer(words):
        day, month = int(match[1] or match[3]), int(match[2] or today.month)
        try:
            found.add(date(today.year, month, day))
        except ValueError:
            continue
    return frozenset(found)


def _next(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)
