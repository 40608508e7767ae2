"""
HTTP client of knowledge's /office API: what staff read, try, save, compare and bring back. See docs/api.md.

`ward` is a slug, or "" for what all wards share. An entry is the dict of its YAML fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import orjson

from bot.errors import KnowledgeUnreachable, RequestError
from bot.knowledge_api import KnowledgeApi, Said

Entry = dict[str, Any]
Format = Literal["xlsx", "csv"]

READ_SECONDS = 5.0
SAVE_SECONDS = 30.0  # 20,000 entries are live within five; more where the machine is busy
FILE_SECONDS = 120.0


class OfficeRefused(RequestError):
    """
    Knowledge does not do what was asked; status and code are its own.
    """


class EntryChanged(RequestError):
    """
    The entry is not the version that was expected. `current` is None when it is gone.
    """

    def __init__(self, fields: Mapping[str, Any]):
        super().__init__(409, "entry.changed", "somebody else has changed the entry")
        current = fields.get("current")
        self.current: Entry | None = current if isinstance(current, dict) else None
        self.version: int | None = fields.get("version")
        self.by, self.at = str(fields.get("by") or ""), str(fields.get("at") or "")


class EntryInvalid(RequestError):
    """
    The entry cannot be used as it is.
    """

    def __init__(self, mistakes: list[Mistake]):
        super().__init__(422, "content.invalid", f"{len(mistakes)} mistakes in the entry")
        self.mistakes = mistakes


class Mistake(NamedTuple):
    """
    `field` is dotted, lines of a list or table counted from 1: "papers.2.text".
    """

    field: str
    message: str


class Found(NamedTuple):
    """
    One page of entries as the list shows them, and how many there are.
    """

    total: int
    entries: list[dict[str, Any]]


class Standing(NamedTuple):
    """
    An entry where it stands: in `ward`, or "" for the base. `base` is what it stands in place of, if anything.
    `broken`: its file has mistakes now, and this is how it last was good. `added` is what the ward alone adds to how the entry
    is asked for, wherever the entry stands.
    """

    entry: Entry
    ward: str
    version: int
    base: Entry | None
    questions: list[str]
    file: str
    broken: bool
    added: list[str]


class Saved(NamedTuple):
    """
    `seconds` until the assistant answers from it.
    """

    version: int | None
    seconds: float


class OfficeApi:
    """
    Speaks through the program's one client of knowledge. Every method raises KnowledgeUnreachable when there is no
    answer, or one outside the contract, and OfficeRefused when knowledge refuses (404 for an entry that is not there).
    """

    def __init__(self, knowledge: KnowledgeApi):
        self._knowledge = knowledge

    async def entries(
        self, ward: str, *, kind: str = "", q: str = "", state: str = "", page: int = 1, size: int = 25
    ) -> Found:
        asked = {"ward": ward, "kind": kind, "q": q, "state": state, "page": str(page), "size": str(size)}
        query = {name: value for name, value in asked.items() if value or name == "ward"}
        found = await self._json("GET", "/office/entries", query=query)
        return Found(int(found["total"]), [one for one in found["entries"] if isinstance(one, dict)])

    async def entry(self, kind: str, id: str, ward: str) -> Standing:
        found = await self._json("GET", f"/office/entries/{kind}/{id}", query={"ward": ward})
        return Standing(
            found["entry"],
            found["ward"] or "",
            int(found["version"]),
            found.get("base"),
            list(found.get("questions") or []),
            str(found.get("file") or ""),
            bool(found.get("broken")),
            list(found.get("added") or []),
        )

    async def schema(self, kind: str) -> list[dict[str, Any]]:
        """
        Return the fields of a kind in order, as docs/api.md describes them.
        """
        found = await self._json("GET", f"/office/schema/{kind}")
        return list(found["fields"] if isinstance(found, dict) else found)

    async def attempt(self, ward: str, kind: str, id: str | None, entry: Entry) -> dict[str, Any]:
        """
        Return what would come of an entry: mistakes, conflicts, preview, ranks. Nothing is saved.
        """
        body = {"ward": ward, "kind": kind, "id": id, "entry": entry}
        found: dict[str, Any] = await self._json("POST", "/office/try", body=body, seconds=SAVE_SECONDS)
        return found

    async def save(
        self, ward: str, kind: str, id: str, entry: Entry, *, expected: int | None, by: str, note: str = ""
    ) -> Saved:
        """
        Write an entry; it is live when this returns. `expected` is the version that was edited, None for a new entry.

        Raises:
            EntryChanged: Nothing was written.
            EntryInvalid: Nothing was written.
        """
        body = {"ward": ward, "entry": entry, "expected": expected, "by": by, "note": note}
        return _saved(await self._json("PUT", f"/office/entries/{kind}/{id}", body=body, seconds=SAVE_SECONDS))

    async def name(self, ward: str, kind: str, id: str, words: str, *, drop: bool, by: str) -> list[str]:
        """
        Add a way in which a ward's citizens ask for a shared entry, or take it away; return those that the ward has then.
        """
        body = {"ward": ward, "kind": kind, "id": id, "words": words, "drop": drop, "by": by}
        found = await self._json("POST", "/office/names", body=body, seconds=SAVE_SECONDS)
        return list(found["added"])

    async def remove(self, ward: str, kind: str, id: str, *, expected: int, by: str, note: str = "") -> Saved:
        """
        Take a ward's own entry away; what it stood in place of answers again.

        Raises:
            EntryChanged: Nothing was written.
        """
        body = {"expected": expected, "by": by, "note": note}
        path = f"/office/entries/{kind}/{id}"
        return _saved(await self._json("DELETE", path, query={"ward": ward}, body=body, seconds=SAVE_SECONDS))

    async def history(self, kind: str, id: str, ward: str) -> list[dict[str, Any]]:
        """
        Return all versions, newest first: {version, at, by, note, entry or None}.
        """
        found = await self._json("GET", f"/office/history/{kind}/{id}", query={"ward": ward})
        return sorted(found["versions"], key=lambda one: -int(one["version"]))

    async def restore(self, ward: str, kind: str, id: str, version: int, *, expected: int | None, by: str) -> Saved:
        """
        Write an earlier version again, as a new one.

        Raises:
            EntryChanged: Nothing was written.
            EntryInvalid: Nothing was written.
        """
        body = {"kind": kind, "id": id, "ward": ward, "version": version, "expected": expected, "by": by}
        return _saved(await self._json("POST", "/office/restore", body=body, seconds=SAVE_SECONDS))

    async def export(self, ward: str, format: Format) -> bytes:
        said = await self._knowledge.call(
            "GET", "/office/export", query={"ward": ward, "format": format}, seconds=FILE_SECONDS
        )
        if said.status != 200:
            raise refusal(said, "/office/export")
        return said.raw

    async def imported(self, ward: str, content: bytes, *, digest: str | None = None, by: str = "") -> dict[str, Any]:
        """
        Try a file of entries, or with the digest of that trial write it: added, changed, removed, mistakes, digest.
        """
        query = {"ward": ward, "dry": "1"} if digest is None else {"ward": ward, "dry": "0", "digest": digest, "by": by}
        found: dict[str, Any] = await self._json(
            "POST", "/office/import", query=query, raw=content, seconds=FILE_SECONDS
        )
        return found

    async def explain(self, ward: str, question: str) -> dict[str, Any]:
        """
        Return the ten best entries for a question, the outcome and why.
        """
        found: dict[str, Any] = await self._json("POST", "/explain", body={"ward": ward, "question": question})
        return found

    async def answer(self, ward: str, question: str) -> dict[str, Any]:
        found: dict[str, Any] = await self._json("POST", "/answer", body={"ward": ward, "question": question})
        return found

    async def _json(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        raw: bytes | None = None,
        seconds: float = READ_SECONDS,
    ) -> Any:
        said = await self._knowledge.call(method, path, query=query, body=body, raw=raw, seconds=seconds)
        if said.status != 200:
            raise refusal(said, path)
        try:
            return orjson.loads(said.raw)
        except orjson.JSONDecodeError as error:
            raise KnowledgeUnreachable(f"path={path} no JSON") from error


def _saved(found: Mapping[str, Any]) -> Saved:
    return Saved(found.get("version"), float(found.get("seconds") or 0.0))


def refusal(said: Said, path: str) -> Exception:
    """
    Return the error that an answer other than 200 stands for.
    """
    try:
        body = orjson.loads(said.raw)
        code, fields = str(body["code"]), dict(body.get("fields") or {})
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return KnowledgeUnreachable(f"path={path} HTTP {said.status}")
    if said.status == 409 and code == "entry.changed":
        return EntryChanged(fields)
    if said.status == 422 and code == "content.invalid":
        return EntryInvalid([_mistake(one) for one in fields.get("mistakes") or []])
    if said.status >= 500:
        return KnowledgeUnreachable(f"path={path} HTTP {said.status} {code}")
    return OfficeRefused(said.status, code, str(body.get("message") or code))


def _mistake(one: Any) -> Mistake:
    if isinstance(one, Mapping):
        return Mistake(str(one.get("field") or ""), str(one.get("message") or ""))
    return Mistake("", str(one))
