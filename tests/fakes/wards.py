"""
The little of knowledge and actions that the gateway itself calls: the wards, and two health pages.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

WARDS: list[dict[str, Any]] = [
    {
        "slug": "hoa-binh",
        "name": "phường Hòa Bình",
        "unit": "phường",
        "province": "thành phố Hải Phòng",
        "hotlines": [],
    },
    {
        "slug": "phuong-mau",
        "name": "phường Mẫu",
        "unit": "phường",
        "province": "tỉnh Mẫu",
        "hotlines": [{"label": "Trực một cửa", "number": "0000 000 000"}],
    },
]


@dataclass
class Neighbours:
    """
    Both programs on one socket. `down` makes every answer a 503.
    """

    wards: list[dict[str, Any]] = field(default_factory=lambda: [dict(one) for one in WARDS])
    down: bool = False

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/wards", self._answer(lambda: {"wards": self.wards}))
        app.router.add_get("/healthz", self._answer(lambda: {"status": "ok", "entries": 3, "index": "1"}))
        app.router.add_get("/announcements", self._answer(lambda: {"announcements": []}))
        app.router.add_route("*", "/announcements/{id}", self._answer(dict))
        app.router.add_get("/health", self._answer(lambda: {"status": "ok"}))
        return app

    def _answer(self, body: Any) -> Any:
        async def handler(_request: web.Request) -> web.Response:
            return web.json_response({}, status=503) if self.down else web.json_response(body())

        return handler


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    web.run_app(Neighbours().app(), host="127.0.0.1", port=options.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
