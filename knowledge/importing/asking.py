"""
What the importer cannot decide → questions to a person, each with the places it is about and the answers it offers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.importing import wound
from knowledge.importing.citations import Citation, Disagreement
from knowledge.importing.draft import Choice, Question, Spot
from knowledge.importing.letterhead import Found
from knowledge.importing.paragraphs import Paragraph
from knowledge.importing.repairs import Suspicion
from knowledge.importing.tasks import Task
from knowledge.sources.document import Document

KEEP = "giữ nguyên như bản gốc"
_BEFORE, _LONGEST = 60, 400  # letters shown before the words in question, and in all
_TARGET_YEAR = re.compile(
    r"giai đoạn\s+20\d\d\s*[-–]\s*(?P<end>20\d\d),?\s*(?P<words>định hướng (?:đến )?năm (?P<year>\d{4,6}))"
)
_LONG_YEAR = re.compile(r"năm (?P<year>20\d{3,})\b")
_NUMBER_BY_ISSUER = {"thủ tướng": "TTg", "chính phủ": "CP"}


def spot(document: Document, lines: Iterable[int], words: str = "") -> Spot:
    """
    Return a place in the source: where a person finds it, and what stands there, around the words in question.
    """
    numbers = sorted(set(lines))
    shown = " ".join(document.line(number).text.strip() for number in numbers)
    at = shown.find(words) if words else -1
    if at > _BEFORE:
        shown = "…" + shown[at - _BEFORE :].partition(" ")[2]
    return Spot(lines=numbers, where=_where(document, numbers), text=shown[:_LONGEST])


def _where(document: Document, numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    runs: list[list[int]] = []
    for number in numbers:
        near = runs and all(not document.line(between).text.strip() for between in range(runs[-1][-1] + 1, number))
        if near:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [
        document.line(run[0]).where
        if len(run) == 1
        else f"{document.line(run[0]).where} – {document.line(run[-1]).where}"
        for run in runs
    ]
    return "; ".join(dict.fromkeys(told))


def about_own(name: str, label: str, found: Sequence[Found], document: Document) -> Iterator[Question]:
    """
    Yield a question when the plan gives itself two numbers, or two dates.
    """
    values = list(dict.fromkeys(one.value for one in found))
    if len(values) > 1:
        choices = [Choice(say=value, set={name: value}) for value in values]
        places = [spot(document, one.lines) for one in found]
        told = " và ".join(values)
        yield Question(
            id=f"{name}-cua-ke-hoach", about=name, question=f"Kế hoạch ghi hai {label} khác nhau: {told}. {label.capitalize()} nào đúng?", places=places,
            choices=[*choices, Choice(say=f"không nêu {label}")], field=name,
        )  # fmt: skip


def about_citations(
    found: Iterable[Disagreement], paths: dict[str, str], texts: dict[str, str], document: Document
) -> Iterator[Question]:
    """
    Args:
        paths: Number (as in `Citation.key`) → where it stands in the plan: "publicised.3".
        texts: Path → the words there, without the date when that is what is asked.
    """
    for number, one in enumerate(found, 1):
        path = paths.get(one.key)
        first = one.citations[0]
        choices: list[Choice] = []
        if one.kind == "date":
            for told in dict.fromkeys(
                [*(citation.date for citation in one.citations if citation.whole_date), *one.offered]
            ):
                dated = texts[path].replace(first.number, f"{first.number} ngày {told}", 1) if path else ""
                choices.append(Choice(say=f"ngày {told}", set={path: dated} if path else {}))
            choices.append(Choice(say="không nêu ngày"))
        elif one.kind == "issuer":
            shown = f"của {first.issuer}"
            for other in one.citations:
                said = f"của {other.issuer}"
                choices.append(
                    Choice(
                        say=said,
                        replace=[shown, said] if path and said != shown else [],
                        only=path if said != shown else None,
                    )
                )
        else:
            likely = _likely_number(first)
            choices = [Choice(say=f"{likely}", replace=[first.number, likely])] if likely else []
            choices.append(Choice(say=f"{first.number} ({KEEP})"))
        if path:
            choices.append(Choice(say="bỏ văn bản này khỏi danh sách", drop=[path]))
        yield Question(
            id=f"van-ban-{number}", about=path or one.kind, question=one.problem, places=[spot(document, citation.lines, citation.written[:12]) for citation in one.citations],
            choices=choices, field=path,
        )  # fmt: skip


def _likely_number(citation: Citation) -> str | None:
    if "CTT" in citation.number:
        return citation.number.replace("CTT", "CT")
    issuer = (citation.issuer or "").lower()
    code = next((code for name, code in _NUMBER_BY_ISSUER.items() if issuer.startswith(name)), None)
    return re.sub(r"[A-ZĐa-zđ]+$", code, citation.number) if code else None


def about_wounds(found: Iterable[Suspicion], document: Document) -> Iterator[Question]:
    for number, one in enumerate(found, 1):
        say = "sửa thành" if one.was.strip() else "ghi"
        yield Question(
            id=f"cho-ngo-{number}", about="words", question=f"“{one.was}” trong “{one.around}”: {wound.WHY[one.why]}. Sửa thế nào?",
            places=[spot(document, [line], one.was) for line in one.lines], choices=[Choice(say=KEEP), Choice(say=f"{say} “{one.put}”", replace=[one.was, one.put])], words=one.was,
        )  # fmt: skip


def about_years(paragraphs: Iterable[Paragraph], document: Document) -> Iterator[Question]:
    """
    Yield questions about years that cannot be: "định hướng đến năm 20230", or a goal that lies before the end of its period.
    """
    wrong: dict[str, list[int]] = {}
    right: dict[str, None] = {}
    for paragraph in paragraphs:
        for match in _TARGET_YEAR.finditer(paragraph.text):
            if len(match["year"]) != 4 or int(match["year"]) <= int(match["end"]):
                wrong.setdefault(match["words"], []).extend(
                    paragraph.lines_of(match.start("words"), match.end("words"))
                )
            else:
                right[match["year"]] = None
        for match in _LONG_YEAR.finditer(paragraph.text):
            if not any(match[0] in words for words in wrong):
                wrong.setdefault(match[0], []).extend(paragraph.lines_of(match.start(), match.end()))
    for number, (words, lines) in enumerate(wrong.items(), 1):
        choices = [Choice(say=KEEP)]
        choices += [
            Choice(
                say=f"năm {year} (chỗ khác trong văn bản ghi như vậy)", replace=[words, re.sub(r"\d+$", year, words)]
            )
            for year in right
        ]
        yield Question(
            id=f"nam-{number}", about="words", question=f"“{words}”: năm này không hợp lý. Năm nào đúng?", places=[spot(document, [line], words[-8:]) for line in dict.fromkeys(lines)], choices=choices, words=words,
        )  # fmt: skip


def about_tasks(
    tasks: Sequence[Task], jumps: Sequence[tuple[int, int]], *, inferred: bool, document: Document
) -> Iterator[Question]:
    if inferred and tasks:
        yield Question(
            id="khong-co-bang", about="tasks", places=[spot(document, tasks[0].lines)],
            question=f"Văn bản không có bảng nhiệm vụ. {len(tasks)} nhiệm vụ trong bản nháp được lấy từ phần tổ chức thực hiện; sau khi xem, giữ hay bỏ?",
            choices=[Choice(say="giữ các nhiệm vụ này"), Choice(say="bỏ hết, chỉ giữ phần phân công theo đơn vị", set={"tasks": []})],
        )  # fmt: skip
    for before, after in jumps:
        left_out = ", ".join(map(str, range(before + 1, after)))
        lines = [task.lines[0] for task in tasks if task.number in (before, after)]
        yield Question(
            id=f"stt-{before}-{after}", about="tasks", places=[spot(document, [line]) for line in lines],
            question=f"Số thứ tự trong bảng nhảy từ {before} sang {after}. Bản gốc có nhiệm vụ {left_out} không?",
            choices=[Choice(say=f"không có nhiệm vụ {left_out}"), Choice(say="có; đã ghi thêm vào bảng nhiệm vụ của kế hoạch")],
        )  # fmt: skip
    for place, task in enumerate(tasks):
        if task.doubtful:
            shown = "; ".join(f"{name}: {part.text}" for name, part in task.parts.items())
            yield Question(
                id=f"dong-{task.number}", about=f"tasks.{place}", places=[spot(document, task.lines)],
                question=f"Không chắc đã chia đúng cột ở dòng {task.number} của bảng ({shown[:300]}). Đã xem và sửa trong kế hoạch chưa?",
                choices=[Choice(say="chia như vậy là đúng"), Choice(say="đã sửa trong kế hoạch"), Choice(say="bỏ dòng này", drop=[f"tasks.{place}"])],
            )  # fmt: skip


def about_year_of_plan(year: int | None, document: Document, lines: Sequence[int]) -> Iterator[Question]:
    if year is None:
        yield Question(
            id="nam-ke-hoach", about="year", question="Không thấy kế hoạch này của năm nào. Ghi năm (ví dụ 2026).", places=[spot(document, lines or [1])], choices=[], field="year",
        )  # fmt: skip
