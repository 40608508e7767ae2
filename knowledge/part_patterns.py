"""
What parts of a procedure are asked with, as patterns; `parts.py` weighs them together with the words around.

Patterns are on folded text, so they hold with and without marks.
"""

import re
from collections.abc import Sequence

from knowledge.text import fold

# In order of mention on the answer. Each alternative is a run of folded syllables; \b keeps them whole.
_PATTERNS: dict[str, str] = {
    "papers": (
        r"(?:can|gom|nop|mang|chuan bi|dem|cam|dua|kem|co|thieu|lay|bo|xin|doi) (?:theo )?(?:cai |nhung |cac |may )?(?:loai )?(?:giay to|giay|ho so|to|loai giay)? ?"
        r"(?:gi|nao|nhung gi|may thu|may loai|may to)\b(?! tien)|(?:can|giay|giay to|ho so) chi\b(?! phi| tiet| tra| nhanh| cuc)|(?:mang|dem|cam|nop) chi\b(?! phi)|giay to (?:lam|nhu) the nao|may (?:loai|thu) giay|thanh phan ho so|ho so (?:gom|can|gi|nao|nhu the nao|ra sao|the nao)|"
        r"giay to (?:gi|nao|can|gom|kem|the nao|ra sao)|nhung giay|giay to lien quan|photo may|ban sao hay ban chinh|ban goc|may ban|bao gom nhung gi|can nhung gi|"
        r"mang theo|chuan bi (?:gi|nhung|ra sao|the nao)|can ho so|can gi\b|hoi (?:ve )?ho so|(?<!nop )(?<!nhan )(?<!cuu )(?<!doi )(?<!tra )ho so$|giay to can thiet|"
        r"yeu cau (?:nhung |cac |may )?(?:giay to|giay|ho so)|co (?:can|phai) (?:mang|dem|cam|kem|nop|photo|cong chung)(?! (?:le phi|phi|tien|thue|o|qua|tren|truc|online))"
    ),
    "fee": (
        r"le phi|\bphi\b(?! vat| nong)|bao nhieu (?:tien|xien|dong|mot ban|1 ban)|(?:mat|ton) (?:bao nhieu|may)(?! (?:ngay|hom|bua|tuan|thang|buoi|gio|nam|lau|cong|lan|thoi))|mat tien|ton (?:tien|kem|phi)|"
        r"het bao nhieu(?! (?:ngay|thang|tuan|lau|thoi))|het (?:may tien|may tram|nhieu tien)|(?:ton|het|mat|gia) nhieu\b|nhieu tien|mien phi|may (?:tien|tram|nghin|ngan|dong|trieu|xi|cu|chuc)|gia (?:bao nhieu|the nao|may)|(?:dong|tra|nop|thu|mat) (?:bao nhieu )?tien|"
        r"(?:may|bao nhieu) phan tram|\bthue\b.{0,20} (?:bao nhieu|may)\b|tien (?:bao nhieu|the nao|gi khong)|chi phi|co mat tien|bn tien|bao nhieu 1 (?:to|ban|trang)|bao nhieu$(?<!thu tuc)"
    ),
    "time": (
        r"bao lau|may (?:ngay|hom|bua|tuan|thang|buoi)\b|bao nhieu (?:ngay|lau|tuan|thang)|(?:khi nao|bao gio|bao h) (?:duoc|(?:thi )?(?:co|xong|lay|nhan|tra|moi))|"
        r"thoi (?:han|gian)(?! cu tru)|lau (?:khong|ko|k|hong|ha|lam)|chung nao|nhanh khong|lay (?:giay |so |ket qua )?(?:ngay|lien|luon)\b(?! nao)|trong ngay|ngay nao (?:co|lay|nhan|tra)|hen (?:tra|ngay)|may hom|sang nop chieu|luc nao (?:co|lay|xong)"
    ),
    "place": (
        r"(?<!quy dinh )(?:o|tai|ra|den|toi|len|qua|nop|lam|di|xin|gap|lien he) (?:dau|cho nao|cho dau|noi nao|co quan nao|phong nao|quay nao|cua nao)|o (?:cho|noi) nao|noi nop|dia diem|"
        r"(?:nop|lam|xin|dang ki|cap|doi|gui) .{0,25}\b(?:o dau|(?<!lan )(?<!bat )(?<!ban )dau|cho nao)\b(?! tien| nam| thang)|cho nao (?:lam|nhan|nop|cap|chung)|dau (?:a|vay|the|nhi|ha|z)?$|co quan nao|"
        r"phuong hay|xa hay|ubnd nao|(?:len|ra|qua) (?:phuong|xa|huyen|quan|tinh) (?:hay|lam duoc)|"
        r"(?:o|tai|ra|len|ve) (?:phuong|xa|cong an|que|tinh)(?: \w+){0,3} duoc (?:khong|ko|k|hong|hok|luon)|hay (?:la )?(?:phai )?(?:ve|dia|len|ra|chay len) (?:que|tinh|huyen|quan|xa|phuong|cong an)|"
        r"phuong nao|xa nao|(?:o|ra|di|cho) mo\b(?! hinh| ta| mot| rong| cua| tiem| quan)|(?:o|tai) \w+ hay (?:la )?(?:o|tai) (?:day|do|que|phuong|xa)|noi nao|(?:gap|(?:phai|can) hoi|lien he|(?:nop|dua|gui)(?: don| giay| ho so)? cho) ai\b|(?:quay|cua|phong|ban) (?:so )?may\b"
    ),
    "online": (
        r"online|onl\b|qua mang|tren mang|truc tuyen(?! la gi)|qua (?:dien thoai|app|ung dung|cong|vneid|zalo)|tren (?:cong|vneid|app|dien thoai|web)|"
        r"(?:khong can|khoi|co phai|phai|co can) (?:den|len|ra|toi|di|nop) (?:phuong |xa |tan noi )?truc tiep|khong can (?:den|len|ra|toi) (?:phuong|xa)|nop truc tiep hay|tu xa|o nha (?:lam|nop|dang ki)|dich vu cong|ngoi nha|buu dien|buu chinh|(?:gui|chuyen) ve (?:tan )?nha"
    ),
    "form": (
        r"mau (?:don|to khai|nao|so|gi|giay|bieu)|to khai (?:nao|mau|gi|o dau|lay|tai|so|nhu|ra sao)|bieu mau|don (?:mau|nao|viet|gi|xin the nao|nhu the nao)|"
        r"xin mau|lay mau|tai mau|mau o dau|viet don|can mau|dien mau|(?:don|to khai)(?: \w+){0,2} viet tay|lam don (?:sao|the nao|ra sao|nhu)|file mau|ma mau|(?:mau|to khai) (?:nao )?ct ?\d\d\b|mau$"
    ),
    "conditions": (
        r"dieu kien|yeu cau (?:gi|nhung|the nao)|du (?:tuoi|dieu kien)|co (?:duoc|dc) (?:khong|ko|k|hong|hem|lam|dang ki|nhap|huong|cap)|can dap ung|tieu chuan|"
        r"(?:truong hop|doi tuong) nao (?:duoc|thi|moi)|bao nhieu tuoi|may tuoi|duoc (?:khong|ko|hong|hem|hok)$|khi nao thi duoc"
    ),
    "applicants": (
        r"ai (?:la nguoi|duoc|co quyen|phai|di|lam|nop|dung ten|dang ki|co the|moi|thi|dung|ki)|nhung ai|doi tuong(?! nao)|(?:lam|nop|di|ki|lay|nhan) (?:thay(?! doi)|ho(?! (?:so|khau|gia|kinh|ngheo|chieu|tich|tro))|giup|dum)\b|di (?:lam|nop|lay|xin|ki|khai|dang ki).{0,25} (?:dum|gium|thay)\b|(?:thay|giup|dum|gium) (?:cho )?(?:me|bo|cha|ong|ba|vo|chong|nguoi)\b|"
        r"phai tu di|ai .{0,15}dung (?:don|ten)|mot minh|(?:cung|phai) di (?:cung|ca hai)|cung di|ca hai (?:nguoi|vo chong)|"
        r"(?:ong ba|cha me|bo me|nguoi (?:than|nha|khac)) (?:di|lam|nop|ki|lay|nhan|khai|dang ki)\b|nho (?:nguoi|ban|con|vo|chong|anh|chi|em)|uy quyen|"
        r"danh cho ai|nguoi nao (?:duoc|phai)|ai di"
    ),
    "result": r"(?:duoc )?(?:cap|nhan|tra) (?:lai )?(?:cai )?(?:giay )?gi\b|ket qua|nhan duoc gi|duoc cap gi|ra giay gi|lay duoc gi",
    "basis": r"can cu (?:phap|vao|nao|luat)|co so phap li|van ban nao|luat nao|nghi dinh nao|thong tu nao|theo quy dinh nao|quy dinh o dau|phap luat nao",
}  # fmt: skip
PARTS = tuple(_PATTERNS)
_COMPILED = {part: re.compile(rf"(?<!\w)(?:{pattern})") for part, pattern in _PATTERNS.items()}
# Names that hold a part's word without asking for it.
_NAMES = re.compile(
    r"phan anh kien nghi|mau giao|mam non|hoi phi|hoc phi|vien phi|kinh phi|mai tang phi|giay phep|chi phi (?:mai tang|dao tao|hoc tap|cham soc)|dien tich|le hoi|buu dien van hoa|ket qua hoc"
)


