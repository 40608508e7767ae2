"""
The search alone: 20,000 entries, one thread; and how long the knowledge service takes to start.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from rich.progress import Progress
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.report import Result, progress, quantile
from bench.synthetic import Synthetic
from knowledge import index as indexes
from knowledge.embed import embedder
from knowledge.rerank import Reranker
from knowledge.retrieve import Retriever
from tools.town import ROOT, Town

ENTRIES, QUESTIONS, WARM_UP = 20_000, 500, 20


def measure(_: Town) -> Result:
    with progress() as bar:
        with threadpool_limits(1):
            searched = large_collection(bar)
        values = {**searched, "service_start_seconds": service_start(bar)}
    table = Table(f"search, {ENTRIES:,} synthetic entries, one thread", "", title_justify="left")
    table.add_row("passages", f"{values['passages']:,}")
    table.add_row("index built in", f"{values['build_seconds']:.1f} s")
    table.add_row("index on disk", f"{values['index_mb']:.1f} MB")
    table.add_row("query p50", f"{values['query_p50_ms']:.2f} ms")
    table.add_row("query p99", f"{values['query_p99_ms']:.2f} ms")
    first, again = values["service_start_seconds"]["first"], values["service_start_seconds"]["again"]
    table.add_row("knowledge healthy, shipped content, no index yet", f"{first:.1f} s")
    table.add_row("knowledge healthy, index up to date", f"{again:.1f} s")
    return Result(table, values)


def large_collection(bar: Progress) -> dict[str, Any]:
    """
    Build an index, write it, open it again as the service would, and search it.
    """
    encoder = embedder()
    synthetic = Synthetic(ROOT / "knowledge/content")
    entries, questions = synthetic.entries(ENTRIES), synthetic.questions(QUESTIONS + WARM_UP)
    tasks: dict[str, Any] = {}

    def show(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total)
        bar.update(tasks[stage], completed=done)

    began = time.perf_counter()
    built, _ = indexes.build(entries, synthetic.lexicon, encoder, progress=show)
    build_seconds = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        path = indexes.publish(built, Path(folder))
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        retriever = Retriever(indexes.Index.load(path), encoder, Reranker.load())
        took_ms = []
        task = bar.add_task("questions", total=len(questions))
        for number, question in enumerate(questions):
            began = time.perf_counter()
            retriever.rank(question)
            if number >= WARM_UP:
                took_ms.append((time.perf_counter() - began) * 1000)
            bar.advance(task)
    return {
        "entries": ENTRIES, "passages": len(built.item_of), "build_seconds": round(build_seconds, 2),
        "index_mb": round(size / 1e6, 1), "query_p50_ms": quantile(took_ms, 0.5), "query_p99_ms": quantile(took_ms, 0.99),
    }  # fmt: skip


def service_start(bar: Progress) -> dict[str, float]:
    """
    Return the seconds until /healthz answers: with nothing but content, and when the index is there already.
    """
    seconds = {}
    task = bar.add_task("starting the knowledge service", total=2)
    with tempfile.TemporaryDirectory() as folder:
        place = Town(Path(folder))
        for name in ("first", "again"):
            began = time.perf_counter()
            place.start("knowledge")
            seconds[name] = round(time.perf_counter() - began, 2)
            place.stop()
            bar.advance(task)
    return seconds
