"""
What announcements are about, as citizens choose it. A fixed list: a topic's slug stands in subscriptions, so none may go.
"""

from __future__ import annotations

from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    "dien-nuoc": "Điện, nước",
    "y-te": "Y tế, tiêm chủng",
    "thien-tai": "Thiên tai, thời tiết",
    "cchc": "Thủ tục, dịch vụ công",
    "an-ninh": "An ninh, trật tự",
    "viec-lam": "Việc làm, an sinh",
    "giao-thong": "Giao thông, đường sá",
    "moi-truong": "Môi trường, rác thải",
    "khac": "Tin khác",
}
# How citizens name them, folded; the whole of a phrase.
SAID: Mapping[str, tuple[str, ...]] = {
    "dien-nuoc": ("dien nuoc", "cup dien", "cat dien", "mat dien", "lich dien", "cup nuoc", "cat nuoc", "mat nuoc", "dien", "nuoc"),
    "y-te": ("y te", "tiem chung", "chich ngua", "tiem phong", "suc khoe", "kham benh", "dich benh", "vac xin"),
    "thien-tai": ("thien tai", "thoi tiet", "mua bao", "bao lu", "bao lut", "mua lu", "ngap lut", "bao"),
    "cchc": ("cchc", "cai cach hanh chinh", "thu tuc", "thu tuc hanh chinh", "dich vu cong", "can cuoc", "hanh chinh"),
    "an-ninh": ("an ninh", "trat tu", "cong an", "lua dao", "canh bao lua dao"),
    "viec-lam": ("viec lam", "tuyen dung", "an sinh", "tro cap", "chinh sach"),
    "giao-thong": ("giao thong", "duong sa", "cam duong", "sua duong", "ket xe"),
    "moi-truong": ("moi truong", "rac", "rac thai", "ve sinh", "thu gom rac"),
    "khac": ("khac", "tin khac"),
}  # fmt: skip
