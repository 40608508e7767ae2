"""
Uploads: pictures, gifs and files, which live for seven days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from emulators.zalo.core import Core
from emulators.zalo.gate import Arguments, Call, Gate
from emulators.zalo.refusals import Refused, invalid, over
from emulators.zalo.world import Account

LIFE_SECONDS = 7 * 24 * 3600
MB = 1024 * 1024
MAX_BYTES = {"image": MB, "gif": 5 * MB, "file": 5 * MB}
ENDINGS = {"image": ("jpg", "jpeg", "png"), "gif": ("gif",), "file": ("pdf", "doc", "docx", "csv")}
STARTS = {"jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG", "gif": b"GIF8", "pdf": b"%PDF"}
NAMED = {"image": "png/jpeg", "gif": "gif", "file": "pdf/doc/docx/csv"}


@dataclass
class Asset:
    id: str
    account: str
    kind: str
    name: str
    size: int
    uploaded_at: float


class Assets:
    def __init__(self, core: Core):
        self._core = core
        self.uploaded: dict[str, Asset] = {}

    def routes(self, gate: Gate) -> list[web.RouteDef]:
        return [web.post(f"/v2.0/oa/upload/{kind}", gate.api(self._upload_of(kind), read="form")) for kind in MAX_BYTES]

    def find(self, kind: str, id: str) -> bool:
        """
        Raises:
            Refused: -100, it was uploaded more than seven days ago.
        """
        asset = self.uploaded.get(id)
        if asset is None or asset.kind != kind:
            return False
        if self._core.now() - asset.uploaded_at > LIFE_SECONDS:
            raise Refused(-100)
        return True

    def _upload_of(self, kind: str) -> Call:
        async def upload(account: Account, form: Arguments) -> Any:
            part = form.get("file")
            if not isinstance(part, web.FileField):
                raise invalid("file")
            content = part.file.read()
            ending = part.filename.rsplit(".", 1)[-1].lower()
            if ending not in ENDINGS[kind] or not content.startswith(STARTS.get(ending, b"")):
                raise Refused(-201, f"File type is invalid, only {NAMED[kind]} is supported")
            if len(content) > MAX_BYTES[kind]:
                raise over("file", MAX_BYTES[kind])
            if account.uploads_left <= 0:
                raise Refused(-211)
            account.uploads_left -= 1
            asset = Asset(self._core.new_id(), account.id, kind, part.filename, len(content), self._core.now())
            self.uploaded[asset.id] = asset
            return {"token" if kind == "file" else "attachment_id": asset.id}

        return upload
