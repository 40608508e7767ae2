"""
Learns which part of a procedure a question asks for, from `parts.tsv` and the names of our entries.

A name asks for no part; a saying asks for the same part whatever entry it speaks of, with marks and without, and typed on a
phone; two sayings in one sentence ask for both.
"""

import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge import content as contents
from knowledge.encoder import augment
from knowledge.part_patterns import PARTS
from knowledge.parts import HUNDREDTHS, Learned, by_patterns, features
from knowledge.passages import items
from knowledge.text import fold, normalise, tokenise

SAYINGS = Path(__file__).parent / "parts.tsv"
LIMIT = 0.36  # cross-validated on 2026-11-20: lower finds more parts, and takes more whole questions for a part
STRENGTH = 1.0  # of the fit; smaller keeps the weights smaller
SEEN_LEAST, KEPT = 5, 5000  # how often a feature must be seen; how many are shipped
SMALLEST = 10  # hundredths; a weight below it is not shipped
NAME_WEIGHT, MIXED_WEIGHT, PAIR_WEIGHT = 0.15, 0.25, 0.4  # beside a saying as it stands, which counts 1
SHORT, LONGEST_PAIR = 9, 16  # words of a saying that is put beside a name; of two put together
WITH_NAME = (
    "{name} {said}", "{said} {name}", "{name} thì {said}", "{said} khi {name}", "em muốn {name}, {said}", "cho hỏi {name} {said}",
)  # fmt: skip
TOGETHER = ("{0}, {1}", "{0} và {1}", "{0} với lại {1}", "{0} {1}")
UNASKED = -10.0  # the bias of a part that no saying asks for
PARTED = 5  # folds of the cross-validation
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Saying:
    text: str
    parts: frozenset[str]
    weight: float = 1.0


def read(path: Path = SAYINGS) -> list[Saying]:
    """
    Return the sayings of a file: `saying<TAB>parts`, parts joined by commas, none for the whole.
    """
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, parts = (*line.split("\t"), "")[:2]
            found.append(Saying(text, frozenset(part for part in parts.split(",") if part)))
    return found


def names_of(root: Path) -> list[str]:
    """
    Return the titles and aliases of all procedures and services.
    """
    every = [
        title for item in items(contents.read(root)) if item.kind in ("procedure", "service") for title in item.titles
    ]
    return list(dict.fromkeys(every))


