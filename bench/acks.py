"""
A hundred messages a second while Rasa is stopped; then Rasa comes back.

The clock of an acknowledgement starts when the message was due, not when we got round to sending it: so a gateway that
holds up its visitors cannot look fast.
"""

import asyncio
import time
from typing import Any

from rich.table import Table

from bench.report import Result, judged, progress, quantile
from tools.crowd import Crowd
from tools.town import Town

PER_SECOND, SECONDS, CITIZENS = 100, 20, 400
ANSWERED_WITHIN_SECONDS = 600.0
LIMIT_MS = 1000.0  # a platform's webhook may wait for seconds; a person at the chat should not notice


def measure(town: Town) -> Result:
    return asyncio.run(_measure(town))


async def _measure(town: Town) -> Result:
    total = PER_SECOND * SECONDS
    took_ms: list[float] = []
    async with Crowd(town.url, citizens=CITIZENS) as crowd:
        with progress() as bar:
            town.kill("rasa")
            task = bar.add_task("acknowledged without Rasa", total=total)

            async def say(number: int, due: float) -> None:
                await crowd.say_one(number)
                took_ms.append((time.perf_counter() - due) * 1000)
                bar.advance(task)

            await at_a_steady_pace(say, total)
            acknowledged, answered_meanwhile = crowd.acknowledged, crowd.answered
            values, faults = await _drain(town, crowd, bar)
    if acknowledged != total:
        faults.append(f"{total} messages sent, {acknowledged} acknowledged")
    if answered_meanwhile:
        faults.append(f"{answered_meanwhile} answers although Rasa was stopped")
    p50, p99 = quantile(took_ms, 0.5), quantile(took_ms, 0.99)
    values = {
        "messages": total, "per_second": PER_SECOND, "conversations": CITIZENS, "acknowledged": acknowledged,
        "ack_p50_ms": p50, "ack_p99_ms": p99, "ack_max_ms": round(max(took_ms), 1), **values, "faults": len(faults),
    }  # fmt: skip
    table = Table(f"acknowledged at {PER_SECOND}/s while Rasa is stopped", "", title_justify="left")
    table.add_row("messages acknowledged", f"{acknowledged} of {total}, {CITIZENS} conversations")
    table.add_row("acknowledgement p50", f"{p50:.1f} ms")
    table.add_row("acknowledgement p99", judged(p99, LIMIT_MS, unit=" ms"))
    table.add_row("Rasa healthy again after", f"{values['rasa_start_seconds']:.1f} s")
    table.add_row(
        "all answered after that", f"{values['drain_seconds']:.1f} s ({values['drain_per_second']:.1f} turns/s)"
    )
    table.add_row("lost, doubled, out of order", f"[green]{len(faults)}[/]" if not faults else f"[red]{len(faults)}[/]")
    return Result(table, values, faults)


async def at_a_steady_pace(say: Any, total: int) -> None:
    """
    Start one message every hundredth of a second, whether the ones before are acknowledged or not.
    """
    began, tasks = time.perf_counter() + 0.1, []
    for number in range(total):
        due = began + number / PER_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(say(number % CITIZENS, due)))
    await asyncio.gather(*tasks)


async def _drain(town: Town, crowd: Crowd, bar: Any) -> tuple[dict[str, float], list[str]]:
    """
    Start Rasa, wait until everything is answered, and read every conversation again.
    """
    total = crowd.acknowledged
    task = bar.add_task("answered with Rasa back", total=total)
    began = time.perf_counter()
    await asyncio.to_thread(town.start, "rasa")
    healthy = time.perf_counter()
    while crowd.answered < total and time.perf_counter() - began < ANSWERED_WITHIN_SECONDS:
        bar.update(task, completed=crowd.answered)
        await asyncio.sleep(0.1)
    drain = time.perf_counter() - healthy
    values = {
        "rasa_start_seconds": round(healthy - began, 1), "drain_seconds": round(drain, 1),
        "drain_per_second": round(total / drain, 1),
    }  # fmt: skip
    return values, await crowd.faults()
