"""
Messenger and its citizens, in a process of their own: what they cost is not counted as the gateway's.

    python -m bench.mailroom PORT PEOPLE UNLIMITED     started by announcements.py, ended by it

GET /counts on the next port tells what arrived.
"""

import asyncio
import sys
import time
from collections import Counter

from aiohttp import web

from emulators.messenger.platform import MessengerPlatform

HOST = "127.0.0.1"
PAGE, TOKEN, SECRET, APP = "1070000000000001", "page-token", "meta-app-secret", "1000000000000001"
FIRST_USER = 7_100_000_000_000_001


def users(people: int) -> list[str]:
    return [str(FIRST_USER + number) for number in range(people)]


def worst_second(times: list[float]) -> int:
    """
    Return the most messages in any second, wherever it begins; times in their order.
    """
    most, first = 0, 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


class Mailroom:
    def __init__(self, people: int, *, unlimited: bool):
        self.platform = MessengerPlatform()
        # No webhooks: what citizens do with the messages is another measurement.
        self.platform.add_account(PAGE, token=TOKEN, app_secret=SECRET, webhook_url="", app_id=APP, fields=())
        self.platform.weather.quota_per_person = 0
        if unlimited:
            self.platform.weather.per_second = 0
        for user in users(people):
            self.platform.thread(user).acted_at = time.time()

    async def counts(self, _request: web.Request) -> web.Response:
        """
        {"sent", "people", "twice": people who got it more than once, "worst_second"}, and everything is forgotten.
        """
        taken = list(self.platform.sent)
        self.platform.sent.clear()
        got = Counter(str(one["user"]) for one in taken)
        told = {"sent": len(taken), "people": len(got), "twice": sum(count > 1 for count in got.values()),
                "worst_second": worst_second(sorted(one["at"] for one in taken)),
                "refused": len(self.platform.refused)}  # fmt: skip
        return web.json_response(told)


async def serve(port: int, people: int, *, unlimited: bool) -> None:
    room = Mailroom(people, unlimited=unlimited)
    control = web.Application()
    control.router.add_get("/counts", room.counts)
    for place, app in enumerate((room.platform.app(), control)):
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, HOST, port + place).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), unlimited=sys.argv[3] == "unlimited"))
