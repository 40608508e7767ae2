"""
The fake /office API that also answers: by the words of its entries, exactly as they stand there. And what has grown old.
"""

from __future__ import annotations

from typing import Any, ClassVar

from aiohttp import web

from tests.fakes.office import FakeOffice


def row(id: str, title: str, *, kind: str = "faq", ward: str = "hoa-binh", **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": kind, "title": title, "ward": ward, "review_by": None, "valid_until": None, **more}


class AskedOffice(FakeOffice):
    """
    `asked` is how often it was asked for an answer; `old` is what /office/freshness says.
    """

    asked: int = 0
    old: ClassVar[dict[str, Any]] = {
        "expired": [row("gui-xe", "Gửi xe ngày hội", valid_until="2026-10-31", expired=True)],
        "due": [row("gio-lam-viec", "Giờ làm việc", ward="", review_by="2026-11-30")],
        "replaced": [
            {"entry": row("bao-tro", "Trợ giúp xã hội"), "basis": "Nghị định 20/2021/NĐ-CP", "by": "NĐ 335/2026"}
        ],
    }

    def app(self) -> web.Application:
        app = super().app()
        app.router.add_get("/office/freshness", self._freshness)
        app.router.add_get("/office/citing", self._citing)
        app.router.add_post("/office/replace-basis", self._replace)
        return app

    async def _freshness(self, _: web.Request) -> web.Response:
        return web.json_response(self.old)

    async def _citing(self, request: web.Request) -> web.Response:
        if "/" not in request.query["document"]:
            return web.json_response({"code": "request.invalid", "message": "no document", "fields": {}}, status=400)
        return web.json_response({"entries": [row("bao-tro", "Trợ giúp xã hội")]})

    async def _replace(self, request: web.Request) -> web.Response:
        body = await request.json()
        if "/" not in body["old"] or "/" not in body["new"]:
            return web.json_response({"code": "request.invalid", "message": "no document", "fields": {}}, status=400)
        rows = [{**row("bao-tro", "Trợ giúp xã hội"), "marked": True}, {**row("x", "Khác", ward=""), "marked": False}]
        return web.json_response({"old": body["old"], "new": body["new"], "entries": rows})

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        body = await request.json()
        found = self._chosen(body) if body.get("choose") else self._said(body["ward"], body["question"])
        if found is None:
            return web.json_response({"outcome": "unanswerable_no_passage", "findings": []})
        return web.json_response({"outcome": "answered", "findings": [{"entry": found}]})

    def _chosen(self, body: dict[str, Any]) -> dict[str, Any] | None:
        wanted = body["choose"]["entry"]
        return next(
            (named for named, one in self._entries(body["ward"]) if wanted in (one["id"], one.get("code"))), None
        )

    def _said(self, ward: str, question: str) -> dict[str, Any] | None:
        for named, one in self._entries(ward):
            words = [one["title"], *one.get("aliases", []), *one.get("questions", [])]
            if question.lower() in [word.lower() for word in words]:
                return named
        return None

    def _entries(self, ward: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [
            ({"kind": kind, "id": id, "title": entry["title"]}, entry)
            for (kind, id, place), (entry, _) in self.now.items()
            if kind != "ward" and place in ("", ward)
        ]
