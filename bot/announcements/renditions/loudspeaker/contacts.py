"""
Reading rules for what people dial, type or carry: phone numbers, web addresses, e-mail, identity and account numbers.
"""

from __future__ import annotations

import re

from bot.announcements.renditions.loudspeaker import numbers
from bot.announcements.renditions.loudspeaker.abbreviations import FOREIGN
from bot.announcements.renditions.loudspeaker.rules import Rule, Said, after, before, rule
from bot.announcements.renditions.loudspeaker.syllables import LETTERS, spell, split, unmarked

_CALLED = r"tổng đài|hotline|đường dây nóng|điện thoại|di động|zalo|đt|sđt|đtdđ|số máy|máy lẻ|nhánh|máy nhánh|đầu số|gọi|gọi điện|gọi ngay|bấm|phím|tel|fax|phone"
_CALL = re.compile(
    rf"(?:^|\W)(?:{_CALLED})(?:\s+(?:số|tới|đến|vào|theo|là|khẩn cấp|miễn phí|hỗ trợ|viên|ngay|hoặc))*[\s:.(]*$"
)
_OWNED = re.compile(
    r"(?:cccd|căn cước|căn cước công dân|cmnd|cmtnd|chứng minh nhân dân|định danh|định danh cá nhân|mã số thuế|mst|mã số|stk|tk|tài khoản|số thẻ|thẻ|mã hồ sơ"
    r"|bhyt|bhxh|mã đơn vị|mã|số hiệu|số sổ|seri|biên lai|khách hàng|hợp đồng|mật khẩu|otp|pin)(?:\s+(?:số|là|gồm|cá nhân|công dân|ngân hàng))*[\s:.(]*$"
)
_COUNTED = re.compile(
    r"\s*(?:đ|đồng|người|hộ|hồ sơ|công dân|trường hợp|lượt|triệu|tỷ|tỉ|nghìn|ngàn|m2|m²|ha|km|%|cây|suất|cử tri)(?!\w)"
)
_SIGNS = {".": "chấm", "/": "gạch chéo", "-": "gạch ngang", "_": "gạch dưới", "@": "a còng", ":": "hai chấm", "?": "hỏi chấm",
          "=": "bằng", "&": "và", "#": "thăng", "%": "phần trăm", "+": "cộng", "~": "dấu ngã"}  # fmt: skip
# Names that addresses are made of, and as people know them
_NAMES = {
    "dichvucong": "dịch vụ công", "haiphong": "Hải Phòng", "hanoi": "Hà Nội", "chinhphu": "Chính phủ", "baohiemxahoi": "bảo hiểm xã hội",
    "thuedientu": "thuế điện tử", "congan": "công an", "tphcm": "tê pê hát xê em", "moj": "em ô gi", "thongbao": "thông báo", "phuong": "phường",
 "xa": "xã", "thong-bao": "thông báo", "motcua": "một cửa", "vn": "vê en", "quangninh": "Quảng Ninh", "danang": "Đà Nẵng", "hue": "Huế",
}  # fmt: skip

_PLACES = ("haiphong", "hanoi", "tphcm", "danang", "quangninh", "chinhphu", "dichvucong", "congan")


def _address(text: str) -> str:
    """
    Return a web or e-mail address part by part; the protocol is not said.
    """
    text = re.sub(r"^https?://(?:www\.)?|^www\.", "", unmarked(text), flags=re.IGNORECASE).rstrip("/")
    parts = re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]", text)
    return " ".join(one for one in map(_part, parts) if one)


def _part(text: str) -> str:
    low = text.lower()
    if low.isdigit():
        return numbers.digits(low) if len(low) > 2 or low.startswith("0") else numbers.cardinal(int(low))
    if not low.isalpha():
        return _SIGNS.get(low, "")
    known = _NAMES.get(low) or FOREIGN.get(low)
    if known:
        return known
    # "pchaiphong": what no syllable begins with is spelled first.
    for place in range(min(4, len(low))):
        rest = low[place:]
        said = _NAMES.get(rest) or (
            " ".join(split(rest) or ()) if not any(low.endswith(one) for one in _PLACES) else ""
        )
        if said and (place == 0 or len(rest) > 3):
            return f"{' '.join(LETTERS.get(one, '') for one in low[:place])} {said}".strip()
    return " ".join(LETTERS.get(one, "") for one in low)


def _web(found: re.Match[str]) -> Said:
    text = found.group().rstrip(".,;:!?…)")
    return _address(text), found.start() + len(text)


def _mobile(text: str) -> str:
    count = len(re.sub(r"\D", "", text))
    if text.startswith("0"):
        return numbers.grouped(text, (4, 3, 3) if count == 10 else (4, 4, 3) if count == 11 else (3,))
    return numbers.grouped(text, (4, 4))


def _phone(found: re.Match[str]) -> Said:
    """
    Groups are kept as they are written, as far as they are one number: 10 digits, 11 for some land lines.
    """
    groups = list(re.finditer(r"\d+", found.group()))
    total, last = 0, None
    for place, one in enumerate(groups):
        total += len(one.group())
        if total in (10, 11):
            last = place
            if (
                total == 11
                or found.group().lstrip("(")[:2] != "02"
                or place + 1 == len(groups)
                or len(groups[place + 1].group()) > 1
            ):
                break
        if total > 11:
            break
    if last is None:
        return None
    used = groups[: last + 1]
    end = found.start() + used[-1].end()
    if found.string[end : end + 1] == ")" and "(" in found.group():
        end += 1
    if len(used) == 1:
        return _mobile(used[0].group()), end
    return _joined([one.group() for one in used]), end


