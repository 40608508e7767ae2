import json
from dataclasses import replace

import pytest

from knowledge import evaluate as evaluation
from knowledge.__main__ import main
from knowledge.evaluate import MEASURES, after, evaluate, row, shares
from knowledge.outcomes import ANSWERED, CLARIFY, OUT_OF_SCOPE, Answer, Context
from knowledge.questions import Asked
from tests.knowledge.conftest import SAMPLES


def asked(question, *expected, ward="tay-mau", style="x"):
    return Asked("Q", tuple(question.split(" || ")), frozenset(expected), "", style, ward)


def counted(verdict, rank=0, inside=True):
    return {"expected": ["khai-sinh"] if inside else ["OOS"], "rank": rank, "verdict": verdict}


def test_measures_are_those_that_a_hand_computes():
    rows = [
        counted("answered_right", 1),
        counted("answered_wrong", 4),
        counted("asked_back_right", 2),
        counted("asked_back_wrong", 10),
        counted("refused", 0),
        counted("oos_refused", inside=False),
        counted("oos_refused", inside=False),
        counted("oos_asked_back", inside=False),
        counted("oos_answered", inside=False),
    ]

    assert shares(rows) == {
        "hit@1": 0.2,
        "hit@5": 0.6,
        "mrr@10": pytest.approx((1 + 1 / 4 + 1 / 2 + 1 / 10) / 5),
        "answered_right": 0.2,
        "answered_wrong": 0.2,
        "asked_back_right": 0.2,
        "asked_back_wrong": 0.2,
        "refused": 0.2,
        "oos_refused": 0.5,
        "oos_asked_back": 0.25,
        "oos_answered": 0.25,
    }


def test_no_question_of_a_sort_counts_as_nought():
    assert shares([]) == dict.fromkeys(MEASURES, 0.0)
    assert shares([counted("oos_refused", inside=False)])["oos_refused"] == 1.0


@pytest.mark.parametrize(
    ("question", "expected", "verdict", "rank"),
    [
        ("đăng ký kết hôn", ["ket-hon"], "answered_right", 1),
        ("đăng ký kết hôn", ["1.000003"], "answered_right", 1),
        ("đăng ký kết hôn", ["tam-tru", "ket-hon"], "answered_right", 1),
        ("đăng ký kết hôn", ["không-có"], "answered_wrong", 0),
        ("đăng ký kết hôn", [], "oos_answered", 0),
        ("thời tiết ngày mai mưa không", [], "oos_refused", 0),
        ("làm hộ chiếu ở đâu", [], "oos_refused", 0),
        ("thời tiết ngày mai mưa không", ["ket-hon"], "refused", None),
    ],
)
def test_a_question_counts_towards_one_measure(small, question, expected, verdict, rank):
    found = row(small, asked(question, *expected))

    assert found["verdict"] == verdict
    assert rank is None or found["rank"] == rank


def test_an_entry_further_down_has_the_rank_of_its_place(small):
    found = row(small, asked("đăng ký kết hôn", "khai-sinh"))

    assert found["verdict"] == "answered_wrong"
    assert found["rank"] > 1


@pytest.mark.parametrize("expected", ["plan-dong-mau", "plan-dong-mau-loa", "plan-dong-mau-phat-thanh"])
def test_a_part_of_a_plan_counts_as_the_plan_and_as_what_it_covers(small, expected):
    assert row(small, asked("ai chủ trì phát thanh trên loa", expected, ward="dong-mau"))["verdict"] == "answered_right"


def test_of_a_conversation_only_the_last_turn_counts(small):
    leaning = row(small, asked("đăng ký kết hôn cần gì || thế còn lệ phí?", "ket-hon"))

    assert leaning["verdict"] == "answered_right"
    assert leaning["parts"] == ["fee"]
    assert leaning["question"] == "đăng ký kết hôn cần gì || thế còn lệ phí?"


