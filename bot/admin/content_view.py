"""
The page of an entry, and the page on which two editors' texts stand side by side: what they show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.admin import content_forms, content_posted, content_preview, content_wording
from bot.admin.content_diff import Side, choices, differences
from bot.admin.content_fields import Entry, Field, fields_of
from bot.admin.content_forms import Box
from bot.admin.content_places import address, chat_of, frame
from bot.admin.content_posted import Posted
from bot.admin.content_preview import Trial
from bot.admin.content_saving import Target
from bot.admin.guard import officer_of
from bot.admin.office import Office
from bot.office_api import EntryChanged, Mistake, OfficeApi, Saved, Standing
from bot.wards import Ward

MAX_QUESTION = 300


class EntryView:
    def __init__(self, office: Office, api: OfficeApi):
        self._office, self._api = office, api

    async def fields(self, kind: str) -> tuple[Field, ...]:
        return fields_of(await self._api.schema(kind))

    async def attempt(self, target: Target, entry: Entry) -> Trial:
        phrasing, id = self._office.phrasing, target.id or None
        return await content_preview.attempt(self._api, phrasing, target.ward, target.kind, id, entry)

    async def again(
        self,
        request: web.Request,
        place: Ward,
        target: Target,
        there: Standing | None,
        posted: Posted,
        mistakes: Sequence[Mistake] = (),
    ) -> web.Response:
        """
        Answer the form with what was typed: tried out, with a row more or less, or with what is wrong.
        """
        fields = await self.fields(target.kind)
        boxes = content_forms.boxes(fields if target.id else for_new(fields), posted.entry, posted.more)
        trial = None
        if posted.do == "try" or (posted.saves and not mistakes):
            trial = await self.attempt(target, posted.entry)
        wrong = mistakes or (trial.mistakes if trial is not None else ())
        return self.page(
            request, place, target, there, fields, boxes, posted.was, trial, edits=True,
            status=422 if posted.saves else 200, mistakes=content_forms.place(wrong, boxes), saving=posted.saves,
            note=posted.note, expected="" if posted.expected is None else posted.expected, dirty=True,
        )  # fmt: skip

    def page(
        self,
        request: web.Request,
        place: Ward,
        target: Target,
        there: Standing | None,
        fields: Sequence[Field],
        boxes: Sequence[Box],
        was: Mapping[str, Any],
        trial: Trial | None,
        *,
        edits: bool,
        status: int = 200,
        **more: Any,
    ) -> web.Response:
        """
        Answer the page of an entry; `there` is None for a new one, `edits` False shows it without a form. Without a
        trial the script asks for one: it takes its time, and the form need not wait.
        """
        officer, saved = officer_of(request), request.query.get("saved", "")
        entry = there.entry if there is not None else {}
        replaced = there.base if there is not None else None
        values = {
            "target": target,
            "there": there,
            "own": there is not None and there.ward == target.ward,
            "fixed": content_posted.key_of(target.kind) if target.id else "",
            "action": _action(target, place),
            "edits": edits,
            "may_edit": officer.may("edit", target.ward),
            "may_restore": officer.may("restore", target.ward),
            "title": entry.get("title") or entry.get("name") or "",
            "sections": _sections(boxes),
            "rows": [(one, content_forms.template_row(one)) for one in fields if one.type == "table"],
            "facts": _facts(fields, entry),
            "differences": differences(fields, replaced, entry) if replaced is not None else [],
            "was": content_posted.as_text(was),
            "trial": trial,
            "mistakes": [],
            "saving": False,
            "dirty": False,
            "expected": there.version if there is not None else "",
            "note": "",
            "saved": content_wording.seconds(float(saved)) if _is_seconds(saved) else "",
            "ask": request.query.get("ask", "")[:MAX_QUESTION],
            "chat": chat_of(self._office, request, place),
            "say": content_wording,
            "address": address,
            **frame(request, self._office, place),
            **more,
        }
        return self._office.render(request, "content_entry.html", status=status, **values)

    def preview(self, place: Ward, boxes: Sequence[Box], trial: Trial) -> web.Response:
        """
        Answer only what would come of the entry, for the script that asks while somebody types.
        """
        mistakes = content_forms.place(trial.mistakes, boxes)
        values = {"trial": trial, "mistakes": mistakes, "place": place, "say": content_wording, "address": address}
        text = self._office.look.page("content_preview.html", values)
        return web.Response(text=text, content_type="text/html", charset="utf-8")

    def both(
        self,
        request: web.Request,
        place: Ward,
        target: Target,
        fields: Sequence[Field],
        was: Entry,
        mine: Entry,
        error: EntryChanged,
        *,
        note: str = "",
        picks: Mapping[str, Side] | None = None,
    ) -> web.Response:
        """
        Answer what two editors have written side by side; nothing of either is lost.
        """
        gone = error.current is None
        values = {
            "target": target,
            "by": content_wording.by(error.by) if error.by else content_wording.SOMEBODY,
            "gone": gone,
            "expected": "" if gone or error.version is None else error.version,
            "choices": [] if gone else choices(fields, was, mine, error.current or {}),
            "facts": _facts(fields, mine),
            "picks": picks or {},
            "asked": picks is not None,
            "was": content_posted.as_text(was),
            "mine": content_posted.as_text(mine),
            "title": mine.get("title") or mine.get("name") or "",
            "note": note,
            "say": content_wording,
            "address": address,
            **frame(request, self._office, place),
        }
        return self._office.render(request, "content_conflict.html", status=409, **values)


def for_new(fields: Sequence[Field]) -> list[Field]:
    """
    Return the fields of an entry that is not there yet: its id is made of its title unless somebody writes one.
    """
    changed = {"required": False, "seldom": True, "hint": content_wording.ID_HINT}
    return [replace(one, **changed) if one.name == "id" else one for one in fields]  # type: ignore[arg-type]


def saved(place: Ward, target: Target, entry: Entry, done: Saved, changed: set[str]) -> web.Response:
    """
    Lead back to the entry, which says when it is live and offers a question to ask.
    """
    question = content_wording.question_about(entry, changed)
    where = address(target.kind, target.id, place, saved=f"{done.seconds:.2f}", ask=question)
    return web.Response(status=303, headers={"Location": where})


def _action(target: Target, place: Ward) -> str:
    if target.id:
        return address(target.kind, target.id, place)
    return f"/admin/content/new/{target.kind}?ward={place.slug}"


def _sections(boxes: Sequence[Box]) -> list[tuple[str, list[Box]]]:
    """
    Divide a form into (heading, boxes), without empty parts.
    """
    found: dict[str, list[Box]] = {name: [] for name in content_wording.SECTIONS}
    for box in boxes:
        found[content_wording.section(box.field.name, seldom=box.field.seldom)].append(box)
    return [(name, some) for name, some in found.items() if some]


def _facts(fields: Sequence[Field], entry: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    return [(one.label, lines) for one in fields if (lines := one.said(one.value(entry)))]


def _is_seconds(text: str) -> bool:
    return len(text) < 9 and text.isascii() and text.replace(".", "", 1).isdigit()
