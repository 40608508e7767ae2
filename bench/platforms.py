"""
Sustained turns a second through Zalo, beside the same turns sent straight to Rasa's REST channel.

Zalo is the emulator: signed webhook → gateway → Rasa → actions → knowledge → send to the emulator, which echoes the
message to the webhook as Zalo does. Citizens wait for each answer before they write again (closed loop). A round on one
road, a round on the other, so that whatever else the machine does slows down both; the ratio is the median of the
rounds side by side.
"""

import asyncio
import secrets
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from rich.progress import Progress
from rich.table import Table

from bench.report import Result, judged, progress, quantile
from bench.stage import OTHERS, WALL, Stage
from bench.talk import TURNS, WARDS
from bot import wording
from bot.channels.zalo import render
from bot.dialogue import parse
from tools.town import Town, get

FLOOR = 0.8
ROUNDS = 6
# Citizens at once → conversations of each in a round.
TALKS = {10: 2, 30: 1}
RASA_SECONDS = 60

# Ward → the bubbles of each turn's answer, as Zalo shows them.
Answers = dict[str, list[tuple[str, ...]]]


class Rounds:
    """
    What the rounds on one road took; `cpu` is seconds by program.
    """

    def __init__(self, name: str):
        self.name = name
        self.took_ms: list[float] = []
        self.per_second: list[float] = []
        self.cpu: defaultdict[str, float] = defaultdict(float)

    def add(self, took_ms: Sequence[float], seconds: float, before: dict[str, float], after: dict[str, float]) -> None:
        self.took_ms += took_ms
        self.per_second.append(len(took_ms) / seconds)
        for name in after:
            self.cpu[name] += after[name] - before[name]

    def values(self) -> dict[str, Any]:
        cpu = {
            name: round(seconds * 1000 / len(self.took_ms), 1)
            for name, seconds in self.cpu.items()
            if name not in (OTHERS, WALL)
        }
        return {
            "turns": len(self.took_ms), "turns_per_second": round(statistics.median(self.per_second), 1),
            "rounds": [round(one, 1) for one in self.per_second],
            "p50_ms": quantile(self.took_ms, 0.5), "p95_ms": quantile(self.took_ms, 0.95),
            "cpu_ms_per_turn": cpu, "cores_of_others": round(self.cpu[OTHERS] / self.cpu[WALL], 2),
        }  # fmt: skip


def measure(_: Town) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        with progress() as bar:
            waiting = bar.add_task("starting the four programs and Zalo", total=None)
            with stage.open():
                bar.remove_task(waiting)
                return asyncio.run(_measure(stage, bar))


async def _measure(stage: Stage, bar: Progress) -> Result:
    limit = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=limit) as http:
        answers = await learned(stage, http)
        first = await zalo(stage, http, answers, Rounds(""), citizens=min(TALKS), talks=1)
        faults = [f"warming up: {fault}" for fault in first]
        rows = {}
        for citizens, talks in TALKS.items():
            rasa, through = Rounds("straight to Rasa"), Rounds("through Zalo")
            task = bar.add_task(f"{citizens} citizens", total=2 * ROUNDS)
            for number in range(ROUNDS):
                for road in (through, rasa) if number % 2 else (rasa, through):
                    if road is rasa:
                        await straight(stage, http, road, citizens=citizens, talks=talks)
                    else:
                        found = await zalo(stage, http, answers, road, citizens=citizens, talks=talks)
                        faults += [f"{citizens} citizens, round {number + 1}: {fault}" for fault in found]
                    bar.advance(task)
            rows[citizens] = (rasa, through)
    return shown(rows, faults)


def shown(rows: dict[int, tuple[Rounds, Rounds]], faults: list[str]) -> Result:
    columns = ("citizens", "turns", "turns/s", "p50 ms", "p95 ms", "gateway CPU", "cores of others", "median ratio")
    table = Table("road", *columns, title_justify="left")
    values: dict[str, Any] = {}
    for citizens, (rasa, through) in rows.items():
        ratios = [mine / theirs for mine, theirs in zip(through.per_second, rasa.per_second, strict=True)]
        ratio = round(statistics.median(ratios), 3)
        values[str(citizens)] = {"rasa": rasa.values(), "zalo": through.values(), "ratio": ratio,
                                 "ratios": [round(one, 3) for one in ratios]}  # fmt: skip
        for road in (rasa, through):
            found = road.values()
            table.add_row(
                road.name, str(citizens), str(found["turns"]), f"{found['turns_per_second']:.1f}",
                f"{found['p50_ms']:.0f}", f"{found['p95_ms']:.0f}", f"{found['cpu_ms_per_turn']['bot']:.1f} ms",
                f"{found['cores_of_others']:.2f}", judged(ratio, at_least=FLOOR) if road is through else "",
            )  # fmt: skip
    table.caption = f"lost, doubled, out of order: [{'red' if faults else 'green'}]{len(faults)}[/]"
    return Result(table, values | {"faults": len(faults)}, faults)


