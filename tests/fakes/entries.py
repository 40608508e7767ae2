"""
A few entries in the shape in which knowledge sends them; the texts are made up for tests, no figure here is a fact.
"""

from typing import Any

WARDS: dict[str, dict[str, Any]] = {
    "hoa-binh": {
        "slug": "hoa-binh", "name": "phường Hòa Bình", "unit": "phường", "province": "thành phố Hải Phòng",
        "former_names": [], "former_district": None, "address": None, "hours": None, "hotlines": [],
        "desk": "Trung tâm Phục vụ hành chính công", "map_link": None, "website": None, "facebook": None, "zalo": None,
        "neighbourhood_word": "khu phố", "neighbourhoods": [], "as_of": "2026-11-20", "sources": [],
    },
    "phuong-mau": {
        "slug": "phuong-mau", "name": "phường Mẫu", "unit": "phường", "province": "tỉnh Mẫu",
        "former_names": ["xã Mẫu Thượng"], "former_district": "huyện Mẫu Xưa", "address": "Số 1, đường Mẫu",
        "hours": "Thứ Hai đến thứ Sáu, 7 giờ 30 đến 17 giờ",
        "hotlines": [{"label": "Trực một cửa", "number": "0000 000 001"}, {"label": "Công an phường", "number": "0000 000 003"},
                     {"label": "Phản ánh", "number": "0000 000 002"}],
        "desk": "Trung tâm Phục vụ hành chính công phường Mẫu", "map_link": "https://example.org/ban-do/phuong-mau",
        "website": None, "facebook": None, "zalo": None, "neighbourhood_word": "khu phố", "neighbourhoods": [],
        "as_of": "2026-11-20", "sources": [],
    },
}  # fmt: skip

