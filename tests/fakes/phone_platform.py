"""
The smallest platform that the phone page can show: answers by itself, keeps everything in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from emulators.phone import add_phone

MENU = "Anh/chị muốn hỏi về việc gì ạ?"
PAPERS = (
    "Đăng ký khai sinh cần:\n- Tờ khai theo mẫu\n- Giấy chứng sinh (bản chính)\n\n"
    "Nộp tại Bộ phận Một cửa, hoặc trên https://dichvucong.gov.vn/."
)
Bubble = dict[str, Any]


class ExamplePlatform:
    """
    Every citizen's text gets `answer(text)`, after the citizen's bubble stands; `done` keeps what the page asked for.
    """

    def __init__(
        self, kind: str = "zalo", *, quick: bool = False, clock: Callable[[], float] = lambda: 1_763_600_000.0
    ):
        self.kind, self._quick, self._clock = kind, quick, clock
        self.talks: dict[str, list[Bubble]] = {}
        self.done: list[tuple[Any, ...]] = []
        self.answer: Callable[[str], str] = lambda _text: PAPERS
        self.weather: dict[str, Any] = {"api_down": False, "slow_seconds": 0.0, "copies": "1", "day": ""}

    def app(self) -> web.Application:
        app = web.Application()
        add_phone(app, self)
        return app

    def account_labels(self) -> list[str]:
        return ["UBND phường Mẫu"]

    def users(self) -> list[str]:
        return list(self.talks)

    def add_user(self) -> str:
        user = str(7_000_000_000_000_000_001 + len(self.talks))
        self.talks[user] = []
        return user

    def bubbles(self, user: str) -> list[Bubble]:
        return self.talks[user]

    def actions(self) -> list[tuple[str, str]]:
        return [
            ("follow", "Quan tâm trang"),
            ("image", "Gửi ảnh"),
            ("location", "Gửi vị trí"),
            ("block", "Chặn"),
            ("officer_speaks", "Cán bộ trả lời trực tiếp"),
        ]

    def weather_switches(self) -> list[dict[str, Any]]:
        labels = {
            "api_down": "Không nhận tin",
            "slow_seconds": "Chậm mấy giây",
            "copies": "Mỗi tin mấy lần",
            "day": "Mã lỗi",
        }
        kinds = {"api_down": "bool", "slow_seconds": "number", "copies": "choice", "day": "text"}
        switches = [
            {"name": name, "label": labels[name], "kind": kinds[name], "value": value}
            for name, value in self.weather.items()
        ]
        switches[2]["choices"] = ["1", ["3", "ba lần"]]
        return switches

    def set_weather(self, name: str, value: Any) -> None:
        if name not in self.weather:
            raise ValueError("no such switch")
        self.weather[name] = type(self.weather[name])(value)

    async def say(self, user: str, text: str) -> None:
        self.done.append(("say", user, text))
        self.put(user, "citizen", text)
        await asyncio.sleep(0.05)
        if self.weather["api_down"]:
            self.talks[user][-1]["note"] = "Trợ lý chưa nhận được"
        else:
            self.put(user, "oa", self.answer(text), ["Lệ phí", "Thời hạn giải quyết", "Nơi nộp hồ sơ"])

    async def tap(self, user: str, bubble_id: str, button_index: int) -> None:
        [bubble] = [one for one in self.talks[user] if one["id"] == bubble_id] or [None]
        if bubble is None:
            raise KeyError("no such bubble")
        await self.say(user, bubble["buttons"][button_index]["title"])
        self.done[-1] = ("tap", user, bubble_id, button_index)

    async def do(self, user: str, action: str) -> None:
        self.done.append(("do", user, action))
        if action == "officer_speaks":
            self.put(user, "officer", "Tôi là cán bộ Bộ phận Một cửa, tôi xin trả lời trực tiếp.")
        elif action == "follow":
            self.put(user, "oa", MENU, ["Thủ tục", "Gọi cán bộ"])
        else:
            self.put(user, "citizen", {"image": "[Ảnh]", "location": "[Vị trí]"}.get(action, ""), note="Đã gửi")

    def put(self, user: str, side: str, text: str, titles: list[str] | None = None, note: str = "") -> None:
        kind = "quick" if self._quick else "send"
        buttons = [{"title": title, "kind": kind} for title in titles or []]
        bubble = {
            "id": f"m{len(self.talks[user]) + 1}",
            "side": side,
            "text": text,
            "buttons": buttons,
            "at": self._clock(),
        }
        self.talks[user].append({**bubble, **({"note": note} if note else {})})
