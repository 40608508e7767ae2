"""
HTTP client of knowledge's /office/plan-drafts: a ward's plan as a file, its draft, and what staff make of it. See docs/api.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

from bot.errors import KnowledgeUnreachable, RequestError
from bot.knowledge_api import KnowledgeApi, Said
from bot.office_api import Entry, refusal

PATH = "/office/plan-drafts"
READ_SECONDS = 10.0
SEND_SECONDS = 60.0
Draft = dict[str, Any]


class FileRefused(RequestError):
    """
    The file is none that can be read; `sentence` says why, in Vietnamese.
    """

    def __init__(self, sentence: str):
        super().__init__(422, "source.unreadable", "the file is none that can be read")
        self.sentence = sentence


class DraftChanged(RequestError):
    """
    Somebody else has worked on the draft meanwhile; nothing was written.
    """

    def __init__(self) -> None:
        super().__init__(409, "draft.changed", "somebody else has worked on the draft")


class DraftNotReady(RequestError):
    """
    Something of the draft was not looked at yet. `missing`: (id of the doubt, what has to be done).
    """

    def __init__(self, missing: Sequence[tuple[str, str]]):
        super().__init__(422, "draft.not_ready", f"{len(missing)} doubts are open")
        self.missing = list(missing)


class Sent(NamedTuple):
    id: str
    new: bool


class PlanDraftsApi:
    """
    Every method raises KnowledgeUnreachable when there is no answer, and OfficeRefused when knowledge refuses (404 for a
    draft that is not there).
    """

    def __init__(self, knowledge: KnowledgeApi):
        self._knowledge = knowledge

    async def listed(self, ward: str) -> list[dict[str, Any]]:
        """
        Return what was sent and what was read, newest first.
        """
        found = await self._json("GET", "", ward)
        return list(found["drafts"])

    async def send(self, ward: str, name: str, content: bytes, *, by: str) -> Sent:
        """
        Hand a file over; it is read beside.

        Raises:
            FileRefused: Nothing was kept.
        """
        found = await self._json("POST", "", ward, query={"name": name, "by": by}, raw=content, seconds=SEND_SECONDS)
        return Sent(str(found["id"]), bool(found["new"]))

    async def draft(self, ward: str, id: str) -> Draft:
        found: Draft = await self._json("GET", _below(id), ward)
        return found

    async def keep(
        self, ward: str, id: str, *, expected: str, answers: Mapping[str, int | str], looked: Sequence[str], plan: Entry
    ) -> Draft:
        """
        Raises:
            DraftChanged: Nothing was written.
        """
        body = {"expected": expected, "answers": answers, "looked": looked, "plan": plan}
        found: Draft = await self._json("PUT", _below(id), ward, body=body)
        return found

    async def confirm(
        self, ward: str, id: str, *, expected: str, by: str, replaces: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """
        Make the draft a plan of the ward, in the place of another one when `replaces` says {id, version}.

        Raises:
            DraftChanged, DraftNotReady: Nothing was written.
            EntryChanged: The plan that is replaced is another one now, or one with this id is there; nothing was written.
            EntryInvalid: The plan cannot be used as it is; nothing was written.
        """
        body = {"expected": expected, "by": by, "replaces": replaces}
        path = _below(id, "confirm")
        found: dict[str, Any] = await self._json("POST", path, ward, body=body, seconds=SEND_SECONDS)
        return found

    async def again(self, ward: str, id: str) -> None:
        await self._json("POST", _below(id, "again"), ward)

    async def discard(self, ward: str, id: str) -> None:
        await self._json("DELETE", _below(id), ward)

    async def _json(
        self,
        method: str,
        path: str,
        ward: str,
        *,
        query: Mapping[str, str] | None = None,
        seconds: float = READ_SECONDS,
        **sent: Any,
    ) -> Any:
        said = await self._knowledge.call(
            method, PATH + path, query={"ward": ward, **(query or {})}, seconds=seconds, **sent
        )
        try:
            read = orjson.loads(said.raw)
        except orjson.JSONDecodeError as error:
            raise KnowledgeUnreachable(f"path={PATH}{path} HTTP {said.status} no JSON") from error
        if said.status not in (200, 202):
            raise _refused(said, read, PATH + path)
        return read


def _below(id: str, *more: str) -> str:
    return "/" + "/".join((quote(id, safe=""), *more))


def _refused(said: Said, read: Any, path: str) -> Exception:
    code = read.get("code") if isinstance(read, dict) else None
    if code == "source.unreadable":
        return FileRefused(str(read.get("message") or ""))
    if code == "draft.changed":
        return DraftChanged()
    if code == "draft.not_ready":
        missing = (read.get("fields") or {}).get("missing") or []
        return DraftNotReady([(str(one["doubt"]), str(one["message"])) for one in missing])
    return refusal(said, path)
