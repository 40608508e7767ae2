"""
The Bot API's addresses: /bot<TOKEN>/<method> and /file/bot<TOKEN>/<path>, and what a bad day does to them.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from emulators.telegram import parameters, polling, sending, setup
from emulators.telegram.parameters import Given
from emulators.telegram.refusals import Refused
from emulators.telegram.sending import Call
from emulators.telegram.world import Bot

if TYPE_CHECKING:
    from emulators.telegram.core import Core

MAX_BYTES = 64 * 2**20
PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"
SENDS: dict[str, Callable[[Call], Any]] = {
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "editmessagetext": sending.edit_message_text,
}
METHODS: dict[str, Callable[[Call], Any]] = {
    **SENDS,
    "answercallbackquery": sending.answer_callback_query,
    "sendchataction": sending.send_chat_action,
    "pinchatmessage": sending.pin_chat_message,
    "getme": setup.get_me,
    "setwebhook": setup.set_webhook,
    "deletewebhook": setup.delete_webhook,
    "getwebhookinfo": setup.get_webhook_info,
    "getupdates": lambda call: polling.get_updates(call.bot, call.given),
    "setmycommands": setup.set_my_commands,
    "getmycommands": setup.get_my_commands,
    "deletemycommands": setup.delete_my_commands,
    "setmydescription": setup.set_my_description,
    "getmydescription": setup.get_my_description,
    "setmyshortdescription": setup.set_my_short_description,
    "getmyshortdescription": setup.get_my_short_description,
    "getchat": setup.get_chat,
    "getchatmember": setup.get_chat_member,
    "getfile": setup.get_file,
}


class Server:
    """
    Answers calls for one emulated Telegram.
    """

    def __init__(self, core: Core):
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/file/bot{token:[^/]+}/{path:.+}", self.file),
            web.route("*", "/bot{token:[^/]+}/{method}", self.call),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        method, weather = request.match_info["method"], self._core.weather
        day = self._day(method.lower())
        if day == "cut":
            return _cut(request)
        if weather.slow_seconds or day == "slow":
            # What has arrived is done, also for somebody who hangs up meanwhile.
            if request.can_read_body and request.content_type != "multipart/form-data":
                await request.read()
            await asyncio.sleep(weather.slow_seconds or 1.0)
        if day == "502":
            return web.Response(status=502, text=PAGE, content_type="text/html")
        bot, given = None, Given(method)
        try:
            if day == "500":
                raise Refused(500)
            bot = self._bot(request.match_info["token"])
            given = await parameters.read(request, method)
            result = await self.execute(bot, given)
        except Refused as refused:
            self._core.note_refused(bot, given, refused)
            return web.json_response(refused.body(), status=refused.status)
        if day == "hang":
            await asyncio.sleep(weather.hang_seconds)
        if day == "cut_after":
            return _cut(request)
        if day == "not_json":
            return web.Response(text='{"ok": tr', content_type="application/json")
        return web.json_response({"ok": True} if day == "no_result" else {"ok": True, "result": result})

    async def execute(self, bot: Bot, given: Given) -> Any:
        """
        Raises:
            Refused: As Telegram would.
        """
        method = METHODS.get(given.method.lower())
        if method is None:
            raise Refused(404, "method not found")
        result = method(Call(self._core, bot, given))
        return await result if inspect.isawaitable(result) else result

    async def file(self, request: web.Request) -> web.Response:
        try:
            bot = self._bot(request.match_info["token"])
        except Refused as refused:
            return web.json_response(refused.body(), status=refused.status)
        path, now = request.match_info["path"], self._core.clock()
        for file in bot.files.values():
            if file.path == path and now <= file.link_until:
                return web.Response(body=file.content, content_type="application/octet-stream")
        return web.json_response(Refused(404).body(), status=404)

    def _bot(self, token: str) -> Bot:
        number, _, rest = token.partition(":")
        if not number.isdecimal() or not rest:
            raise Refused(404)
        bot = self._core.bots.get(number)
        if bot is None or bot.token != token or self._core.weather.unauthorized:
            raise Refused(401)
        return bot

    def _day(self, method: str) -> str:
        """
        Return what goes wrong with this call; "" when nothing does.
        """
        weather = self._core.weather
        if method in SENDS:
            if weather.days:
                return weather.days.pop(0)
            if weather.hang_sends:
                return "hang"
            if weather.cut != "no":
                return "cut" if weather.cut == "before" else "cut_after"
        return "502" if weather.bad_gateway else "500" if weather.server_error else ""


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
