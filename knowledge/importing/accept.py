"""
A draft that a person has confirmed → a plan file of the content, through the same checks as any other file.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from knowledge import content as contents
from knowledge.errors import ContentError, DraftError
from knowledge.importing import draft as drafts
from knowledge.importing import review, yaml_text
from knowledge.importing.draft import PlanDraft
from knowledge.plans import Plan


def accept(path: Path, content: Path, *, replace: bool = False) -> Path:
    """
    Turn a draft into a plan file and return where it stands. Nothing is written unless all of the content stays good.

    Args:
        replace: Whether a plan file of the same name may be written over.

    Raises:
        DraftError: while a question is open, nobody has confirmed it, or its file exists; every reason at once.
        ContentError: when the plan, or all content together with it, fails the checks.
    """
    draft = drafts.read(path)
    target = content / draft.target
    reasons = list(_reasons(draft, target, content, replace))
    if reasons:
        raise DraftError(reasons)
    text = plan_file(draft)
    _check(content, draft.target, text)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(target)
    return target


def _reasons(draft: PlanDraft, target: Path, content: Path, replace: bool) -> list[str]:
    reasons = [f"chưa trả lời câu “{question.id}”: {question.question}" for question in draft.open]
    for question in draft.questions:
        if isinstance(question.answer, int) and not 1 <= question.answer <= len(question.choices):
            reasons.append(
                f"câu “{question.id}”: “answer: {question.answer}” không có trong {len(question.choices)} lựa chọn"
            )
        elif isinstance(question.answer, str) and question.answer and not (question.field or question.words):
            reasons.append(f"câu “{question.id}” chỉ nhận số thứ tự của một lựa chọn (1 đến {len(question.choices)})")
    if not (draft.confirmed_by or "").strip() or not draft.confirmed_on:
        reasons.append("chưa ghi người duyệt (“confirmed_by”) và ngày duyệt (“confirmed_on”)")
    inside = Path(draft.target)
    if (
        inside.is_absolute()
        or ".." in inside.parts
        or inside.parts[:2] != ("wards", draft.ward)
        or inside.suffix != ".yml"
    ):
        reasons.append(f"“target: {draft.target}” phải nằm trong wards/{draft.ward}/plans/ và có đuôi .yml")
    elif not (content / "wards" / draft.ward / "ward.yml").exists():
        reasons.append(f"chưa có phường, xã “{draft.ward}” (wards/{draft.ward}/ward.yml)")
    elif target.exists() and not replace:
        reasons.append(f"{target} đã có; đổi tên trong “target”, hoặc chạy lại với --replace để ghi đè")
    return reasons


def plan_file(draft: PlanDraft) -> str:
    """
    Return the YAML of the plan with every answer put in. The record is checked as the loader would check it.
    """
    plan = confirmed(draft)
    note = f"Nhập từ {draft.source.file} (mã tệp {draft.source.digest}); người duyệt: {draft.confirmed_by}, {draft.confirmed_on}."
    ordered = {key: plan[key] for key in Plan.model_fields if key in plan}
    return yaml_text.dump(
        {"kind": "plan", **ordered, **{key: value for key, value in plan.items() if key not in ordered}}, note
    )


def confirmed(draft: PlanDraft) -> dict[str, Any]:
    """
    Return the plan with every answer put in, without what says nothing, and with who stands for it.
    """
    plan, _ = review.result(draft)
    plan = {key: value for key, value in plan.items() if value not in (None, [], {})}
    told = f"Đối chiếu với bản gốc và duyệt: {draft.confirmed_by}, {draft.confirmed_on}."
    return {**plan, "to_check": [*plan.get("to_check", []), told]}


def _check(content: Path, target: str, text: str) -> None:
    """
    Read all content with the plan in its place, in a copy; the mistakes name the files as they are called in the content.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "content"
        shutil.copytree(content, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        (copy / target).parent.mkdir(parents=True, exist_ok=True)
        (copy / target).write_text(text, encoding="utf-8")
        try:
            contents.read(copy)
        except ContentError as error:
            mistakes = [
                type(one)(content / one.path.relative_to(copy), one.line, one.problem) for one in error.mistakes
            ]
            raise ContentError(mistakes) from error
