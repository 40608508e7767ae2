"""
Reading rules for dates, weekdays and months: 05/10/2026 is "ngày mùng năm tháng mười năm hai nghìn không trăm hai mươi sáu".
"""

from __future__ import annotations

import re

from bot.announcements.renditions.loudspeaker.numbers import cardinal
from bot.announcements.renditions.loudspeaker.rules import Rule, Said, after, before, follows, rule

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:1[6-9]|20|21)\d\d"
_DASH = r"\s?[-–—]\s?"
_ENDS = r"(?![\d/]|[.,:]\d|[-–]\d)"
WEEKDAYS = {"1": "nhất", "2": "hai", "3": "ba", "4": "tư", "5": "năm", "6": "sáu", "7": "bảy", "CN": "chủ nhật"}
_HOLIDAYS = {("30", "4", "1", "5")}
# A part of a whole, and no date
_PARTS = r"số|thành viên|diện tích|tổng|dân số|phần|thời gian|giá|kinh phí|mức|đại biểu|thời lượng|viên|bát|thìa|cốc|lít|liều|quân số|chặng|tháng lương|ngày công|buổi"
_ABOUT = r"mỗi lần|hơn|gần|bằng|đạt|chiếm|ít nhất|quá|trên|dưới|tối thiểu|tối đa|giảm|còn|đủ"
_COUNTED = r"hồ sơ|hộ|chỉ tiêu|tổ|thủ tục|phường|xã|nhiệm vụ|người|điểm|tiêu chí|khu|thôn|dịch vụ|trường|em|cháu|xe|máy|tỉnh|bài|đơn vị"


def day(text: str) -> str:
    number = int(text)
    return f"mùng {cardinal(number)}" if number <= 10 else cardinal(number)


def month(text: str) -> str:
    return "tư" if int(text) == 4 else cardinal(int(text))


def year(text: str) -> str:
    return cardinal(int(text) + (2000 if len(text) == 2 else 0))


def _date(days: str, months: str | None, years: str | None, *, named: bool) -> str:
    """
    Return a date in words; `named` when "ngày" stands before it already.
    """
    words = day(days) if named else f"ngày {day(days)}"
    words += f" tháng {month(months)}" if months else ""
    return words + (f" năm {year(years)}" if years else "")


def _named(found: re.Match[str]) -> bool:
    return follows(found, "ngày|ngày mùng|mùng|mồng")


def _single(found: re.Match[str]) -> Said:
    if follows(found, "đường|phố|chợ|cầu|quảng trường|bệnh viện|trường|công viên"):
        return _date(found["d"], found["m"], found["y"], named=True).removeprefix("mùng ")
    said = _date(found["d"], found["m"], found["y"], named=_named(found))
    return said.removeprefix("mùng ") if follows(found, "mùng|mồng") else said


def _iso(found: re.Match[str]) -> Said:
    return _date(found["d"], found["m"], found["y"], named=_named(found))


def _days_of_a_month(found: re.Match[str]) -> Said:
    if int(found["a"]) >= int(found["d"]):
        return None
    return _from_to(
        found, _date(found["a"], None, None, named=True), _date(found["d"], found["m"], found["y"], named=False)
    )


def _two_dates(found: re.Match[str]) -> Said:
    first = _date(found["a"], found["b"], found["c"], named=True)
    second = _date(found["d"], found["m"], found["y"], named=False)
    if (found["a"].lstrip("0"), found["b"].lstrip("0"), found["d"].lstrip("0"), found["m"].lstrip("0")) in _HOLIDAYS:
        return first if _named(found) and not second else f"{'' if _named(found) else 'ngày '}{first} và {second}"
    return _from_to(found, first, second)


def _from_to(found: re.Match[str], first: str, second: str) -> str:
    if _named(found):
        return f"{first} đến {second}"
    return f"{'' if follows(found, 'từ') else 'từ '}ngày {first} đến {second}"


def _day_and_month(found: re.Match[str]) -> Said:
    behind, ahead = before(found), after(found)
    dated = _named(found) or re.search(
        r"(?:sáng|trưa|chiều|tối|đêm|hôm|trước|sau|từ|đến|hết|thứ \w+|chủ nhật)[,\s(]*$", behind
    )
    if not dated:
        if re.match(rf"\s*(?:{_COUNTED})\b", ahead):
            return f"{cardinal(int(found['d']))} trên {cardinal(int(found['m']))}"
        little = int(found["d"]) < int(found["m"]) <= 10
        if re.match(rf"\s*(?:{_PARTS})\b", ahead) or (little and re.search(rf"(?:{_ABOUT})\s$", behind)):
            return f"{cardinal(int(found['d']))} phần {cardinal(int(found['m']))}"
    return _single(found)


def _always(found: re.Match[str]) -> Said:
    if _named(found) or re.search(r"(?:sáng|trưa|chiều|tối|đêm|từ|đến|trước|sau|hết|lễ|hôm)[,\s(]*$", before(found)):
        return None
    numbers = found["a"], found["b"]
    hours = " giờ" if found["h"] else ""
    return f"{_plain(numbers[0])} trên {_plain(numbers[1])}{hours}"


def _plain(text: str) -> str:
    return "hai mươi bốn" if text == "24" else cardinal(int(text))


def _month_and_year(found: re.Match[str]) -> Said:
    if follows(found, r"số|luật|nghị định|thông tư|quyết định|nghị quyết|kế hoạch|chỉ thị|công văn|văn bản"):
        return None
    named = follows(found, "tháng")
    return f"{'' if named else 'tháng '}{month(found['m'])} năm {year(found['y'])}"


