"""
A procedure: its summary in one bubble, the parts that were asked, or one of its special cases.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actions.phrasing.bubbles import Bubble, Button, Line, joined, line
from actions.phrasing.source import OFFICER, contact, desk, source

Content = Mapping[str, Any]

PAPERS_IN_SUMMARY = 6
MAX_BUTTONS = 6
# How a condition begins that only some people meet; "không có thì thay bằng …" says what else will do.
SOMETIMES = ("chỉ", "khi ", "nếu", "trường hợp", "với ", "đối với", "dành cho")
SUMMARY_PARTS = ("papers", "fee", "time", "place", "online")
BUTTON_PARTS = ("papers", "fee", "time", "place", "online", "form", "conditions")


def procedure(finding: Mapping[str, Any], ward: Content) -> Bubble:
    """
    Phrase one finding of kind procedure. A part that is `unverified` is never told: the bubble says it must be checked.
    """
    if finding.get("part") == "case" and finding.get("case"):
        return _case(finding, ward)
    asked = [part for part in finding.get("parts") or [finding.get("part")] if part in PARTS]
    return _parts(finding, asked, ward) if asked else _summary(finding, ward)


def choose_payload(entry: str, part: str | None = None) -> str:
    """
    Return the payload of a button that asks for this entry, or this part of it.
    """
    chosen = {"entry": entry} if part is None else {"entry": entry, "part": part}
    return "/choose" + json.dumps(chosen, ensure_ascii=False, separators=(",", ":"))


def _summary(finding: Mapping[str, Any], ward: Content) -> Bubble:
    content, doubtful = finding["content"], _doubtful(finding)
    lines = [_title(finding, with_code=True)]
    if content.get("summary"):
        lines.append(line("utter_summary", summary=content["summary"]))
    for part in SUMMARY_PARTS:
        if part not in doubtful:
            lines += _papers_in_short(content) if part == "papers" else PARTS[part](content, {})[:1]
    to_check = [part for part in SUMMARY_PARTS if part in doubtful]
    if to_check:
        lines += [line("utter_check", parts=_names(to_check)), contact(ward)]
    return Bubble((*lines, source(finding)), _buttons(finding, ()))


def _parts(finding: Mapping[str, Any], asked: Sequence[str], ward: Content) -> Bubble:
    content, doubtful = finding["content"], _doubtful(finding)
    to_check = [part for part in asked if part in doubtful]
    told: list[Line] = []
    missing: list[str] = []
    for part in dict.fromkeys(asked):
        if part not in doubtful:
            lines = PARTS[part](content, ward)
            told += lines
            missing += [] if lines else [part]

    lines = [_title(finding), *told]
    if to_check:
        lines.append(line("utter_check", parts=_names(to_check)))
    if missing:
        lines.append(line("utter_not_stated", parts=_names(missing)))
    if to_check or missing:
        lines.append(contact(ward))
    if told:
        lines.append(source(finding))
    buttons = _buttons(finding, asked)
    return Bubble(tuple(lines), buttons if told else (*buttons[: MAX_BUTTONS - 1], OFFICER))


def _case(finding: Mapping[str, Any], ward: Content) -> Bubble:
    case = finding["case"]
    head = [_title(finding), line("utter_case_about", about=str(case["about"]))]
    if "case" in _doubtful(finding):
        check = line("utter_check", parts=_names(["case"]))
        return Bubble((*head, check, contact(ward)), (*_buttons(finding, ())[: MAX_BUTTONS - 1], OFFICER))
    return Bubble((*head, line("utter_case_text", text=str(case["text"])), source(finding)), _buttons(finding, ()))


def _title(finding: Mapping[str, Any], *, with_code: bool = False) -> Line:
    entry = finding["entry"]
    if with_code and entry.get("code"):
        return line("utter_title_code", title=entry["title"], code=entry["code"])
    return line("utter_title", title=entry["title"])


def _doubtful(finding: Mapping[str, Any]) -> frozenset[str]:
    """
    Return the parts that may not be told as fact. Forms stand in the list of papers, so they share its doubt.
    """
    parts = set(finding.get("unverified") or [])
    return frozenset(parts | {"form"} if "papers" in parts else parts)


def _names(parts: Sequence[str]) -> tuple[Line, ...] | Line:
    names = tuple(line(f"utter_part_{part}") for part in dict.fromkeys(parts))
    return names[0] if len(names) == 1 else names


def _buttons(finding: Mapping[str, Any], given: Sequence[str]) -> tuple[Button, ...]:
    doubtful = _doubtful(finding)
    offered = [
        part
        for part in BUTTON_PARTS
        if part not in given and part not in doubtful and PARTS[part](finding["content"], {})
    ]
    entry = finding["entry"]["id"]
    return tuple(Button(line(f"utter_button_{part}"), choose_payload(entry, part)) for part in offered[:MAX_BUTTONS])


# ---------------------------------------------------------------- one function per part: what the content says of it


def _papers_in_short(content: Content) -> list[Line]:
    """
    Only what most people bring, at most six lines; the rest is counted.
    """
    papers = content.get("papers") or []
    always = [paper for paper in papers if not str(paper.get("when") or "").startswith(SOMETIMES)] or papers
    shown = always[:PAPERS_IN_SUMMARY]
    lines = [line("utter_bullet", item=paper["text"]) for paper in shown]
    if len(papers) > len(shown):
        lines.append(line("utter_papers_more", count=str(len(papers) - len(shown))))
    return [line("utter_papers_heading"), *lines] if lines else []


def _papers(content: Content, ward: Content) -> list[Line]:
    papers = content.get("papers") or []
    return [line("utter_papers_heading"), *(_paper(paper) for paper in papers)] if papers else []


def _paper(paper: Content) -> Line:
    text = str(paper["text"])
    text += f" ({paper['form']})" if paper.get("form") else ""
    details = joined([str(paper[name]) for name in ("copies", "when") if paper.get(name)])
    return line("utter_bullet_pair", item=text, detail=details) if details else line("utter_bullet", item=text)


def _fee(content: Content, ward: Content) -> list[Line]:
    fee = content.get("fee") or {}
    if not fee.get("text"):
        return []
    told = [line("utter_fee", fee=fee["text"])]
    return told + ([line("utter_exemptions", who=joined(fee["exemptions"]))] if fee.get("exemptions") else [])


def _time(content: Content, ward: Content) -> list[Line]:
    text = (content.get("time") or {}).get("text")
    return [line("utter_time", time=text)] if text else []


def _place(content: Content, ward: Content) -> list[Line]:
    if not content.get("place"):
        return []
    told = [line("utter_place", place=content["place"])]
    if ward.get("address"):
        told.append(line("utter_ward_address", desk=desk(ward), address=ward["address"]))
    if ward.get("hours"):
        told.append(line("utter_ward_hours", ward=ward["name"], hours=ward["hours"]))
    if content.get("authority"):
        told.append(line("utter_authority", authority=content["authority"]))
    return told + ([line("utter_post")] if content.get("post") else [])


def _online(content: Content, ward: Content) -> list[Line]:
    text = (content.get("online") or {}).get("text")
    return [line("utter_online", online=text)] if text else []


def _form(content: Content, ward: Content) -> list[Line]:
    forms = [
        line("utter_bullet_pair", item=paper["text"], detail=paper["form"])
        for paper in content.get("papers") or []
        if paper.get("form")
    ]
    return [line("utter_form_heading"), *forms] if forms else []


def _listed(heading: str, name: str) -> Callable[[Content, Content], list[Line]]:
    def part(content: Content, ward: Content) -> list[Line]:
        items = [line("utter_bullet", item=item) for item in content.get(name) or []]
        return [line(heading), *items] if items else []

    return part


def _said(response: str, name: str) -> Callable[[Content, Content], list[Line]]:
    def part(content: Content, ward: Content) -> list[Line]:
        return [line(response, **{name: content[name]})] if content.get(name) else []

    return part


PARTS: dict[str, Callable[[Content, Content], list[Line]]] = {
    "papers": _papers,
    "fee": _fee,
    "time": _time,
    "place": _place,
    "online": _online,
    "form": _form,
    "conditions": _listed("utter_conditions_heading", "conditions"),
    "applicants": _said("utter_applicants", "applicants"),
    "result": _said("utter_result", "result"),
    "basis": _listed("utter_basis_heading", "legal_basis"),
    "notes": _listed("utter_notes_heading", "notes"),
    "authority": _said("utter_authority", "authority"),
}
