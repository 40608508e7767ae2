import random

import pytest

from knowledge.parts import PARTS, Learned
from knowledge.text import fold, tokenise
from knowledge.training import parts
from knowledge.training.parts import Saying
from tests.knowledge.conftest import HERE, SAMPLES
from tests.knowledge.test_parts import table

SAYINGS = parts.read()


def key(text: str) -> tuple[str, ...]:
    return tuple(map(fold, tokenise(text)))


def test_there_are_many_sayings_for_every_part_for_none_and_for_two():
    assert len(SAYINGS) >= 2800
    assert min(sum(part in said.parts for said in SAYINGS) for part in PARTS) >= 50
    assert sum(not said.parts for said in SAYINGS) >= 300
    assert sum(len(said.parts) > 1 for said in SAYINGS) >= 50
    assert {part for said in SAYINGS for part in said.parts} == set(PARTS)


def test_no_saying_stands_twice_or_in_a_table_of_the_tests():
    keys = [key(said.text) for said in SAYINGS]
    asked = {
        key(question)
        for path in (HERE / "parts_questions.tsv", SAMPLES / "parts.tsv")
        for question, _, _ in table(path)
    }
    for line in (HERE / "questions.tsv").read_text(encoding="utf-8").splitlines():
        asked |= {key(turn) for turn in line.split("\t")[1].split("||")}

    assert len(set(keys)) == len(keys)
    assert not asked & set(keys)


@pytest.fixture(scope="module")
def few():
    """
    A few sayings and names, so that a fit takes a second.
    """
    chosen = [said for said in SAYINGS if said.parts in (frozenset(), {"fee"}, {"time"})][::2]
    return chosen, ["Đăng ký khai sinh", "Đăng ký kết hôn"]


def test_the_same_sayings_give_the_same_weights(few, tmp_path):
    first, again = (parts.fit(*few, seed=1) for _ in range(2))
    parts.save(first, tmp_path / "parts.json")

    assert first == again
    assert Learned.load(tmp_path / "parts.json") == first
    assert first.asked(tokenise("làm cái này tốn bao nhiêu tiền")) == ["fee"]
    assert first.asked(tokenise("đăng ký khai sinh")) == []


def test_sayings_are_also_learned_beside_names_and_in_pairs():
    sayings = [
        Saying("phí bao nhiêu", frozenset({"fee"})),
        Saying("mấy ngày có", frozenset({"time"})),
        Saying("nộp ở đâu", frozenset({"place"})),
    ]

    wider = parts.widened(sayings, ["Đăng ký khai tử"], random.Random(3))

    assert wider[:3] == sayings
    assert sum("đăng ký khai tử" in said.text and bool(said.parts) for said in wider) == 3
    assert Saying("Đăng ký khai tử", frozenset(), parts.NAME_WEIGHT) in wider
    assert any(len(said.parts) == 2 for said in wider)


def test_figures_are_those_that_a_hand_computes():
    answers = [
        (["fee"], frozenset({"fee"})),
        (["fee", "time"], frozenset({"fee"})),
        ([], frozenset({"fee"})),
        (["place"], frozenset({"fee"})),
        ([], frozenset()),
        (["fee"], frozenset()),
    ]

    assert parts.figures(answers) == {"n": 4, "exact": 0.25, "among": 0.5, "n_whole": 2, "whole": 0.5}
    assert parts.figures([]) == {"n": 0, "exact": 0.0, "among": 0.0, "n_whole": 0, "whole": 0.0}
