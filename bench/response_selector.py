"""
Rasa's own way of answering FAQs (one response per FAQ, chosen by a ResponseSelector) beside our search, on our questions.

    python -m bench.response_selector --out DIR          a Rasa project with the shipped content, and its questions
    cd DIR && rasa train nlu -u nlu.yml && python parse.py      in a scratch environment: stock Rasa with TensorFlow
    python -m bench.response_selector --out DIR --score DIR/predictions.jsonl     both, in one table

Not part of make bench or make test: TensorFlow is not in our environments. This file never imports Rasa.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bench.report import quantile
from knowledge import answer as answers
from knowledge import content as contents
from knowledge import questions
from knowledge.build import open_library
from knowledge.embed import embedder
from knowledge.evaluate import row
from knowledge.outcomes import Context
from knowledge.questions import Asked
from tools.town import ROOT

CONTENT = ROOT / "knowledge/content"
QUESTIONS = ROOT / "tests/knowledge/questions.tsv"
WARD = "phuong-mau"
ANSWERED_FROM = ("procedure", "service")
_MARKUP = re.compile(r"[\[\](){}|]")

# Runs where Rasa is: twenty questions to warm up, then every question with the clock on.
PARSE = """\
import asyncio, glob, json, sys, time
from rasa.core.agent import Agent

agent = Agent.load(sys.argv[1] if len(sys.argv) > 1 else sorted(glob.glob("models/*.tar.gz"))[-1])
asked = [line.rstrip("\\n").split("\\t") for line in open("questions.tsv", encoding="utf-8")]

async def main():
    for _, text, *_ in asked[:20]:
        await agent.parse_message(text)
    with open("predictions.jsonl", "w", encoding="utf-8") as out:
        for id, text, *_ in asked:
            began = time.perf_counter()
            found = await agent.parse_message(text)
            ms = (time.perf_counter() - began) * 1000
            chosen = found["response_selector"]["faq"]["ranking"]
            ranking = [each["intent_response_key"].split("/", 1)[1] for each in chosen]
            row = {"id": id, "intent": found["intent"]["name"], "ranking": ranking, "ms": ms}
            out.write(json.dumps(row, ensure_ascii=False) + "\\n")

