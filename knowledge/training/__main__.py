"""
Learns the encoder, the reranker, the confidence and the parts, and writes what they reached into the card.

    python -m knowledge.training --data ../shared/data
    python -m knowledge.training --only parts           half a minute, needs no data

An hour on two cores. `--steps`, `--fold-steps` make it shorter and worse; `--keep DIR` remembers the folds' encoders.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge import rerank
from knowledge.candidates import NAMES
from knowledge.confidence import SHIPPED as CONFIDENCE
from knowledge.encoder import corpus
from knowledge.encoder.bank import load_bank
from knowledge.parts import SHIPPED as PARTS
from knowledge.rerank import Reranker
from knowledge.restore import Spellings
from knowledge.text import tokenise
from knowledge.training import folds, judgement, parts
from knowledge.training.folds import Held

MODEL = Path("knowledge/encoder/model")
LEARNED = ("encoder", "parts", "ranking")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--content", type=Path, default=Path("knowledge/content"))
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--fold-steps", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=20261120)
    parser.add_argument("--keep", type=Path, default=Path("var/training"))
    parser.add_argument("--only", choices=LEARNED, help="learn only this")
    options = parser.parse_args()
    began, wanted = time.monotonic(), (options.only,) if options.only else LEARNED
    card: dict[str, Any] = {}
    if "parts" in wanted:
        figures = parts.learn(options.content, PARTS, seed=options.seed)
        card["parts"] = {"date": time.strftime("%Y-%m-%d"), **figures}
        print(json.dumps(figures, indent=1), flush=True)
    if "encoder" in wanted:
        bank, titles = load_bank(options.content, options.data)
        encoder = folds.train_encoder(options.data, bank, titles, steps=options.steps, seed=options.seed)
        encoder.save(MODEL)
        spellings = Spellings.count(gather_texts(options.data, bank))
        spellings.save()
        card["spellings"] = {"syllables": len(spellings.single), "pairs": len(spellings.pairs)}
        card["encoder"] = {"features": len(encoder.vocabulary), "dimension": encoder.dimension, "wordings": sum(map(len, bank.values())), "entries": len(bank),
                           "steps": options.steps, "megabytes": round(sum(f.stat().st_size for f in MODEL.iterdir()) / 1e6, 1)}  # fmt: skip
        print(f"encoder after {time.monotonic() - began:.0f} s", flush=True)
    if "ranking" in wanted:
        held = folds.cross_fit(
            options.content, options.data, steps=options.fold_steps, seed=options.seed, keep=options.keep
        )
        print(f"{len(held)} held-out questions after {time.monotonic() - began:.0f} s", flush=True)
        card.update(learn(held))
    if options.only != "parts":
        card |= {"date": time.strftime("%Y-%m-%d"), "seed": options.seed, "seconds": round(time.monotonic() - began)}
    path = MODEL.parent / "card.json"
    old = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**old, **card}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def gather_texts(data: Path | None, bank: dict[str, list[str]]) -> Iterator[list[str]]:
    """
    Yield the texts that teach how syllables are marked; a wording counts four times, since citizens write like it.
    """
    for phrases in bank.values():
        for phrase in phrases:
            yield from [tokenise(phrase)] * 4
    if data is None:
        return
    for row in corpus.rows(data / "procedures.jsonl.gz"):
        yield from (tokenise(text) for text in (row["title"], *row["sections"].values()))
    for row in corpus.rows(data / "law_articles.jsonl.gz"):
        yield tokenise(f"{row['title']}. {row['body']}")
    for name in ("unlabelled_questions", "wiki_questions"):
        for row in corpus.rows(data / f"{name}.jsonl.gz"):
            yield from (tokenise(text) for text in (row["q"], *row.get("paragraphs", [])))


def learn(held: Sequence[Held]) -> dict[str, Any]:
    """
    Learn reranker and confidence, write them, and return their cross-validated figures.
    """
    said = [each for each in held if each.source != "law"]
    bare = [each for each in held if each.source == "law"]
    wordless = [each.without_vectors() for each in said]
    weights = {
        "weights": rerank.fit(folds.signals_and_labels(said)),
        "lexical": rerank.fit(folds.signals_and_labels(wordless)),
    }
    if bare:
        weights["bare"] = rerank.fit(folds.signals_and_labels(bare), penalty=4.0)
    document = {
        kind: {name: round(float(weight), 4) for name, weight in zip(NAMES, learned, strict=True)}
        for kind, learned in weights.items()
    }
    rerank.SHIPPED.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    figures: dict[str, Any] = {"reranker": cross_validated(held)}
    print(json.dumps(figures, indent=1), flush=True)
    learned: dict[str, Any] = {}
    for kind, asked in (("encoder", said), ("lexical", wordless)):
        chosen = weights["weights" if kind == "encoder" else "lexical"]
        learned[kind], figures[f"confidence_{kind}"] = judgement.learn(
            [each for each in asked if each.source == "content"], Reranker(chosen, chosen, chosen)
        )
        print(json.dumps(figures[f"confidence_{kind}"], indent=1), flush=True)
    CONFIDENCE.write_text(json.dumps(learned, indent=1) + "\n", encoding="utf-8")
    return figures


def cross_validated(held: Sequence[Held], parts: int = 5) -> dict[str, dict[str, float]]:
    """
    Return R@1 and R@5 per source and style, each question scored by weights that were fitted without its wording.
    """
    rng = np.random.default_rng(0)
    keys = {
        text: int(rng.integers(parts))
        for text in sorted({each.source + "|" + "|".join(sorted(each.right)) for each in held})
    }
    hits: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for bare in (False, True):
        mine = [each for each in held if (each.source == "law") == bare]
        for part in range(parts):
            inner = [each for each in mine if keys[each.source + "|" + "|".join(sorted(each.right))] != part]
            outer = [each for each in mine if keys[each.source + "|" + "|".join(sorted(each.right))] == part]
            if not inner or not outer:
                continue
            learned = rerank.fit(folds.signals_and_labels(inner), penalty=4.0 if bare else 1.0)
            for each in outer:
                order = np.argsort(-(each.found.signals @ learned), kind="stable")
                right = each.labels[order]
                hits[f"{each.source} {each.style}"].append((bool(right[0]), bool(right[:5].any())))
    return {
        name: {
            "n": len(each),
            "r@1": round(float(np.mean([h[0] for h in each])), 4),
            "r@5": round(float(np.mean([h[1] for h in each])), 4),
        }
        for name, each in sorted(hits.items())
    }


if __name__ == "__main__":
    main()
