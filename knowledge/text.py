"""
Vietnamese text as the index sees it: one spelling per syllable, with and without marks.

Entries and questions pass through the same functions, so that they meet. Nothing here imports from the project.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

ZERO_WIDTH = dict.fromkeys(
    map(ord, "\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\ufe0e\ufe0f\ufeff")
)
# U+00D0/U+00F0 (Icelandic eth) and U+0189 are what some keyboards send for Đ.
D_FORMS = str.maketrans({"Ð": "đ", "ð": "đ", "Ɖ": "đ", "ɖ": "đ", "Đ": "đ"})
TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_TONE = re.compile(f"[{TONES}]")
_WORD = re.compile(r"[^\W_]+(?:[./-][^\W_]+)*")
_NUMBERED = re.compile(r"\d")
_SYLLABLE_PART = re.compile(r"[^\W_]+")
_REPEATED = re.compile(r"([^\W\d])\1{2,}")
_ROMAN = re.compile(r"x{0,3}v?iii|xxx")  # "quý III" is not "quý I" typed with a heavy finger

ONSETS = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
RIMES = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|em|en|eng|eo|ep|et|i|ia|ich|iec|iem|ien|ieng|iep|iet|ieu|im|in|inh|ip|"
    "it|iu|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oc|oe|oen|oeo|oet|oi|om|on|ong|oong|ooc|op|ot|u|ua|uan|uang|"
    "uat|uau|uay|uc|ue|uech|uenh|ui|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut|uu|uy|uya|uych|uyen|uyet|uynh|uyt|uyu|"
    "y|yem|yen|yet|yeu|yt|ynh|ich"
)
_FOLDED_SYLLABLE = re.compile(f"(?:{ONSETS})(?:{RIMES})")


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=65536)
def _one_spelling(syllable: str) -> str:
    """
    Write one lower-case NFC syllable the one way the index knows: tone on the first vowel of open oa, oe, uy; i after
    h, k, l, m, s, t; y after qu.
    """
    decomposed = unicodedata.normalize("NFD", syllable)
    tone = "".join(_TONE.findall(decomposed))[:1]
    base = _compose(_TONE.sub("", decomposed))
    if base in ("qui", "quy"):
        return _compose("quy" + tone)
    if len(base) >= 2 and base[-2:] in ("oa", "oe", "uy") and not base.startswith("qu"):
        return _compose(base[:-1] + tone + base[-1]) if tone else base
    if len(base) == 2 and base[0] in "hklmst" and base[1] in "iy":
        return _compose(base[0] + "i" + tone)
    return syllable


def normalise(text: str) -> str:
    """
    Return the text in NFC and lower case, without zero-width characters, one spelling per syllable.

    `hoà` and `hòa`, `kỹ` and `kĩ`, `Ð` and `đ` become the same; `quý` keeps its y. Idempotent.
    """
    text = _compose(text.translate(ZERO_WIDTH).translate(D_FORMS)).lower().translate(D_FORMS)
    return _SYLLABLE_PART.sub(lambda match: _one_spelling(_compose(match.group())), _compose(text))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """
    Strip every mark from normalised text: `đăng ký` → `dang ki`. Maps đ to d first, since it has no decomposition.
    """
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return _compose("".join(c for c in decomposed if not unicodedata.combining(c)))


def has_marks(text: str) -> bool:
    """
    Tell whether any syllable carries a Vietnamese mark, i.e. whether folding changes the text.
    """
    plain = normalise(text)
    return fold(plain) != plain


def _once(word: str) -> str:
    """
    Write a letter that was held down once, with the mark that one of its repeats carries: `dạaaa` → `dạ`.
    """
    plain = fold(word)
    if not _REPEATED.search(plain) or _ROMAN.fullmatch(plain) or len(plain) != len(word):
        return word
    out, end = "", 0
    for run in _REPEATED.finditer(plain):
        out += word[end : run.start()] + max(word[run.start() : run.end()], key=lambda letter: fold(letter) != letter)
        end = run.end()
    return out + word[end:]


def tokenise(text: str) -> list[str]:
    """
    Return the normalised tokens in order: syllables, numbers, and document or form codes kept whole.

    A code with separators yields itself and its parts: `123/2015/NĐ-CP` → `123/2015/nđ-cp`, `123`, `2015`, `nđ`, `cp`.
    A letter typed three times or more counts once (`dạạạ`, `dạaaa` → `dạ`); emoji and punctuation vanish.
    """
    out: list[str] = []
    for match in _WORD.finditer(normalise(text)):
        word = match.group()
        if not _NUMBERED.search(word):
            word = _once(word)
        parts = _SYLLABLE_PART.findall(word)
        if len(parts) > 1 and _NUMBERED.search(word):
            out.append(word)
        out.extend(_one_spelling(part) for part in parts)
    return out


def bigrams(tokens: list[str]) -> list[str]:
    """
    Return each pair of neighbours joined by an underscore, in order.
    """
    return [f"{left}_{right}" for left, right in pairwise(tokens)]


@lru_cache(maxsize=65536)
def is_syllable(folded: str) -> bool:
    """
    Tell whether a folded token can be a Vietnamese syllable, by its onset and rime.
    """
    return bool(_FOLDED_SYLLABLE.fullmatch(folded))
