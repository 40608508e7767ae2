"""
Recognises which part of a procedure a question asks for: fee, time, papers, place, online, form, condition, who, result, basis.

A logistic function per part weighs the patterns' hits together with the words around them; it was learned by
`knowledge/training/parts.py` from `training/parts.tsv`. No part means that the whole was asked for.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from knowledge.part_patterns import PARTS, POLITE, SHORT, hits, settled, spoken
from knowledge.text import bigrams, fold

SHIPPED = Path(__file__).parent / "encoder" / "parts.json"
HUNDREDTHS = 100
WINDOW = 16  # words from the end that are read one by one: a story comes to its question last
TAIL = 12  # tokens at the end in which a hit counts as a hit of its own


@dataclass(frozen=True)
class Learned:
    """
    `weights` holds one number per part (in the order of PARTS) for every feature, in hundredths, as does `bias`; a part is
    asked for when its probability is at least `limit`.
    """

    limit: float
    bias: tuple[int, ...]
    weights: Mapping[str, tuple[int, ...]]

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "Learned | None":
        """
        Read what was learned; None without a file: then the patterns decide alone.
        """
        if not path.exists():
            return None
        read = json.loads(path.read_text(encoding="utf-8"))
        order = [read["parts"].index(part) for part in PARTS]

        def row(numbers: list[int]) -> tuple[int, ...]:
            return tuple(numbers[place] for place in order)

        return cls(read["limit"], row(read["bias"]), {name: row(numbers) for name, numbers in read["weights"].items()})

    def asked(self, tokens: Sequence[str]) -> list[str]:
        sums = list(self.bias)
        for feature in features(tokens):
            row = self.weights.get(feature)
            if row is not None:
                sums = [sum + weight for sum, weight in zip(sums, row, strict=True)]
        least = HUNDREDTHS * math.log(self.limit / (1 - self.limit))
        return [part for part, sum in zip(PARTS, sums, strict=True) if sum >= least]


@cache
def _shipped() -> Learned | None:
    return Learned.load()


def asked(tokens: Sequence[str]) -> list[str]:
    """
    Return the parts that normalised tokens ask for, in the order an answer gives them; empty when none is named.
    """
    learned = _shipped()
    return learned.asked(tokens) if learned else by_patterns(tokens)


def by_patterns(tokens: Sequence[str]) -> list[str]:
    """
    Return what the patterns alone would say.
    """
    words = spoken(tokens)
    return settled(hits(words), words)


def features(tokens: Sequence[str]) -> set[str]:
    """
    Return what a question shows of the parts it asks for: words, neighbours, neighbours but one; `?part` for a pattern that
    hits, `!part` for one that stands, both again with `~` when the hit is near the end.
    """
    near = [_ALIKE.get(word, word) for word in spoken(tokens[-WINDOW:])]
    line = ["^", *" ".join(near).split(), "$"]
    found = set(line[1:-1])
    found.update(f"{left} {right}" for left, right in pairwise(line))
    found.update(f"{left} * {right}" for left, right in zip(line, line[2:], strict=False))
    whole = _hit(tokens)
    found.update(whole)
    found.update(f"~{name}" for name in (whole if len(tokens) <= TAIL else _hit(tokens[-TAIL:])))
    return found


def _hit(tokens: Sequence[str]) -> list[str]:
    words = spoken(tokens)
    every = hits(words)
    return [f"?{part}" for part in every] + [f"!{part}" for part in settled(every, words) or ("none",)]


# Words that ask alike, for the learned part only: what is meant by a syllable is left to the weights.
_ALIKE = {
    **dict.fromkeys("ko k hok hong hem hk hog kg hum khum kh khom chua".split(), "khong"),
    **dict.fromkeys("tui em e minh chau".split(), "toi"), **dict.fromkeys("z v zay rua".split(), "vay"), **dict.fromkeys("dum gium".split(), "giup"),
    "r": "roi", "vk": "vo", "ck": "chong", "s": "sao", "zo": "vao", "onl": "online", "kq": "ket qua", "tg": "thoi gian", "tgian": "thoi gian",
    "tk": "to khai", "nhg": "nhung", "ng": "nguoi", "dt": "dien thoai", "gt": "giay to", "mun": "muon", "p": "phuong", "fi": "phi",
    "hk": "ho khau", "dvc": "dich vu cong", "bjo": "bao gio",
}  # fmt: skip


# Syllables that carry no topic of their own: what is left of a question without them is what it is about.
_EMPTY = frozenset(
    """
    buu
    a ah ai alo anh an ban bac bao bay ben bi bo cac cai can cau chac chi chao cho chu chua chung chut co con cu cua cung da dau day de den di dieu do
    du dum duoc em gi gia giup giu ha hay het hoi hom hon khi khong kien kieu lam lau le len lien loai luc luon ma mat may moi mot minh muon nao nay nen neu
    ngay nghi nguoi nha nhan nhe nhi nhieu nhu nhung noi nop nua o oi online phai phi qua quan quy ra rang roi rua sao sau tai the theo thi thoi tien toi ton
    thu tra tren trong truc truoc tu tuc tuyen u ung va vao vay ve vi viec voi xin xong ho so giay to thoi han gian ket cap le dong nghe mang mau khai don
    cong dich vu ben duoi thieu van ban luat can cu phap li quy dinh dinh ubnd that ko k dc dk j ntn bn bh e c h vs tks ok da vang uh uk um hem hong hok luon nhiu biet bit
    gom tiep phan thanh mien buu tuong bieu quay
    them chuan dien yeu cau tuoi bang nhanh cham lay gui hen giai quyet tuan thang hong tu xa phuong
    """.split()
)


_IGNORED = _EMPTY | POLITE | set(map(fold, SHORT))
# Pairs that are a topic although neither of their syllables is one.
_TOPICS = frozenset("khai_tu ket_hon li_hon cong_chung ban_sao sao_y tam_vang chung_tu".split())


def topic(tokens: Sequence[str]) -> list[str]:
    """
    Return the folded syllables that say what a question is about; empty for "thế còn lệ phí?".
    """
    plain = [fold(token) for token in tokens]
    told = {place + step for place, pair in enumerate(bigrams(plain)) if pair in _TOPICS for step in (0, 1)}
    return [word for place, word in enumerate(plain) if (word not in _IGNORED or place in told) and not word.isdigit()]
