"""
Pure: what is a Vietnamese syllable, with or without its marks; and the names of letters, for what is not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSETS = "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x".split()
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu êng
y yêm yên yêng yêt yêu ych ynh yt ym
o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oe oen oeo oet oăc oăm oăn oăng oăt ooc oong
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt uê uêch uênh uên uy uya uych uynh uyt uyu uyên uyêt uyn uyp
uân uâng uât uây uơ uơn uan uang uay ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
""".split()
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_MARKS = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"))
LETTERS = {
    "a": "a", "b": "bê", "c": "xê", "d": "dê", "đ": "đê", "e": "e", "f": "ép", "g": "giê", "h": "hát", "i": "i",
    "j": "gi", "k": "ca", "l": "e-lờ", "m": "em", "n": "en", "o": "o", "p": "pê", "q": "quy", "r": "e-rờ", "s": "ét",
    "t": "tê", "u": "u", "v": "vê", "w": "vê kép", "x": "ích", "y": "i dài", "z": "dét",
}  # fmt: skip


def unmarked(text: str) -> str:
    """
    "Đường" → "Duong"
    """
    spread = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", spread.translate(_MARKS))


def _toneless(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_TONES))


_PLAIN_RHYMES = sorted({unmarked(one) for one in _RHYMES}, key=len, reverse=True)
_SYLLABLE = re.compile(f"(?:{'|'.join(_ONSETS)})?(?:{'|'.join(sorted(_RHYMES, key=len, reverse=True))})|gi|giêng")
_PLAIN = re.compile(f"(?:{'|'.join(_ONSETS)})?(?:{'|'.join(_PLAIN_RHYMES)})|gi")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """
    Say whether a word can be read as one Vietnamese syllable. Without marks "duong" is one too; "gmail" and "ubnd" are not.
    """
    low = _toneless(unicodedata.normalize("NFC", word).lower())
    return bool(_SYLLABLE.fullmatch(low) or _PLAIN.fullmatch(low))


def split(word: str) -> list[str] | None:
    """
    Return an unmarked run of letters as the fewest syllables of at least two letters, or None: "dichvucong" → dich vu cong.
    """
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 7), end - 1):
            before = best[start]
            if before is None or not _PLAIN.fullmatch(word[start:end]):
                continue
            current = best[end]
            if current is None or len(before) + 1 <= len(current):
                best[end] = [*before, word[start:end]]
    return best[len(word)]


def spell(letters: str) -> str:
    """
    Return the names of letters: "TKQ" → "tê ca quy". A marked vowel is its own name.
    """
    return " ".join(LETTERS.get(one, one) for one in letters.lower() if one.isalpha())
