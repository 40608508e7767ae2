"""
Pure: what a citizen's text goes through before anything is stored, asked or logged.
"""

from __future__ import annotations

import re
import unicodedata

MASK = "•••"
# Identity cards have 12 digits (older ones 9), phone numbers 9 to 11 after a 0 or +84, bank accounts 8 to 19; people put
# blanks, dots or hyphens between groups of up to four. Left alone: procedure codes (1.001193), hotlines of eight digits
# (18001096), dates, amounts followed by đồng. Checked 2026-11-20 against the numbers in the content.
_RUN = re.compile(r"(?<![\w.])[+(]{0,2}\d(?:[ .\u00a0()-]{0,2}\d)+\)?(?!\w)")
_AMOUNT = re.compile(r"\s*(?:đ|đồng|dong|vnd|vnđ)\b", re.IGNORECASE)
_FEWEST_DIGITS = 9


def mask(text: str) -> str:
    """
    Replace identity-card, phone and bank numbers by dots.
    """
    return _RUN.sub(lambda run: run[0] if _harmless(run) else MASK, text)


def _harmless(run: re.Match[str]) -> bool:
    groups = re.findall(r"\d+", run[0])
    if sum(map(len, groups)) < _FEWEST_DIGITS or _AMOUNT.match(run.string, run.end()):
        return True
    if any(len(group) >= _FEWEST_DIGITS for group in groups):
        return False
    in_groups = [len(group) for group in groups[:-1]]
    as_phone = run[0].lstrip("(").startswith(("0", "+84", "84")) and all(length <= 4 for length in in_groups)
    as_card = all(length == 3 for length in in_groups) or all(length == 4 for length in in_groups)
    return not (as_phone or as_card)


def tidy(text: str) -> str:
    """
    Return the text in NFC, without control characters other than line ends, and without blanks around it.
    """
    kept = (one for one in unicodedata.normalize("NFC", text) if one == "\n" or unicodedata.category(one) != "Cc")
    return "".join(kept).strip()
