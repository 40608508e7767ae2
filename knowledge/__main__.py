"""
The librarian's commands.

    python -m knowledge check                         every mistake in the content, with file and line
    python -m knowledge build                         content → index
    python -m knowledge serve                         the service
    python -m knowledge ask "câu hỏi" --ward W        try a question: tokens, hits, signals, outcome
    python -m knowledge evaluate QUESTIONS.tsv --ward W [--json OUT]
    python -m knowledge bench --corpus C --queries Q [--against bm25,minilm] [--adapt] [--json OUT]
"""

import argparse
import logging
import sys
import time
from datetime import date
from pathlib import Path

import orjson
import structlog
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from knowledge import build, settings
from knowledge import content as contents
from knowledge.embed import embedder
from knowledge.errors import ContentError, KnowledgeError
from knowledge.library import Library

console = Console(soft_wrap=True)


def main(arguments: list[str] | None = None) -> int:
    """
    Run one command; return the exit status.
    """
    parser = argparse.ArgumentParser(
        prog="python -m knowledge", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="kiểm tra mọi tệp nội dung")
    check.add_argument("--strict", action="store_true", help="coi cảnh báo là lỗi")
    commands.add_parser("build", help="bring the index up to date with the content")
    commands.add_parser("serve", help="serve answers over HTTP")
    ask = commands.add_parser("ask", help="thử câu hỏi")
    ask.add_argument("question")
    ask.add_argument("--ward", required=True)
    evaluation = commands.add_parser("evaluate", help="score a file of questions")
    evaluation.add_argument("questions", type=Path)
    evaluation.add_argument("--ward", required=True)
    evaluation.add_argument("--json", type=Path)
    benchmark = commands.add_parser("bench", help="score retrieval over any collection")
    from knowledge.bench import add_options

    add_options(benchmark)
    options = parser.parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except ContentError as error:
        for mistake in error.mistakes:
            print(mistake)
        print(
            f"\n{len(error.mistakes)} lỗi. Sửa các dòng trên rồi chạy lại: python -m knowledge check", file=sys.stderr
        )
        return 1
    except KnowledgeError as error:
        print(f"{error.code} {error}", file=sys.stderr)
        return 2


def _check(options: argparse.Namespace) -> int:
    read = contents.read(settings.read().content)
    for warning in read.warnings:
        print(f"{warning} (cảnh báo)")
    said = sum(map(len, read.wordings.values()))
    print(
        f"Nội dung dùng được: {len(read.entries)} mục, {len(read.plans)} kế hoạch, {len(read.wards)} phường/xã, {said} cách nói; {len(read.warnings)} cảnh báo."
    )
    return 1 if options.strict and read.warnings else 0


def _library() -> tuple[Library, build.Changes]:
    chosen = settings.read()
    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)  # type: ignore[arg-type]

        return build.open_library(
            chosen.content, chosen.index, embedder(chosen.encoder), today=date.today(), progress=progress
        )


def _build(_: argparse.Namespace) -> int:
    began = time.monotonic()
    library, changes = _library()
    print(
        f"index {library.retriever.index.version}: {changes.added} added, {changes.changed} changed, {changes.kept} kept, {changes.removed} removed; "
        f"{changes.embedded} passages embedded in {time.monotonic() - began:.1f} s"
    )
    return 0


def _serve(_: argparse.Namespace) -> int:
    from aiohttp import web

    from knowledge.service import create_app

    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )  # fmt: skip
    chosen = settings.read()
    web.run_app(create_app(chosen), host=chosen.host, port=chosen.port, print=None, access_log=None)
    return 0


def _ask(options: argparse.Namespace) -> int:
    from knowledge.explain import explain

    library, _ = _library()
    library.ward(options.ward)
    why = explain(library, options.ward, options.question)
    console.print(f"[bold]Câu hỏi[/]   {why['question']}", highlight=False)
    console.print(f"Đã gõ     {' '.join(why['typed'])}\nHiểu là   {' '.join(why['meant'])}", highlight=False)
    if why["official"]:
        console.print(f"Tức là    {', '.join(why['official'])}", highlight=False)
    console.print(f"Hỏi phần  {', '.join(why['parts']) or 'chung'}", highlight=False)
    table = Table("", "mục", "điểm", "phần", "vì sao", box=None)
    for place, hit in enumerate(why["hits"], 1):
        reasons = ", ".join(f"{name} {value:+.2f}" for name, value in list(hit["signals"].items())[:4])
        table.add_row(
            str(place),
            f"{hit['id']} [dim]{hit['title'][:50]}[/]",
            f"{hit['score']:.2f}",
            f"{hit['share']:.0%}",
            f"[dim]{reasons}[/]",
        )
    console.print(table, highlight=False)
    limits = why["thresholds"]
    console.print(
        f"[bold]Kết quả[/]   {why['outcome']} ({why['reason']}): đúng {why['right']:.0%} (cần {limits['right']:.0%}), "
        f"thuộc phạm vi {why['inside']:.0%} (cần {limits['inside']:.0%})", highlight=False,
    )  # fmt: skip
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from knowledge import questions
    from knowledge.evaluate import MEASURES, evaluate

    asked = questions.read(options.questions, options.ward)
    library, _ = _library()
    for ward in sorted({each.ward for each in asked}):
        library.ward(ward)
    result = evaluate(library, asked)
    table = Table("style", "n", *MEASURES, box=None)
    for style, measures in [("overall", result["overall"]), *result["styles"].items()]:
        count = sum(style in ("overall", each["style"]) for each in result["questions"])
        table.add_row(style, str(count), *(f"{measures[name]:.3f}" for name in MEASURES))
    Console(width=220).print(table, highlight=False)
    if options.json:
        options.json.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    return 0


def _bench(options: argparse.Namespace) -> int:
    from knowledge.bench import run

    return run(options)


COMMANDS = {"check": _check, "build": _build, "serve": _serve, "ask": _ask, "evaluate": _evaluate, "bench": _bench}

if __name__ == "__main__":
    sys.exit(main())
