"""
`python -m emulators.messenger`: Messenger on this machine, with a phone under /_phone/. `--help` says the rest.
"""

from __future__ import annotations

import argparse
import os
import secrets

from aiohttp import web

from emulators.messenger.platform import MessengerPlatform

PAGE_ID, APP_ID = "100000000000001", "1000000000000001"


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m emulators.messenger", description="Play Messenger on this machine."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9302, help="of the Graph API (default 9302)")
    parser.add_argument("--webhook", metavar="URL", required=True, help="e.g. http://127.0.0.1:8080/hook/messenger")
    parser.add_argument("--page", action="append", metavar="ID", help=f"a Page; repeat (default {PAGE_ID})")
    parser.add_argument("--name", action="append", default=[], help="its name; in the order of --page")
    parser.add_argument("--app-id", default=APP_ID)
    parser.add_argument("--users", type=int, default=1, help="how many citizens each Page begins with (default 1)")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster redeliveries come (default 1)")
    parser.epilog = (
        "Secrets are read from MESSENGER_APP_SECRET, MESSENGER_VERIFY_TOKEN and MESSENGER_PAGE_TOKEN (of the first Page); "
        "without them they are made up and printed, as the developer console would show them."
    )
    return parser


def build(given: argparse.Namespace) -> tuple[MessengerPlatform, list[str]]:
    """
    Return the platform and what the console shows about its Pages, one line each.
    """
    platform = MessengerPlatform(speed=given.speed)
    app_secret = os.environ.get("MESSENGER_APP_SECRET") or secrets.token_hex(16)
    verify_token = os.environ.get("MESSENGER_VERIFY_TOKEN") or secrets.token_hex(8)
    lines = [f"App {given.app_id} app_secret={app_secret} verify_token={verify_token}"]
    for place, page_id in enumerate(given.page or [PAGE_ID]):
        first_token = os.environ.get("MESSENGER_PAGE_TOKEN") if place == 0 else None
        page = platform.add_account(
            page_id,
            token=first_token or f"EAAG{secrets.token_hex(24)}",
            app_secret=app_secret,
            verify_token=verify_token,
            webhook_url=given.webhook,
            app_id=given.app_id,
            name=given.name[place] if place < len(given.name) else "",
        )
        lines.append(f"Page {page.id} page_token={page.token}")
        for _ in range(given.users):
            platform.add_user(page=page_id)
    return platform, lines


def main() -> None:
    given = options().parse_args()
    platform, lines = build(given)
    print(*lines, f"Phone: http://{given.host}:{given.port}/_phone/", sep="\n", flush=True)
    web.run_app(platform.app(), host=given.host, port=given.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