def _months(found: re.Match[str]) -> Said:
    numbers = re.findall(r"\d+", found["list"])
    if any(not 1 <= int(one) <= 12 for one in numbers):
        return None
    words = re.sub(_DASH, " đến tháng ", found["list"])
    said = f"{found['word']} " + re.sub(r"\d+", lambda one: month(one.group()), words)
    return f"{said} năm {year(found['y'])}" if found["y"] else said


def _listed_days(found: re.Match[str]) -> Said:
    if any(not 1 <= int(one) <= 31 for one in re.findall(r"\d+", found["list"])):
        return None
    words = re.sub(_DASH, " đến ngày ", re.sub(r",(?=\d)", ", ", found["list"]))
    said = f"{found['word']} " + re.sub(r"\d+", lambda one: day(one.group()), words)
    said = re.sub(r"(?<=mùng |mồng )mùng ", "", said, flags=re.IGNORECASE)
    if not found["m"]:
        return said
    return f"{said} tháng {month(found['m'])}" + (f" năm {year(found['y'])}" if found["y"] else "")


def _weekdays(found: re.Match[str]) -> Said:
    words = re.sub(_DASH, " đến ", re.sub(r"thứ\s", "", found["list"], flags=re.IGNORECASE))
    words = re.sub(r"(?<=\W)(?=[2-7])", "thứ ", words)
    words = re.sub(r"\b(?:CN|chủ nhật)\b", "chủ nhật", words, flags=re.IGNORECASE)
    return f"{found['word']} " + re.sub(r"\d", lambda one: WEEKDAYS[one.group()], words)


def _short_weekdays(found: re.Match[str]) -> Said:
    words = re.sub(_DASH, " đến ", found.group())
    said = re.sub(r"T([2-7])|CN", lambda one: f"thứ {WEEKDAYS[one[1]]}" if one[1] else "chủ nhật", words)
    return said.removeprefix("thứ ") if follows(found, "thứ") else said


_LIST = r"(?:\s?(?:,|;|và|hoặc|hay|đến|tới|[-–—])\s?(?:{word}\s)?{one}(?!\d|[.]\d))*"
_TAIL = rf"(?:\s?/(?P<m>{_MONTH})(?:/(?P<y>{_YEAR}))?{_ENDS}|(?=\s?(?:tháng\b|hàng\b|hằng\b|mỗi\b|âm lịch|dương lịch|[.;)]|$)))"

RULES: tuple[Rule, ...] = (
    rule(r"(?<![\d/])(?P<a>24|7)\s?/\s?(?P<b>24|7)\s?(?P<h>h|giờ)?(?![\w/]|[.,]\d)", _always),
    rule(rf"(?P<y>{_YEAR})-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?!\w)", _iso),
    rule(
        rf"(?P<a>{_DAY})(?P<s1>[/.])(?P<b>{_MONTH})(?:(?P=s1)(?P<c>{_YEAR}))?{_DASH}"
        rf"(?P<d>{_DAY})(?P<s2>[/.])(?P<m>{_MONTH})(?:(?P=s2)(?P<y>{_YEAR}))?{_ENDS}",
        lambda found: _two_dates(found) if found["s1"] == "/" or found["c"] or found["y"] else None,
    ),
    rule(rf"(?P<a>{_DAY}){_DASH}(?P<d>{_DAY})/(?P<m>{_MONTH})(?:/(?P<y>{_YEAR}|\d\d))?{_ENDS}", _days_of_a_month),
    rule(rf"(?P<d>{_DAY})\s?(?P<s>[/.-])\s?(?P<m>{_MONTH})\s?(?P=s)\s?(?P<y>{_YEAR}){_ENDS}", _single),
    rule(rf"(?P<d>{_DAY})/(?P<m>{_MONTH})/(?P<y>\d\d){_ENDS}", _single),
    rule(rf"(?P<d>{_DAY})\s?/\s?(?P<m>{_MONTH})(?P<y>){_ENDS}", _day_and_month),
    rule(rf"(?P<d>{_DAY})\.(?P<m>{_MONTH})(?P<y>){_ENDS}", lambda found: _single(found) if _named(found) else None),
    rule(rf"(?P<m>{_MONTH})/(?P<y>{_YEAR}){_ENDS}", _month_and_year),
    rule(
        rf"(?P<word>ngày|mùng|mồng)\s(?P<list>{_DAY}(?![\d/]|[.:]\d){_LIST.format(word='ngày', one=_DAY)}){_TAIL}",
        _listed_days,
        re.IGNORECASE,
    ),
    rule(rf"(?P<word>ngày)\s(?P<list>{_DAY})(?P<m>)(?P<y>)(?![\w/]|[.,:]\d|\s?[-–]\s?\d)", _listed_days, re.IGNORECASE),
    rule(
        rf"(?P<word>tháng)\s(?P<list>\d{{1,2}}(?!\d|[.,:]\d){_LIST.format(word='tháng', one=_MONTH)})(?!\d)(?:\s?[/-]\s?(?P<y>{_YEAR})(?!\d))?(?![/-]?\d)",
        _months,
        re.IGNORECASE,
    ),
    rule(
        r"(?P<word>thứ)\s(?P<list>[1-7](?![\d/]|[.,]\d)"
        r"(?:\s?(?:,|và|hoặc|hay|đến|tới|[-–—])\s?(?:thứ\s)?(?:[2-7]|CN\b|chủ nhật\b)(?![\d/]|[.,]\d))*)(?!\d)",
        _weekdays,
        re.IGNORECASE,
    ),
    rule(r"T[2-7](?:\s?(?:,|và|đến|[-–—])\s?(?:T[2-7]|CN))*(?!\w)", _short_weekdays),
    rule(r"CN(?!\w)", lambda found: "chủ nhật"),
)