# How parts are asked for on a phone and in the regions; the lexicon of the content is for topics, these few words for parts.
SHORT = {
    "j": "gi", "ji": "gi", "bn": "bao nhieu", "bnh": "bao nhieu", "bnhieu": "bao nhieu", "nhiu": "nhieu", "dc": "duoc", "ntn": "nhu the nao", "hs": "ho so",
    "mô": "dau", "mần": "lam", "lm": "lam", "dìa": "ve", "xiền": "tien", "xien": "tien",
}  # fmt: skip
POLITE = frozenset("a ah ad ak nhe nha nhi z v vay ha he ne ta rua".split())  # what a question may end with
# Typed with these marks they are other words than the patterns mean: "ở đầu ngõ", "máy", "tuổi già".
_LOOKALIKES = frozenset("đầu đậu dầu dâu dấu máy mày màu máu già lầu lẩu".split())
_BENEFIT = re.compile(
    r"(?:duoc|huong|tro cap|ho tro|lanh|linh|(?:moi|hang|mot|1) (?:thang|nam)|tien .{0,20}(?:thang|nam)|muc (?:huong|tro cap|ho tro)|nha nuoc cho .{0,20})"
    r"(?: duoc| nhan| huong| lanh| linh| cap| ho tro| cho| tien){0,2} (?:bao nhieu|may|nhieu)\b(?! (?:ngay|hom|bua|tuan|lau|nguoi|lan|tuoi|gio|nam|loai|giay))"
)
_FEE_WORDS = re.compile(r"\ble phi\b|\bphi\b|(?:dong|nop|ton|mat) (?:tien|bao nhieu)")
_RESULT_WORDS = re.compile(
    r"(?:cap|nhan|tra|ra) (?:lai )?(?:duoc )?(?:cai )?(?:giay )?gi\b|ket qua (?:la|gi|the nao|ra sao)"
)
_FORM_WHERE = re.compile(r"(?<!nop )(?:mau|to khai|don)\b(?: (?!nop|lam)\w+){0,3} (?:o )?(?:dau|cho nao)")
_CONDITION_WORDS = re.compile(r"dieu kien|yeu cau|tieu chuan|du tuoi|bao nhieu tuoi|may tuoi")