def widened(sayings: Sequence[Saying], names: Sequence[str], rng: random.Random) -> list[Saying]:
    """
    Return the sayings, the same beside names of entries, names alone, and pairs of sayings.
    """
    asking = [said for said in sayings if said.parts]
    out = list(sayings)
    for said in asking:
        if names and len(said.text.split()) <= SHORT:
            mixed = rng.choice(WITH_NAME).format(name=rng.choice(names).lower(), said=said.text)
            out.append(Saying(mixed, said.parts, MIXED_WEIGHT))
    out += [Saying(name, frozenset(), NAME_WEIGHT) for name in names]
    for _ in range(len(asking) // 3):
        first, second = rng.sample(asking, 2)
        if len(f"{first.text} {second.text}".split()) <= LONGEST_PAIR:
            both = rng.choice(TOGETHER).format(first.text, second.text)
            out.append(Saying(both, first.parts | second.parts, PAIR_WEIGHT))
    return out


def fit(sayings: Sequence[Saying], names: Sequence[str], *, seed: int) -> Learned:
    """
    Fit one logistic function per part, on every saying as written, without marks and as typed on a phone.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    rng = random.Random(seed)
    seen: list[tuple[set[str], Saying]] = []
    for said in widened(sayings, names, rng):
        typed = (tokenise(said.text), tokenise(unmarked(said.text)), augment.phone_typed(tokenise(said.text), rng))
        seen += [(features(tokens), said) for tokens in typed]
    counts = Counter(feature for found, _ in seen for feature in found)
    chosen = sorted(feature for feature, count in counts.items() if count >= SEEN_LEAST)

    def weights(chosen: list[str]) -> tuple[Floats, Floats]:
        number = {feature: column for column, feature in enumerate(chosen)}
        rows = [sorted(number[feature] for feature in found if feature in number) for found, _ in seen]
        ends = np.cumsum([0, *map(len, rows)], dtype=np.int32)
        columns = np.fromiter((column for row in rows for column in row), dtype=np.int32)
        facts = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), len(chosen)))
        weight = np.array([said.weight for _, said in seen])
        slopes, biases = [], []
        for part in PARTS:
            asks = np.array([part in said.parts for _, said in seen])
            if not asks.any():
                slopes.append(np.zeros(len(chosen)))
                biases.append(UNASKED)
                continue
            model = LogisticRegression(C=STRENGTH, max_iter=300, solver="liblinear", random_state=0)
            model.fit(facts, asks, sample_weight=weight)
            slopes.append(model.coef_[0])
            biases.append(model.intercept_[0])
        return np.stack(slopes, axis=1), np.array(biases)

    slopes, _ = weights(chosen)
    told = np.abs(slopes).max(axis=1) * np.sqrt([counts[feature] for feature in chosen])
    best = {chosen[place] for place in np.argsort(-told, kind="stable")[:KEPT]}
    chosen = [feature for feature in chosen if feature in best]
    slopes, biases = weights(chosen)
    whole = np.rint(slopes * HUNDREDTHS).astype(int)
    whole[np.abs(whole) < SMALLEST] = 0
    kept = {feature: tuple(row.tolist()) for feature, row in zip(chosen, whole, strict=True) if row.any()}
    return Learned(LIMIT, tuple(np.rint(biases * HUNDREDTHS).astype(int).tolist()), kept)


def unmarked(text: str) -> str:
    return fold(normalise(text))


def figures(answers: Iterable[tuple[Sequence[str], frozenset[str]]]) -> dict[str, float]:
    """
    Return how many questions for a part there were, for how many exactly the right parts were named and for how many they were
    among those named; and the same for questions that ask for none.
    """
    every = [(frozenset(found), right) for found, right in answers]
    asking = [(found, right) for found, right in every if right]
    whole = [found for found, right in every if not right]
    return {
        "n": len(asking),
        "exact": round(float(np.mean([found == right for found, right in asking])), 4) if asking else 0.0,
        "among": round(float(np.mean([right <= found for found, right in asking])), 4) if asking else 0.0,
        "n_whole": len(whole),
        "whole": round(float(np.mean([not found for found in whole])), 4) if whole else 0.0,
    }


def cross_validated(sayings: Sequence[Saying], names: Sequence[str], *, seed: int) -> dict[str, dict[str, float]]:
    """
    Return the figures of sayings that were not learned from, as written and without marks, beside those of the patterns.
    """
    answers: dict[str, list[tuple[Sequence[str], frozenset[str]]]] = {"learned": [], "patterns": []}
    for number in range(PARTED):
        learned = fit([said for said in sayings if _fold(said) != number], names, seed=seed)
        for said in sayings:
            if _fold(said) == number:
                for tokens in (tokenise(said.text), tokenise(unmarked(said.text))):
                    answers["learned"].append((learned.asked(tokens), said.parts))
                    answers["patterns"].append((by_patterns(tokens), said.parts))
    return {name: figures(each) for name, each in answers.items()}


def _fold(said: Saying) -> int:
    return int.from_bytes(blake2b(said.text.encode(), digest_size=4).digest()) % PARTED


def save(learned: Learned, path: Path) -> None:
    """
    Write what was learned, a feature per line, so that two versions can be compared.
    """
    lines = [f"  {json.dumps(name, ensure_ascii=False)}: {list(row)}" for name, row in sorted(learned.weights.items())]
    head = {"parts": list(PARTS), "limit": learned.limit, "bias": list(learned.bias)}
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "weights": {\n' + ",\n".join(lines) + "\n}}\n"
    path.write_text(text, encoding="utf-8")


def learn(root: Path, path: Path, *, seed: int) -> dict[str, Any]:
    """
    Learn, write what the service reads, and return the cross-validated figures.
    """
    sayings, names = read(), names_of(root)
    learned = fit(sayings, names, seed=seed)
    save(learned, path)
    return {
        "sayings": len(sayings),
        "features": len(learned.weights),
        "cross_validated": cross_validated(sayings, names, seed=seed),
    }
