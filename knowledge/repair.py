"""
Guesses what a damaged token was meant to be: Telex or VNI keys left as typed, words run together, one slip of the finger.

A guess is only ever added beside what was typed.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from knowledge.text import fold, is_syllable, normalise

TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
TELEX_LETTERS = (
    ("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("uwow", "ươ"), ("uwo", "ươ"), ("uow", "ươ"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"),
)  # fmt: skip
VNI_LETTERS = {
    "6": {"a": "â", "e": "ê", "o": "ô"},
    "7": {"uo": "ươ", "o": "ơ", "u": "ư"},
    "8": {"a": "ă"},
    "9": {"d": "đ"},
}
VOWELS = "aăâeêioôơuưy"
LETTERS = "abcdeghiklmnopqrstuvxy"
LONGEST_KEYED, LONGEST_SYLLABLE = 12, 9  # "nghieengs" with its keys; "nghiêng" with a slip or two
LONG_O = {"boong", "cooc", "goong", "mooc", "xoong"}  # the few syllables in which "oo" is not a keyed "ô"
_LONE_W = re.compile(r"(?<=[bcdđghklmnprstvx])w")  # "nhw", "twf"; in front it is teencode for "qu"
_PLAIN = re.compile(r"[a-zđăâêôơư]+[a-z0-9]*")


@lru_cache(maxsize=16384)
def keys_left(token: str) -> str | None:
    """
    Return the syllable that Telex or VNI keys stand for (`ddawng` → `đăng`, `d9a8ng` → `đăng`), or None.
    """
    if not _PLAIN.fullmatch(token) or not 3 <= len(token) <= LONGEST_KEYED or _complete(token):
        return None
    for read in (_telex, _vni):
        letters, tone = read(token)
        if letters and (letters != token or tone) and _complete(letters):
            return normalise(_toned(letters, tone))
    return None


def _complete(letters: str) -> bool:
    return is_syllable(fold(letters)) and ("oo" not in letters or letters in LONG_O)


def _telex(token: str) -> tuple[str, str]:
    # The tone key may follow the vowel or end the syllable, but never stands before the vowel: "tr" is no hook.
    vowel = next((place for place, letter in enumerate(token) if letter in VOWELS or letter == "w"), len(token))
    for place in range(len(token) - 1, vowel, -1):
        if token[place] in TELEX_TONES:
            letters = _letters(token[:place] + token[place + 1 :])
            if letters and _complete(letters):
                return letters, TELEX_TONES[token[place]]
    return _letters(token), ""


def _letters(token: str) -> str:
    if re.fullmatch(r"d.*[^d]d", token):  # the second d may come last: "dangd"
        token = "d" + token[:-1]
    for keys, letter in TELEX_LETTERS:
        token = token.replace(keys, letter)
    if token.endswith("w"):
        for plain, hooked in (("uo", "ươ"), ("u", "ư"), ("o", "ơ"), ("a", "ă")):
            if plain in token:
                token = token[:-1].replace(plain, hooked, 1)
                break
    token = _LONE_W.sub("ư", token).replace("ươ", "ươ").replace("ưo", "ươ")
    return token[:-2] + "uơ" if token.endswith("ươ") else token


def _vni(token: str) -> tuple[str, str]:
    # The digits may follow their letter or end the syllable: "d9a8ng", "dang98".
    letters, tone = re.sub(r"\d", "", token), ""
    for key in re.findall(r"\d", token):
        if key in VNI_TONES and not tone:
            tone = VNI_TONES[key]
            continue
        if key == "7" and "ươ" in letters:
            continue  # "u7o7" marks both letters, "uo7" means the same
        plain = next((plain for plain in VNI_LETTERS.get(key, {}) if plain in letters), None)
        if plain is None:
            return "", ""
        letters = letters.replace(plain, VNI_LETTERS[key][plain], 1)
    return letters, tone


def _toned(letters: str, tone: str) -> str:
    if not tone:
        return letters
    start = (
        2
        if letters.startswith("qu") or (letters.startswith("gi") and any(letter in VOWELS for letter in letters[2:]))
        else 0
    )
    places = [place for place in range(start, len(letters)) if letters[place] in VOWELS]
    if not places:
        return letters
    marked = [place for place in places if letters[place] in "ăâêôơư"]
    closed = letters[-1] not in VOWELS
    place = marked[-1] if marked else places[1] if len(places) > 1 and (closed or len(places) > 2) else places[0]
    return unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])


def run_together(token: str, seen: Mapping[str, int]) -> list[str] | None:
    """
    Cut a token into syllables that the collection knows (`dangkytamtru` → `dang ki tam tru`), or return None.

    Args:
        seen: How many passages hold each folded syllable.
    """
    plain = fold(token)
    if len(plain) < 5 or not plain.isalpha() or is_syllable(plain):
        return None
    total = 1 + sum(seen.values())
    best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(plain)
    for end in range(1, len(plain) + 1):
        for start in range(max(0, end - 7), end):
            before = best[start]
            piece = normalise(plain[start:end])
            if before is None or piece not in seen or not is_syllable(plain[start:end]):
                continue
            cost = before[0] + math.log(total / seen[piece]) + 2
            here = best[end]
            if here is None or cost < here[0]:
                best[end] = (cost, [*before[1], piece])
    found = best[-1]
    return found[1] if found and len(found[1]) > 1 else None


def one_slip_away(token: str, seen: Mapping[str, int], most: int = 2) -> list[str]:
    """
    Return the known folded syllables that one swap, omission, addition or wrong letter turns into this token, commonest first.
    """
    plain = fold(token)
    if not 3 <= len(plain) <= LONGEST_SYLLABLE or not plain.isalpha() or plain in seen:
        return []
    found = {word for word in _edits(plain) if word in seen and is_syllable(word)}
    return sorted(found, key=lambda word: (-seen[word], word))[:most]


def _edits(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        left, right = word[:place], word[place:]
        if right:
            yield left + right[1:]
            for letter in LETTERS:
                yield left + letter + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        for letter in LETTERS:
            yield left + letter + right
