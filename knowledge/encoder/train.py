"""
Trains the encoder we ship.

    python -m knowledge.encoder.train --data ../shared/data --out knowledge/encoder/model

Contrastive (InfoNCE both ways, temperature 0.05) over groups of texts that mean the same, on two cores within the hour;
the same seed gives the same vectors. The same function adapts a trained encoder to a new collection in a minute or two.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from knowledge.encoder import augment, corpus
from knowledge.encoder.features import ACCENTED, PAIR, features
from knowledge.encoder.static import StaticEncoder

DIMENSION, PREFIX, FEATURES = 256, 128, 63_000
BATCH, TEMPERATURE, RATE = 768, 0.05, 4e-3
# How often each kind of text is drawn. Wordings at .6 instead of .42 won one to three points on every collection, laws
# included (compared with other mixtures, steps, rates and seeds: docs/encoder.md).
SHARES = {"wording": 0.6, "procedure": 0.2, "law": 0.2, "wiki": 0.04, "alone": 0.05, "new": 0.5}


def vocabulary(groups: Sequence[corpus.Group], limit: int = FEATURES) -> tuple[list[str], np.ndarray]:
    """
    Choose the features to learn: every syllable seen twice, then pairs by how many texts hold them.

    Returns:
        (features, their inverse document frequency, float32 (n,)).
    """
    seen: Counter[str] = Counter()
    texts = 0
    for group in groups:
        distinct = {id(tokens): tokens for tokens in [*group.questions, *group.documents]}.values()
        weight = 3 if group.source == "wording" else 1
        for tokens in distinct:
            texts += 1
            seen.update({feature: weight for feature in set(features(tokens))})
    syllables = [feature for feature, count in seen.items() if PAIR not in feature and count >= 2]
    # Ties in alphabetical order: the order of a set of strings differs from one process to the next.
    pairs = sorted(
        (feature for feature, count in seen.items() if PAIR in feature and count >= 3),
        key=lambda pair: (-seen[pair], pair),
    )
    chosen = sorted(syllables)[:limit] + pairs[: max(0, limit - len(syllables))]
    idf = np.array([np.log(1 + texts / (1 + seen[feature])) for feature in chosen], dtype=np.float32)
    return chosen, idf


Row = tuple[np.ndarray, np.ndarray]


class Table(torch.nn.Module):
    """
    The vectors under training: rows of features, summed per text and brought to length 1.
    """

    def __init__(self, names: Sequence[str], start: np.ndarray):
        super().__init__()
        self.number = {name: row for row, name in enumerate(names)}
        self.known: dict[int, Row] = {}
        self.rows = torch.nn.EmbeddingBag(
            len(names), start.shape[1], mode="sum", _weight=torch.from_numpy(start.copy())
        )

    def numbered(self, tokens: Sequence[str]) -> Row:
        """
        Return the rows of a text's features and how much each counts.
        """
        counts = Counter(row for feature in features(tokens) if (row := self.number.get(feature)) is not None)
        rows = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        return rows, (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))).astype(np.float32)

    def document(self, tokens: Sequence[str]) -> Row:
        """
        The same for a text that never changes: remembered by identity, since the corpus holds on to its lists.
        """
        known = self.known.get(id(tokens))
        if known is None:
            known = self.known[id(tokens)] = self.numbered(tokens)
        return known

    def forward(self, texts: Sequence[Row]) -> torch.Tensor:
        lengths = np.array([0, *(len(rows) for rows, _ in texts)])
        numbers = torch.from_numpy(np.concatenate([rows for rows, _ in texts]))
        weights = torch.from_numpy(np.concatenate([weights for _, weights in texts]))
        return self.rows(numbers, torch.from_numpy(np.cumsum(lengths)[:-1]), per_sample_weights=weights)


def contrastive(left: torch.Tensor, right: torch.Tensor, keys: Sequence[str]) -> torch.Tensor:
    """
    Return the InfoNCE loss both ways; texts with the same key are never each other's negatives.
    """
    left, right = torch.nn.functional.normalize(left, dim=1), torch.nn.functional.normalize(right, dim=1)
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    key = torch.tensor([numbers[item] for item in keys])
    same = (key[:, None] == key[None, :]) & ~torch.eye(len(keys), dtype=torch.bool)
    scores = (left @ right.T / TEMPERATURE).masked_fill(same, -1e4)
    target = torch.arange(len(keys))
    return (torch.nn.functional.cross_entropy(scores, target) + torch.nn.functional.cross_entropy(scores.T, target)) / 2


def fit(
    groups: Sequence[corpus.Group], names: Sequence[str], start: np.ndarray, *, steps: int, seed: int, rate: float = RATE, batch: int = BATCH,
    seconds: float | None = None, shares: dict[str, float] | None = None, quiet: bool = False, progress: Callable[[float], None] | None = None,
) -> np.ndarray:  # fmt: skip
    """
    Train and return the vectors, float32 (n features, dim).

    Args:
        start: The vectors to begin from, float32 (n features, dim).
        seconds: Stop after that time, however many steps were done; the result then depends on the machine.
        progress: Told before every step how much is done, between 0 and 1.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(
        1
    )  # on two busy cores three times faster than two threads waiting for each other (2026-11-20)
    rng = random.Random(seed)
    table = Table(names, start)
    optimiser = torch.optim.Adam(table.parameters(), lr=rate, betas=(0.9, 0.98), fused=True)
    began, losses = time.monotonic(), 0.0
    for step in track(range(steps), description="training", disable=quiet):
        spent = (time.monotonic() - began) / seconds if seconds else 0.0
        done = max(step / steps, spent)
        if progress:
            progress(min(done, 1.0))
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 50) * (1 - done) + 1e-5
        triples = corpus.draw(groups, batch, rng, shares or SHARES)
        texts = [table.numbered(augment.phone_typed(question, rng)) for _, question, _ in triples]
        texts += [table.document(document) for _, _, document in triples]
        asked, found = table(texts).split(len(triples))  # one pass: its gradient is the costly part
        keys = [group.key for group, _, _ in triples]
        loss = contrastive(asked, found, keys) + 0.5 * contrastive(asked[:, :PREFIX], found[:, :PREFIX], keys)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses = 0.98 * losses + 0.02 * float(loss.detach()) if step else float(loss.detach())
        if not quiet and step % 200 == 0:
            print(f"step {step} loss {losses:.3f} seconds {time.monotonic() - began:.0f}", flush=True)
    return table.rows.weight.detach().numpy().copy()


