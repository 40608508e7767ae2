"""
Files: fetched from our address, uploaded once and used again, and those that citizens send.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from aiohttp import web

from emulators.messenger import checks
from emulators.messenger.call import Call
from emulators.messenger.errors import GraphError, bad
from emulators.messenger.pages import Attachment

KEPT_SECONDS = 90 * 24 * 3600
MAX_IMAGE_BYTES, MAX_FILE_BYTES = 8 * 1024 * 1024, 25 * 1024 * 1024
VIDEO_PATIENCE = 7.5  # 75 s for a video where everything else has 10 s
LINK_SECONDS = 24 * 3600  # how long a citizen's file can be downloaded

# What a citizen sends: (file name, type, bytes). The picture is one white pixel.
FILES = {
    "image": ("anh.png", "image/png", bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001010100"
        "1bb6ee560000000049454e44ae426082")),
    "file": ("don.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n"),
    "audio": ("ghi-am.mp4", "audio/mp4", b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42"),
    "video": ("video.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"),
    "sticker": ("nhan-dan.png", "image/png", b"\x89PNG\r\n\x1a\n"),
}  # fmt: skip


async def upload(call: Call) -> dict[str, Any]:
    """
    POST /{page}/message_attachments: by address, or with the file in the body.
    """
    call.need("pages_messaging")
    message = call.required("message")
    attachment = message.get("attachment") if isinstance(message, dict) else None
    if not isinstance(attachment, dict) or attachment.get("type") not in checks.MEDIA:
        raise bad("param message[attachment][type] must be one of {audio, file, image, video}.")
    kind, payload = str(attachment["type"]), attachment.get("payload") or {}
    if call.upload is not None:
        name, mime, size = call.upload
        _check_file(kind, mime, size)
        return {"attachment_id": _keep(call, kind, name)}
    await fetch(call, kind, payload.get("url"))
    return {"attachment_id": _keep(call, kind, str(payload["url"]))}


async def resolve(call: Call, kind: str, payload: dict[str, Any]) -> str | None:
    """
    Find or fetch the file of a message; the new attachment id when it `is_reusable`.

    Raises:
        GraphError: 100 with 2018074, 2018008, 2018109 or 2018294.
    """
    if "attachment_id" in payload:
        known = call.page.attachments.get(str(payload["attachment_id"]))
        if known is None or call.now - known.uploaded_at > KEPT_SECONDS or known.kind != kind:
            raise GraphError("100/2018074")
        return None
    await fetch(call, kind, payload.get("url"))
    return _keep(call, kind, str(payload["url"])) if payload.get("is_reusable") else None


def _keep(call: Call, kind: str, url: str) -> str:
    number = str(10**15 + len(call.page.attachments))
    call.page.attachments[number] = Attachment(kind, url, call.now)
    return number


async def fetch(call: Call, kind: str, url: Any) -> None:
    """
    Raises:
        GraphError: 100, with 2018008, 2018109 or 2018294 where it is the file's fault.
    """
    weather = call.platform.weather
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise bad("param attachment[payload][url] should represent a valid URL")
    if weather.fetch == "accept":
        return
    if weather.fetch == "fail":
        raise GraphError("100/2018008")
    seconds = weather.fetch_seconds * (VIDEO_PATIENCE if kind == "video" else 1)
    size, most = 0, _most_bytes(kind)
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds)) as session,
            session.get(url) as got,
        ):
            if got.status != 200:
                raise GraphError("100/2018008")
            async for chunk in got.content.iter_chunked(65536):
                size += len(chunk)
                if size > most:
                    break
            mime = got.content_type
    except (aiohttp.ClientError, TimeoutError) as error:
        raise GraphError("100/2018008") from error
    _check_file(kind, mime, size)


def _most_bytes(kind: str) -> int:
    return MAX_IMAGE_BYTES if kind == "image" else MAX_FILE_BYTES


def _check_file(kind: str, mime: str, size: int) -> None:
    if size > _most_bytes(kind):
        raise GraphError("100/2018109")
    major = mime.partition("/")[0]
    if kind != "file" and major in ("image", "audio", "video", "text") and major != kind:
        raise GraphError("100/2018294")


def link(origin: str, kind: str, *, now: float) -> str:
    """
    Return where a citizen's file can be downloaded for a day.
    """
    return f"{origin}/_media/{kind}/{FILES[kind][0]}?oe={int(now + LINK_SECONDS):X}"


def download(kind: str, expires: str, *, now: float) -> web.Response:
    """
    GET /_media/…: the file of a citizen's message.
    """
    try:
        until = int(expires, 16)
    except ValueError:
        until = 0
    if kind not in FILES:
        return web.Response(status=404)
    if now > until:
        return web.Response(status=403, text="URL signature expired")
    _, mime, content = FILES[kind]
    return web.Response(body=content, content_type=mime)
