"""
Reads a call's parameters wherever they stand: query, form, multipart or JSON; nested values may be JSON inside a string.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from emulators.telegram.refusals import Refused, bad


@dataclass
class Given:
    """
    What one call was told. `files`: what was uploaded, by the name of its part.
    """

    method: str
    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def text(self, name: str, otherwise: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return otherwise
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, otherwise: int) -> int:
        try:
            return int(self.values.get(name, otherwise))
        except (TypeError, ValueError) as error:
            raise bad(f"wrong parameter {name} in the request") from error

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value.lower() in ("true", "1", "yes") if isinstance(value, str) else bool(value)

    def nested(self, name: str) -> Any:
        """
        Return a value that is itself an object or a list; None when it was not given.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from error


async def read(request: web.Request, method: str) -> Given:
    """
    Raises:
        Refused: 400 when the body cannot be read, 413 when it is too large.
    """
    given = Given(method, dict(request.query))
    if not request.body_exists:
        return given
    try:
        if request.content_type == "application/json":
            body = json.loads(await request.read() or b"{}")
            if not isinstance(body, Mapping):
                raise bad("object expected as request")
            given.values |= body
        elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
            for name, value in (await request.post()).items():
                if isinstance(value, FileField):
                    given.files[name] = (value.filename, value.file.read())
                else:
                    given.values[name] = value
    except ValueError as error:
        raise bad("can't parse the request") from error
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused(413) from error
    return given
