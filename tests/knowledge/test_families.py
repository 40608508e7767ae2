import numpy as np
import pytest

from knowledge.candidates import NAMES
from knowledge.entries import Apart
from knowledge.families import fork, marks, ordinary_meant, said
from knowledge.items import Item
from knowledge.query import Query
from knowledge.retrieve import Hit, Ranking
from knowledge.text import tokenise

USUAL = Item("ket-hon", "procedure", ("Đăng ký kết hôn",), ("làm giấy cưới",), family="ket-hon")
ABROAD = Item("ket-hon-nuoc-ngoai", "procedure", ("Đăng ký kết hôn có yếu tố nước ngoài",), family="ket-hon")
OTHER = Item("khai-tu", "procedure", ("Đăng ký khai tử",), family="khai-tu")


def meant(question, *shares):
    tokens = tuple(tokenise(question))
    hits = [Hit(item, 0.0, share, np.zeros(len(NAMES), dtype=np.float32)) for item, share in shares]
    found = ordinary_meant(hits, Ranking(Query(question, tokens, tokens, (), (), {}), hits, 0.0))
    return found.item.id if found else None


def test_who_names_no_special_circumstance_means_the_ordinary_procedure():
    assert meant("đăng ký kết hôn", (ABROAD, 0.5), (USUAL, 0.45)) == "ket-hon"


@pytest.mark.parametrize("question", ["kết hôn với người nước ngoài", "ket hon nguoi nuoc ngoai"])
def test_a_word_that_marks_a_twin_leaves_the_choice_open(question):
    assert meant(question, (USUAL, 0.5), (ABROAD, 0.45)) is None


def test_a_twin_that_hardly_fits_is_no_rival():
    assert meant("kết hôn ở nước mình", (USUAL, 0.9), (ABROAD, 0.01)) == "ket-hon"


@pytest.mark.parametrize(
    "shares",
    [
        ((USUAL, 0.3), (ABROAD, 0.2), (OTHER, 0.5)),  # the family does not lead clearly
        ((ABROAD, 0.9), (USUAL, 0.05)),  # its ordinary member hardly fits
        ((USUAL, 0.9), (OTHER, 0.1)),  # it has no twin here
        ((ABROAD, 0.9), (OTHER, 0.1)),  # it has no ordinary member here
        (),
    ],
)
def test_without_a_clear_family_nothing_is_meant(shares):
    assert meant("đăng ký kết hôn", *shares) is None


def test_a_long_story_may_tell_its_circumstance_in_words_that_no_title_has():
    assert meant("em quen anh ấy bên kia biên giới hai năm rồi giờ muốn cưới", (USUAL, 0.5), (ABROAD, 0.45)) is None


def test_the_marks_of_a_twin_are_the_words_that_the_ordinary_entry_never_uses():
    assert marks(ABROAD, USUAL) == {"co", "yeu", "to", "nuoc", "ngoai"}


APART = Apart(
    other="trich-luc",
    question="Còn sổ, hay đã mất cả sổ ạ?",
    words=["sổ", "trích lục"],
)
COPY = Item("trich-luc", "procedure", ("Cấp bản sao trích lục",))
AGAIN = Item("dang-ky-lai", "procedure", ("Đăng ký lại",), family="khai-sinh")


def forked(question, *shares):
    tokens = tuple(tokenise(question))
    hits = [Hit(item, 0.0, share, np.zeros(len(NAMES), dtype=np.float32)) for item, share in shares]
    query = Query(question, tokens, tokens, (), (), {})
    found = fork(hits, query, lambda id: [APART] if id == "dang-ky-lai" else [])
    return found[0] if found else None


@pytest.mark.parametrize(
    "shares",
    [((AGAIN, 0.9), (OTHER, 0.1)), ((AGAIN, 0.5), (COPY, 0.4)), ((COPY, 0.6), (AGAIN, 0.2))],
)
def test_words_that_fit_two_entries_fork(shares):
    assert forked("mất giấy khai sinh", *shares) == "dang-ky-lai"


@pytest.mark.parametrize(
    ("question", "shares"),
    [
        ("mất giấy khai sinh, sổ vẫn còn", ((AGAIN, 0.9),)),  # it was told already
        ("mat giay khai sinh, so van con", ((AGAIN, 0.9),)),
        ("xin trích lục", ((COPY, 0.6), (AGAIN, 0.2))),
        ("mất giấy khai sinh", ((OTHER, 0.6), (AGAIN, 0.4))),  # another entry leads
        ("mất giấy khai sinh", ((COPY, 0.9), (AGAIN, 0.01))),  # the entry that says so hardly fits
        ("mất giấy khai sinh", ((AGAIN, 0.3), (OTHER, 0.2))),  # neither is likely enough
        ("mất giấy khai sinh", ()),
    ],
)
def test_they_do_not_when_it_was_told_or_something_else_is_meant(question, shares):
    assert forked(question, *shares) is None


@pytest.mark.parametrize(
    ("phrase", "question", "held"),
    [
        ("sổ", "còn sổ không", True),
        ("sổ", "con so khong", True),
        ("sổ", "số nhà bao nhiêu", False),
        ("trích lục", "xin TRÍCH LỤC", True),
        ("trích lục", "trích ra lục lại", False),
        ("sổ", "", False),
    ],
)
def test_a_phrase_is_said_with_its_marks_or_with_none(phrase, question, held):
    tokens = tuple(tokenise(question))

    assert said(phrase, Query(question, tokens, tokens, (), (), {})) is held
