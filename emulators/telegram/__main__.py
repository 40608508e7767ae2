"""
Serve an emulated Telegram, with its phone page at /_phone/.

    python -m emulators.telegram --port 8086 --token 7000000001:AAExampleExampleExampleExample \
        --webhook http://127.0.0.1:8080/hook/telegram/7000000001 --secret a-long-random-word
"""

from __future__ import annotations

import argparse

from aiohttp import web

from emulators.telegram.platform import TelegramPlatform

FIRST_CHANNEL = -1001000000001


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8086)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", required=True, help="of the bot: its id, a colon, anything")
    parser.add_argument("--webhook", default="", help="where updates go; without it the bot polls, or sets its own")
    parser.add_argument("--secret", default="", help="secret_token that goes with each update")
    parser.add_argument("--name", default="Trợ lý Một cửa", help="what people see")
    parser.add_argument("--username", default="tro_ly_mot_cua_bot")
    parser.add_argument("--channel", default="", help="@name of a channel in which the bot may post")
    parser.add_argument("--connections", type=int, default=40, help="max_connections (%(default)s)")
    parser.add_argument("--speed", type=float, default=1.0, help="divides waits between attempts (%(default)s)")
    parser.add_argument("--official", action="store_true", help="setWebhook takes only https on 443, 80, 88 and 8443")
    options = parser.parse_args()
    platform = TelegramPlatform(speed=options.speed, local=not options.official)
    platform.add_account(
        options.token,
        username=options.username,
        name=options.name,
        webhook_url=options.webhook,
        secret_token=options.secret,
        max_connections=options.connections,
    )
    platform.add_user()
    if options.channel:
        platform.add_chat(
            FIRST_CHANNEL, "channel", title=f"Kênh {options.name}", username=options.channel.removeprefix("@")
        )
    print(f"Telegram: http://{options.host}:{options.port} — phone: http://{options.host}:{options.port}/_phone/")
    web.run_app(platform.app(), host=options.host, port=options.port, access_log=None, print=lambda _line: None)


if __name__ == "__main__":
    main()
