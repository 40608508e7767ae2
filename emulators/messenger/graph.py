"""
The Graph API's one door: who calls, with which token, on what kind of day, and which answer it gets.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from emulators.messenger import accounts, feed, limits, media, posts, profile, routing, send, signing
from emulators.messenger.call import Call
from emulators.messenger.errors import GraphError
from emulators.messenger.pages import Page

if TYPE_CHECKING:
    from emulators.messenger.platform import MessengerPlatform

Edge = Callable[[Call], Awaitable[dict[str, Any]]]
# (method, what comes after the Page) → who answers
EDGES: dict[tuple[str, str], Edge] = {
    ("GET", ""): accounts.page_node,
    ("POST", "messages"): send.send,
    **{(method, "messenger_profile"): profile.profile for method in ("GET", "POST", "DELETE")},
    **{(method, "subscribed_apps"): accounts.subscribed_apps for method in ("GET", "POST", "DELETE")},
    **{(method, "message_templates"): accounts.message_templates for method in ("GET", "POST")},
    ("POST", "message_attachments"): media.upload,
    ("POST", "pass_thread_control"): routing.pass_control,
    ("POST", "take_thread_control"): routing.take_control,
    ("POST", "release_thread_control"): routing.release_control,
    ("POST", "request_thread_control"): routing.request_control,
    ("GET", "thread_owner"): routing.thread_owner,
    ("POST", "feed"): feed.publish,
    **{("GET", edge): posts.newest for edge in ("feed", "posts", "published_posts")},
    ("GET", "scheduled_posts"): posts.scheduled,
    ("POST", "photos"): feed.add_photo,
}
BAD_GATEWAY = (
    "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"
)
NOBODY = "An access token is required to request this resource."
MAX_BODY_BYTES = 30 * 1024 * 1024


class Graph:
    def __init__(self, platform: MessengerPlatform):
        self._platform = platform

    async def answer(self, request: web.Request) -> web.Response:
        """
        Answer any path: "/v25.0/me/messages" and "/me/messages" are the same.
        """
        platform, weather = self._platform, self._platform.weather
        now = platform.clock()
        if weather.slow_seconds > 0:
            # What has arrived is done, also for somebody who hangs up meanwhile.
            await _arrived(request)
            await asyncio.sleep(weather.slow_seconds)
        if platform.happens(weather.html_rate):
            return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
        path = request.path.strip("/").split("/")
        if path[0][:1] == "v" and path[0][1:2].isdigit():
            path = path[1:]
        page: Page | None = None
        params: dict[str, Any] = {}
        try:
            params, uploaded = await _read(request)
            token = params.pop("access_token", None) or request.headers.get("Authorization", "").removeprefix("Bearer ")
            call = Call(platform, page := self._page_of(str(token), path), request.method, params, platform.origin, now)
            call.upload = uploaded
            self._check_proof(call, str(token))
            body = await self._route(call, path, by_page=str(token) == page.token)
        except GraphError as error:
            return self._refuse(request, error, path, page, params)
        if call.lost and request.transport is not None:
            request.transport.abort()
        headers = limits.usage_headers(page, weather, now=now)
        return web.Response(body=json.dumps(body).encode(), headers=headers, content_type="application/json")

    def _refuse(
        self, request: web.Request, error: GraphError, path: list[str], page: Page | None, params: dict[str, Any]
    ) -> web.Response:
        platform = self._platform
        now = platform.clock()
        recipient = params.get("recipient")
        platform.refused.append(
            {
                "method": request.method,
                "path": "/".join(path),
                "code": error.code,
                "subcode": error.subcode,
                "message": error.message,
                "page": page.id if page else None,
                "user": recipient.get("id") if isinstance(recipient, dict) else None,
                "body": params,
                "at": now,
            }
        )
        headers = limits.usage_headers(page, platform.weather, now=now) if page else {}
        if error.code == 190:
            headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{error.message}"'
        raw = json.dumps(error.body()).encode()
        return web.Response(body=raw, status=error.status, headers=headers, content_type="application/json")

    def _page_of(self, token: str, path: list[str]) -> Page:
        """
        Raises:
            GraphError: 104 without a token, 190 with one that is not, or no longer, good.
        """
        platform = self._platform
        if not token:
            raise GraphError("104", NOBODY)
        page = platform.tokens.get(token)
        if page is not None:
            if platform.weather.token != "ok":  # noqa: S105 (a switch)
                raise GraphError(platform.weather.token)
            return page
        app_id, _, secret = token.partition("|")
        for page in platform.pages.values():
            if page.app.id == app_id and hmac.compare_digest(page.app.secret.encode(), secret.encode()):
                return page
        raise GraphError("190")

    def _check_proof(self, call: Call, token: str) -> None:
        given = call.params.pop("appsecret_proof", None)
        if given is None:
            if self._platform.weather.proof_required:
                raise GraphError("100", "API calls from the server require an appsecret_proof argument")
        elif not hmac.compare_digest(signing.proof(call.page.app.secret, token), str(given)):
            raise GraphError("100", "Invalid appsecret_proof provided in the API argument")

    async def _route(self, call: Call, path: list[str], *, by_page: bool) -> dict[str, Any]:
        node, edge = path[0], "/".join(path[1:])
        page = call.page
        if path == ["debug_token"] and call.method == "GET":
            return accounts.debug_token(call, self._platform.tokens)
        if not by_page:
            if node == page.app.id and edge == "subscriptions" and call.method in ("GET", "POST"):
                return await accounts.app_subscriptions(call, page.app)
            raise GraphError("190", "(#190) This method must be called with a Page Access Token")
        if node in ("me", page.id):
            known = EDGES.get((call.method, edge))
            if known is not None:
                return await known(call)
        if (post := page.posts.get(node)) is not None:
            return feed.of_post(call, post, edge)
        thread = page.threads.get(node)
        if thread is not None and not edge and call.method == "GET":
            return accounts.person_node(call, thread)
        raise GraphError("100/33")


async def _arrived(request: web.Request) -> None:
    # A body in parts is read as a stream, once.
    if request.can_read_body and request.content_type != "multipart/form-data":
        await request.read()


async def _read(request: web.Request) -> tuple[dict[str, Any], tuple[str, str, int] | None]:
    """
    Return the parameters of the address and the body, and (name, type, bytes) of a file. What is no JSON counts as nothing.
    """
    params: dict[str, Any] = (
        {name: _value(value) for name, value in request.query.items()} if request.query_string else {}
    )
    if not request.body_exists:
        return params, None
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        uploaded = None
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploaded = (value.filename, value.content_type, len(value.file.read()))
            else:
                params[name] = _value(str(value))
        return params, uploaded
    try:
        body = json.loads(await request.read())
    except ValueError:
        body = None
    if isinstance(body, dict):
        params.update(body)
    return params, None


def _value(text: str) -> Any:
    """
    Parameters of an address or a form may be JSON themselves.
    """
    if text[:1] in ("{", "["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
