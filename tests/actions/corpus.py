"""
Every kind of reply there is, made from the fake's entries: what the tests of all sentences go through.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from actions.phrasing import smalltalk
from actions.phrasing.answer import phrase
from actions.phrasing.bubbles import Line, Phrased
from actions.phrasing.procedure import PARTS
from tests.fakes.entries import BIRTH, ENTRIES, WARDS, finding
from tests.fakes.knowledge import PASSPORT, answered, clarify, refused

OPTIONS = [{"id": "khai-sinh", "title": "Đăng ký khai sinh", "part": None}]
CORRECTIONS = [
    {"kind": "former_name", "said": "xã Mẫu Thượng", "now": "phường Mẫu"},
    {"kind": "district_level", "said": "huyện", "now": "UBND phường Mẫu"},
    {"kind": "old_term", "said": "sổ hộ khẩu", "now": "Cơ sở dữ liệu về cư trú"},
]
NOTICE: dict[str, Any] = {
    "entry": {"id": "announcement/12", "ids": ["announcement/12"], "kind": "announcement", "title": "Tạm ngừng cấp điện ngày 21/11/2026",
              "code": None},
    "part": "summary", "parts": [], "case": None, "unverified": [],
    "content": {"text": "Tạm ngừng cấp điện từ 7 giờ 30 đến 11 giờ 30 ngày 21/11/2026.", "key_line": "",
                "link": "https://motcua.example.vn/thong-bao/phuong-mau/12", "published_on": "2026-11-20", "valid_until": "2026-11-22"},
    "source": {"legal_basis": [], "sources": [], "as_of": "2026-11-20", "confidence": "sure"},
}  # fmt: skip
ALL_PARTS = (*PARTS, "case", "summary")


def replies(texts: Mapping[str, str]) -> Iterator[Phrased]:
    for ward in WARDS.values():
        for answer in _answers(ward):
            yield phrase({**answer, "ward": ward})
        for intent in smalltalk.RESPONSES:
            yield smalltalk.social(intent, ward, [])
            yield smalltalk.social(intent, ward, OPTIONS)
        yield smalltalk.menu(ward, texts)
        yield smalltalk.choice_gone(ward)
        for reason in ("ask_officer", "wrong_answer"):
            yield smalltalk.ticket(reason, ward, "khai-sinh")
    yield smalltalk.choice_none()
    yield smalltalk.choice_range(OPTIONS)
    yield smalltalk.offering_officer(phrase({**answered(finding("khai-sinh")), "ward": WARDS["hoa-binh"]}))


def lines(phrased: Phrased) -> Iterator[Line]:
    """
    Yield every Line of a reply, those inside values and on buttons too.
    """
    for bubble in phrased.bubbles:
        for one in (*bubble.lines, *(button.title for button in bubble.buttons)):
            yield from _within(one)


def _within(one: Line) -> Iterator[Line]:
    yield one
    for value in one.values.values():
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Line):
                yield from _within(inner)


def _answers(ward: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for id_ in ENTRIES:
        for part in ALL_PARTS:
            found = finding(id_, part)
            if found["content"].get("ward_value"):
                found["content"]["ward"] = ward
            yield answered(found)
            for doubt in ("nothing", "everything"):
                yield answered(
                    {**found, "unverified": [] if doubt == "nothing" else [*ALL_PARTS, "details", "steps", "phone"]}
                )
    bare = {**finding("khai-sinh"), "content": {"title": BIRTH["title"]}}
    for part in ALL_PARTS:
        yield answered({**bare, "part": part, "parts": [] if part == "summary" else [part]})
    kpi = finding("plan-hoa-binh-kpi")
    yield answered(
        {**kpi, "content": {**kpi["content"], "kpi": {"text": "Đạt 100% hồ sơ", "value": "100", "unit": "%"}}}
    )
    task = finding("plan-hoa-binh-nhiem-vu-4")
    yield answered(
        {**task, "content": {**task["content"], "task": {**task["content"]["task"], "partners": "Đoàn thanh niên"}}}
    )
    hotline = finding("hotline-113")
    yield answered({**hotline, "unverified": []})
    yield answered(finding("khai-sinh"), finding("ket-hon"), corrections=CORRECTIONS)
    yield clarify("khai-sinh", "ket-hon")
    yield clarify("khai-sinh", "ket-hon", difference="đăng ký lần đầu hay đăng ký lại")
    yield clarify("khai-sinh", "ket-hon", difference="Anh/chị đăng ký lần đầu hay đăng ký lại?")
    yield clarify()
    for outcome in ("no_passage", "out_of_scope", "elsewhere", "expired"):
        yield refused(outcome)
    yield from _announced()
    yield refused("elsewhere", elsewhere=PASSPORT)
    yield refused("expired", elsewhere={"title": "Phí 0 đồng", "who": "", "next_step": ""})


def _announced() -> Iterator[dict[str, Any]]:
    long = {**NOTICE["content"], "text": "Từ 7 giờ 30 ngày 21/11/2026, đường Mẫu cấm xe tải. " * 40}
    for content in (NOTICE["content"], long, {**NOTICE["content"], "link": None}, {**long, "link": None}):
        yield answered({**NOTICE, "content": content}, reason="announced")
    yield answered(NOTICE, finding("khai-sinh"), reason="announced")
    offered = [{"id": f"announcement/{number}", "ids": [], "title": "Thông báo", "part": None} for number in (12, 13)]
    yield {**clarify(difference="Anh/chị muốn xem thông báo nào ạ?"), "options": offered}
    yield refused("no_passage", reason="no_announcement")
    yield refused("elsewhere", elsewhere=PASSPORT, reason="no_announcement")
