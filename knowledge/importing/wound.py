"""
A place in a text that is broken: what stands there, what it should be, whether that is certain.
"""

from dataclasses import dataclass

# Words for parts of a ward, with which plans are adapted from one ward to the next: what blind replacement puts.
UNITS = (
    "tổ dân phố", "khu phố", "thị trấn", "thành phố", "đặc khu", "phường", "quận", "huyện", "tỉnh", "thôn", "xóm", "khóm", "làng", "bản", "ấp", "xã",
)  # fmt: skip


@dataclass(frozen=True)
class Wound:
    """
    Attributes:
        start, end: Of what stands there now.
        put: What it should be; the likeliest when it is not certain.
        why: A key of `WHY`.
    """

    start: int
    end: int
    put: str
    certain: bool
    why: str


WHY = {
    "thay-hang-loat": "chữ bị thay hàng loạt (tìm và thay thế)",
    "lap-chu": "lặp chữ",
    "go-sai": "gõ sai",
    "dau-cau": "thừa dấu câu",
    "chu-kirin": "chữ cái của bảng chữ khác (Kirin) lẫn vào",
    "lap-don-vi": "lặp tên cấp hành chính, có lẽ do thay hàng loạt",
    "ten-don-vi": "tên đơn vị viết khác",
}


def in_case(put: str, instead_of: str) -> str:
    letters = [letter for letter in instead_of if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return put.upper()
    return put[0].upper() + put[1:] if instead_of[0].isupper() else put
