"""
Memory of the four programs after a hundred questions.
"""

import asyncio

import aiohttp
import psutil  # type: ignore[import-untyped]
from rich.table import Table

from bench.report import Result, judged, progress
from bench.talk import TURNS, WARDS
from tools.citizen import Citizen
from tools.town import Town

QUESTIONS = 100
LIMIT_MB = 1500.0


def measure(town: Town) -> Result:
    before = {name: resident_mb(town, name) for name in town.programs}
    asyncio.run(ask(town))
    after = {name: resident_mb(town, name) for name in town.programs}
    table = Table(f"memory, {QUESTIONS} questions", "at the start, MB", "after, MB", title_justify="left")
    for name in town.programs:
        table.add_row(name, f"{before[name]:.0f}", f"{after[name]:.0f}")
    total = round(sum(after.values()), 1)
    table.add_row("all four", f"{sum(before.values()):.0f}", judged(total, LIMIT_MB))
    return Result(table, {"questions": QUESTIONS, "start_mb": before, "after_mb": after, "sum_mb": total})


async def ask(town: Town) -> None:
    """
    Ask in conversations of ten turns, in several wards.
    """
    with progress() as bar:
        task = bar.add_task("memory", total=QUESTIONS)
        async with aiohttp.ClientSession() as http:
            for number in range(QUESTIONS // len(TURNS)):
                async with Citizen(http, town.url, WARDS[number % len(WARDS)]) as citizen:
                    for text in TURNS:
                        await citizen.ask(text)
                        bar.advance(task)


def resident_mb(town: Town, name: str) -> float:
    """
    Return the resident memory of a program and of whatever it has started.
    """
    process = psutil.Process(town.pid(name))
    return round(sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6, 1)
