"""
Where an answer comes from, and whom to ask when there is none.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.phrasing.bubbles import Button, Line, Value, joined, line

MENU = Button(line("utter_button_menu"), "/show_menu")
OFFICER = Button(line("utter_button_officer"), "/ask_officer")

# A bubble is read on a phone: the whole list of documents is the part "basis", asked for separately.
DOCUMENTS_SHOWN = 2
NAMES_SHOWN = 1
PHONES_SHOWN = 2

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def source(finding: Mapping[str, Any]) -> Line:
    """
    Return the line that names basis, source and date; what the entry lacks is left out.
    """
    given = finding.get("source") or {}
    parts = []
    documents = [document for document in given.get("legal_basis") or [] if document]
    if documents and "basis" not in (finding.get("unverified") or []):
        parts.append(line("utter_source_basis", documents=_documents(documents)))
    names = list(dict.fromkeys(name for name in given.get("sources") or [] if name))
    if names:
        parts.append(line("utter_source_names", names=joined(names[:NAMES_SHOWN])))
    if given.get("as_of"):
        parts.append(line("utter_source_as_of", date=as_of(str(given["as_of"]))))
    return line("utter_source", parts=tuple(parts))


def as_of(date: str) -> Value:
    """
    Return '2026-11-20' as 20/11/2026 and '2026-07' as the sentence for a month; anything else as it is.
    """
    if day := _DAY.fullmatch(date):
        return f"{day[3]}/{day[2]}/{day[1]}"
    if month := _MONTH.fullmatch(date):
        return line("utter_month", month=month[2], year=month[1])
    return date


def contact(ward: Mapping[str, Any]) -> Line:
    """
    Return whom to call or visit; when the ward has no number in the system, that is said.
    """
    hotlines = [hotline for hotline in ward.get("hotlines") or [] if hotline.get("number")]
    if not hotlines:
        return line("utter_contact_missing", desk=desk(ward), ward=ward["name"])
    phones = tuple(
        line("utter_contact_phone", label=str(hotline.get("label") or ""), number=str(hotline["number"]))
        for hotline in hotlines[:PHONES_SHOWN]
    )
    return line("utter_contact", phones=phones, desk=desk(ward))


def desk(ward: Mapping[str, Any]) -> str:
    """
    Return the one-stop desk with the ward's name, once.
    """
    name, place = str(ward["name"]), str(ward.get("desk") or "UBND")
    return place if name.lower() in place.lower() else f"{place} {name}"


def _documents(documents: Sequence[str]) -> Value:
    shown = joined(documents[:DOCUMENTS_SHOWN])
    more = len(documents) - DOCUMENTS_SHOWN
    return line("utter_documents_more", shown=shown, count=str(more)) if more > 0 else shown
