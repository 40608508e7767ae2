"""
The commands `import-plan` and `import-procedures`. What they need is loaded when they run: the service does without it.
"""

import argparse
import time
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress as Bar

from knowledge import content as contents
from knowledge import settings
from knowledge.errors import ContentError, DraftError, SourceError, UnknownWard

if TYPE_CHECKING:
    from knowledge.importing.draft import PlanDraft

PLAN_DRAFTS = Path("var/drafts/plans")


def add_options(commands: Any) -> None:
    """
    Add both commands to the librarian's parser.
    """
    one = commands.add_parser(
        "import-plan", help="kế hoạch của phường, xã (.docx, .pdf, .txt) → bản nháp để người duyệt"
    )
    one.add_argument("file", type=Path, metavar="FILE", help="tệp kế hoạch; với --accept là bản nháp đã duyệt")
    one.add_argument("--ward", help="tên thư mục của phường, xã, ví dụ hoa-binh")
    one.add_argument("--out", type=Path, default=PLAN_DRAFTS, help="thư mục để bản nháp")
    one.add_argument("--accept", action="store_true", help="đưa bản nháp đã duyệt vào nội dung")
    one.add_argument(
        "--replace", action="store_true", help="ghi đè bản nháp, hoặc với --accept kế hoạch, đã có cùng tên"
    )
    many = commands.add_parser(
        "import-procedures", help="danh sách thủ tục quốc gia (.jsonl, .jsonl.gz) → các bản nháp"
    )
    many.add_argument("file", type=Path, metavar="FILE")
    many.add_argument("--out", type=Path, required=True, help="thư mục để các bản nháp")


def import_plan(options: argparse.Namespace) -> int:
    """
    Read a plan into a draft, or accept a draft. 0: done; 1: not, and printed why.
    """
    chosen = settings.read()
    try:
        return _accept(options, chosen.content) if options.accept else _read(options, chosen.content)
    except DraftError as error:
        print("Chưa đưa vào nội dung được:")
        for reason in error.reasons:
            print(f"  - {reason}")
        return 1
    except SourceError as error:
        print(str(error))
        return 1


def _read(options: argparse.Namespace, content: Path) -> int:
    from knowledge import sources
    from knowledge.importing import draft, plan, report

    if not options.ward:
        print("Thiếu --ward: kế hoạch này của phường, xã nào?")
        return 1
    wards = contents.read(content).wards
    if options.ward not in wards:
        raise UnknownWard(f"no ward {options.ward!r}; known: {', '.join(sorted(wards))}")
    path = options.out / options.ward / f"{options.file.stem}.yml"
    digest = blake2b(options.file.read_bytes() if options.file.is_file() else b"", digest_size=8).hexdigest()
    made = plan.make(
        sources.read(options.file), wards[options.ward].record, plan.know(content), today=date.today(), digest=digest
    )
    if path.exists() and not options.replace and _touched(path, made):
        print(
            f"{path} đã có người trả lời hoặc sửa; đổi tên tệp đó rồi nhập lại, hoặc thêm --replace nếu muốn bỏ bản ấy."
        )
        return 1
    draft.write(made, path)
    for line in report.of_plan(made, path):
        print(line)
    return 0


def _touched(path: Path, made: "PlanDraft") -> bool:
    """
    Tell whether a draft is other than what would be written now. What cannot be read any more was certainly worked on.
    """
    from knowledge.importing import draft

    try:
        return draft.read(path).model_copy(update={"made_on": made.made_on}) != made
    except DraftError:
        return True


def _accept(options: argparse.Namespace, content: Path) -> int:
    from knowledge.importing import accept

    target = accept.accept(options.file, content, replace=options.replace)
    print(f"Đã đưa vào nội dung: {target}. Trợ lý dùng bản này sau vài giây.")
    return 0


def import_procedures(options: argparse.Namespace) -> int:
    """
    Read a national list into drafts, with a bar that shows how far it is. 0: done; 1: the file cannot be read.
    """
    from knowledge.importing import procedure_drafts, report

    chosen = settings.read()
    began = time.monotonic()
    try:
        content = contents.read(chosen.content)
    except ContentError:
        print("Nội dung đang có lỗi nên không so được với các mục đang dùng; xem: python -m knowledge check")
        content = None
    try:
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("đọc danh sách", total=None)
            outcome = procedure_drafts.import_list(
                options.file,
                options.out,
                content,
                today=date.today(),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except SourceError as error:
        print(str(error))
        return 1
    (options.out / "can-xem.md").write_text(report.review_page(outcome), encoding="utf-8")
    for line in report.of_list(outcome, options.out, time.monotonic() - began):
        print(line)
    print(f"Danh sách cần xem theo lý do: {options.out / 'can-xem.md'}")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "import-plan": import_plan,
    "import-procedures": import_procedures,
}
