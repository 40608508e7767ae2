"""
Save → live: how long an edited FAQ takes to be answered from, in a collection of 20,000 entries, while citizens go on asking.

Each edit gives one entry a new answer and a question that stood nowhere before; it is live when a citizen who puts that
question gets the new answer, so both the text and the search have taken it in.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil  # type: ignore[import-untyped]
from rich.table import Table

from bench import large_content
from bench.report import Result, judged, progress, quantile
from bench.synthetic import Synthetic
from bench.talk import TURNS, WARDS
from tools.errors import RunError
from tools.town import ROOT, Town, get

ENTRIES = 20_000
EDITED = "common/faqs/tong-hop-0400.yml"  # in the middle: whatever is numbered through moves
PER_SECOND, PROBE_SECONDS, QUIET_SECONDS = 20, 0.1, 3.0
LIVE_LIMIT, SLOWEST_LIMIT_MS = 5.0, 100.0
PATIENCE_SECONDS, START_SECONDS = 300.0, 900.0
HOBBIES = (
    "múa lân sư rồng", "thả diều sáo", "đan len móc", "cờ tướng dưỡng sinh", "trồng bonsai", "khiêu vũ cổ điển", "thổi kèn đồng",
    "nuôi chim chào mào", "vẽ tranh sơn mài", "bơi thuyền thúng",
)  # fmt: skip


@dataclass
class Asked:
    """
    Every request of the citizens: when it was due (monotonic), and its milliseconds from then on.
    """

    due: list[float] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def between(self, begin: float, end: float) -> list[float]:
        return [took for due, took in zip(self.due, self.took_ms, strict=True) if begin <= due <= end]


def measure(_: Town) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        with progress() as bar:
            task = bar.add_task("writing content files", total=None)
            large_content.write(content, ROOT / "knowledge/content", ENTRIES)
            bar.update(task, description="starting on new content", total=None)
            place = Town(Path(folder), {"knowledge": {"KNOWLEDGE_CONTENT": str(content)}})
            try:
                first = start(place)
                bar.update(task, description="editing", total=len(HOBBIES))
                values = asyncio.run(edit(place, content / EDITED, lambda: bar.advance(task)))
                values["memory_mb"] = memory_mb(place)
                place.stop()
                bar.update(task, description="starting again", total=None)
                again = start(place)
            finally:
                place.stop()
    values["start_seconds"] = {"first": first, "again": again}
    return Result(_table(values), values, values.pop("failures"))


def _table(values: dict[str, Any]) -> Table:
    table = Table(f"edit, {ENTRIES:,} entries, {PER_SECOND} questions a second", "", title_justify="left")
    live, quiet, busy = values["live_seconds"], values["quiet_ms"], values["meanwhile_ms"]
    table.add_row("save → live p50", f"{live['p50']:.2f} s")
    table.add_row("save → live p95", judged(live["p95"], LIVE_LIMIT, unit=" s"))
    table.add_row("an answer meanwhile, p50 (else)", f"{busy['p50']:.1f} ms ({quiet['p50']:.1f} ms)")
    table.add_row(
        "an answer meanwhile, p99 (else)",
        judged(busy["p99"], SLOWEST_LIMIT_MS, unit=" ms") + f" ({quiet['p99']:.1f} ms)",
    )
    table.add_row("the slowest answer meanwhile", f"{busy['max']:.1f} ms of {busy['n']}")
    table.add_row("memory at the start, after all edits", f"{values['start_mb']:.0f} MB, {values['memory_mb']:.0f} MB")
    table.add_row("healthy on new content", f"{values['start_seconds']['first']:.1f} s")
    table.add_row("healthy again", f"{values['start_seconds']['again']:.1f} s")
    return table


def start(place: Town) -> float:
    """
    Return the seconds until the knowledge service is healthy.
    """
    began = time.perf_counter()
    place.launch("knowledge")
    while get(f"{place.knowledge_url}/healthz") is None:
        if not place.runs("knowledge") or time.perf_counter() - began > START_SECONDS:
            raise RunError(f"knowledge did not start:\n{place.tail('knowledge')}")
        time.sleep(0.05)
    return round(time.perf_counter() - began, 2)


def memory_mb(place: Town) -> float:
    process = psutil.Process(place.pid("knowledge"))
    return round(sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6, 1)


async def edit(place: Town, path: Path, done: Callable[[], None]) -> dict[str, Any]:
    """
    Ask all the time; first nothing else happens, then the file is edited once for each hobby.
    """
    asked, live, spans, original = Asked(), [], [], path.read_text("utf-8")  # noqa: ASYNC240 - nothing else waits
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as http:
        url = f"{place.knowledge_url}/answer"
        asking = asyncio.create_task(ask_on(http, url, asked))
        try:
            await asyncio.sleep(1)
            start_mb, began = memory_mb(place), time.monotonic()
            await asyncio.sleep(QUIET_SECONDS)
            quiet = asked.between(began, time.monotonic())
            for number, hobby in enumerate(HOBBIES):
                said = f"câu lạc bộ {hobby} sinh hoạt ở đâu"
                answer = f"Lần {number}: câu lạc bộ {hobby} sinh hoạt tại nhà văn hóa."
                began = time.monotonic()
                await asyncio.to_thread(path.write_text, with_entry(original, said, answer), "utf-8")
                await shown(http, url, said, answer, began)
                live.append(time.monotonic() - began)
                spans.append((began, time.monotonic()))
                done()
                await asyncio.sleep(1)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
    busy = [took for begin, end in spans for took in asked.between(begin, end)]
    return {
        "entries": ENTRIES, "live_seconds": {"p50": quantile(live, 0.5), "p95": quantile(live, 0.95), "all": [round(one, 2) for one in live]},
        "quiet_ms": _spread(quiet), "meanwhile_ms": _spread(busy), "start_mb": start_mb, "failures": asked.failures,
    }  # fmt: skip


def with_entry(text: str, said: str, answer: str) -> str:
    """
    Return a file of FAQs with one more at its end.
    """
    return f"{text}- id: faq-cau-lac-bo\n  title: Câu lạc bộ của phường\n  questions:\n  - {said}\n  answer: '{answer}'\n  as_of: '2026-11-20'\n"


def _spread(took: list[float]) -> dict[str, float]:
    return {"n": len(took), "p50": quantile(took, 0.5), "p99": quantile(took, 0.99), "max": quantile(took, 1)}


async def shown(http: aiohttp.ClientSession, url: str, said: str, answer: str, began: float) -> None:
    while time.monotonic() - began < PATIENCE_SECONDS:
        found: dict[str, Any] = {}
        with suppress(TimeoutError):
            async with http.post(url, json={"ward": WARDS[0], "question": said}) as response:
                found = await response.json()
        if any(one["content"].get("answer") == answer for one in found.get("findings", ())):
            return
        await asyncio.sleep(PROBE_SECONDS)
    raise RunError(f"{answer!r} was not answered within {PATIENCE_SECONDS:g} s")


async def ask_on(http: aiohttp.ClientSession, url: str, asked: Asked) -> None:
    """
    Ask PER_SECOND questions a second, whether or not those before were answered (open loop).
    """
    questions = [*TURNS, *Synthetic(ROOT / "knowledge/content").questions(200)]
    under_way: set[asyncio.Task[None]] = set()

    async def one(number: int, due: float) -> None:
        body = {"ward": WARDS[number % len(WARDS)], "question": questions[number % len(questions)]}
        try:
            async with http.post(url, json=body) as response:
                await response.read()
                if response.status != 200:
                    asked.failures.append(f"{body['question']!r}: HTTP {response.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            asked.failures.append(f"{body['question']!r}: {error!r}")
        asked.due.append(due)
        asked.took_ms.append((time.monotonic() - due) * 1000)

    began, number = time.monotonic(), 0
    try:
        while True:
            due = began + number / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            task = asyncio.create_task(one(number, due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            number += 1
    finally:
        await asyncio.gather(*under_way)
