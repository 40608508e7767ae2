"""
Knowledge's /office API over a dict, and the action server's /phrase: the wire of docs/api.md without an index.

Schema, checks and phrasing are the real ones; what would need an index (ranks, conflicts, Excel) tests set themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from aiohttp import web

from actions.phrase_page import shown
from knowledge import findings
from knowledge.entries import Case
from knowledge.office import schema
from knowledge.office.catalogue import fold
from knowledge.office.checks import record_of
from knowledge.outcomes import ANSWERED, Answer
from knowledge.wards import Ward
from tests.fakes.wards import WARDS

Key = tuple[str, str, str]  # kind, id, ward
FEE: dict[str, Any] = {
    "id": "chung-thuc-ban-sao",
    "code": "2.000815",
    "field": "Chứng thực",
    "title": "Chứng thực bản sao từ bản chính",
    "aliases": ["sao y", "công chứng bản sao"],
    "summary": "Cơ quan xác nhận bản sao đúng với bản chính.",
    "papers": [{"text": "Bản chính giấy tờ"}, {"text": "Bản sao cần chứng thực", "copies": "Theo nhu cầu"}],
    "fee": {"text": "2.000 đồng mỗi trang; từ trang thứ ba 1.000 đồng mỗi trang.", "exemptions": ["Hộ nghèo"]},
    "time": {"text": "Trong ngày làm việc."},
    "place": "Trung tâm Phục vụ hành chính công phường, xã",
    "cases": [{"about": "Sao y nhiều bản", "questions": ["sao y 20 bản"], "text": "Vẫn làm trong ngày."}],
    "questions": ["sao y công chứng bao nhiêu tiền", "chứng thực bản sao ở đâu"],
    "legal_basis": ["Nghị định 23/2015/NĐ-CP"],
    "sources": ["Cổng Dịch vụ công quốc gia"],
    "as_of": "2026-11",
    "confidence": "sure",
}
PARKING: dict[str, Any] = {
    "id": "gui-xe",
    "title": "Đến phường gửi xe ở đâu?",
    "answer": "Anh/chị gửi xe trong sân trụ sở.",
    "questions": ["ra phường để xe chỗ nào"],
    "sources": ["UBND phường"],
    "as_of": "2026-11-20",
    "confidence": "sure",
}


@dataclass
class FakeOffice:
    """
    `ranks`, `conflicts`, `report` are what it answers; `meanwhile` runs before the next save: another editor.
    """

    now: dict[Key, tuple[dict[str, Any], int]] = field(default_factory=dict)
    versions: dict[Key, list[dict[str, Any]]] = field(default_factory=dict)
    ranks: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    imported: list[bytes] = field(default_factory=list)
    unreadable: str = "Tệp này không mở được."
    import_refused: str = ""
    added: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    explained: dict[str, Any] = field(default_factory=dict)
    meanwhile: Callable[[], None] | None = None
    broken: bool = False
    mute: bool = False

    def __post_init__(self) -> None:
        self.put("procedure", "", FEE)
        self.put("faq", "hoa-binh", PARKING)
        for one in WARDS:
            ward = {"former_names": [], "as_of": "2026-11-20", **one}
            self.put("ward", one["slug"], {name: value for name, value in ward.items() if value not in ([], None)})

    def put(self, kind: str, ward: str, entry: dict[str, Any] | None, *, id: str = "", by: str = "tệp") -> int:
        """
        Write an entry as another editor would; return its version. None deletes it.
        """
        id = id or str((entry or {}).get("slug") or (entry or {}).get("id"))
        key = (kind, id, ward)
        number = (
            max(
                (one["version"] for name, some in self.versions.items() if name[:2] == key[:2] for one in some),
                default=0,
            )
            + 1
        )
        made = {
            "version": number,
            "ward": ward,
            "at": f"2026-11-20T01:{number:02}:00+00:00",
            "by": by,
            "note": "",
            "entry": entry,
        }
        self.versions.setdefault(key, []).append(made)
        if entry is None:
            del self.now[key]
        else:
            self.now[key] = (orjson.loads(orjson.dumps(entry)), number)
        return number

    def entry(self, kind: str, id: str, ward: str) -> dict[str, Any]:
        return self.now[kind, id, ward][0]

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024, middlewares=[self._gate])
        app.add_routes(
            [
                web.get("/wards", self._wards),
                web.get("/healthz", self._ok),
                web.get("/health", self._ok),
                web.get("/office/entries", self._list),
                web.get("/office/entries/{kind}/{id}", self._get),
                web.put("/office/entries/{kind}/{id}", self._put),
                web.delete("/office/entries/{kind}/{id}", self._delete),
                web.get("/office/schema/{kind}", self._schema),
                web.post("/office/try", self._try),
                web.get("/office/history/{kind}/{id}", self._history),
                web.post("/office/restore", self._restore),
                web.post("/office/names", self._names),
                web.get("/office/export", self._export),
                web.post("/office/import", self._import),
                web.post("/explain", self._explain),
                web.post("/answer", self._answer),
                web.post("/phrase", self._phrase),
            ]
        )
        return app

    @web.middleware
    async def _gate(self, request: web.Request, handler: Any) -> web.StreamResponse:
        return web.json_response({}, status=503) if self.mute else await handler(request)

    async def _ok(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _wards(self, _: web.Request) -> web.Response:
        return _json({"wards": [entry for (kind, _, _), (entry, _) in sorted(self.now.items()) if kind == "ward"]})

    async def _list(self, request: web.Request) -> web.Response:
        query, ward = request.query, request.query.get("ward", "")
        found = []
        for (kind, id, place), (entry, _) in sorted(self.now.items()):
            title = str(entry.get("title") or entry.get("name"))
            hidden = place not in ("", ward) or (not place and (kind, id, ward) in self.now and ward)
            overridden = bool(place) and (kind, id, "") in self.now
            if hidden or query.get("kind", kind) != kind or fold(query.get("q", "")) not in fold(title):
                continue
            if query.get("state") == "overridden" and not overridden:
                continue
            found.append({
                "id": id, "kind": kind, "title": title, "ward": place, "overridden": overridden, "as_of": entry["as_of"],
                "review_by": entry.get("review_by"), "valid_until": entry.get("valid_until"), "expired": False,
                "to_check": len(entry.get("to_check", [])), "questions": len(entry.get("questions", [])),
            })  # fmt: skip
        page, size = int(query.get("page", 1)), int(query.get("size", 50))
        return _json({"total": len(found), "entries": found[(page - 1) * size : page * size]})

    def _find(self, kind: str, id: str, ward: str) -> tuple[Key, dict[str, Any], int] | None:
        for place in dict.fromkeys((ward, "")):
            if (kind, id, place) in self.now:
                return (kind, id, place), *self.now[kind, id, place]
        return None

    async def _get(self, request: web.Request) -> web.Response:
        kind, id, ward = request.match_info["kind"], request.match_info["id"], request.query.get("ward", "")
        found = self._find(kind, id, ward)
        if found is None:
            return _refused(404, "entry.unknown")
        key, entry, version = found
        base = self.now.get((kind, id, "")) if key[2] else None
        return _json({
            "entry": entry, "ward": key[2], "version": version, "file": f"{kind}.yml", "line": 1, "base": base and base[0],
            "broken": {"file": "x.yml"} if self.broken else None, "questions": entry.get("questions", []),
            "added": self.added.get((ward, id), []),
        })  # fmt: skip

    async def _put(self, request: web.Request) -> web.Response:
        body = await request.json()
        return self._write(request.match_info["kind"], request.match_info["id"], body["ward"], body["entry"], body)

    async def _delete(self, request: web.Request) -> web.Response:
        body = await request.json()
        return self._write(request.match_info["kind"], request.match_info["id"], request.query["ward"], None, body)

    async def _restore(self, request: web.Request) -> web.Response:
        body = await request.json()
        versions = self.versions[body["kind"], body["id"], body["ward"]]
        wanted = next(one for one in versions if one["version"] == body["version"])
        return self._write(body["kind"], body["id"], body["ward"], wanted["entry"], body)

    def _write(self, kind: str, id: str, ward: str, entry: dict[str, Any] | None, body: dict[str, Any]) -> web.Response:
        if self.meanwhile is not None:
            self.meanwhile, other = None, self.meanwhile
            other()
        if self.broken:
            return _refused(409, "file.broken")
        found = self._find(kind, id, ward)
        if body["expected"] != (found[2] if found else None):
            last = self.versions[found[0]][-1] if found else {"by": "", "at": ""}
            return _refused(409, "entry.changed", current=found and found[1], version=found and found[2],
                            by=last["by"], at=last["at"])  # fmt: skip
        if entry is not None:
            _, mistakes = record_of(kind, entry)
            if mistakes:
                return _refused(422, "content.invalid", mistakes=[asdict(one) for one in mistakes])
        return _json({"version": self.put(kind, ward, entry, id=id, by=body["by"]), "seconds": 0.84})

    async def _names(self, request: web.Request) -> web.Response:
        body = await request.json()
        said = self.added.setdefault((body["ward"], body["id"]), [])
        if not body["drop"]:
            said.append(body["words"])
        elif body["words"] in said:
            said.remove(body["words"])
        return _json({"added": said, "seconds": 0.1})

    async def _schema(self, request: web.Request) -> web.Response:
        return _json(schema.fields(request.match_info["kind"]))

    async def _history(self, request: web.Request) -> web.Response:
        kind, id, ward = request.match_info["kind"], request.match_info["id"], request.query.get("ward", "")
        found = self.versions.get((kind, id, ward)) or self.versions.get((kind, id, ""))
        return _json({"versions": found}) if found else _refused(404, "entry.unknown")

    async def _try(self, request: web.Request) -> web.Response:
        body = await request.json()
        record, mistakes = record_of(body["kind"], body["entry"])
        if record is None:
            return _json({"mistakes": [asdict(one) for one in mistakes], "conflicts": [], "preview": [], "ranks": []})
        answers = []
        place = _place(body["ward"])
        if body["kind"] in ("faq", "procedure", "service"):
            parts: list[list[str]] = [[], *([one] for one in findings.held_parts(record))]
            answers = [findings.finding(record, place, one) for one in parts]
            cases: list[Case] = list(getattr(record, "cases", ()))
            answers += [findings.finding(record, place, [], case) for case in cases]
        preview = [{**asdict(Answer(ANSWERED, [one])), "ward": place.model_dump(mode="json")} for one in answers]
        return _json({"mistakes": [], "conflicts": self.conflicts, "preview": preview, "ranks": self.ranks})

    async def _phrase(self, request: web.Request) -> web.Response:
        return _json({"replies": [shown(one) for one in (await request.json())["answers"]]})

    async def _export(self, request: web.Request) -> web.Response:
        return web.Response(body=f"{request.query['format']} of {request.query['ward']}".encode())

    async def _import(self, request: web.Request) -> web.Response:
        content = await request.read()
        digest = hashlib.sha256(content).hexdigest()
        if not self.report:
            told = {"code": "import.unreadable", "message": self.unreadable, "fields": {}}
            return _json(told, 422)
        if request.query["dry"] == "0":
            if self.import_refused:
                return _refused(409, self.import_refused)
            if request.query["digest"] != digest:
                return _refused(409, "import.changed")
            self.imported.append(content)
        return _json({"added": [], "changed": [], "removed": [], "mistakes": [], **self.report, "digest": digest})

    async def _explain(self, _: web.Request) -> web.Response:
        return _json(self.explained)

    async def _answer(self, request: web.Request) -> web.Response:
        record, _ = record_of("faq", PARKING)
        place = _place((await request.json())["ward"])
        answer = asdict(Answer(ANSWERED, [findings.finding(record, place, [])]))
        return _json({**answer, "ward": place.model_dump(mode="json")})


def _place(slug: str) -> Ward:
    known = next((one for one in WARDS if one["slug"] == slug), WARDS[0])
    return Ward(**{"as_of": "2026-11-20", **known})


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def _refused(status: int, code: str, **fields: Any) -> web.Response:
    return _json({"code": code, "message": code, "fields": fields}, status)
