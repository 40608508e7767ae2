"""
Turns what the validator found into a Vietnamese sentence that tells a member of staff what to mend.
"""

from collections.abc import Mapping
from typing import Any

SENTENCES = {
    "missing": "thiếu trường “{field}”; thêm vào",
    "extra_forbidden": "không có trường nào tên “{field}”; xem lại chính tả hoặc bỏ đi",
    "string_type": "“{field}” phải là chữ; nếu để trống thì ghi null hoặc bỏ dòng này",
    "string_too_short": "“{field}” đang để trống; điền vào hoặc bỏ dòng này",
    "string_pattern_mismatch": "“{field}: {input}” sai dạng (mã viết thường không dấu, nối bằng gạch ngang; mã quốc gia như 1.001193)",
    "list_type": "“{field}” phải là danh sách, mỗi dòng bắt đầu bằng “- ”",
    "dict_type": "“{field}” phải là nhóm trường thụt vào bên dưới",
    "model_type": "“{field}” phải là nhóm trường thụt vào bên dưới",
    "model_attributes_type": "“{field}” phải là nhóm trường thụt vào bên dưới",
    "literal_error": "“{field}: {input}” không hợp lệ; chỉ nhận {expected}",
    "int_parsing": "“{field}: {input}” phải là số nguyên",
    "int_type": "“{field}” phải là số nguyên",
    "float_parsing": "“{field}: {input}” phải là số",
    "float_type": "“{field}” phải là số",
    "bool_parsing": "“{field}” chỉ nhận true hoặc false",
    "bool_type": "“{field}” chỉ nhận true hoặc false",
    "greater_than_equal": "“{field}: {input}” không được âm",
    "too_short": "“{field}” cần ít nhất một dòng",
    "time_of_day": "“{field}: {input}” phải là giờ dạng 07:30",
    "slug_reserved": "“{field}: {input}” là địa chỉ riêng của hệ thống; chọn tên khác, ví dụ phuong-mau",
    "closes_too_early": "“{field}”: giờ đóng (closes) phải sau giờ mở (opens)",
    "value_error": "“{field}: {input}” phải là ngày dạng 2026-11-20 hoặc tháng dạng 2026-11",
}


def sentence(detail: Mapping[str, Any], entry: str | None) -> str:
    """
    Return one Vietnamese sentence for one finding of the validator.

    Args:
        detail: One item of `pydantic.ValidationError.errors()`.
        entry: The id of the entry it stands in, when it could be read.
    """
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in detail["loc"]) or "mục này"
    template = SENTENCES.get(detail["type"], "“{field}” không hợp lệ")
    shown = str(detail.get("input"))[:60]
    text = template.format(
        field=field, input=shown, expected=(detail.get("ctx") or {}).get("expected", "").replace(" or ", " hoặc ")
    )
    return f"mục “{entry}”: {text}" if entry else text
