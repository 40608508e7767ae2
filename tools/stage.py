"""
What a rehearsal needs besides the four programs: three emulated platforms, the page with their phones, and one account
of the ward on each platform, with secrets made up for this rehearsal only.
"""

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.programs import Program

OA_ID, APP_ID = "2810000000000000001", "3600000000000000001"
PAGE_ID, META_APP_ID = "100000000000001", "1000000000000001"
BOT_ID, CHANNEL = "7000000001", "@kenh_dien_tap"
KINDS = ("zalo", "messenger", "telegram")
# After the gateway, Rasa, the actions and the librarian.
FIRST, PHONES = 4, 7


@dataclass(frozen=True)
class Stage:
    """
    `accounts` is what the accounts file holds; `programs` are started beside the four.
    """

    accounts: dict[str, list[dict[str, str]]]
    programs: list[Program]
    address: str


def build(root: Path, port: int, ward: str, name: str) -> Stage:
    """
    Args:
        port: Of the gateway; the emulators and the page take the fifth to the eighth from there.
        ward: Its slug; name: as it stands in a sentence ("phường Mẫu").
    """
    ports = {kind: port + FIRST + place for place, kind in enumerate(KINDS)}
    urls = {kind: f"http://127.0.0.1:{number}" for kind, number in ports.items()}
    hooks = {kind: f"http://127.0.0.1:{port}/hook/{kind}" for kind in KINDS}
    label = f"UBND {name}"
    zalo = {name: secrets.token_hex(20) for name in ("app_secret", "oa_secret", "access_token", "refresh_token")}
    meta = {name: secrets.token_hex(20) for name in ("app_secret", "page_token", "verify_token")}
    token, secret_token = f"{BOT_ID}:{secrets.token_hex(17)}", secrets.token_hex(16)
    accounts = {
        "zalo": [{"id": OA_ID, "ward": ward, "name": label, "app_id": APP_ID, **zalo,
                  "api_url": urls["zalo"], "oauth_url": urls["zalo"],
                  "article_cover": f"http://127.0.0.1:{port}/icon.svg"}],
        "messenger": [{"id": PAGE_ID, "ward": ward, "name": label, "app_id": META_APP_ID, **meta,
                       "graph_url": urls["messenger"]}],
        "telegram": [{"id": BOT_ID, "ward": ward, "name": label, "token": token, "secret_token": secret_token,
                      "api_url": urls["telegram"], "webhook_url": hooks["telegram"], "public_channel": CHANNEL}],
    }  # fmt: skip
    flags = {
        "zalo": ("--oa", OA_ID, "--app-id", APP_ID),
        "messenger": ("--page", PAGE_ID, "--app-id", META_APP_ID),
        # One connection, as the account says: updates then come in order.
        "telegram": ("--token", token, "--secret", secret_token, "--connections", "1", "--channel", CHANNEL),
    }
    settings = {
        "zalo": _environment("ZALO", zalo),
        "messenger": _environment("MESSENGER", meta),
        "telegram": {},
    }
    programs = [
        _program(
            kind,
            ("--webhook", hooks[kind], "--name", label, *flags[kind]),
            settings[kind],
            ports[kind],
            "/_phone/",
            root,
        )
        for kind in KINDS
    ]
    chat = f"http://localhost:{port}/{ward}"
    phones = [part for kind in KINDS for part in ("--phone", f"{kind}=http://localhost:{ports[kind]}/_phone/")]
    programs.append(_program("phone", ("--ward", name, "--chat", chat, *phones), {}, port + PHONES, "/", root))
    return Stage(accounts, programs, f"http://localhost:{port + PHONES}")


def _environment(prefix: str, values: dict[str, Any]) -> dict[str, str]:
    return {f"{prefix}_{name.upper()}": str(value) for name, value in values.items()}


def _program(
    kind: str, arguments: tuple[str, ...], environment: dict[str, str], port: int, health: str, root: Path
) -> Program:
    command = (sys.executable, "-m", f"emulators.{kind}", "--port", str(port), *arguments)
    given = {"PYTHONUNBUFFERED": "1", **environment}
    return Program(kind, command, given, port, f"http://127.0.0.1:{port}{health}", root)
