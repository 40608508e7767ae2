"""
Units as they are written behind a number, and as they are said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

UNITS: Mapping[str, str] = {
    "km/h": "ki-lô-mét trên giờ", "km/giờ": "ki-lô-mét trên giờ", "m/s": "mét trên giây", "km²": "ki-lô-mét vuông",
    "km2": "ki-lô-mét vuông", "m²": "mét vuông", "m2": "mét vuông", "cm2": "xăng-ti-mét vuông", "mm2": "mi-li-mét vuông",
    "m³": "mét khối", "m3": "mét khối", "cm3": "xăng-ti-mét khối", "dm3": "đề-xi-mét khối", "km": "ki-lô-mét", "dm": "đề-xi-mét", "cm": "xăng-ti-mét",
    "mm": "mi-li-mét", "m": "mét", "ha": "héc-ta", "kg": "ki-lô-gam", "mg": "mi-li-gam", "g": "gam", "gr": "gam",
    "ml": "mi-li-lít", "l": "lít", "kWh": "ki-lô-oát giờ", "kwh": "ki-lô-oát giờ", "KWh": "ki-lô-oát giờ", "MWh": "mê-ga-oát giờ",
    "kW": "ki-lô-oát", "MW": "mê-ga-oát", "W": "oát", "kVA": "ki-lô-vôn am-pe", "kV": "ki-lô-vôn", "KV": "ki-lô-vôn", "V": "vôn",
    "Hz": "héc", "MHz": "mê-ga-héc", "GHz": "gi-ga-héc", "dB": "đề-xi-ben", "dBA": "đề-xi-ben", "hPa": "héc-tô pát-xcan",
    "KB": "ki-lô-bai", "MB": "mê-ga-bai", "GB": "gi-ga-bai", "TB": "tê-ra-bai", "Mbps": "mê-ga-bít trên giây", "Gbps": "gi-ga-bít trên giây",
    "°C": "độ xê", "°F": "độ ép", "°": "độ", "%": "phần trăm", "‰": "phần nghìn", "ppm": "phần triệu", "HP": "mã lực", "CV": "mã lực",
    "°N": "độ vĩ bắc", "°S": "độ vĩ nam", "°E": "độ kinh đông", "°W": "độ kinh tây", "μm": "mi-crô-mét", "µm": "mi-crô-mét", "inch": "in",
    "mmHg": "mi-li-mét thủy ngân", "mg/l": "mi-li-gam trên lít", "mg/m3": "mi-li-gam trên mét khối", "ph": "phút", "phút": "phút", "giờ": "giờ", "h": "giờ",
    "s": "giây", "giây": "giây", "ngày": "ngày", "tháng": "tháng", "năm": "năm", "tuổi": "tuổi", "tấn": "tấn", "tạ": "tạ", "yến": "yến",
    "lít": "lít", "mét": "mét", "người": "người", "hộ": "hộ", "độ": "độ",
}  # fmt: skip
MONEY: Mapping[str, str] = {
    "đồng": "đồng", "đ": "đồng", "₫": "đồng", "VNĐ": "đồng", "VND": "đồng", "vnđ": "đồng", "vnd": "đồng", "Vnđ": "đồng", "Đ": "đồng",
    "USD": "đô la Mỹ", "usd": "đô la Mỹ", "$": "đô la Mỹ", "EUR": "ơ-rô", "€": "ơ-rô", "£": "bảng Anh", "¥": "yên",
}  # fmt: skip
SCALES: Mapping[str, str] = {
    "nghìn": "nghìn", "ngàn": "nghìn", "triệu": "triệu", "tr": "triệu", "trđ": "triệu đồng", "tỷ": "tỷ", "tỉ": "tỷ",
    "k": "nghìn", "K": "nghìn", "vạn": "vạn",
}  # fmt: skip
# These mean a unit only right behind the number.
_CLOSE = frozenset({"A", "V", "W", "s", "g", "h", "l", "TB", "CV", "HP", "ph"})


def alternatives(table: Mapping[str, str]) -> str:
    """
    Return a pattern for the keys, the longest first, whole words only; some only right behind the number.
    """
    keys = sorted(table, key=len, reverse=True)
    apart = "|".join(re.escape(one) for one in keys if one not in _CLOSE)
    close = "|".join(re.escape(one) for one in keys if one in _CLOSE)
    return rf"(?:\s?(?:{apart})" + (rf"|(?:{close})" if close else "") + r")(?![^\W_])"