asyncio.run(main())
"""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.response_selector",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True, help="the folder of the Rasa project")
    parser.add_argument("--classifier-epochs", type=int, default=100, help="of DIETClassifier (faq or outside)")
    parser.add_argument("--selector-epochs", type=int, default=100, help="of ResponseSelector (which FAQ)")
    parser.add_argument("--score", type=Path, metavar="PREDICTIONS", help="what parse.py wrote: compare it with ours")
    options = parser.parse_args(arguments)
    read = contents.read(CONTENT)
    entries = {each.record.id: each.record for each in read.entries if each.kind in ANSWERED_FROM}
    asked = [
        each
        for each in questions.read(QUESTIONS, WARD)
        if len(each.turns) == 1 and each.inside and each.expected <= set(entries)
    ]
    if options.score:
        lines = options.score.read_text(encoding="utf-8").splitlines()
        return score(asked, {each["id"]: each for each in map(json.loads, lines)})
    options.out.mkdir(parents=True, exist_ok=True)
    count = write_project(options.out, entries, read, (options.classifier_epochs, options.selector_epochs))
    lines = ["\t".join((each.id, each.turns[0], "|".join(sorted(each.expected)), each.style)) for each in asked]
    (options.out / "questions.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(entries)} FAQs, {count} examples, {len(asked)} questions")
    return 0


def write_project(folder: Path, entries: dict[str, Any], read: contents.Content, epochs: tuple[int, int]) -> int:
    """
    Write nlu.yml, domain.yml, config.yml and parse.py; return the number of examples of all FAQs together.

    The examples are everything the shipped content says an entry may be asked with. `epochs`: classifier, selector.
    """
    nlu: list[dict[str, str]] = []
    count = 0
    for id, record in entries.items():
        said = [record.title, *record.aliases, *record.questions, *read.wordings.get(id, [])]
        said += [question for case in record.cases for question in case.questions]
        said = list(dict.fromkeys(_plain(text) for text in said))
        count += len(said)
        nlu.append({"intent": f"faq/{id}", "examples": _listed(said)})
    # DIETClassifier needs a second intent to tell the FAQs from.
    nlu.append({"intent": "outside", "examples": _listed([_plain(text) for text in read.outside])})
    responses = {f"utter_faq/{id}": [{"text": record.title}] for id, record in entries.items()}
    pipeline: list[dict[str, Any]] = [
        {"name": "WhitespaceTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": epochs[0], "entity_recognition": False, "random_seed": 1},
        {"name": "ResponseSelector", "epochs": epochs[1], "retrieval_intent": "faq", "random_seed": 1},
    ]
    config = {"recipe": "default.v1", "assistant_id": "faq", "language": "vi", "pipeline": pipeline}
    _dump(folder / "nlu.yml", {"version": "3.1", "nlu": nlu, "responses": responses})
    _dump(folder / "domain.yml", {"version": "3.1", "intents": ["faq", "outside"], "responses": responses})
    _dump(folder / "config.yml", config)
    (folder / "parse.py").write_text(PARSE, encoding="utf-8")
    return count


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())


def _listed(texts: Sequence[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)


def _dump(path: Path, document: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")


def score(asked: Sequence[Asked], predictions: dict[str, dict[str, Any]]) -> int:
    """
    Ask our search the same questions and print both: the place of the first right entry, milliseconds of one question.
    """
    missing = [each.id for each in asked if each.id not in predictions]
    if missing:
        print(f"no prediction for {len(missing)} questions, the first is {missing[0]}", file=sys.stderr)
        return 2
    theirs = [
        next((place for place, id in enumerate(predictions[each.id]["ranking"], 1) if id in each.expected), 0)
        for each in asked
    ]
    ours, our_ms = _ask_ours(asked)
    table = Table("", "n", "accuracy@1", "accuracy@5", "ms p50", "ms p99", box=None)
    their_ms = [predictions[each.id]["ms"] for each in asked]
    for name, ranks, spent in (("ResponseSelector", theirs, their_ms), ("search", ours, our_ms)):
        table.add_row(name, *_shares(ranks), f"{quantile(spent, 0.5):.1f}", f"{quantile(spent, 0.99):.1f}")
    for style in sorted({each.style for each in asked}):
        for name, ranks in (("ResponseSelector", theirs), ("search", ours)):
            part = [rank for each, rank in zip(asked, ranks, strict=True) if each.style == style]
            table.add_row(f"{style}: {name}", *_shares(part), "", "")
    Console(width=120).print(table, highlight=False)
    kept = sum(predictions[each.id]["intent"] == "faq" for each in asked)
    both = sum(rank == 1 and predictions[each.id]["intent"] == "faq" for each, rank in zip(asked, theirs, strict=True))
    print(f"DIETClassifier took {kept} of {len(asked)} for a FAQ; accuracy@1 behind it {both / len(asked):.3f}")
    return 0


def _ask_ours(asked: Sequence[Asked]) -> tuple[list[int], list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        library, _ = open_library(CONTENT, Path(folder), embedder(), today=date.today())
        print(f"search: index of all content built from nothing in {time.perf_counter() - began:.1f} s")
        ranks = [row(library, each)["rank"] for each in asked]
        spent = []
        for each in asked:
            began = time.perf_counter()
            answers.answer(library, each.ward, each.turns[0], Context())
            spent.append((time.perf_counter() - began) * 1000)
    return ranks, spent


def _shares(ranks: Sequence[int]) -> tuple[str, str, str]:
    first = sum(rank == 1 for rank in ranks) / len(ranks)
    five = sum(0 < rank <= 5 for rank in ranks) / len(ranks)
    return str(len(ranks)), f"{first:.3f}", f"{five:.3f}"


if __name__ == "__main__":
    sys.exit(main())