def beginning(idf: np.ndarray, names: Sequence[str], *, dimension: int = DIMENSION, seed: int = 0) -> np.ndarray:
    """
    Return the vectors to begin from: random directions, long for rare features, so that even untrained text matches text.
    """
    rng = np.random.default_rng(seed)
    directions = rng.standard_normal((len(names), dimension), dtype=np.float32) / np.sqrt(dimension)
    weight = np.array(
        [0.7 if name.startswith(ACCENTED) else 0.8 if PAIR in name else 1.0 for name in names], dtype=np.float32
    )
    return (directions * (idf * weight)[:, None] * 0.35).astype(np.float32)


def adapt(
    encoder: StaticEncoder, groups: Sequence[corpus.Group], *, seconds: float | None = 90, steps: int = 100_000, seed: int = 0, quiet: bool = False,
    keep: float = 0.0, progress: Callable[[float], None] | None = None,
) -> StaticEncoder:  # fmt: skip
    """
    Return the encoder after a minute or two on new groups; features it has not known are added with random vectors.

    Args:
        keep: How far the result is drawn back to where it began, between 0 and 1: what was known is forgotten less.
    """
    names, idf = vocabulary(groups, limit=FEATURES // 2)
    known = set(encoder.vocabulary)
    fresh = [(name, value) for name, value in zip(names, idf, strict=True) if name not in known]
    old = encoder.weights.astype(np.float32) * encoder.scales[:, None]
    added = beginning(
        np.array([value for _, value in fresh], dtype=np.float32),
        [name for name, _ in fresh],
        dimension=encoder.dimension,
        seed=seed,
    )
    everything = [*encoder.vocabulary, *(name for name, _ in fresh)]
    vectors = fit(
        groups,
        everything,
        np.vstack([old, added]),
        steps=steps,
        seconds=seconds,
        seed=seed,
        rate=RATE / 2,
        quiet=quiet,
        progress=progress,
    )
    vectors *= 1 - keep
    vectors[: len(old)] += keep * old
    return StaticEncoder.quantised(everything, vectors)


def gather(data: Path | None, bank: dict[str, list[str]], titles: dict[str, list[str]]) -> list[corpus.Group]:
    """
    Gather the groups from the training texts (when their folder is there) and from our own wordings.
    """
    groups = corpus.wordings(bank, titles)
    if data is not None:
        groups += corpus.collection(corpus.rows(data / "procedures.jsonl.gz"), "procedure")
        groups += corpus.collection(corpus.rows(data / "law_articles.jsonl.gz"), "law")
        groups += corpus.paired(
            (
                (f"wiki:{n}", row["q"], row["paragraphs"])
                for n, row in enumerate(corpus.rows(data / "wiki_questions.jsonl.gz"))
            ),
            "wiki",
        )
        groups += corpus.alone((row["q"] for row in corpus.rows(data / "unlabelled_questions.jsonl.gz")), "alone")
    return groups


def main() -> None:
    from knowledge.encoder.bank import load_bank

    parser = argparse.ArgumentParser(description="Train the encoder we ship.")
    parser.add_argument("--data", type=Path, help="folder of training texts (see docs/encoder.md)")
    parser.add_argument("--content", type=Path, default=Path("knowledge/content"))
    parser.add_argument("--out", type=Path, default=Path("knowledge/encoder/model"))
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=20261120)
    options = parser.parse_args()
    bank, titles = load_bank(options.content, options.data)
    groups = gather(options.data, bank, titles)
    print(json.dumps({"groups": Counter(group.source for group in groups)}))
    names, idf = vocabulary(groups)
    vectors = fit(groups, names, beginning(idf, names, seed=options.seed), steps=options.steps, seed=options.seed)
    StaticEncoder.quantised(names, vectors).save(options.out)


if __name__ == "__main__":
    main()
