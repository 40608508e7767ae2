"""
Reading rules for times of the day: 8h30 is "tám giờ ba mươi phút", 7h30-11h "từ bảy giờ ba mươi phút đến mười một giờ".
"""

from __future__ import annotations

import re

from bot.announcements.renditions.loudspeaker.numbers import cardinal
from bot.announcements.renditions.loudspeaker.rules import Rule, Said, before, follows, rule

_H = r"(?:[01]?\d|2[0-4])"
_M = r"[0-5]\d"
_MINUTES = r"(?:\s?(?:phút|ph|p|'|’|′)(?!\w))?"
_DASH = r"\s?(?:[-–—]|->|→)\s?"
_TIME_WORDS = r"lúc|từ|đến|tới|vào|khoảng|trước|sau|hồi|sáng|chiều|tối|đêm|trưa|và|hết|kể từ"


def _moment(name: str, *, hour: str = r"(?:h|H|g|G|giờ)") -> str:
    return (
        rf"(?P<{name}h>{_H})(?:\s?{hour}\s?(?P<{name}m>{_M})(?!\d){_MINUTES}|[:](?P<{name}c>{_M})(?![\d:])"
        rf"(?:\s?(?:giờ|h)(?!\w))?|\s?(?P<{name}u>h|H|g|G|giờ)(?![^\W_]))"
    )


def _said(found: re.Match[str], name: str) -> str:
    minutes = found[f"{name}m"] or found[f"{name}c"]
    words = f"{cardinal(int(found[f'{name}h']))} giờ"
    return words if not minutes or not int(minutes) else f"{words} {cardinal(int(minutes))} phút"


def _range(found: re.Match[str]) -> Said:
    return f"{'' if follows(found, 'từ|kể từ') else 'từ '}{_said(found, 'a')} đến {_said(found, 'b')}"


def _hours(found: re.Match[str]) -> Said:
    if int(found["a"]) > 24:
        return None
    first, second = cardinal(int(found["a"])), _said(found, "b")
    return f"{'' if follows(found, 'từ|kể từ') else 'từ '}{first} giờ đến {second}"


def _single(found: re.Match[str]) -> Said:
    # "8g" may be eight grams; 8g30 may not.
    if (found["au"] or "").lower() == "g" and not follows(found, _TIME_WORDS):
        return None
    words, half = _said(found, "a"), (found["half"] or "").lower()
    if not half:
        return words
    return f"{words} {'sáng' if half in ('am', 'sa') else 'tối' if 6 <= int(found['ah']) < 12 else 'chiều'}"


def _to_the_second(found: re.Match[str]) -> Said:
    hours, minutes, seconds = (cardinal(int(found[name])) for name in ("h", "m", "s"))
    return f"{hours} giờ {minutes} phút {seconds} giây"


def _half_day(found: re.Match[str]) -> Said:
    evening = found["half"].lower() == "pm" and 6 <= int(found["h"]) < 12
    part = "sáng" if found["half"].lower() == "am" else "tối" if evening else "chiều"
    return f"{cardinal(int(found['h']))} giờ {part}"


def _until(found: re.Match[str]) -> Said:
    return " đến " if re.search(r"(?:\d\s?(?:am|pm)|sáng|trưa|chiều|tối|đêm|giờ|h)$", before(found)) else None


RULES: tuple[Rule, ...] = (
    rule(
        r"kém\s(?P<m>[1-5]?\d)(?!\d|\s?%)(?:\s?(?:phút|ph|')(?!\w))?",
        lambda found: f"kém {cardinal(int(found['m']))} phút" if follows(found, r"giờ|\dh") else None,
    ),
    rule(r"\s?[-–—]\s?(?=\d{1,2}(?::\d\d)?\s?(?:h|g|giờ|AM|PM|am|pm)(?![^\W\d_]))", _until),
    rule(rf"(?P<h>{_H})\s?(?P<half>AM|PM|am|pm)(?!\w)", _half_day),
    rule(rf"(?P<h>{_H}):(?P<m>{_M}):(?P<s>{_M})(?![\d:])", _to_the_second),
    rule(rf"{_moment('a')}{_DASH}{_moment('b')}", _range),
    rule(rf"(?P<a>\d{{1,2}}){_DASH}{_moment('b')}", _hours),
    rule(rf"{_moment('a')}(?:\s?(?P<half>AM|PM|am|pm|SA|CH)(?!\w))?", _single),
    rule(r"(?P<m>\d{1,3})(?:'|’|′)(?!\w)", lambda found: f"{cardinal(int(found['m']))} phút"),
)
