"""
Makes a clean question look like one typed on a phone, for training: marks left out, teencode, slips, words dropped.

Works on normalised tokens; every choice comes from the `random.Random` that is passed in, so a seed decides all.
"""

import random
from collections.abc import Sequence

from knowledge.text import fold

TEENCODE = {
    "không": ("ko", "k", "hok", "hông", "khum"), "được": ("dc", "đc", "dk"), "gì": ("j", "gi"), "như": ("nhu", "n"), "thế": ("the", "t"),
    "bao": ("b",), "nhiêu": ("nhiu", "n"), "với": ("vs", "vs"), "người": ("ng", "ngừi"), "mình": ("mk", "mik"), "em": ("e",), "anh": ("a",),
    "chị": ("c", "chi"), "rồi": ("r", "rùi"), "trước": ("trc",), "biết": ("bít", "bt"), "giờ": ("h",), "vậy": ("v", "z"), "làm": ("lm", "lam"),
    "cho": ("cho", "ch"), "phải": ("pải", "fai"), "quá": ("wá", "qá"), "nào": ("nao", "nào"), "những": ("nhg",), "nhưng": ("nhg",),
    "điện": ("đt",), "giấy": ("giay", "jấy"), "hồ": ("ho",), "tháng": ("thg", "th"), "năm": ("n",), "ngày": ("ng",), "con": ("con", "kon"),
    "vợ": ("vk",), "chồng": ("ck",), "tiền": ("xiền", "tiền"), "bây": ("bi",), "muốn": ("mún", "mun"), "hỏi": ("hoi", "hỏi"), "xin": ("xin", "sin"),
}  # fmt: skip
LEADS = (
    "cho hỏi", "cho em hỏi", "cho mình hỏi", "ad ơi", "anh chị ơi", "dạ cho hỏi", "xin hỏi", "alo", "em muốn hỏi", "cho tôi hỏi", "chào anh chị",
    "tư vấn giúp em", "cho cháu hỏi", "bác ơi",
)  # fmt: skip
TAILS = ("ạ", "với ạ", "vậy", "thế ạ", "ad", "giúp em với", "em cảm ơn", "nhỉ", "dạ", "nhé", "hả")
NEIGHBOURS = {
    "a": "s",
    "s": "a",
    "o": "i",
    "i": "o",
    "n": "m",
    "m": "n",
    "t": "r",
    "r": "t",
    "h": "g",
    "g": "h",
    "e": "r",
    "u": "y",
    "c": "x",
}


def phone_typed(tokens: Sequence[str], rng: random.Random) -> list[str]:
    """
    Return the tokens as somebody might have typed them.
    """
    out = list(tokens)
    if rng.random() < 0.15:
        out = rng.choice(LEADS).split() + out
    if rng.random() < 0.12:
        out = out + rng.choice(TAILS).split()
    if len(out) > 4 and rng.random() < 0.35:
        out = [token for token in out if rng.random() > 0.12] or out
    if rng.random() < 0.25:
        out = [rng.choice(TEENCODE[token]) if token in TEENCODE and rng.random() < 0.6 else token for token in out]
    if rng.random() < 0.25:
        out = [slip(token, rng) if rng.random() < 0.12 else token for token in out]
    chance = rng.random()
    if chance < 0.35:
        out = [fold(token) for token in out]
    elif chance < 0.5:
        out = [fold(token) if rng.random() < 0.5 else token for token in out]
    return out


def slip(token: str, rng: random.Random) -> str:
    """
    Return the token with one slip of the finger: two letters swapped, one dropped, doubled, or hit beside.
    """
    if len(token) < 3:
        return token
    place = rng.randrange(len(token) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return token[:place] + token[place + 1] + token[place] + token[place + 2 :]
    if kind == 1:
        return token[:place] + token[place + 1 :]
    if kind == 2:
        return token[: place + 1] + token[place:]
    return token[:place] + NEIGHBOURS.get(token[place], token[place]) + token[place + 1 :]