def _joined(groups: list[str]) -> str:
    """
    Return groups as they are written; one digit alone belongs to the next: "3.842" → "ba tám bốn hai".
    """
    said = ""
    for one in groups:
        said += numbers.digits(one) + (" " if len(one) == 1 else ", ")
    return said.rstrip(", ")


def _abroad(found: re.Match[str]) -> Said:
    rest = re.sub(r"\D", "", found["rest"])
    if not 8 <= len(rest) <= 11:
        return None
    groups = re.findall(r"\d+", found["rest"])
    said = ", ".join(map(numbers.digits, groups)) if len(groups) > 1 else numbers.grouped(rest, (3,))
    return f"cộng tám bốn, {said}"


def _service(found: re.Match[str]) -> Said:
    groups = re.findall(r"\d+", found.group())
    return ", ".join(map(numbers.digits, groups)) if len(groups) > 1 else _mobile(groups[0])


def _dialled(found: re.Match[str]) -> Said:
    if not _CALL.search(before(found, 64)) or _COUNTED.match(after(found)):
        return None
    said = re.sub(r"\s?[,;/]\s?|\s?[-–]\s?", ", ", found.group())
    return re.sub(
        r"\d+", lambda one: numbers.digits(one.group()) if len(one.group()) < 6 else _mobile(one.group()), said
    )


def _owned(found: re.Match[str]) -> Said:
    if not _OWNED.search(before(found, 64)):
        return None
    return _long(found)


def _long(found: re.Match[str]) -> Said:
    groups = re.findall(r"\d+", found.group())
    if len(groups) > 1:
        return ", ".join(map(numbers.digits, groups))
    return (
        _mobile(groups[0])
        if len(groups[0]) in (10, 11) and groups[0].startswith("0")
        else numbers.grouped(groups[0], (3,))
    )


def _unbroken(found: re.Match[str]) -> Said:
    text = found.group()
    zero = text.startswith("0")
    if not zero and text.endswith("000"):
        return None
    return None if not zero and (len(text) < 10 or _COUNTED.match(after(found))) else _long(found)


def _plate(found: re.Match[str]) -> Said:
    letters = " ".join(LETTERS.get(one, one) for one in found["l"].lower() if one.isalpha())
    series = f" {numbers.digits(found['l'])}" if re.search(r"\d", found["l"]) else ""
    return f"{numbers.cardinal(int(found['p']))} {letters}{series}, {numbers.digits(found['n'])}"


def _filed(found: re.Match[str]) -> Said:
    """
    The number of a file, H24.12.05-261005-0012, or of a procedure, 1.001193: letters and digits one by one.
    """
    parts = re.findall(r"[^\W\d_]+|\d+", found.group())
    if "-" not in found.group() and parts[0].isdigit():
        return " chấm ".join(numbers.digits(one) for one in parts)
    said = [spell(one) if one.isalpha() else f"{numbers.digits(one)}," for one in parts]
    return " ".join(said).rstrip(",")


RULES: tuple[Rule, ...] = (
    rule(
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        lambda found: (_address(found.group().rstrip(".-")), found.start() + len(found.group().rstrip(".-"))),
    ),
    rule(r"(?:https?://|www\.)[^\s<>\"“”]+", _web, re.IGNORECASE),
    rule(
        r"(?:[a-z0-9][a-z0-9-]*\.)+(?:vn|com|net|org|gov|edu|info|io|app|page|me|ly)(?![\w-]|\.\w)(?:/[^\s<>\"“”]*)?",
        _web,
        re.IGNORECASE,
    ),
    rule(
        r"(?:[A-ZĐ]{1,5})?\d+(?:\.[A-ZĐ]?\d+)+(?:-\d+)+(?!\w)|[A-ZĐ]{1,5}\d+(?:[.-]\d+)+(?!\w)|\d\.\d{6}(?!\w)", _filed
    ),
    rule(r"(?P<p>[1-9]\d)(?P<l>[A-ZĐ]{1,2}\d?)\s?-\s?(?P<n>\d{3}\.?\d{2}|\d{4})(?!\d)", _plate),
    rule(r"(?P<p>[1-9]\d)\s?-\s?(?P<l>[A-ZĐ]{1,2}\d?)[\s-]{1,3}(?P<n>\d{3}\.?\d{2}|\d{4})(?!\d)", _plate),
    rule(r"(?:\(\s?\+84\s?\)|\+\s?84)(?P<rest>[\s.(-]{0,2}\d(?:[\s.()-]?\d){7,10})(?!\d)", _abroad),
    rule(r"\(0\d{1,4}\)(?:[ .-]?\d{1,8}){1,4}(?!\d)|0\d{1,4}(?:[ .-]\d{1,8}){1,4}(?!\d)", _phone),
    rule(r"1[89]00(?:[ .-]?\d{2,6}){1,2}(?!\d)(?![.,]\d)", _service),
    rule(r"\d{2,8}(?:\s?(?:,|;|/|hoặc|và|[-–])\s?\d{3,8}){0,12}(?![\d]|[.,/]\d|\w)", _dialled),
    rule(r"\d{4,}(?:[ .-]\d{2,}){0,8}(?!\w|[.,]\d)|\d{3}(?:[ .]\d{3}){2,8}(?!\w|[.,]\d)", _owned),
    rule(r"0\d{2}(?:[ .]\d{3}){3}(?!\d)", _long),
    rule(r"\d{7,}(?!\w|[.,]\d)", _unbroken),
)