BIRTH: dict[str, Any] = {
    "kind": "procedure", "title": "Đăng ký khai sinh", "code": "1.001193",
    "summary": "Làm giấy khai sinh lần đầu cho trẻ.",
    "applicants": "Cha hoặc mẹ; ông, bà, người thân thích khác.",
    "papers": [
        {"text": "Tờ khai đăng ký khai sinh", "form": "mẫu theo Thông tư 04/2024/TT-BTP", "copies": "1 bản chính", "when": None},
        {"text": "Giấy chứng sinh", "form": None, "copies": "1 bản chính", "when": None},
        {"text": "Văn bản ủy quyền", "form": None, "copies": None, "when": "chỉ khi nhờ người khác đi làm thay"},
    ],
    "fee": {"text": "Đúng hạn: miễn lệ phí; quá hạn: theo nghị quyết của HĐND cấp tỉnh.", "dong": None,
            "exemptions": ["hộ nghèo", "người khuyết tật"]},
    "time": {"text": "Trong ngày làm việc.", "working_days": 1},
    "place": "Trung tâm Phục vụ hành chính công phường, xã",
    "authority": "UBND cấp xã",
    "online": {"level": "full", "text": "Nộp toàn trình trên Cổng Dịch vụ công quốc gia."},
    "post": True,
    "conditions": ["Trẻ sinh ra tại Việt Nam."],
    "result": "Giấy khai sinh (bản chính)",
    "notes": ["Cha, mẹ có trách nhiệm đăng ký trong 60 ngày."],
    "cases": [{"about": "Quá hạn 60 ngày mới đi khai sinh", "text": "Quá hạn vẫn làm được, có thể mất lệ phí."}],
    "unverified": [],
    "legal_basis": ["Luật Hộ tịch 60/2014/QH13", "Nghị định 123/2015/NĐ-CP", "Thông tư 04/2024/TT-BTP", "Thông tư 85/2019/TT-BTC"],
    "sources": ["Cổng Dịch vụ công quốc gia (bản chụp 06–07/2026)"], "as_of": "2026-07",
}  # fmt: skip
MARRIAGE: dict[str, Any] = {
    **BIRTH, "title": "Đăng ký kết hôn", "code": None, "summary": "Hai bên nam nữ đăng ký kết hôn.", "conditions": [],
    "papers": [{"text": "Tờ khai đăng ký kết hôn", "form": None, "copies": None, "when": None}], "cases": [], "notes": [],
    "result": None, "online": {"level": "partial", "text": "Nộp một phần."}, "unverified": ["time"],
    "fee": {"text": "Miễn lệ phí.", "dong": 0, "exemptions": []},
    "legal_basis": ["Luật Hôn nhân và gia đình 52/2014/QH13"],
}  # fmt: skip
ENTRIES: dict[str, dict[str, Any]] = {
    "khai-sinh": BIRTH,
    "ket-hon": MARRIAGE,
    "dang-ky-lai-khai-sinh": {**BIRTH, "title": "Đăng ký lại khai sinh", "code": "1.004884"},
    "tro-cap": {
        **BIRTH, "title": "Trợ cấp hưu trí xã hội", "code": None, "unverified": ["papers", "fee", "time", "place", "online"],
        "legal_basis": [], "sources": [], "as_of": "2026-11-20",
    },
    "chung-thuc-ban-sao": {**MARRIAGE, "title": "Chứng thực bản sao từ bản chính", "unverified": []},
    "dang-ky-tam-tru": {**BIRTH, "title": "Đăng ký tạm trú"},
    "xac-nhan-hon-nhan": {**BIRTH, "title": "Cấp giấy xác nhận tình trạng hôn nhân"},
    "nop-truc-tuyen": {
        "kind": "service", "title": "Các bước nộp hồ sơ trực tuyến", "summary": "Đăng nhập, điền biểu mẫu rồi nộp.",
        "details": ["Kết quả nhận bản điện tử hoặc tại quầy."], "steps": ["Đăng nhập bằng VNeID.", "Chọn thủ tục và nơi nộp."],
        "phone": None, "link": "https://dichvucong.gov.vn", "ward_value": None, "unverified": [],
        "legal_basis": ["Nghị định 118/2025/NĐ-CP"], "sources": ["Nghị định 118/2025/NĐ-CP"], "as_of": "2026-11-20",
    },
    "hotline-xa": {
        "kind": "service", "title": "Đường dây nóng của phường, xã", "summary": "Mỗi phường, xã tự công bố số của mình.",
        "details": [], "steps": [], "phone": "1022", "link": None, "ward_value": "hotline", "unverified": [],
        "legal_basis": [], "sources": ["Thông tin của phường, xã"], "as_of": "2026-11-20",
    },
    "gio-lam-viec": {
        "kind": "service", "title": "Giờ làm việc", "summary": "Giờ hành chính, từ thứ Hai đến thứ Sáu.", "details": [],
        "steps": [], "phone": None, "link": None, "ward_value": "hours", "unverified": [], "legal_basis": [],
        "sources": ["Cổng Dịch vụ công quốc gia"], "as_of": "2026-11-20",
    },
    "noi-nop": {
        "kind": "service", "title": "Nơi nộp hồ sơ", "summary": "Nộp ở Trung tâm Phục vụ hành chính công.", "details": [],
        "steps": [], "phone": None, "link": None, "ward_value": "address", "unverified": [], "legal_basis": [],
        "sources": ["Nghị định 118/2025/NĐ-CP"], "as_of": "2026-11-20",
    },
    "hotline-113": {
        "kind": "service", "title": "Công an 113", "summary": "Gọi khi có việc khẩn về an ninh, trật tự.", "details": [],
        "steps": [], "phone": "113", "link": None, "ward_value": None, "unverified": ["details"], "legal_basis": [],
        "sources": ["Luật Viễn thông"], "as_of": "2026-11-20",
    },
    "faq-mau": {
        "kind": "faq", "title": "Phường có làm việc trưa không?", "answer": "Buổi trưa nghỉ, có người trực tiếp nhận.",
        "unverified": [], "legal_basis": [], "sources": ["Thông báo của phường"], "as_of": "2026-10",
    },
    "faq-gap-can-bo": {
        "kind": "faq", "title": "Làm sao để gặp cán bộ?", "answer": "Anh/chị nhắn gặp cán bộ.", "unverified": [],
        "legal_basis": [], "sources": ["Giới thiệu của trợ lý"], "as_of": "2026-10",
    },
    "plan-hoa-binh": {
        "kind": "plan", "title": "Kế hoạch tuyên truyền năm 2025", "section": "plan", "text": "Nâng nhận thức của cán bộ và người dân.",
        "items": ["Công khai đường dây nóng", "Niêm yết thủ tục mới"], "status": "Kế hoạch ra sau ngày 01/7/2025.",
        "number": "12/KH-UBND", "date": "20/07/2025",
    },
    "plan-hoa-binh--tasks": {
        "kind": "plan", "title": "Bảng phân công nhiệm vụ – Kế hoạch tuyên truyền năm 2025", "section": "tasks", "number": None, "date": None,
        "tasks": [{"id": f"nhiem-vu-{n}", "task": f"Việc thứ {n}", "lead": None, "time": "Cả năm 2025"} for n in range(1, 14)],
        "status": "Kế hoạch ra sau ngày 01/7/2025.",
    },
    "plan-hoa-binh-nhiem-vu-4": {
        "kind": "plan", "title": "Tuyên truyền trên Zalo", "section": "task", "number": "12/KH-UBND", "date": None,
        "task": {"id": "plan-hoa-binh-nhiem-vu-4", "task": "Tuyên truyền trên Zalo", "lead": "Phòng Văn hóa - Xã hội",
                 "partners": None, "time": "Cả năm 2025", "product": "Tin, bài"},
    },
    "plan-hoa-binh-kpi": {
        "kind": "plan", "title": "Tỷ lệ số hóa hồ sơ", "section": "kpi", "number": None, "date": "20/07/2025",
        "kpi": {"id": "plan-hoa-binh-kpi", "text": "Tỷ lệ số hóa hồ sơ", "value": 100, "unit": "%"},
    },
}  # fmt: skip
PLAN_TITLE = "Kế hoạch tuyên truyền năm 2025"

# What knowledge takes for a follow-up although it only praises: words without a topic.
NO_TOPIC = frozenset({"hay quá", "tuyệt vời", "em giỏi ghê"})


def finding(id_: str, part: str | None = None, parts: list[str] | None = None) -> dict[str, Any]:
    """
    Return the entry as a finding: its summary, the part or parts that were asked, or its first case.
    """
    entry = ENTRIES[id_]
    content = {name: value for name, value in entry.items() if name not in ("kind",)}
    if entry["kind"] == "plan":
        content |= {"plan_title": PLAN_TITLE, "year": 2025}
    asked = parts or ([part] if part and part not in ("summary", "case") else [])
    case = entry["cases"][0] if part == "case" and entry.get("cases") else None
    ids = [
        id_,
        *([entry["code"]] if entry.get("code") else []),
        *(["plan-hoa-binh"] if entry["kind"] == "plan" else []),
    ]
    return {
        "entry": {"id": id_, "ids": list(dict.fromkeys(ids)), "kind": entry["kind"], "title": entry["title"], "code": entry.get("code")},
        "part": "case" if case else asked[0] if asked else "summary", "parts": asked, "case": case, "content": content,
        "unverified": entry.get("unverified", []),
        "source": {"legal_basis": entry.get("legal_basis", []), "sources": entry.get("sources", ["Bản kế hoạch của UBND phường"]),
                   "as_of": entry.get("as_of", "2026-11-20"), "confidence": "sure"},
    }  # fmt: skip
