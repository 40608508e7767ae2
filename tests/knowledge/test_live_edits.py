"""
The content changes under a running service, again and again: every answer is that of a library built from nothing.
"""

import random
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import content as contents
from knowledge import dense, updating
from knowledge import index as indexes
from knowledge.index import Index
from knowledge.passages import ItemMaker, items
from knowledge.query import Lexicon
from knowledge.reading import Reader
from knowledge.rerank import Reranker
from knowledge.restore import Spellings
from knowledge.retrieve import Retriever
from tests.fakes.embedder import Boxes
from tests.knowledge.conftest import SAMPLES

FIRST_SCORE = Reranker.load(Path("khong-co.json"))
QUESTIONS = (
    "đk ks cho con", "làm giấy hôn thú", "thuê trọ phải báo ai", "1.000003", "zzz", "bãi xe nay thu mấy đồng", "hội diều sáo ở đâu",
    "dang ky tam tru", "câu lạc bộ cờ tướng sinh hoạt lúc nào", "đan len", "kế hoạch năm nay có gì", "xổ số miền bắc",
)  # fmt: skip
WORDS = "khai sinh kết hôn tạm trú cờ tướng diều sáo đan len bãi xe lệ phí hộ tịch câu lạc bộ mới cũ".split()
EXACT, HALF = 1e-5, 0.02  # of a score, with vectors of float32 and of float16
WARDS = (None, "dong-mau", "tay-mau")


def phrase(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(2, 6)))


def faq(chance: random.Random, number: int) -> dict[str, object]:
    return {
        "id": f"faq-{number}", "title": phrase(chance), "answer": phrase(chance) + ".", "as_of": "2026-11",
        "questions": [phrase(chance) for _ in range(chance.randint(0, 4))],
    }  # fmt: skip


class Folder:
    """
    A copy of the small library, changed at random as people do: entries come, change, go, move; files too.
    """

    def __init__(self, root: Path, seed: int):
        shutil.copytree(SAMPLES / "library", root)
        self.root, self.chance = root, random.Random(seed)
        self.files: dict[str, dict[int, dict[str, object]]] = {}
        self.moves = (
            self.add,
            self.change,
            self.remove,
            self.swap_two,
            self.rename,
            self.say,
            self.replace_in_a_ward,
            self.drop_file,
        )

    def move(self) -> None:
        self.chance.choice(self.moves)()

    def add(self) -> None:
        names = ["common/faqs/a.yml", "common/faqs/m.yml", "common/zz/z.yml", "wards/tay-mau/faqs/t.yml"]
        name, number = self.chance.choice(names), self.chance.randrange(1000)
        if all(number not in entries for entries in self.files.values()):
            self.files.setdefault(name, {})[number] = faq(self.chance, number)
            self.write(name)

    def change(self) -> None:
        if found := self.some():
            name, number = found
            entry = self.files[name][number]
            entry[self.chance.choice(["title", "answer"])] = phrase(self.chance)
            entry["questions"] = [*entry["questions"], phrase(self.chance)][-4:]
            self.write(name)

    def remove(self) -> None:
        if found := self.some():
            del self.files[found[0]][found[1]]
            self.write(found[0])

    def swap_two(self) -> None:
        if found := self.some():
            entries = list(self.files[found[0]].items())
            self.chance.shuffle(entries)
            self.files[found[0]] = dict(entries)
            self.write(found[0])

    def rename(self) -> None:
        if found := self.some():
            other = found[0].replace(Path(found[0]).name, f"r{self.chance.randrange(9)}.yml")
            if other not in self.files:
                (self.root / found[0]).rename(self.root / other)
                self.files[other] = self.files.pop(found[0])

    def drop_file(self) -> None:
        if found := self.some():
            (self.root / found[0]).unlink()
            del self.files[found[0]]

    def say(self) -> None:
        keys = self.chance.sample(["khai-sinh", "ket-hon", "1.000003", "tam-tru"], 2)
        said = {"kind": "wording", "wordings": {key: [phrase(self.chance)] for key in keys}}
        (self.root / "common/wordings/z.yml").write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")

    def replace_in_a_ward(self) -> None:
        path = self.root / "wards/tay-mau/faqs/thay.yml"
        if path.exists():
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            own = {**faq(self.chance, 0), "id": "khai-sinh"}
            path.write_text(yaml.safe_dump({"kind": "faq", "entries": [own]}, allow_unicode=True), "utf-8")

    def some(self) -> tuple[str, int] | None:
        there = [(name, number) for name, entries in self.files.items() for number in entries]
        return self.chance.choice(there) if there else None

    def write(self, name: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {"kind": "faq", "entries": list(self.files[name].values())}
        path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")


def built(root: Path, embedder: Boxes) -> Index:
    content = contents.read(root)
    index, _ = indexes.build(items(content), Lexicon.of(content.abbreviations, content.sayings), embedder)
    return index


def assert_found_the_same(one: Index, other: Index, embedder: Boxes, *, precision: float) -> None:
    """
    The same hits with the same scores; in the same order, but for those that the precision of a vector cannot tell apart.
    """
    first, second = (Retriever(index, embedder, FIRST_SCORE, Spellings({}, {})) for index in (one, other))
    for ward in WARDS:
        for question in QUESTIONS:
            hits, others = ({hit.item: hit.score for hit in each.rank(question, ward).hits} for each in (first, second))
            assert hits == pytest.approx(others, abs=precision), (question, ward)
            in_our_order = [others[item] for item in hits]
            assert all(left >= right - 2 * precision for left, right in pairwise(in_our_order)), (question, ward)
            assert precision > EXACT or list(hits) == list(others)


def assert_equal(one: Index, other: Index) -> None:
    """
    Every term has the same postings, weights and all; every passage the same vector.
    """
    assert one.items == other.items
    assert set(one.lexical.number) == set(other.lexical.number)
    assert one.seen == other.seen
    for term in other.lexical.number:
        mine, its = one.lexical.span(term), other.lexical.span(term)
        for name in ("passages", "counts", "weights"):
            assert np.array_equal(getattr(one.lexical, name)[mine], getattr(other.lexical, name)[its]), (term, name)
    assert np.array_equal(one.dense.rows, other.dense.rows)
    assert np.allclose(one.dense.vectors, other.dense.vectors, atol=1e-3)


# Any sequence of edits


@pytest.mark.parametrize("flat_up_to", [30_000, 0], ids=["small", "as if large"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), batches=st.lists(st.integers(1, 4), min_size=3, max_size=8))
def test_after_any_edits_every_answer_is_that_of_a_library_built_from_nothing(
    tmp_path_factory, monkeypatch, flat_up_to, seed, batches
):
    # With 0 what comes lies beside faiss's own vectors, and what goes is passed over, as in a large collection.
    folder, embedder = Folder(tmp_path_factory.mktemp("edits") / "content", seed), Boxes(dimension=64)
    index, reader, maker = built(folder.root, embedder), Reader(folder.root, folder.root.parent / "read"), ItemMaker()
    with monkeypatch.context() as patch:
        patch.setattr(dense, "FLAT_UP_TO", flat_up_to)

        for moves in batches:
            for _ in range(moves):
                folder.move()
            content = reader.read()
            lexicon = Lexicon.of(content.abbreviations, content.sayings)
            index, _ = updating.update(index, maker.items(content), lexicon, embedder)

    fresh = built(folder.root, embedder)
    assert content == contents.read(folder.root)
    assert_equal(index, fresh)
    assert_found_the_same(index, fresh, embedder, precision=EXACT if flat_up_to else HALF)
