"""
The phone's addresses: the page and its files, what it shows, and what a person does with it.

    GET  /_phone/                                   the page
    GET  /_phone/state?user=…&after=…               everything it shows; {"version", "same": true} while `after` still holds
    GET  /_phone/wall                               what everybody sees, where the platform has such a thing
    POST /_phone/say      {"user", "text"}          /_phone/tap {"user", "bubble", "button"}    /_phone/do {"user", "action"}
    POST /_phone/users    {}                        one more citizen: {"user"}
    POST /_phone/weather  {"name", "value"}         or {"scene", "on"}, or {"reset": true}: as it was at the start

POST takes JSON only, under application/json: a page of another origin cannot send it unasked.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from string import Template
from typing import Any

from aiohttp import web

from emulators.phone.protocol import Phone
from emulators.phone.scenes import scenes
from emulators.phone.wall import Wall, add_wall

FOLDER = Path(__file__).parent
FILES = {
    "phone.css": "text/css",
    "phone.js": "text/javascript",
    "bubbles.js": "text/javascript",
    "weather.js": "text/javascript",
}
NAMES = {"zalo": "Zalo", "messenger": "Messenger", "telegram": "Telegram"}
MAX_CHARS = 10_000
# Framed by the page with all phones, which is on this machine too, at another port.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*"
)
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def add_phone(app: web.Application, platform: Phone) -> None:
    """
    Mount the phone page of this platform. Call it before the app starts.
    """
    phone = _Phone(platform)
    if isinstance(platform, Wall):
        add_wall(app, platform)
    app.add_routes(
        [
            web.get("/_phone/", phone.page),
            web.get("/_phone/state", phone.state),
            web.get("/_phone/{name:[a-z]+\\.(?:css|js)}", phone.file),
            web.post("/_phone/say", phone.say),
            web.post("/_phone/tap", phone.tap),
            web.post("/_phone/do", phone.do),
            web.post("/_phone/users", phone.users),
            web.post("/_phone/weather", phone.weather),
        ]
    )


class _Phone:
    def __init__(self, platform: Phone):
        self._platform = platform
        self._name = NAMES.get(platform.kind, platform.kind)
        self._fair = {str(one["name"]): one["value"] for one in platform.weather_switches()}
        self._scenes = {one.name: one for one in scenes(platform.kind, self._fair)}
        self._html = Template((FOLDER / "phone.html").read_text("utf-8"))
        self._files = {name: (FOLDER / name).read_bytes() for name in FILES}

    async def page(self, _request: web.Request) -> web.Response:
        text = self._html.substitute(kind=self._platform.kind, platform=self._name, max_chars=MAX_CHARS)
        headers = {**HEADERS, "Content-Security-Policy": POLICY}
        return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)

    async def file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound
        return web.Response(body=self._files[name], content_type=FILES[name], charset="utf-8", headers=HEADERS)

    async def state(self, request: web.Request) -> web.Response:
        users = list(self._platform.users())
        user = request.query.get("user") or (users[0] if users else "")
        switches = [{**one, "fair": self._fair.get(str(one["name"]))} for one in self._platform.weather_switches()]
        now = {one["name"]: one["value"] for one in switches}
        state = {
            "user": user if user in users else "",
            "users": users,
            "labels": list(self._platform.account_labels()),
            "bubbles": list(self._platform.bubbles(user)) if user in users else [],
            "actions": [list(one) for one in self._platform.actions()],
            "weather": switches,
            "scenes": [
                {
                    "name": one.name,
                    "label": one.label.format(platform=self._name),
                    "hint": one.hint,
                    "on": one.switches.items() <= now.items(),
                }
                for one in self._scenes.values()
            ],
        }
        version = hashlib.sha256(_dumps(state)).hexdigest()[:16]
        same = request.query.get("after") == version
        body = {"version": version, "same": True} if same else {"version": version, **state}
        return web.Response(body=_dumps(body), content_type="application/json", headers=HEADERS)

    async def say(self, request: web.Request) -> web.Response:
        given = await _read(request, user=str, text=str)
        text = given["text"].strip()[:MAX_CHARS]
        if not text:
            return _refuse("text is empty")
        return await _act(self._platform.say(given["user"], text))

    async def tap(self, request: web.Request) -> web.Response:
        given = await _read(request, user=str, bubble=str, button=int)
        return await _act(self._platform.tap(given["user"], given["bubble"], given["button"]))

    async def do(self, request: web.Request) -> web.Response:
        given = await _read(request, user=str, action=str)
        if given["action"] not in {name for name, _label in self._platform.actions()}:
            return _refuse("no such action")
        return await _act(self._platform.do(given["user"], given["action"]))

    async def users(self, request: web.Request) -> web.Response:
        await _read(request)
        return web.json_response({"user": self._platform.add_user()}, headers=HEADERS)

    async def weather(self, request: web.Request) -> web.Response:
        given = await _read(request)
        for name, value in self._changes(given).items():
            try:
                self._platform.set_weather(name, value)
            except (KeyError, ValueError, TypeError) as error:
                return _refuse(f"this switch cannot be set: {error}")
        return web.json_response({}, headers=HEADERS)

    def _changes(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("reset") is True:
            return self._fair
        scene = self._scenes.get(str(given.get("scene")))
        if scene is None:
            return {str(given.get("name")): given.get("value")}
        return dict(scene.switches) if given.get("on") is True else {name: self._fair[name] for name in scene.switches}


async def _act(work: Awaitable[object]) -> web.Response:
    # The emulator goes on telling the webhook even where the page does not wait for it.
    try:
        await asyncio.shield(asyncio.ensure_future(work))
    except (KeyError, ValueError, IndexError) as error:
        return _refuse(f"cannot be done: {error}")
    return web.json_response({}, headers=HEADERS)


async def _read(request: web.Request, **fields: Callable[..., Any]) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="application/json is needed")
    try:
        given = json.loads(await request.text())
    except ValueError as error:
        raise web.HTTPBadRequest(text="the body is not JSON") from error
    if not isinstance(given, dict) or any(type(given.get(name)) is not kind for name, kind in fields.items()):
        raise web.HTTPBadRequest(text=f"needed: {', '.join(fields) or 'an object'}")
    return given


def _refuse(why: str) -> web.Response:
    return web.json_response({"problem": why}, status=400, headers=HEADERS)


def _dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
