"""
A gateway with one account on each platform, the platforms emulated on real sockets; Rasa is the small fake.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from emulators.messenger.platform import MessengerPlatform
from emulators.messenger.signing import encode, signatures
from emulators.telegram.platform import TelegramPlatform
from emulators.zalo.platform import ZaloPlatform
from emulators.zalo.webhook import sign
from tests.bot.gateway import Gateway
from tests.fakes.rasa import Rasa
from tests.fakes.serving import Serving
from tests.fakes.wards import Neighbours

WARD = "hoa-binh"
OA, PAGE, BOT = "2810000000000000001", "1070000000000001", "7000000001"
APP_ZALO, APP_META = "3600000000000000001", "1000000000000001"
BOT_TOKEN = f"{BOT}:AAEexample_example_example_example_01"
# Invented, and the same everywhere: the platforms' and ours.
SECRETS = {"zalo": "zalo-app-secret", "oa": "zalo-oa-secret", "meta": "meta-app-secret", "page": "page-token",
           "verify": "verify-word", "telegram": "telegram-secret-token-of-32-chars"}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """
    One event as its platform sends it: path, body and headers, and the number that its answer must repeat.
    """

    channel: str
    user: str
    number: int
    path: str
    raw: bytes
    headers: dict[str, str]


class Harbour:
    """
    `with Harbour(folder) as harbour: …`; emulators in threads of this process, the gateway a process of its own.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time, speed: float = 1.0, **settings: str):
        self.folder, self._clock = folder, clock
        self.rasa, self.neighbours = Rasa(), Neighbours()
        self.zalo = ZaloPlatform(clock=clock, speed=speed)
        self.messenger = MessengerPlatform(clock=clock, speed=speed)
        self.telegram = TelegramPlatform(clock=clock, speed=speed, local=True)
        self.servers = {
            name: Serving(app)
            for name, app in (
                ("rasa", self.rasa.app),
                ("neighbours", self.neighbours.app),
                ("zalo", self.zalo.app),
                ("messenger", self.messenger.app),
                ("telegram", self.telegram.app),
            )
        }
        self.settings = settings
        self.gateway = self.another_gateway(folder)
        hook = f"{self.gateway.url}/hook"
        self.zalo.add_account(
            OA, app_id=APP_ZALO, app_secret=SECRETS["zalo"], oa_secret=SECRETS["oa"], webhook_url=f"{hook}/zalo"
        )
        self.grant = self.zalo.grant(OA)
        self.messenger.add_account(
            PAGE, token=SECRETS["page"], app_secret=SECRETS["meta"], webhook_url=f"{hook}/messenger",
            verify_token=SECRETS["verify"], app_id=APP_META,
        )  # fmt: skip
        self.telegram.add_account(BOT_TOKEN, webhook_url=f"{hook}/telegram/{BOT}", secret_token=SECRETS["telegram"])
        # An hour ago: platforms take answers to what is recent, and no event may come from the future.
        self._ms = int((clock() - 3600) * 1000)
        self._updates = 5000

    def another_gateway(self, folder: Path, **settings: str) -> Gateway:
        """
        Make a gateway that serves the same accounts: a second worker, on PostgreSQL.
        """
        folder.mkdir(parents=True, exist_ok=True)
        accounts = folder / "accounts.yml"
        merged = {"BOT_BURST_SECONDS": "0", **self.settings, **settings, "BOT_ACCOUNTS_FILE": str(accounts)}
        return Gateway(folder, self.servers["rasa"].url, self.servers["neighbours"].url, **merged)

    def accounts(self) -> dict[str, list[dict[str, Any]]]:
        urls = {name: self.servers[name].url for name in ("zalo", "messenger", "telegram")}
        return {
            "zalo": [
                {"id": OA, "ward": WARD, "app_id": APP_ZALO, "app_secret": SECRETS["zalo"], "oa_secret": SECRETS["oa"],
                 "access_token": self.grant.access_token, "refresh_token": self.grant.refresh_token,
                 "api_url": urls["zalo"], "oauth_url": urls["zalo"]}
            ],
            "messenger": [
                {"id": PAGE, "ward": WARD, "app_id": APP_META, "app_secret": SECRETS["meta"],
                 "page_token": SECRETS["page"], "verify_token": SECRETS["verify"], "graph_url": urls["messenger"]}
            ],
            "telegram": [
                {"id": BOT, "ward": WARD, "token": BOT_TOKEN, "secret_token": SECRETS["telegram"],
                 "api_url": urls["telegram"]}
            ],
        }  # fmt: skip

    def write_accounts(self, folder: Path) -> None:
        (folder / "accounts.yml").write_text(yaml.safe_dump(self.accounts()), "utf-8")

    def __enter__(self) -> Harbour:
        for server in self.servers.values():
            server.start()
        self.write_accounts(self.folder)
        self.gateway.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gateway.stop()
        for server in self.servers.values():
            server.stop()

    # Events, signed as their platforms do

    def text(self, channel: str, user: str, number: int, text: str) -> Event:
        """
        Make the event of a citizen's text. Every event of a harbour is later than the one before.
        """
        self._ms += 7
        make = {"zalo": self._zalo, "messenger": self._messenger, "telegram": self._telegram}[channel]
        path, raw, headers = make(user, text)
        return Event(channel, user, number, path, raw, {"Content-Type": "application/json", **headers})

    def _zalo(self, user: str, text: str) -> tuple[str, bytes, dict[str, str]]:
        stamp = str(self._ms)
        body = {
            "app_id": APP_ZALO, "sender": {"id": user}, "recipient": {"id": OA}, "user_id_by_app": f"9{user}",
            "event_name": "user_send_text", "message": {"text": text, "msg_id": f"m{self._ms}"}, "timestamp": stamp,
        }  # fmt: skip
        raw = json.dumps(body, ensure_ascii=False).encode()
        return "/hook/zalo", raw, {"X-ZEvent-Signature": f"mac={sign(APP_ZALO, raw, stamp, SECRETS['oa'])}"}

    def _messenger(self, user: str, text: str) -> tuple[str, bytes, dict[str, str]]:
        element = {
            "sender": {"id": user}, "recipient": {"id": PAGE}, "timestamp": self._ms,
            "message": {"mid": f"m_{self._ms}", "text": text},
        }  # fmt: skip
        raw = encode({"object": "page", "entry": [{"id": PAGE, "time": self._ms, "messaging": [element]}]})
        return "/hook/messenger", raw, signatures(SECRETS["meta"], raw, "both")

    def _telegram(self, user: str, text: str) -> tuple[str, bytes, dict[str, str]]:
        self._updates += 1
        person = {"id": int(user), "is_bot": False, "first_name": "A"}
        message = {
            "message_id": self._updates, "date": self._ms // 1000, "text": text, "from": person,
            "chat": {"id": int(user), "type": "private", "first_name": "A"},
        }  # fmt: skip
        raw = json.dumps({"update_id": self._updates, "message": message}).encode()
        return f"/hook/telegram/{BOT}", raw, {"X-Telegram-Bot-Api-Secret-Token": SECRETS["telegram"]}

    def make_known(self, channel: str, user: str) -> None:
        """
        Let the platform know that this citizen has written, so that it takes answers to them.
        """
        if channel == "zalo":
            self.zalo.add_user(user, interacted=True)
        elif channel == "messenger":
            self.messenger.thread(user).acted_at = self._clock()
        else:
            self.telegram.add_user(user, started=True)

    def sent(self) -> Iterator[tuple[str, str, str]]:
        """
        Give (channel, user, text) of everything that the platforms took, each platform's in its order.
        """
        for platform in (self.zalo, self.messenger, self.telegram):
            for one in list(platform.sent):
                yield platform.kind, str(one["user"]), str(one["text"] or "")
