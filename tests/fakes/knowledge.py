"""
The knowledge service in small: a few entries, answers by keyword, the wire of docs/api.md on a real socket.
"""

import asyncio
import copy
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.entries import ENTRIES, NO_TOPIC, WARDS, finding


def answered(*findings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**EMPTY, "outcome": "answered", "findings": list(findings), "confidence": 0.97, "reason": "sure", **more}


def clarify(*ids: str, **more: Any) -> dict[str, Any]:
    options = [{"id": id_, "ids": [id_], "title": ENTRIES[id_]["title"], "part": None} for id_ in ids]
    return {**EMPTY, "outcome": "clarify", "options": options, "confidence": 0.6, "reason": "several_fit", **more}


def refused(outcome: str, **more: Any) -> dict[str, Any]:
    return {**EMPTY, "outcome": f"unanswerable_{outcome}", "confidence": 0.9, "reason": "not_ours", **more}


EMPTY: dict[str, Any] = {
    "outcome": "answered", "findings": [], "options": [], "difference": None, "elsewhere": None, "corrections": [],
    "confidence": 0.0, "reason": "",
}  # fmt: skip
PASSPORT = {
    "title": "Cấp hộ chiếu phổ thông",
    "who": "Phòng Quản lý xuất nhập cảnh, Công an cấp tỉnh.",
    "next_step": "Anh/chị nộp trên Cổng Dịch vụ công quốc gia.",
}

# The first key that occurs in the question decides; keys of follow-ups only count when something was talked about.
BY_WORDS: tuple[tuple[str, Any], ...] = (
    ("khai sinh và đăng ký kết hôn", lambda: answered(finding("khai-sinh"), finding("ket-hon"), reason="two_needs")),
    ("khai sinh lại", lambda: clarify("khai-sinh", "dang-ky-lai-khai-sinh", difference="đăng ký lần đầu hay đăng ký lại")),
    ("huyện", lambda: answered(finding("ket-hon"), corrections=[
        {"kind": "district_level", "said": "huyện", "now": "UBND phường Hòa Bình"}])),
    ("khai sinh", lambda: answered(finding("khai-sinh"))),
    ("kết hôn", lambda: answered(finding("ket-hon"))),
    ("trợ cấp", lambda: clarify("ket-hon", "khai-sinh", "tro-cap")),
    ("tiền người già", lambda: answered(finding("tro-cap"))),
    ("số điện thoại", lambda: answered(finding("hotline-xa"))),
    ("làm việc", lambda: answered(finding("gio-lam-viec"))),
    ("ủy ban ở", lambda: answered(finding("noi-nop"))),
    ("nộp hồ sơ trực tuyến", lambda: answered(finding("nop-truc-tuyen"))),
    ("kế hoạch", lambda: answered(finding("plan-hoa-binh"))),
    ("zalo", lambda: answered(finding("plan-hoa-binh-nhiem-vu-4"))),
    ("phần trăm", lambda: answered(finding("plan-hoa-binh-kpi"))),
    ("gặp cán bộ", lambda: answered(finding("faq-gap-can-bo"))),
    ("113", lambda: answered(finding("hotline-113"))),
    ("hộ chiếu", lambda: refused("elsewhere", elsewhere=PASSPORT)),
    ("thời tiết", lambda: refused("out_of_scope")),
    ("ưu đãi", lambda: refused("expired", elsewhere={"title": "Chính sách phí 0 đồng", "who": "", "next_step": ""})),
)  # fmt: skip
FOLLOW_UPS: tuple[tuple[str, str], ...] = (
    ("lệ phí", "fee"), ("mấy ngày", "time"), ("nộp ở đâu", "place"), ("online", "online"), ("mẫu", "form"),
    ("giấy tờ", "papers"), ("quá hạn", "case"),
)  # fmt: skip


@dataclass
class FakeKnowledge:
    """
    `asked` keeps every body of /answer. `down` makes every answer a 503; `slow_seconds` makes it late.
    """

    asked: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False
    slow_seconds: float = 0.0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/answer", self._answer)
        app.router.add_get("/wards", self._wards)
        app.router.add_get("/healthz", self._health)
        return app

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "entries": len(ENTRIES), "index": "fake"})

    async def _wards(self, _request: web.Request) -> web.Response:
        if self.down:
            return _error(503, "knowledge.down")
        return web.json_response({"wards": list(WARDS.values())})

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        if self.down:
            return _error(503, "knowledge.down")
        ward = WARDS.get(body["ward"])
        if ward is None:
            return _error(404, "ward.unknown")
        chosen = body.get("choose")
        if chosen and chosen["entry"] not in ENTRIES:
            return _error(404, "entry.unknown")
        found = answered(finding(chosen["entry"], chosen.get("part"))) if chosen else self._found(body)
        found = copy.deepcopy(found)
        for one in found["findings"]:
            if one["content"].get("ward_value"):
                one["content"]["ward"] = ward
        return web.json_response({**found, "took_ms": 1.0, "ward": ward})

    @staticmethod
    def _found(body: dict[str, Any]) -> dict[str, Any]:
        question, context = body["question"].lower(), body.get("context") or {}
        for words, made in BY_WORDS:
            if words in question:
                return made()
        if context.get("entry"):
            for words, part in FOLLOW_UPS:
                if words in question:
                    return answered(finding(context["entry"], part), reason="follow_up", confidence=0.9)
            if question in NO_TOPIC:
                return answered(finding(context["entry"]), reason="follow_up", confidence=0.9)
        return refused("no_passage")


def _error(status: int, code: str) -> web.Response:
    return web.json_response({"code": code, "message": code, "fields": {}}, status=status)
