"""
Services, FAQs, and the answers that are the ward's own value: its hotlines, its hours, its address.
"""

from collections.abc import Mapping
from typing import Any

from actions.phrasing.bubbles import Bubble, Line, line
from actions.phrasing.source import contact, desk, source

Content = Mapping[str, Any]

DETAILS_SHOWN = 6


def service(finding: Mapping[str, Any], ward: Content) -> Bubble:
    """
    Phrase one finding of kind service: its summary, details and steps, or the special case that was asked.
    """
    content = finding["content"]
    if finding.get("part") == "case" and finding.get("case"):
        case = finding["case"]
        head = line("utter_title", title=finding["entry"]["title"])
        return Bubble((head, line("utter_case_text", text=str(case["text"])), source(finding)))
    value = content.get("ward_value")
    if value in WARD_VALUES:
        own = {**ward, **(content.get("ward") or {})}
        return Bubble((*WARD_VALUES[value](own, content), *_body(finding), source(finding)))
    return Bubble(
        (line("utter_title", title=finding["entry"]["title"]), *_body(finding), *_doubt(finding, ward), source(finding))
    )


def faq(finding: Mapping[str, Any], ward: Content) -> Bubble:
    """
    Phrase one finding of kind faq: the question as it is kept, and its answer.
    """
    title = line("utter_title", title=finding["entry"]["title"])
    return Bubble((title, line("utter_case_text", text=str(finding["content"]["answer"])), source(finding)))


def _body(finding: Mapping[str, Any]) -> list[Line]:
    content, doubtful = finding["content"], set(finding.get("unverified") or [])
    lines = []
    if content.get("summary") and "summary" not in doubtful:
        lines.append(line("utter_summary", summary=content["summary"]))
    if "details" not in doubtful:
        lines += [line("utter_bullet", item=detail) for detail in (content.get("details") or [])[:DETAILS_SHOWN]]
    steps = [] if "steps" in doubtful else content.get("steps") or []
    if steps:
        lines.append(line("utter_steps_heading"))
        lines += [line("utter_step", number=str(number), step=step) for number, step in enumerate(steps, start=1)]
    told = " ".join([str(content.get("summary") or ""), *(content.get("details") or []), *(content.get("steps") or [])])
    phone, link = content.get("phone"), content.get("link")
    if phone and "phone" not in doubtful and not content.get("ward_value") and str(phone) not in told:
        lines.append(line("utter_phone", phone=str(phone)))
    if link:
        lines.append(line("utter_link", link=str(link)))
    return lines


def _doubt(finding: Mapping[str, Any], ward: Content) -> list[Line]:
    """
    Say which parts of a service must be checked first; nothing when all of it is sure.
    """
    names = tuple(
        line(f"utter_part_{part}")
        for part in ("details", "steps", "phone")
        if part in (finding.get("unverified") or [])
    )
    return [line("utter_check", parts=names), contact(ward)] if names else []


# ---------------------------------------------------------------- the ward's own values; an empty one is said kindly


def _hotlines(ward: Content, content: Content) -> list[Line]:
    hotlines = [hotline for hotline in ward.get("hotlines") or [] if hotline.get("number")]
    if hotlines:
        lines = [line("utter_ward_hotlines", ward=ward["name"])]
        return lines + [
            line("utter_bullet_pair", item=str(hotline.get("label") or ward["name"]), detail=str(hotline["number"]))
            for hotline in hotlines
        ]
    missing = [line("utter_ward_hotlines_missing", ward=ward["name"])]
    return missing + ([line("utter_national_line", phone=str(content["phone"]))] if content.get("phone") else [])


def _hours(ward: Content, content: Content) -> list[Line]:
    if ward.get("hours"):
        return [line("utter_ward_hours", ward=ward["name"], hours=str(ward["hours"]))]
    return [line("utter_ward_hours_missing", ward=ward["name"])]


def _address(ward: Content, content: Content) -> list[Line]:
    if not ward.get("address"):
        return [line("utter_ward_address_missing", ward=ward["name"], desk=desk(ward))]
    told = [line("utter_ward_address", desk=desk(ward), address=str(ward["address"]))]
    if ward.get("map_link"):
        told.append(line("utter_ward_map", link=str(ward["map_link"])))
    if ward.get("hours"):
        told.append(line("utter_ward_hours", ward=ward["name"], hours=str(ward["hours"])))
    return told


WARD_VALUES = {"hotline": _hotlines, "hours": _hours, "address": _address}