def plain(token: str) -> str:
    """
    Return a normalised token as the patterns spell it: folded, short forms written out, a word that only looks alike as `-`.
    """
    if token in _LOOKALIKES:
        return "-"
    return SHORT.get(token) or SHORT.get(fold(token)) or fold(token)


def spoken(tokens: Sequence[str]) -> list[str]:
    """
    Return the plain words of a question, without the politeness it ends with.
    """
    kept = list(tokens)
    while kept and fold(kept[-1]) in POLITE:
        kept.pop()
    return " ".join(map(plain, kept)).split()


def hits(words: Sequence[str]) -> list[str]:
    """
    Return every part of which a pattern matches the plain words, in the order of an answer.
    """
    text = _NAMES.sub(" ", " ".join(words))
    return [part for part, pattern in _COMPILED.items() if pattern.search(text)]


def settled(found: Sequence[str], words: Sequence[str]) -> list[str]:
    """
    Return what is left of `hits` when one way of asking explains another.
    """
    text, found = _NAMES.sub(" ", " ".join(words)), list(found)
    # "Tiền người già mỗi tháng bao nhiêu" asks what one gets, not what one pays.
    if _BENEFIT.search(text) and not _FEE_WORDS.search(text):
        found = [part for part in found if part != "fee"] or ["result"]
    # "Làm online được không" asks for online; "được không" alone asks whether one may.
    if len(found) > 1 and "conditions" in found and not _CONDITION_WORDS.search(text):
        found.remove("conditions")
    # "Nhận kết quả ở đâu" asks where; "tải mẫu ở đâu" asks for the form.
    if len(found) > 1 and "result" in found and not _RESULT_WORDS.search(text):
        found.remove("result")
    if "form" in found and "place" in found and _FORM_WHERE.search(text):
        found.remove("place")
    return found
