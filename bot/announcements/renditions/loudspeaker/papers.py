"""
Reading rules for legal papers and roman numbers: 15/2026/NĐ-CP is "số mười lăm năm hai nghìn không trăm hai mươi sáu của Chính phủ".
"""

from __future__ import annotations

import re

from bot.announcements.renditions.loudspeaker.abbreviations import ABBREVIATIONS
from bot.announcements.renditions.loudspeaker.numbers import cardinal, read
from bot.announcements.renditions.loudspeaker.rules import Rule, Said, before, follows, rule
from bot.announcements.renditions.loudspeaker.syllables import spell

KINDS = {
    "NĐ": "Nghị định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch", "QĐ": "Quyết định", "NQ": "Nghị quyết", "NQLT": "Nghị quyết liên tịch",
    "CT": "Chỉ thị", "KH": "Kế hoạch", "TB": "Thông báo", "BC": "Báo cáo", "CV": "Công văn", "TTr": "Tờ trình", "GM": "Giấy mời",
    "HD": "Hướng dẫn", "CTr": "Chương trình", "CTR": "Chương trình", "ĐA": "Đề án", "PA": "Phương án", "QC": "Quy chế", "KL": "Kết luận", "L": "Luật", "PL": "Pháp lệnh",
    "VBHN": "Văn bản hợp nhất", "CĐ": "Công điện", "BB": "Biên bản", "HĐ": "Hợp đồng", "TTLB": "Thông tư liên bộ", "QyĐ": "Quy định", "QyC": "Quy chế", "GP": "Giấy phép",
    "GCN": "Giấy chứng nhận", "L-CTN": "Lệnh",
}  # fmt: skip
ISSUERS = {
    "CP": "Chính phủ", "TTg": "Thủ tướng Chính phủ", "TTG": "Thủ tướng Chính phủ", "TW": "Trung ương", "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân", "CTN": "Chủ tịch nước", "UBTVQH": "Ủy ban Thường vụ Quốc hội", "QH": "Quốc hội", "VPCP": "Văn phòng Chính phủ",
    "VPQH": "Văn phòng Quốc hội", "VP": "Văn phòng", "BTP": "Bộ Tư pháp", "BCA": "Bộ Công an", "BTC": "Bộ Tài chính", "BNV": "Bộ Nội vụ", "BYT": "Bộ Y tế",
    "BGDĐT": "Bộ Giáo dục và Đào tạo", "BGDDT": "Bộ Giáo dục và Đào tạo", "BXD": "Bộ Xây dựng", "BCT": "Bộ Công Thương", "BTNMT": "Bộ Tài nguyên và Môi trường",
    "BNNMT": "Bộ Nông nghiệp và Môi trường", "BNNPTNT": "Bộ Nông nghiệp và Phát triển nông thôn", "BKHCN": "Bộ Khoa học và Công nghệ", "BKHĐT": "Bộ Kế hoạch và Đầu tư",
    "BTTTT": "Bộ Thông tin và Truyền thông", "BVHTTDL": "Bộ Văn hóa, Thể thao và Du lịch", "BQP": "Bộ Quốc phòng", "BNG": "Bộ Ngoại giao", "BGTVT": "Bộ Giao thông vận tải",
    "BLĐTBXH": "Bộ Lao động, Thương binh và Xã hội", "BDTTG": "Bộ Dân tộc và Tôn giáo", "NHNN": "Ngân hàng Nhà nước", "TANDTC": "Tòa án nhân dân tối cao",
    "VKSNDTC": "Viện kiểm sát nhân dân tối cao", "TTCP": "Thanh tra Chính phủ", "KTNN": "Kiểm toán Nhà nước", "BHXH": "Bảo hiểm xã hội", "TU": "Tỉnh ủy",
    "ThU": "Thành ủy", "HU": "Huyện ủy", "QU": "Quận ủy", "ĐU": "Đảng ủy", "SNV": "Sở Nội vụ", "STP": "Sở Tư pháp", "STC": "Sở Tài chính", "SYT": "Sở Y tế", "SXD": "Sở Xây dựng",
    "SCT": "Sở Công Thương", "SGDĐT": "Sở Giáo dục và Đào tạo", "SKHCN": "Sở Khoa học và Công nghệ", "SNNMT": "Sở Nông nghiệp và Môi trường", "CAP": "Công an phường",
    "CAX": "Công an xã", "CAT": "Công an tỉnh", "CATP": "Công an thành phố", "CA": "Công an", "BCĐ": "Ban Chỉ đạo", "BTV": "Ban Thường vụ", "MTTQ": "Mặt trận Tổ quốc",
    "MTTW": "Mặt trận Trung ương", "BTGTW": "Ban Tuyên giáo Trung ương", "TTPVHCC": "Trung tâm Phục vụ hành chính công", "VHXH": "Văn hóa, Xã hội", "KT": "Kinh tế",
    "VX": "Văn xã", "NC": "Nội chính", "KSTTHC": "Kiểm soát thủ tục hành chính", "HCC": "Hành chính công", "PVHCC": "Phục vụ hành chính công",
    "TCT": "Tổ công tác", "BCH": "Ban Chỉ huy", "PCTT": "Phòng chống thiên tai", "BCHPCTT": "Ban Chỉ huy Phòng chống thiên tai",
}  # fmt: skip
_KIND_WORDS = "|".join(
    sorted({one.lower() for one in KINDS.values()} | {"luật", "văn bản", "sắc lệnh", "bộ luật"}, key=len, reverse=True)
)
_CODE = r"[A-ZĐ][A-Za-zĐđ]{0,9}\d{0,2}(?:\s?[-/&]\s?[A-ZĐ][A-Za-zĐđ]{0,12}\d{0,2})*"
_ROMAN_AFTER = (
    r"quý|chương|phần|mục|khóa|khoá|lần thứ|thứ|thế kỷ|cấp|hạng|loại|tập|vùng|khu vực|bậc|nhóm|kỳ|học kỳ|đợt|giai đoạn|quyển|phụ lục|đại hội|hội nghị|lớp|bảng"
    r"|trung ương|bộ phận|điều|tiểu mục|quân khu|lần|độ|mức|khối|trường|số|chủng loại"
)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN = r"(?=[IVXLC])(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"