def test_what_an_ask_back_shows_comes_first_then_the_rest_of_the_ranking(small):
    options = [{"id": "khai-sinh", "ids": ["khai-sinh", "1.000001"]}, {"id": "tam-tru", "ids": ["tam-tru"]}]
    found = Answer(CLARIFY, options=options)

    ranked = evaluation.ranked_ids(small, asked("đăng ký kết hôn"), found)

    assert ranked[:2] == [{"khai-sinh", "1.000001"}, {"tam-tru"}]
    assert {"ket-hon", "1.000003"} in ranked
    assert len(ranked) <= 10
    assert sum("khai-sinh" in ids for ids in ranked) == 1


@pytest.mark.parametrize(
    ("expected", "verdict"),
    [
        ("khai-sinh", "asked_back_right"),
        ("khai-sinh-lai", "asked_back_right"),
        ("không-có", "asked_back_wrong"),
        (None, "oos_asked_back"),
    ],
)
def test_an_ask_back_is_right_when_a_right_option_is_among_those_shown(small, expected, verdict):
    unsure = replace(
        small, confidence=replace(small.confidence, thresholds=replace(small.confidence.thresholds, right=0.999))
    )

    assert row(unsure, asked("giấy khai sinh gốc", *filter(None, [expected])))["verdict"] == verdict


def found_in(kind, id, part):
    return {"entry": {"id": id, "kind": kind}, "part": part}


def test_what_was_talked_about_is_kept_as_the_dialogue_keeps_it():
    two = Answer(ANSWERED, findings=[found_in("procedure", "a", "fee"), found_in("service", "b", "time")])
    asking = Answer(CLARIFY, options=[{"id": "a"}, {"id": "c"}])

    assert after(two) == Context("b", "time", ())
    assert after(asking) == Context(None, None, ("a", "c"))
    assert after(Answer(OUT_OF_SCOPE)) == Context()


def test_a_faq_has_nothing_further_to_be_asked_about():
    assert after(Answer(ANSWERED, findings=[found_in("faq", "a", "summary")])).entry is None


def test_every_style_has_measures_of_its_own(small):
    result = evaluate(
        small, [asked("đăng ký kết hôn", "ket-hon", style="old"), asked("đăng ký kết hôn", "tam-tru", style="young")]
    )

    assert result["styles"]["old"]["answered_right"] == 1.0
    assert result["styles"]["young"]["answered_right"] == 0.0
    assert result["overall"]["answered_right"] == 0.5
    assert list(result["styles"]) == ["old", "young"]
    assert [tuple(measures) for measures in result["styles"].values()] == [MEASURES, MEASURES]
    assert len(result["questions"]) == 2


def test_the_command_prints_a_table_and_writes_the_json_that_the_contract_names(tmp_path, monkeypatch, capsys):
    for name, value in {"CONTENT": SAMPLES / "library", "INDEX": tmp_path / "index", "ENCODER": "none"}.items():
        monkeypatch.setenv(f"KNOWLEDGE_{name}", str(value))
    out = tmp_path / "result.json"

    status = main(["evaluate", str(SAMPLES / "questions-small.tsv"), "--ward", "tay-mau", "--json", str(out)])

    written = json.loads(out.read_text(encoding="utf-8"))
    assert status == 0
    assert set(written) == {"overall", "styles", "questions"}
    assert set(written["overall"]) == set(MEASURES)
    assert all(0 <= value <= 1 for value in written["overall"].values())
    assert {each["ward"] for each in written["questions"]} == {"tay-mau", "dong-mau"}
    assert "overall" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["khong-co.tsv", "--ward", "tay-mau"], "questions.invalid"),
        ([str(SAMPLES / "questions-small.tsv"), "--ward", "hoa-tinh"], "ward.unknown"),
    ],
)
def test_the_command_says_in_one_line_what_it_cannot_do(tmp_path, monkeypatch, capsys, arguments, said):
    for name, value in {"CONTENT": SAMPLES / "library", "INDEX": tmp_path / "index", "ENCODER": "none"}.items():
        monkeypatch.setenv(f"KNOWLEDGE_{name}", str(value))

    status = main(["evaluate", *arguments])

    told = capsys.readouterr().err.strip().splitlines()
    assert status == 2
    assert told[-1].startswith(said)
