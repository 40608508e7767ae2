"""
The plan of a draft in the order and with the fields of a plan file, and with questions that people ask about any plan.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from knowledge.importing import citations
from knowledge.importing.making import Making
from knowledge.wards import Ward

TWO_LEVELS = date(2025, 7, 1)  # since then there is no district level (Law 72/2025/QH15)
ORDER = (
    "id", "title", "year", "number", "date", "signer", "status", "summary", "audience", "contents", "emphasis", "forms", "channels", "indices", "promises",
    "budget", "tasks", "units", "kpis", "facts", "legal_basis", "publicised", "questions", "to_check", "sources", "as_of", "confidence",
)  # fmt: skip
ASKED: dict[str, tuple[str, ...]] = {
    "plan": (
        "kế hoạch cải cách hành chính của {unit} có gì",
        "tóm tắt kế hoạch năm {year}",
        "mục đích của kế hoạch là gì",
    ),
    "audience": ("kế hoạch dành cho những ai", "đối tượng tuyên truyền là ai", "người dân có trong đối tượng không"),
    "contents": ("{unit} tuyên truyền những nội dung gì", "nội dung của kế hoạch", "văn bản nào được phổ biến"),
    "emphasis": ("lĩnh vực nào được chú trọng", "{unit} nhấn mạnh thủ tục nào", "lĩnh vực ưu tiên tuyên truyền"),
    "forms": (
        "{unit} tuyên truyền bằng hình thức nào",
        "hình thức tuyên truyền gồm gì",
        "cách tuyên truyền của {unit}",
    ),
    "channels": ("xem tin của {unit} ở kênh nào", "kênh tuyên truyền của {unit}", "{unit} đăng tin ở đâu"),
    "indices": (
        "kế hoạch nêu những chỉ số nào",
        "{unit} nâng chỉ số gì",
        "các chỉ số cải cách hành chính trong kế hoạch",
    ),
    "promises": ("{unit} cam kết gì với người dân", "{unit} hứa gì trong kế hoạch", "dân được gì từ kế hoạch này"),
    "tasks": ("kế hoạch có những nhiệm vụ nào", "ai chủ trì nhiệm vụ nào", "bảng nhiệm vụ của {unit}"),
    "units": ("các bộ phận được giao việc gì", "phân công thực hiện kế hoạch", "tổ chức thực hiện kế hoạch"),
    "kpis": ("kế hoạch đặt chỉ tiêu gì", "các con số phải đạt", "chỉ tiêu của {unit} là bao nhiêu"),
    "basis": ("kế hoạch căn cứ văn bản nào", "căn cứ ban hành kế hoạch", "kế hoạch thực hiện theo văn bản nào"),
    "signer": ("ai ký kế hoạch", "kế hoạch số bao nhiêu ngày nào", "người ký kế hoạch là ai"),
    "budget": ("kinh phí thực hiện kế hoạch", "tiền tuyên truyền lấy từ đâu", "ngân sách cho kế hoạch"),
}


def ordered(making: Making, ward: Ward, today: date) -> dict[str, Any]:
    """
    Return the plan with its fields in the order of a plan file.
    """
    plan = making.plan
    name = f"plan-{ward.slug}-{plan['year'] or 'nam'}"
    for group in ("tasks", "kpis", "facts"):
        for one in plan[group]:
            one["id"] = one["id"].format(plan=name)
    held: dict[str, Callable[[], Any]] = {"plan": lambda: True, "basis": lambda: plan["legal_basis"]}
    asked = {section: [phrase.format(unit=ward.unit, year=plan["year"] or "") for phrase in phrases]
             for section, phrases in ASKED.items() if held.get(section, lambda section=section: plan.get(section))()}  # fmt: skip
    shown = f" (số {plan['number']}" + (f" ngày {plan['date']})" if plan["date"] else ")") if plan["number"] else ""
    plan |= {
        "id": name, "status": _status(plan), "questions": asked, "to_check": making.to_check, "as_of": today.isoformat(), "confidence": "likely",
        "sources": [f"Bản kế hoạch của UBND {ward.name}{shown}"],
    }  # fmt: skip
    return {key: plan[key] for key in ORDER if key in plan}


def _status(plan: dict[str, Any]) -> str | None:
    issued = citations.parse_date(plan["date"])
    if (issued and issued < TWO_LEVELS) or (plan["year"] and plan["year"] < TWO_LEVELS.year):
        return f"Kế hoạch này thuộc năm {plan['year']}, trước ngày 01/7/2025 (khi còn cấp huyện); tên cơ quan, chức danh trong đó là tên của thời điểm ấy."
    if (issued and issued >= TWO_LEVELS) or (plan["year"] and plan["year"] > TWO_LEVELS.year):
        return f"Kế hoạch này ra sau ngày 01/7/2025, nên tên cơ quan trong đó là tên của chính quyền hai cấp; thời gian thực hiện là năm {plan['year']}."
    return None