async def learned(stage: Stage, http: aiohttp.ClientSession) -> Answers:
    """
    Ask Rasa everything once, in every ward: what a citizen must hear on Zalo, bubble by bubble.
    """
    wards = orjson.loads(get(f"{stage.town.knowledge_url}/wards") or b"{}")["wards"]
    names = {one["slug"]: one["name"] for one in wards}
    answers: Answers = {}
    for ward in WARDS:
        sender, found = secrets.token_hex(16), []
        for text in TURNS:
            replies = parse(await say(stage, http, sender, ward, text)).replies
            found.append(tuple(part.text for reply in replies for part in render.parts(reply)))
        answers[ward] = [(wording.notice(names[ward]), *found[0]), *found[1:]]
    return answers


async def straight(stage: Stage, http: aiohttp.ClientSession, road: Rounds, *, citizens: int, talks: int) -> None:
    took_ms: list[float] = []

    async def live(ward: str) -> None:
        for _ in range(talks):
            sender = secrets.token_hex(16)
            for text in TURNS:
                began = time.perf_counter()
                parse(await say(stage, http, sender, ward, text))
                took_ms.append((time.perf_counter() - began) * 1000)

    before, began = stage.cpu(), time.perf_counter()
    await asyncio.gather(*(live(WARDS[place % len(WARDS)]) for place in range(citizens)))
    seconds = time.perf_counter() - began
    road.add(took_ms, seconds, before, stage.cpu())


async def say(stage: Stage, http: aiohttp.ClientSession, sender: str, ward: str, text: str) -> Any:
    """
    Return Rasa's reply items, with the metadata that the gateway would send.
    """
    metadata = {"ward": ward, "channel": "zalo", "message_id": secrets.token_hex(8)}
    body = {"sender": sender, "message": text, "metadata": metadata}
    timeout = aiohttp.ClientTimeout(total=RASA_SECONDS)
    async with http.post(f"{stage.town.rasa_url}/webhooks/rest/webhook", json=body, timeout=timeout) as response:
        return await response.json()


async def zalo(
    stage: Stage, http: aiohttp.ClientSession, answers: Answers, road: Rounds, *, citizens: int, talks: int
) -> list[str]:
    """
    Let citizens talk on Zalo; return what is wrong with what they heard.
    """
    accounts = {ward: one["id"] for ward, one in stage.accounts.items()}
    turns = {ward: [[text, len(found)] for text, found in zip(TURNS, answers[ward], strict=True)] for ward in WARDS}
    wards = [WARDS[place % len(WARDS)] for place in range(citizens)]
    people = [{"account": accounts[ward], "talks": talks, "turns": turns[ward]} for ward in wards]
    before = stage.cpu()
    async with http.post(f"{stage.control}/talk", data=orjson.dumps({"citizens": people})) as response:
        told = orjson.loads(await response.read())
    road.add(told["took_ms"], told["seconds"], before, stage.cpu())
    found = [f"{told['repeated']} events were not answered 200 in time"] if told["repeated"] else []
    expected = {accounts[ward]: [text for texts in answers[ward] for text in texts] for ward in WARDS}
    for place, one in enumerate(told["heard"]):
        found += [f"conversation {place}: {fault}" for fault in faults(one["texts"], expected[one["account"]])]
    return found


def faults(heard: Sequence[str], expected: Sequence[str]) -> list[str]:
    """
    Compare what a citizen heard in one conversation with what was to be said.
    """
    missing, unasked = Counter(expected) - Counter(heard), Counter(heard) - Counter(expected)
    doubled = sum(count for text, count in unasked.items() if text in expected)
    wrong = []
    if missing:
        wrong.append(f"{missing.total()} of {len(expected)} messages did not come")
    if doubled:
        wrong.append(f"{doubled} messages came twice")
    if unasked.total() > doubled:
        wrong.append(f"{unasked.total() - doubled} messages that Rasa did not say")
    if not missing and not unasked and list(heard) != list(expected):
        wrong.append("messages are not in the order of the questions")
    return wrong
