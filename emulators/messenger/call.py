"""
One call of the Graph API, once it is clear who calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulators.messenger.errors import GraphError, bad
from emulators.messenger.pages import Page

if TYPE_CHECKING:
    from emulators.messenger.platform import MessengerPlatform


@dataclass(slots=True)
class Call:
    """
    `params` are those of the address and the body together, already as JSON values.
    `lost`: the answer never arrives, though the work was done. `upload`: (file name, type, size) of a file in the body.
    """

    platform: MessengerPlatform
    page: Page
    method: str
    params: dict[str, Any]
    origin: str
    now: float
    lost: bool = False
    upload: tuple[str, str, int] | None = None

    def need(self, permission: str) -> None:
        """
        Raises:
            GraphError: The token lacks this permission.
        """
        if self.platform.weather.missing_permission != permission:
            return
        if permission == "pages_messaging":
            raise GraphError("10", f"(#10) This endpoint requires the '{permission}' permission")
        raise GraphError("200", f"(#200) Requires {permission} permission to manage the object.")

    def required(self, name: str) -> Any:
        value = self.params.get(name)
        if value is None or value == "":
            raise bad(f"The parameter {name} is required")
        return value

    def names(self, name: str) -> list[str]:
        """
        Read a list that may also come as "a,b".
        """
        value = self.params.get(name)
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise bad(f"param {name} must be an array.")
        return value
