"""
What only the content as a whole shows: ids used twice, wards without a file, questions that two entries claim.
"""

from typing import TYPE_CHECKING, Any

from knowledge.errors import Mistake
from knowledge.text import fold, tokenise

if TYPE_CHECKING:
    from knowledge.content import Content, Stored


def mistakes_between(content: "Content") -> list[Mistake]:
    """
    Return what single files cannot show: ids that are used twice or meant in vain, wards without a file.
    """
    if _fits_together(content):
        return []
    mistakes: list[Mistake] = []
    seen: dict[tuple[str | None, str], Stored[Any]] = {}
    for stored in [*content.entries, *content.plans]:
        key = (stored.ward, stored.record.id)
        if key in seen:
            mistakes.append(
                Mistake(
                    stored.path,
                    stored.line,
                    f"mã “{stored.record.id}” đã dùng ở {seen[key].path}:{seen[key].line}; đổi một trong hai",
                )
            )
        seen[key] = stored
    for stored_plan in content.plans:
        plan = stored_plan.record
        plan_parts: list[Any] = [*plan.tasks, *plan.kpis, *plan.facts]
        for part in plan_parts:
            key = (stored_plan.ward, part.id)
            if key in seen:
                mistakes.append(
                    Mistake(
                        stored_plan.path,
                        stored_plan.line,
                        f"mã “{part.id}” đã dùng ở {seen[key].path}:{seen[key].line}; đổi một trong hai",
                    )
                )
            seen[key] = stored_plan
    for stored in content.entries:
        for apart in getattr(stored.record, "told_apart", []):
            if (None, apart.other) not in seen and (stored.ward, apart.other) not in seen:
                mistakes.append(
                    Mistake(
                        stored.path,
                        stored.line,
                        f"mục “{stored.record.id}”: “told_apart” nhắc đến “{apart.other}” nhưng không có mục nào mang mã này",
                    )
                )
    for stored in [*content.entries, *content.plans]:
        if stored.ward is not None and stored.ward not in content.wards:
            mistakes.append(Mistake(stored.path, 1, f"thư mục wards/{stored.ward} chưa có ward.yml"))
    return mistakes


def _fits_together(content: "Content") -> bool:
    """
    Tell at a glance whether no id is used twice and every ward has its file; if not, where is worth a closer look.
    """
    wards = {*content.by_ward, *(stored.ward for stored in content.plans)} - {None}
    if not wards <= content.wards.keys() or sum(map(len, content.by_ward.values())) < len(content.entries):
        return False
    base = content.by_ward.get(None, {})
    for entry in content.told_apart:
        own = content.by_ward[entry.ward]
        if not all(apart.other in base or apart.other in own for apart in entry.record.told_apart):
            return False
    of_plans: dict[str | None, list[str]] = {}
    for stored in content.plans:
        parts: list[Any] = [stored.record, *stored.record.tasks, *stored.record.kpis, *stored.record.facts]
        of_plans.setdefault(stored.ward, []).extend(part.id for part in parts)
    return all(
        len(ids) == len(set(ids)) and content.by_ward.get(ward, {}).keys().isdisjoint(ids)
        for ward, ids in of_plans.items()
    )


def shared_questions(content: "Content") -> list[Mistake]:
    """
    Report questions that two entries claim: a reader cannot tell which answer is meant, nor can the index.
    """
    claims: dict[str, tuple[str, str | None]] = {}
    warnings: list[Mistake] = []
    for stored in content.entries:
        record = stored.record
        phrases = [
            *getattr(record, "questions", []),
            *getattr(record, "aliases", []),
            *content.wordings.get(record.id, []),
        ]
        for phrase in dict.fromkeys(phrases):
            key = " ".join(map(fold, tokenise(phrase)))
            owner, ward = claims.setdefault(key, (record.id, stored.ward))
            if owner != record.id and ward in (None, stored.ward):
                warnings.append(
                    Mistake(
                        stored.path,
                        stored.line,
                        f"“{record.id}” và “{owner}” cùng nhận câu “{phrase}”; sửa một bên cho khác đi",
                    )
                )
    return warnings