def _code(found: re.Match[str]) -> Said:
    tokens = [one for one in re.split(r"\s?[-/&]\s?", found["code"]) if one]
    plain = found["y"] is None and len(tokens) == 1
    if plain and not (tokens[0] in KINDS or follows(found, f"số|{_KIND_WORDS}")):
        return None
    kind = KINDS.get(tokens[0])
    issuers = [_issuer(one) for one in (tokens[1:] if kind else tokens)]
    head = "" if follows(found, "số") else "số "
    if head and kind and not follows(found, f"{_KIND_WORDS}|nđ|qđ|tt|ttlt|nq|ct|kh|tb|cv|bc|hd"):
        head = f"{kind} số "
    number = f"{read(found['n'], point='chấm')}{' ' + found['letter'] if found['letter'] else ''}"
    words = f"{head}{number}" + (f" năm {cardinal(int(found['y']))}" if found["y"] else "")
    if not issuers or _said_later(found, issuers[-1]):
        return words
    return f"{words} của {', '.join(issuers)}"


def _said_later(found: re.Match[str], issuer: str) -> bool:
    """
    Say whether the sentence names the issuer itself: "Nghị định số 15/2026/NĐ-CP ngày 05/10/2026 của Chính phủ".
    """
    clause = re.split(r"[;\n]|\.\s", found.string[found.end() : found.end() + 120])[0]
    ahead = re.match(r"[^,]{0,60}?\bcủa\s+(\w+)", clause)
    if not ahead:
        return False
    word = ahead[1]
    return word[:1].isupper() or issuer.lower().startswith(word.lower())


def _issuer(token: str) -> str:
    name, number = re.fullmatch(r"(.*?)(\d*)", token).groups()  # type: ignore[union-attr]
    words = ISSUERS.get(name) or KINDS.get(name) or ABBREVIATIONS.get(name) or spell(name)
    return f"{words} khóa {cardinal(int(number))}" if number else words


