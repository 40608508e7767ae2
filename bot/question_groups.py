"""
Pure: questions → groups that mean the same, by the words they share. No model: a page has no time for one.

Two questions are alike when the cosine of their weighted words is high enough; a word weighs more the fewer questions
hold it (tf-idf), and two syllables side by side count as a word too, since most Vietnamese words have two.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

# Tried on the 3,124 questions and names of our content and tests (2026-11-20): of the pairs that stand together half belong
# to one entry. Lower joins neighbours (khai sinh, khai tử), higher leaves most questions alone.
ALIKE = 0.46
PAIR = 0.5  # what two syllables side by side weigh: people turn the order of words around
LIGHT = 0.4
FEWEST = 300  # a word is not rare because there are few questions
# Courtesy and filling, folded: they say nothing about what is asked. Not here: what without marks is something else
# as well (cần: căn cước; nha: nhà ở; sao: bản sao; vậy: vay vốn).
_EMPTY = frozenset(
    "a ah ak alo anh biet cac chi cho chao co con da dang day de di do duoc em gi giup ha hay hoi i khong la lam luon minh muon nao nay nhe nhi nhu nua o oi phai "
    "qua roi se thi thoi thua toi va vao ve voi xin ad admin shop k hok dc j z vs mik e oke ok bac ui".split()
)
# What is said of almost everything here: it tells no two matters apart.
_LIGHT = frozenset(
    "bao bi can cap doi dang giay gio ho hien huong khai ky lai lau le luc mat may mo nhieu nop online phi phuong so "
    "tai thu tien tin to trinh truc tuc tuyen viec xa xac nhan".split()
)
_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """
    "Đăng ký KHAI SINH?" → "dang ky khai sinh?"
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(one for one in plain if not unicodedata.combining(one))


def tokens(text: str) -> list[str]:
    """
    Return the words that say what a question is about; all of its words when none of them does.
    """
    words = _WORD.findall(folded(text))
    return [one for one in words if one not in _EMPTY] or words


def group(texts: Sequence[str], *, alike: float = ALIKE) -> list[list[int]]:
    """
    Return groups of positions in `texts`, the biggest first; within one, the most typical question comes first.

    Deterministic: the same texts give the same groups. What is asked most leads; each other question joins the leader
    that it is most like, or becomes one.
    """
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        same[tuple(tokens(text))].append(position)
    kinds = sorted(same, key=lambda one: (-len(same[one]), len(one), one))
    led = _led(kinds, alike)
    found = [[position for kind in members for position in same[kind]] for members in led]
    return sorted(found, key=lambda one: (-len(one), one[0]))


def _led(kinds: Sequence[tuple[str, ...]], alike: float) -> list[list[tuple[str, ...]]]:
    features = [_features(one) for one in kinds]
    held = Counter(feature for one in features for feature in one)
    leaders: list[list[tuple[str, ...]]] = []
    vectors: list[dict[str, float]] = []
    holding: dict[str, list[int]] = defaultdict(list)
    for kind, counted in zip(kinds, features, strict=True):
        vector = _weighted(counted, held, len(kinds))
        best, most = None, alike
        for place in _candidates(vector, holding, alike):
            other = vectors[place]
            score = sum(weight * other.get(feature, 0.0) for feature, weight in vector.items())
            if score > most or (score == most and best is None):
                best, most = place, score
        if best is not None:
            leaders[best].append(kind)
            continue
        for feature in vector:
            holding[feature].append(len(leaders))
        leaders.append([kind])
        vectors.append(vector)
    return leaders


def _features(words: Iterable[str]) -> Counter[str]:
    words = list(words)
    return Counter(words) + Counter(f"{one} {other}" for one, other in itertools.pairwise(words))


def _weighted(counted: Counter[str], held: Counter[str], total: int) -> dict[str, float]:
    """
    Return weights whose squares add up to 1.
    """
    among = max(total, FEWEST) + 1
    weights = {
        feature: (1 + math.log(count)) * math.log(1 + among / held[feature]) * _share(feature)
        for feature, count in counted.items()
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {feature: weight / length for feature, weight in weights.items()}


def _share(feature: str) -> float:
    words = feature.split()
    light = LIGHT if all(one in _LIGHT for one in words) else 1.0
    return light * (PAIR if len(words) > 1 else 1.0)


def _candidates(vector: dict[str, float], holding: dict[str, list[int]], alike: float) -> list[int]:
    """
    Return the leaders that can reach `alike`, without looking where the commonest words stand: what shares nothing
    but a part of the vector shorter than `alike` cannot reach it.
    """
    found: set[int] = set()
    skipped = 0.0
    for feature in sorted(vector, key=lambda one: (-len(holding.get(one, ())), one)):
        skipped += vector[feature] ** 2
        if skipped >= alike * alike:
            found.update(holding.get(feature, ()))
    return sorted(found)
