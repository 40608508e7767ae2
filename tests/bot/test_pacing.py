from __future__ import annotations

import asyncio
from collections import Counter

from bot.delivery.pacing import RESERVED_FOR_REPLIES, Pace, Pacer


class Clock:
    """
    Time that passes when somebody waits for it, for all that wait at once.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        self._sleeping.append((self.now + seconds, self._count, future))
        await future

    async def run_until(self, end: float) -> None:
        while True:
            for _ in range(50):
                await asyncio.sleep(0)
            if not self._sleeping or min(self._sleeping)[0] > end:
                self.now = end
                return
            self._sleeping.sort(key=lambda one: one[:2])
            self.now, _, future = self._sleeping.pop(0)
            future.set_result(None)


def pacer(clock: Clock, *, per_citizen: Pace | None = None) -> Pacer:
    citizens = {"zalo": per_citizen} if per_citizen else {}
    return Pacer({"zalo": Pace(10, 10)}, citizens, clock=clock, pause=clock.pause)


async def test_an_account_sends_no_faster_than_its_pace() -> None:
    clock, sent = Clock(), []
    paced = pacer(clock)

    async def send(number: int) -> None:
        await paced.let_pass("zalo", f"oa/{number}")
        sent.append(clock.now)

    tasks = [asyncio.create_task(send(number)) for number in range(60)]
    await clock.run_until(3.0)

    assert sum(at == 0 for at in sent) == 10
    assert 38 <= len(sent) <= 41
    for task in tasks:
        task.cancel()


async def test_accounts_do_not_slow_down_each_other() -> None:
    clock, paced = Clock(), None
    paced = pacer(clock)
    for _ in range(10):
        await paced.let_pass("zalo", "busy/u")

    await asyncio.wait_for(paced.let_pass("zalo", "idle/u"), 1)

    assert clock.now == 0


async def test_one_citizen_gets_one_message_a_second_after_a_burst() -> None:
    clock, sent = Clock(), []
    paced = pacer(clock, per_citizen=Pace(1, 2))

    async def send() -> None:
        await paced.let_pass("zalo", "oa/u")
        sent.append(clock.now)

    tasks = [asyncio.create_task(send()) for _ in range(5)]
    await clock.run_until(10)

    assert [round(at, 3) for at in sent] == [0, 0, 1, 2, 3]
    await asyncio.gather(*tasks)


async def test_replies_go_before_announcements() -> None:
    clock = Clock()
    paced = pacer(clock)
    sent: Counter[str] = Counter()
    reply_waited: list[float] = []

    async def announce(number: int) -> None:
        await paced.let_pass("zalo", f"oa/a{number}", announcement=True)
        sent["announcement"] += 1

    async def reply(number: int) -> None:
        began = clock.now
        await paced.let_pass("zalo", f"oa/r{number}")
        reply_waited.append(clock.now - began)
        sent["reply"] += 1

    announcing = [asyncio.create_task(announce(number)) for number in range(500)]
    for second in range(20):
        await clock.run_until(float(second))
        asking = [asyncio.create_task(reply(10 * second + number)) for number in range(2)]
        await clock.run_until(second + 0.9)
        assert all(one.done() for one in asking)

    assert max(reply_waited) <= 0.2
    assert sent["announcement"] <= 20 * 10 * (1 - RESERVED_FOR_REPLIES) + 2
    for task in announcing:
        task.cancel()
