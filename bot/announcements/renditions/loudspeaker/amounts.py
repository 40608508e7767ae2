"""
Reading rules for money, measures, percentages, ranges and plain numbers: 1.500.000 đ is "một triệu năm trăm nghìn đồng".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.announcements.renditions.loudspeaker import numbers, units
from bot.announcements.renditions.loudspeaker.rules import Rule, Said, after, before, follows, rule

_N = numbers.NUMBER
_UNIT, _MONEY, _SCALE = (units.alternatives(one) for one in (units.UNITS, units.MONEY, units.SCALES))
_DASH = r"\s?[-–—~]\s?"
# Here a leading zero is said: "Nghị quyết không một", "mẫu số không hai"
_NAMED = r"số|mẫu|mẫu số|mã|nghị quyết|nghị định|thông tư|quyết định|chỉ thị|kế hoạch|đề án|công văn|phụ lục|biểu|biểu mẫu|phím|bấm"
_VERSIONS = r"mục|tiểu mục|điểm|phiên bản|bản|bảng|hình|phụ lục|chương|công nghệ|công nghiệp|cách mạng"
_SIGNS = {"≥": "không dưới", ">=": "không dưới", "≤": "không quá", "<=": "không quá", ">": "trên", "<": "dưới", "~": "khoảng", "≈": "khoảng", "±": "cộng trừ"}  # fmt: skip


def _number(text: str, found: re.Match[str], *, measured: bool, scaled: bool = False) -> str:
    """
    Return one number; what its dots, commas and zeros mean depends on what stands around it.
    """
    if re.fullmatch(r"0\d", text) and not follows(found, _NAMED):
        return numbers.cardinal(int(text))
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", text) and (not measured or (text.endswith("0") and not scaled)):
        return numbers.read(text.replace(",", "."))
    dotted = re.fullmatch(r"\d+\.\d{1,2}", text) is not None
    measured = measured or re.match(r"\s*(?:điểm|lần|độ)(?!\w)", after(found)) is not None
    return numbers.read(text, point="chấm" if dotted and (not measured or follows(found, _VERSIONS)) else "phẩy")


def _quantity(found: re.Match[str]) -> Said:
    unit = _unit(found["unit"], units.UNITS)
    scale, money = _unit(found["scale"], units.SCALES), _unit(found["money"], units.MONEY)
    first_unit = _unit(found["first"], _ALL)
    if (found["scale"] or "").strip() in ("k", "K", "tr") and not money:
        money = "đồng"
    behind = " ".join(one for one in (scale, unit, money) if one)
    # "1,500" before a measure has decimals; before what is counted it has thousands.
    measured = bool(scale) or (found["unit"] or "").strip() in _MEASURES
    first = _number(found["a"], found, measured=measured, scaled=bool(scale))
    if found["b"] is None:
        return " ".join(one for one in (first, behind) if one)
    second = _number(found["b"], found, measured=measured, scaled=bool(scale))
    if "độ " in first_unit and first_unit != unit:
        return f"{first} {first_unit}, {second} {behind}"
    joint = " đến " if numbers.value(found["a"]) < numbers.value(found["b"]) else ", "
    return (
        " ".join(one for one in (first, first_unit) if one) + joint + " ".join(one for one in (second, behind) if one)
    )


_ALL = {**units.UNITS, **units.SCALES, **units.MONEY}
_MEASURES = frozenset(units.UNITS) - {"người", "hộ", "ngày", "tháng", "năm", "tuổi", "giờ", "phút", "giây"}


def _unit(text: str | None, table: Mapping[str, str]) -> str:
    return "" if not text else table[text.strip()]


def _spaced(found: re.Match[str]) -> Said:
    number = int(found["n"].replace(" ", ""))
    return f"{numbers.cardinal(number)} {_unit(found['money'], units.MONEY)}"


def _million_and(found: re.Match[str]) -> Said:
    thousands = int(found["rest"].ljust(3, "0"))
    return f"{numbers.cardinal(int(found['n']))} triệu {numbers.cardinal(thousands)} nghìn đồng"


def _over(found: re.Match[str]) -> Said:
    if re.match(r"\s*(?:số|thành viên|diện tích|tổng|dân số|phần)\b", after(found)) or found["bar"] == "⁄":
        joint = "phần"
    else:
        joint = "trên"
    first, second = (numbers.read(found[name]) for name in ("a", "b"))
    return f"{first} {joint} {second}"


def _minus(found: re.Match[str]) -> Said:
    return f"âm {numbers.read(found['n'])} {_unit(found['unit'], units.UNITS)}"


def _section(found: re.Match[str]) -> Said:
    return " chấm ".join(numbers.read(one) for one in found.group().split("."))


def _times(found: re.Match[str]) -> Said:
    said = " nhân ".join(numbers.read(one) for one in re.split(r"\s?[x×]\s?", found["n"]))
    return f"{said} {_unit(found['unit'], units.UNITS)}".rstrip()


def _ratio(found: re.Match[str]) -> Said:
    edition = re.fullmatch(r"(?:19|20)\d\d", found["b"]) and len(found["a"]) >= 4  # ISO 9001:2015
    return f"{numbers.read(found['a'])}{',' if edition else ' trên'} {numbers.read(found['b'])}"


def _per(found: re.Match[str]) -> Said:
    """
    A slash behind a unit: "đồng/tháng" is "đồng một tháng", "mm/24 giờ" is "mi-li-mét trên …".
    """
    word = found["word"]
    if re.search(
        r"(?:\d|\dk|\dtr|\d tr|nghìn|triệu|tỷ|đồng|đ|vnđ|lần|buổi|suất|giờ|phút|ngày|người|hồ sơ|ca|kg|m2|m²|hộ|con|cây|%|kwh|/\s?[^\W\d_]+|\d\s?(?:kg|g|tấn|tạ|lít|l|m|suất|phần|bộ|túi|thùng|bao|gói)\s[^\W\d_]+)$",
        before(found),
    ):
        said = units.UNITS.get(word)
        if word in _AREAS and re.search(r"(?:g|l|m3|m³)$", before(found)):
            return f" trên {said}"
        return f" một {said}" if said else (" một ", found.start("word"))
    return None


_AREAS = ("cm2", "m2", "m²", "m3", "m³", "l", "ha")
_MEASURED = re.compile(r"\d\s?(?:mm|cm|m|km|m2|m3|l|ml|kg|mg|g|đồng|đ|lần|người|giờ|h|ngày)$")

RULES: tuple[Rule, ...] = (
    rule(r"(?:>=|<=|[≥≤><~≈±])(?=\s?\d)", lambda found: f"{_SIGNS[found.group()]} "),
    rule(rf"(?P<n>[1-9]\d{{0,2}}(?: \d{{3}}){{1,5}})(?P<money>{_MONEY})", _spaced),
    rule(
        r"(?P<n>\d{1,3})\s?(?:tr|triệu)\s?(?P<rest>\d{1,3})(?![\d.,/]*\d)(?!\s?(?:đến|-|tháng))(?:\s?(?:đ|đồng|k|nghìn)(?!\w))?",
        _million_and,
    ),
    rule(rf"\$\s?(?P<n>{_N})", lambda found: f"{numbers.read(found['n'])} đô la Mỹ"),
    rule(
        rf"[-−](?P<n>{_N})(?P<unit>{_UNIT})",
        lambda found: None if re.search(r"[\w)]\s?$", before(found)) else _minus(found),
    ),
    rule(rf"(?P<n>\d{{1,4}}(?:[.,]\d+)?(?:\s?[x×]\s?\d{{1,4}}(?:[.,]\d+)?)+)(?P<unit>{_UNIT})?(?!\w)", _times),
    rule(
        r"(?P<a>\d{1,2})m(?P<b>\d{1,2})(?!\w)",
        lambda found: f"{numbers.read(found['a'])} mét {numbers.read(found['b'])}",
    ),
    rule(r"\d{1,3}(?:\.\d{1,2}){2,}(?![\d.]*\d)", _section),
    rule(rf"(?P<a>{_N})\s?(?P<bar>[/⁄])\s?(?P<b>{_N})(?!/)", _over),
    rule(r"(?P<a>\d{1,6}):(?P<b>[\d.]{1,9}\d|\d)(?![:\d])", _ratio),
    rule(
        rf"(?P<a>{_N})(?:(?P<first>{_UNIT}|{_SCALE}|{_MONEY})?{_DASH}(?P<b>{_N}))?"
        rf"(?P<scale>{_SCALE})?(?P<unit>{_UNIT})?(?P<money>{_MONEY})?(?!(?<=\d)[^\W_])",
        _quantity,
    ),
    rule(r"(?<=[^\W_])\s?/\s?(?=\d)", lambda found: " trên " if _MEASURED.search(before(found)) else None),
    rule(r"/\s?(?P<word>[^\W\d_]+[23²³]?)", _per),
)
