"""
Webhook → reply through all four programs, beside the same turns sent straight to Rasa's REST channel.

Both roads are taken in turns, so that whatever else the machine does slows down both. A citizen waits for each answer
before it says the next thing (closed loop), with the event stream open as in the chat page.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from rich.progress import Progress
from rich.table import Table

from bench.report import Result, judged, progress, quantile
from bench.talk import TURNS, WARDS
from tools.citizen import Citizen
from tools.town import Town

LIMIT = 1.5
ALONE_TALKS, TOGETHER, TOGETHER_ROUNDS = 12, 10, 4
RASA_SECONDS = 60

Say = Callable[[str], Awaitable[float]]


@dataclass
class Road:
    """
    One way to get an answer, and what it took: milliseconds of each turn, seconds of all.
    """

    name: str
    took_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def values(self) -> dict[str, float]:
        return {
            "p50_ms": quantile(self.took_ms, 0.5), "p95_ms": quantile(self.took_ms, 0.95),
            "turns_per_second": round(len(self.took_ms) / self.seconds, 1),
        }  # fmt: skip


def measure(town: Town) -> Result:
    return asyncio.run(_measure(town))


async def _measure(town: Town) -> Result:
    table = Table("road", "citizens", "turns", "p50 ms", "p95 ms", "turns/s", "median ratio", title_justify="left")
    values: dict[str, Any] = {}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        with progress() as bar:
            await alone(town, http, bar, talks=2, name="warming up")
            rows = {1: await alone(town, http, bar, talks=ALONE_TALKS, name="1 citizen")}
            rows[TOGETHER] = await together(town, http, bar)
    for citizens, (gateway, rasa) in rows.items():
        ratio = round(gateway.values()["p50_ms"] / rasa.values()["p50_ms"], 3)
        values[str(citizens)] = {"gateway": gateway.values(), "rasa": rasa.values(), "ratio": ratio}
        for road in (rasa, gateway):
            found = road.values()
            table.add_row(
                road.name, str(citizens), str(len(road.took_ms)), f"{found['p50_ms']:.1f}", f"{found['p95_ms']:.1f}",
                f"{found['turns_per_second']:.1f}", judged(ratio, LIMIT) if road is gateway else "",
            )  # fmt: skip
    return Result(table, values)


def roads() -> tuple[Road, Road]:
    return Road("through the gateway"), Road("straight to Rasa")


async def alone(town: Town, http: aiohttp.ClientSession, bar: Progress, *, talks: int, name: str) -> tuple[Road, Road]:
    """
    One citizen: every turn is taken on both roads, now one first, now the other.
    """
    gateway, rasa = roads()
    task = bar.add_task(name, total=2 * talks * len(TURNS))
    for number in range(talks):
        ward = WARDS[number % len(WARDS)]
        async with Citizen(http, town.url, ward) as citizen:
            ways = [(gateway, through_gateway(citizen)), (rasa, straight(town, http, ward))]
            for place, text in enumerate(TURNS):
                for road, say in ways if (number + place) % 2 else reversed(ways):
                    took = await say(text)
                    road.took_ms.append(took * 1000)
                    road.seconds += took
                    bar.advance(task)
    return gateway, rasa


async def together(town: Town, http: aiohttp.ClientSession, bar: Progress) -> tuple[Road, Road]:
    """
    Ten citizens at once: a round on one road, a round on the other.
    """
    gateway, rasa = roads()
    task = bar.add_task(f"{TOGETHER} citizens", total=2 * TOGETHER_ROUNDS * TOGETHER * len(TURNS))

    async def talk(road: Road, say: Say) -> None:
        for text in TURNS:
            road.took_ms.append(await say(text) * 1000)
            bar.advance(task)

    for number in range(TOGETHER_ROUNDS):
        wards = [WARDS[place % len(WARDS)] for place in range(TOGETHER)]
        for road in (gateway, rasa) if number % 2 else (rasa, gateway):
            citizens = [Citizen(http, town.url, ward) for ward in wards] if road is gateway else []
            says = [through_gateway(one) for one in citizens] or [straight(town, http, ward) for ward in wards]
            for citizen in citizens:
                await citizen.__aenter__()
            began = time.perf_counter()
            await asyncio.gather(*(talk(road, say) for say in says))
            road.seconds += time.perf_counter() - began
            for citizen in citizens:
                await citizen.__aexit__(None, None, None)
    return gateway, rasa


def through_gateway(citizen: Citizen) -> Say:
    async def say(text: str) -> float:
        began = time.perf_counter()
        await citizen.ask(text)
        return time.perf_counter() - began

    return say


def straight(town: Town, http: aiohttp.ClientSession, ward: str) -> Say:
    """
    Return a new conversation with Rasa itself, with the metadata that the gateway would send.
    """
    sender = secrets.token_hex(16)
    timeout = aiohttp.ClientTimeout(total=RASA_SECONDS)

    async def say(text: str) -> float:
        metadata = {"ward": ward, "channel": "web", "message_id": secrets.token_hex(8)}
        body = {"sender": sender, "message": text, "metadata": metadata}
        began = time.perf_counter()
        async with http.post(f"{town.rasa_url}/webhooks/rest/webhook", json=body, timeout=timeout) as response:
            items = await response.json()
        if not items or items[-1].get("custom", {}).get("kind") != "turn":
            raise ValueError(f"Rasa gave no turn for {text!r}: HTTP {response.status}")
        return time.perf_counter() - began

    return say
