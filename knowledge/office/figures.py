"""
The figures of an entry that citizens act on: sums of money and lengths of time.
"""

import re
from typing import Any

from knowledge.text import fold, normalise

_MONEY = re.compile(r"(?<![\w.,])(\d{1,3}(?:\.\d{3})+|\d+)(,\d+)?\s*(nghin|ngan|trieu|ti|k)?\s*(?:dong|vnd|d)\b")
_SCALE = {"nghin": 1_000, "ngan": 1_000, "k": 1_000, "trieu": 1_000_000, "ti": 1_000_000_000}
_FREE = re.compile(r"khong (?:mat|thu|phai nop|ton)(?: \w+){0,2} (?:phi|tien)|mien (?:\w+ )?phi|khong thu\b")
_TIME = re.compile(r"(?<![\w./,-])(?:(\d{1,3})\s*(?:den|-|–)\s*)?(\d{1,3})\s*(ngay|gio|thang|tuan|phut)\b(?!\s*\d)")
_TODAY = re.compile(r"(?:trong|cung) (?:mot )?ngay\b|\bngay trong\b")
FEE, TIME = "fee", "time"


def of_text(text: str) -> dict[str, set[str]]:
    """
    Return the sums ("50000") and the times ("3 ngay") that a text names; "miễn phí" is the sum 0.
    """
    plain = fold(normalise(text))
    sums = {
        str(
            round(float(match[1].replace(".", "") + (match[2] or "").replace(",", ".")) * _SCALE.get(match[3] or "", 1))
        )
        for match in _MONEY.finditer(plain)
    }
    sums |= {"0"} if _FREE.search(plain) else set()
    times = {f"{int(number)} {match[3]}" for match in _TIME.finditer(plain) for number in match.group(1, 2) if number}
    times |= {"1 ngay"} if _TODAY.search(plain) else set()
    return {FEE: sums, TIME: times}


def of_record(record: Any) -> dict[str, set[str]]:
    """
    Return the figures of an entry's fee and time; of a service or FAQ those that its answer names.
    """
    if hasattr(record, "fee"):
        fee, time = record.fee, record.time
        sums = of_text(fee.text)[FEE] | ({str(fee.dong)} if fee.dong is not None else set()) if fee else set()
        return {FEE: sums, TIME: of_text(time.text)[TIME] if time else set()}
    texts = [getattr(record, name, None) or "" for name in ("answer", "summary")] + list(getattr(record, "details", ()))
    return of_text("\n".join(texts))


def at_odds_with_itself(record: Any) -> str | None:
    """
    Return the name of the field whose number is not the only one in its sentence, or None.
    """
    fee, time = getattr(record, "fee", None), getattr(record, "time", None)
    if fee is not None and fee.dong is not None:
        said = of_text(fee.text)[FEE]
        if len(said) == 1 and str(fee.dong) not in said:
            return "fee.dong"
    if time is not None and getattr(time, "working_days", None) is not None:
        days = {one for one in of_text(time.text)[TIME] if one.endswith(" ngay")}
        if len(days) == 1 and f"{time.working_days:g} ngay" not in days:
            return "time.working_days"
    return None
