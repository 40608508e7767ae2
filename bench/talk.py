"""
The conversation that is measured: what people ask, follow-ups and courtesies among it.
"""

WARDS = ("phuong-mau", "hoa-binh", "thinh-liet")
TURNS = (
    "xin chào",
    "làm giấy khai sinh cho con cần gì",
    "thế còn lệ phí?",
    "dang ky ket hon o dau",
    "mất bao nhiêu ngày",
    "đường dây nóng của phường số mấy",
    "kế hoạch cải cách hành chính của phường có gì",
    "đăng ký tạm trú online được không",
    "hôm nay trời mưa không",
    "cảm ơn nhé",
)