def _numbered(found: re.Match[str]) -> Said:
    if follows(found, "quý|kỳ|học kỳ|đợt|lần|khóa"):
        return f"{read(found['n'])} năm {cardinal(int(found['y']))}"
    if not follows(found, f"số|{_KIND_WORDS}"):
        return None
    head = "" if follows(found, "số") else "số "
    return f"{head}{read(found['n'])} năm {cardinal(int(found['y']))}"


def _roman(found: re.Match[str]) -> Said:
    text = found.group()
    number = _value(text)
    if not 1 <= number <= 60:
        return None
    if follows(found, _ROMAN_AFTER) or (
        number < 40
        and re.search(rf"(?:{_ROMAN_AFTER})\s+{_ROMAN}\s?(?:,|và|hoặc|đến|[-–])\s?$", before(found), re.IGNORECASE)
    ):
        return (
            "nhất"
            if number == 1 and follows(found, "thứ")
            else "tư"
            if number == 4 and follows(found, "thứ")
            else cardinal(number)
        )
    # "VI PHẠM": among capitals it is a word.
    word_next = re.match(r"\s+(\w+)", found.string[found.end() :])
    if len(text) < 2 or (word_next and word_next[1].isupper() and len(word_next[1]) > 1):
        return None
    return (
        cardinal(number)
        if number >= 2 and text not in ("CC", "LC", "CI", "LI", "CL", "CX", "XC", "CV", "DI", "MI")
        else None
    )


def _roman_year(found: re.Match[str]) -> Said:
    number = _value(found["r"])
    return f"{cardinal(number)} năm {cardinal(int(found['y']))}" if number else None


def _value(text: str) -> int:
    total = 0
    for one, following in zip(text, [*text[1:], ""], strict=True):
        value = _VALUES[one]
        total += -value if following and _VALUES[following] > value else value
    return total


def _heading(found: re.Match[str]) -> Said:
    number = _value(found["r"])
    return f"Phần {cardinal(number)}: " if 1 <= number <= 30 else None


def _of_a_law(found: re.Match[str]) -> Said:
    """
    "Luật Đất đai 2024" is the one of the year 2024.
    """
    law = re.search(r"(?:luật|hiến pháp|pháp lệnh)(?:\s+[^\W\d]+){0,7}\s$", before(found))
    return f"năm {cardinal(int(found.group()))}" if law and not follows(found, "năm|số|có|là") else None


def _standard(found: re.Match[str]) -> Said:
    return f"số {read(found['n'])} năm {cardinal(int(found['y']))} của {_issuer(found['code'])}"


RULES: tuple[Rule, ...] = (
    # "TT 04/2024/TT-BTP": alone these letters may mean something else.
    rule(
        rf"(?P<kind>{'|'.join(sorted(KINDS, key=len, reverse=True))})(?=\s(?:số\s?)?\d{{1,6}}\s?/)",
        lambda found: KINDS[found["kind"]].lower(),
    ),
    rule(r"(?P<n>\d{1,5}):(?P<y>(?:19|20)\d\d)/(?P<code>[A-ZĐ]+)(?!\w)", _standard),
    rule(
        rf"(?P<n>\d{{1,6}}(?:\.\d{{1,2}})?)(?P<letter>[a-z])?(?:/(?P<y>(?:19|20)\d\d))?\s?[/-]\s?(?P<code>{_CODE})(?!\w)",
        _code,
    ),
    rule(r"(?:19|20)\d\d(?!\w|[/.,-]\d|\s?[-–]\s?\d)", _of_a_law),
    rule(r"(?P<n>\d{1,6})/(?P<y>(?:19|20)\d\d)(?![\d/]|[.,]\d)", _numbered),
    rule(rf"(?<![^\n])(?P<r>{_ROMAN})[.)/]\s+", _heading),
    rule(rf"(?P<r>{_ROMAN})\s?/\s?(?P<y>(?:19|20)\d\d)(?!\d)", _roman_year),
    rule(rf"{_ROMAN}(?!\w)", _roman),
)
