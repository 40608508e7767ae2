"""
`python -m emulators.zalo`: Zalo on this machine, with a phone under /_phone/. `--help` says the rest.
"""

from __future__ import annotations

import argparse
import os

from aiohttp import web

from emulators.zalo.platform import APP_ID, ZaloPlatform

OA_ID = "2810000000000000001"


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m emulators.zalo", description="Play Zalo on this machine.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9301, help="of OAuth, OpenAPI and ZBS alike (default 9301)")
    parser.add_argument("--webhook", metavar="URL", help="where events go, e.g. http://127.0.0.1:8080/hook/zalo")
    parser.add_argument("--oa", action="append", metavar="ID", help=f"an Official Account; repeat (default {OA_ID})")
    parser.add_argument("--name", action="append", default=[], help="its name; in the order of --oa")
    parser.add_argument("--app-id", default=APP_ID)
    parser.add_argument("--users", type=int, default=1, help="how many citizens each account begins with (default 1)")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster redeliveries come (default 1)")
    parser.add_argument("--wallet", choices=("none", "empty", "funded"), default="none")
    parser.epilog = (
        "Secrets are read from ZALO_APP_SECRET, ZALO_OA_SECRET, ZALO_ACCESS_TOKEN and ZALO_REFRESH_TOKEN (of the first "
        "account); without them they are made up and printed, as the developer console would show them."
    )
    return parser


def build(given: argparse.Namespace) -> tuple[ZaloPlatform, list[str]]:
    """
    Return the platform and what the console shows about its accounts, one line each.
    """
    platform = ZaloPlatform(speed=given.speed)
    lines = []
    environment = os.environ
    for place, id in enumerate(given.oa or [OA_ID]):
        account = platform.add_account(
            id,
            name=given.name[place] if place < len(given.name) else "",
            app_id=given.app_id,
            app_secret=environment.get("ZALO_APP_SECRET"),
            oa_secret=environment.get("ZALO_OA_SECRET"),
            webhook_url=given.webhook,
            wallet=given.wallet,
        )
        first = place == 0
        grant = platform.grant(
            id,
            access_token=environment.get("ZALO_ACCESS_TOKEN") if first else None,
            refresh_token=environment.get("ZALO_REFRESH_TOKEN") if first else None,
        )
        app = platform.apps[account.app_id]
        lines.append(f"OA {id} app_id={app.id} app_secret={app.secret} oa_secret={app.oa_secret}")
        lines.append(f"OA {id} access_token={grant.access_token} refresh_token={grant.refresh_token}")
        for _ in range(given.users):
            platform.add_user(account=id)
    return platform, lines


def main() -> None:
    given = options().parse_args()
    platform, lines = build(given)
    print(*lines, f"Phone: http://{given.host}:{given.port}/_phone/", sep="\n", flush=True)
    web.run_app(platform.app(), host=given.host, port=given.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
