"""
What every channel account has: an id that the platform gave it, the ward that it belongs to, and how it is used.

Secrets are SecretStr: they show in no log, repr or error. Each may stand in a file of its own: `app_secret_file` instead
of `app_secret`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
AccountId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")]


class ChannelAccount(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    id: AccountId
    ward: Slug
    enabled: bool = True
    name: str = ""  # for people: shown by `check`
    burst_seconds: float | None = Field(default=None, ge=0, le=30)  # None: BOT_BURST_SECONDS

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        """
        Replace `NAME_file: path` by `NAME: content` for every secret.
        """
        if not isinstance(given, dict):
            return given
        values = dict(given)
        for name, field in cls.model_fields.items():
            path = values.pop(f"{name}_file", None) if "SecretStr" in str(field.annotation) else None
            if path is None:
                continue
            if values.get(name) is not None:
                raise ValueError(f"{name} and {name}_file are both given")
            try:
                values[name] = Path(str(path)).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                why = getattr(error, "strerror", None) or type(error).__name__
                raise ValueError(f"{name}_file={path} cannot be read: {why}") from None
        return values


def reveal(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None
