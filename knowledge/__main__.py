"""
The librarian's commands.

    python -m knowledge check                         every mistake in the content, with file and line
    python -m knowledge build                         content → index
    python -m knowledge serve                         the service
    python -m knowledge ask "câu hỏi" --ward W        try a question: tokens, hits, signals, outcome
    python -m knowledge evaluate QUESTIONS.tsv --ward W [--json OUT]
    python -m knowledge adapt [--seconds 60] [--undo]  the encoder learns from this content, if that makes it better
    python -m knowledge bench --corpus C --queries Q [--against bm25,minilm] [--adapt] [--json OUT]
    python -m knowledge import-plan FILE --ward W [--out DIR]        a plan (.docx, .pdf, .txt) → a draft to review
    python -m knowledge import-plan --accept DRAFT                   a confirmed draft → content
    python -m knowledge import-procedures FILE.jsonl[.gz] --out DIR  a national list → draft procedures
"""

import argparse
import gc
import logging
import os
import sys
import time
from pathlib import Path

import orjson
import structlog
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from knowledge import adapted, build, settings
from knowledge import content as contents
from knowledge.content import Content
from knowledge.embed import SHIPPED
from knowledge.encoder.static import StaticEncoder
from knowledge.entries import today
from knowledge.errors import ContentError, EncoderError, KnowledgeError
from knowledge.importing import commands as importing
from knowledge.library import Library
from knowledge.office.kept import Kept
from knowledge.reading import READ, Reader

console = Console(soft_wrap=True)
LONGEST_SECONDS = 3600.0  # of adapting


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
    building = commands.add_parser("build", help="bring the index up to date with the content")
    building.add_argument(
        "--for-service", action="store_true", help="at low priority, with the last good copy of a file with mistakes"
    )
    commands.add_parser("serve", help="serve answers over HTTP")
    ask = commands.add_parser("ask", help="thử câu hỏi")
    ask.add_argument("question")
    ask.add_argument("--ward", required=True)
    evaluation = commands.add_parser("evaluate", help="score a file of questions")
    evaluation.add_argument("questions", type=Path)
    evaluation.add_argument("--ward", required=True)
    evaluation.add_argument("--json", type=Path)
    adapting = commands.add_parser("adapt", help="học thêm từ nội dung của đơn vị, sau khi nhập nhiều mục mới")
    adapting.add_argument("--seconds", type=_seconds, default=60.0, help="học trong bao lâu (mặc định 60)")
    adapting.add_argument("--undo", action="store_true", help="trở về bộ mã hóa đi kèm")
    benchmark = commands.add_parser("bench", help="score retrieval over any collection")
    from knowledge.bench import add_options

    add_options(benchmark)
    importing.add_options(commands)
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


def _library(*, for_service: bool = False) -> tuple[Library, build.Changes]:
    chosen = settings.read()
    reader = Reader(chosen.content, chosen.index / READ)
    kept = Kept(chosen.content, chosen.versions / "good") if for_service else None

    def read(root: Path) -> Content:
        return kept.read(root, lambda _, instead: reader.read(instead)) if kept else reader.read()

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)  # type: ignore[arg-type]

        return build.open_library(
            chosen.content, chosen.index, adapted.embedder_of(chosen), today=today(), progress=progress, read=read
        )


def _build(options: argparse.Namespace) -> int:
    if options.for_service:
        os.nice(19)
    began = time.monotonic()
    library, changes = _library(for_service=options.for_service)
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
    # A collection of garbage looks at every entry, 0.5 s for 20,000 of them: never while they are made, nor ever after.
    gc.disable()
    app = create_app(chosen)
    gc.collect()
    gc.freeze()
    gc.enable()
    web.run_app(app, host=chosen.host, port=chosen.port, print=None, access_log=None)
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


def _adapt(options: argparse.Namespace) -> int:
    chosen = settings.read()
    if options.undo:
        gone = adapted.remove(chosen.adapted)
        print("Đã trở về bộ mã hóa đi kèm." if gone else "Đang dùng bộ mã hóa đi kèm, không có gì để bỏ.")
        return 0
    if chosen.encoder:
        raise EncoderError(f"only the encoder that we ship can be adapted; KNOWLEDGE_ENCODER names {chosen.encoder!r}")
    try:
        from knowledge.training.adapting import adapt
    except ImportError as error:
        raise EncoderError(f"training needs the packages of the root environment: {error}") from error
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        made = adapt(
            chosen.content,
            StaticEncoder.load(SHIPPED),
            seconds=options.seconds,
            progress=lambda stage, done: bar.update(task, description=stage, completed=done),
        )
    print(
        f"Thử lại {made.before.asked} câu được giấu đi lúc học, đúng ngay mục đầu: trước {_percent(made.before.first)}, "
        f"sau {_percent(made.after.first)}; trong năm mục đầu: trước {_percent(made.before.among_five)}, sau {_percent(made.after.among_five)}."
    )
    folder = adapted.keep(made.encoder, chosen.adapted, better=made.better, facts=made.facts)
    if folder is None:
        print(
            "Không dùng bộ mã hóa mới vì không tốt hơn; trợ lý vẫn chạy như cũ. Nội dung ít mục mới thì không cần học thêm."
        )
        return 1
    print(f"Đã dùng {folder}. Dịch vụ đang chạy tự đổi sang trong ít giây. Muốn bỏ: python -m knowledge adapt --undo")
    return 0


def _seconds(value: str) -> float:
    seconds = float(value)
    if not 0 < seconds <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"{value} is not between 0 and {LONGEST_SECONDS:.0f}")
    return seconds


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _bench(options: argparse.Namespace) -> int:
    from knowledge.bench import run

    return run(options)


COMMANDS = {
    "check": _check,
    "build": _build,
    "serve": _serve,
    "ask": _ask,
    "evaluate": _evaluate,
    "adapt": _adapt,
    "bench": _bench,
    **importing.COMMANDS,
}

if __name__ == "__main__":
    sys.exit(main())
