"""
What the encoder sees of a text: syllables with marks, syllables without, and pairs without.
"""

from collections.abc import Sequence
from itertools import pairwise

from knowledge.text import fold

ACCENTED, PAIR = "=", "_"


def features(tokens: Sequence[str]) -> list[str]:
    """
    Return the features of normalised tokens, in order, repeats included.

    A syllable typed with marks gives itself (`=đăng`) and its folded form (`dang`); one typed without gives only the
    latter, so that both spellings share most of their features. Neighbours give their folded pair (`dang_ki`).
    """
    folded = [fold(token) for token in tokens]
    out = [*folded]
    out += [ACCENTED + token for token, plain in zip(tokens, folded, strict=True) if token != plain]
    out += [left + PAIR + right for left, right in pairwise(folded)]
    return out
