import numpy as np
import pytest

from knowledge import content as contents
from knowledge.encoder import train
from knowledge.encoder.features import features
from knowledge.encoder.static import StaticEncoder
from knowledge.items import OUTSIDE, Item
from knowledge.passages import items
from knowledge.text import tokenise
from knowledge.training import adapting
from knowledge.training.adapting import Adapted, Checked
from tests.knowledge.conftest import SAMPLES

POOL = Item(
    "be-boi",
    "faq",
    ("Bể bơi của phường",),
    ("hồ tắm mở lúc nào", "chỗ cho trẻ tập bơi", "học bơi mùa hè", "vé vào hồ", "bơi lội ở đâu"),
    ("Bể bơi mở từ tháng năm.",),
)
BUS = Item("xe-buyt", "faq", ("Xe buýt qua phường",), ("bắt buýt đi đâu", "trạm chờ xe", "vé tháng"))
NOTHING = Item(OUTSIDE, OUTSIDE, (), ("kể chuyện cười", "giá vàng", "thời tiết", "ai vô địch", "một cộng một"))


def encoder_of(*texts: str) -> StaticEncoder:
    """
    An encoder that has seen these texts and learned nothing from them.
    """
    known = sorted({feature for text in texts for feature in features(tokenise(text))})
    return StaticEncoder.quantised(known, train.beginning(np.ones(len(known), dtype=np.float32), known, seed=4))


def test_some_wordings_of_every_entry_that_has_enough_are_kept_out_the_same_in_every_run():
    hidden = adapting.kept_out([POOL, BUS, NOTHING], seed=0)

    assert len(hidden & set(POOL.wordings)) == 1
    assert not hidden & {*BUS.wordings, *NOTHING.wordings}
    assert adapting.kept_out([POOL, BUS, NOTHING], seed=0) == hidden
    assert set(adapting.without(POOL, hidden).wordings) == set(POOL.wordings) - hidden


def test_names_are_learned_with_bodies_and_with_what_people_say():
    made = adapting.groups([POOL, BUS, NOTHING])

    assert {group.key for group in made} == {"be-boi", "xe-buyt"}
    bodies, sayings = (
        [group for group in made if group.key == "be-boi" and group.source == source] for source in ("new", "wording")
    )
    assert tokenise("Bể bơi mở từ tháng năm.") in bodies[0].documents
    assert tokenise("Bể bơi của phường") in bodies[0].questions
    assert tokenise("học bơi mùa hè") in sayings[0].questions
    assert tokenise("Bể bơi của phường") in sayings[0].documents


def test_the_check_asks_what_is_kept_out_with_and_without_marks():
    content = contents.read(SAMPLES / "library")
    made = [*items(content), POOL]
    told = []

    found = adapting.check(
        encoder_of("bể bơi"), made, {"học bơi mùa hè", "trạm chờ xe"}, content, progress=lambda *step: told.append(step)
    )

    assert found.asked == 2
    assert found == Checked(2, 1.0, 1.0)  # "bơi" stands in the entry's name
    assert {stage for stage, _ in told} == {adapting.CHECKING}
    assert adapting.check(encoder_of("bể bơi"), made, set(), content) == Checked(0, 0.0, 0.0)


@pytest.mark.parametrize(("before", "after", "better"), [(0.5, 0.6, True), (0.5, 0.5, False), (0.5, 0.4, False)])
def test_only_what_finds_more_is_better(before, after, better):
    made = Adapted(encoder_of("a"), Checked(10, before, 1.0), Checked(10, after, 1.0), 0)

    assert made.better is better
    assert made.facts["after"]["first"] == after


def test_adapting_brings_what_people_say_near_to_the_name():
    shipped = encoder_of("bể bơi của phường", "xe buýt qua phường", "hồ tắm trạm chờ vé tháng trẻ tập")
    told = []

    made = train.adapt(shipped, adapting.groups([POOL, BUS]), seconds=None, steps=20, quiet=True, progress=told.append)

    def nearness(encoder, said, name):
        left, right = encoder.encode([said, name])
        return float(left @ right)

    assert (
        nearness(made, "hồ tắm mở lúc nào", "Bể bơi của phường")
        > nearness(shipped, "hồ tắm mở lúc nào", "Bể bơi của phường") + 0.05
    )
    assert nearness(made, "trạm chờ xe", "Xe buýt qua phường") > nearness(made, "trạm chờ xe", "Bể bơi của phường")
    assert made.vocabulary[: len(shipped.vocabulary)] == shipped.vocabulary
    assert told == sorted(told)
    assert len(told) == 20
