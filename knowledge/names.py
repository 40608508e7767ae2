"""
Old names that citizens still use, and what they are called now.

Since 01/07/2025 there is no district level (Resolution 203/2025/QH15; Law 72/2025/QH15 on local government): what
districts did went to wards and communes or to the province.
"""

import re
from itertools import pairwise
from typing import Any

from knowledge.text import fold, normalise, tokenise
from knowledge.wards import Ward

# With marks the word says itself what it is; without, "quan" and "thi xa" only count after an office or a verb of going
# there ("quan trọng", "thì xã", "chị Huyền" are no districts).
_MARKED = {"huyện": "huyện", "quận": "quận", "thị_xã": "thị xã"}
_OFFICE = r"(?:ubnd|uy ban(?: nhan dan)?|cong an|ca|toa an|len|ra|tren|xuong|o|cap|phong tu phap|phong dia chinh)"
_UNMARKED = re.compile(
    rf"(?<!\w){_OFFICE} (quan|thi xa)(?! (?:doi|su|ao|he|trong|ly|tri|li|tam|diem|an))(?!\w)|(?<!\w)(?<!chi )(?<!em )(huyen)(?!\w)"
)
_LOOKALIKES = {"quan", "huyen", "thi", "xa"}  # marked otherwise than a district is, they mean something else
_SHOWN = {"quan": "quận", "huyen": "huyện", "thi xa": "thị xã"}
OLD_TERMS = {
    "so ho khau": ("sổ hộ khẩu", "Cơ sở dữ liệu về cư trú (sổ hộ khẩu giấy đã hết giá trị)"),
    "so tam tru": ("sổ tạm trú", "Cơ sở dữ liệu về cư trú (sổ tạm trú giấy đã hết giá trị)"),
    "chung minh nhan dan": ("chứng minh nhân dân", "thẻ căn cước"),
    "chung minh thu": ("chứng minh thư", "thẻ căn cước"),
    "bo phan mot cua": ("bộ phận một cửa", "Trung tâm Phục vụ hành chính công"),
}


def corrections(question: str, ward: Ward) -> list[dict[str, Any]]:
    """
    Return the old names in a question with their present ones: former wards, the district level, old papers.
    """
    plain = fold(normalise(question))
    found: list[dict[str, Any]] = []
    for former in ward.former_names:
        name = fold(normalise(former))
        if name != fold(normalise(ward.name)) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain):
            found.append({"kind": "former_name", "said": former, "now": ward.name})
    said_level = _district(question)
    if said_level:
        found.append({"kind": "district_level", "said": said_level, "now": f"UBND {ward.name}"})
    for said, (shown, now) in OLD_TERMS.items():
        if re.search(rf"(?<!\w){said}(?!\w)", plain):
            found.append({"kind": "old_term", "said": shown, "now": now})
    return found


def _district(question: str) -> str | None:
    """
    Return the district-level unit that a question names, or None.
    """
    tokens = tokenise(question)
    for token, following in pairwise([*tokens, ""]):
        named = _MARKED.get(token) or _MARKED.get(f"{token}_{following}")
        if named:
            return named
    match = _UNMARKED.search(
        " ".join(
            token if fold(token) == token else "-" if fold(token) in _LOOKALIKES else fold(token) for token in tokens
        )
    )
    return _SHOWN[match.group(1) or match.group(2)] if match else None
