import gzip
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import content as contents
from knowledge.__main__ import main
from knowledge.bench import bank_by_code, items_of, measure, plain_bm25, variants
from tests.knowledge.conftest import SAMPLES

CORPUS = [
    {"id": "1.000001", "title": "Đăng ký khai sinh", "body": "Ghi tên em bé mới sinh vào sổ."},
    {"id": "1.000003", "title": "Đăng ký kết hôn", "field": "Hộ tịch", "level": "xa", "sections": {"ho_so": "Tờ khai kết hôn", "thoi_han": "Trong ngày", "trong": ""}},
    {"id": "dieu-9", "title": "Điều 9", "body": "Trồng cây xanh ven đường."},
]  # fmt: skip


def found_as(*pairs):
    return lambda text: list(pairs)


def measured(search, *gold):
    scores, took = measure(search, [{"q": "câu hỏi", "gold": list(gold)}])
    assert len(took) == 2
    assert scores["full"] == scores["plain"]
    return scores["full"]


def test_measures_of_one_question_are_those_that_a_hand_computes():
    scores = measured(found_as(("a", 9.0), ("b", 8.0), ("gold", 7.0), ("c", 6.0)), "gold")

    assert scores == {
        "r@1": 0.0,
        "r@5": 1.0,
        "r@20": 1.0,
        "mrr@10": pytest.approx(1 / 3, abs=1e-4),
        "ndcg@10": pytest.approx(1 / math.log2(4), abs=1e-4),
    }


def test_several_right_answers_share_one_ideal():
    scores = measured(found_as(("one", 9.0), ("a", 8.0), ("two", 7.0)), "one", "two", "three")

    gain = 1 + 1 / math.log2(4)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores["ndcg@10"] == pytest.approx(gain / ideal, abs=1e-4)
    assert (scores["r@1"], scores["mrr@10"]) == (1.0, 1.0)


def test_of_equal_scores_the_right_one_comes_last():
    scores = measured(found_as(("gold", 5.0), ("a", 5.0), ("b", 5.0), ("c", 1.0)), "gold")

    assert scores["r@1"] == 0.0
    assert scores["mrr@10"] == pytest.approx(1 / 3, abs=1e-4)


def test_beyond_the_tenth_place_only_the_recall_counts():
    scores = measured(found_as(*((str(place), 99.0 - place) for place in range(11)), ("gold", 1.0)), "gold")

    assert scores == {"r@1": 0.0, "r@5": 0.0, "r@20": 1.0, "mrr@10": 0.0, "ndcg@10": 0.0}


def test_what_is_not_found_scores_nothing():
    assert set(measured(found_as(("a", 1.0)), "gold").values()) == {0.0}
    assert set(measured(found_as(), "gold").values()) == {0.0}


def obvious(found, gold):
    """
    Rank every right answer behind all that score as high, and add up.
    """
    ranks = []
    for id, score in found:
        if id in gold:
            ahead = sum(other > score or (other == score and name not in gold) for name, other in found)
            ranks.append(
                ahead
                + 1
                + sum(
                    1
                    for name, other in found[: [pair[0] for pair in found].index(id)]
                    if name in gold and other == score
                )
            )
    best = min(ranks, default=math.inf)
    gain = sum(1 / math.log2(1 + rank) for rank in ranks if rank <= 10)
    ideal = sum(1 / math.log2(1 + rank) for rank in range(1, min(len(gold), 10) + 1))
    return {
        "r@1": best <= 1,
        "r@5": best <= 5,
        "r@20": best <= 20,
        "mrr@10": 1 / best if best <= 10 else 0,
        "ndcg@10": gain / ideal,
    }


@settings(max_examples=80)
@given(st.lists(st.sampled_from([1.0, 2.0, 3.0]), max_size=25), st.sets(st.integers(0, 24), min_size=1, max_size=6))
def test_ties_of_every_sort_are_counted_pessimistically(scores, gold):
    # A ranking comes best first; ids are told apart by their number.
    found = [(str(number), score) for number, score in enumerate(sorted(scores, reverse=True))]
    wanted = {str(number) for number in gold}

    counted = measured(found_as(*found), *wanted)

    assert counted == pytest.approx({name: float(value) for name, value in obvious(found, wanted).items()}, abs=1e-4)


def test_means_are_over_the_questions_of_a_variant():
    asked = [{"q": "một", "gold": ["a"], "variants": {"noisy": "m0t"}}, {"q": "hai", "gold": ["b"]}]

    scores, took = measure(found_as(("a", 2.0), ("b", 1.0)), asked)

    assert set(scores) == {"full", "plain", "noisy"}
    assert scores["full"]["r@1"] == 0.5
    assert scores["full"]["mrr@10"] == 0.75
    assert scores["noisy"]["r@1"] == 1.0
    assert len(took) == 5


def test_a_question_is_asked_as_written_without_marks_and_as_its_row_says():
    row = {"q": "Lệ phí?", "variants": {"noisy": "lẹ fí", "plain": "le phii"}}

    assert variants(row) == {"full": "Lệ phí?", "plain": "le phii", "noisy": "lẹ fí"}
    assert variants({"q": "Lệ phí?"})["plain"] == "le phi?"


def test_rows_of_both_shapes_become_items_with_our_wordings_by_code():
    bank, aliases = bank_by_code(contents.read(SAMPLES / "library"))

    birth, wedding, article = items_of(CORPUS, bank, aliases)

    assert birth.titles[0] == "Đăng ký khai sinh"
    assert "làm giấy khai sinh" in birth.titles
    assert "vợ mới đẻ cần đi làm giấy cho cháu" in birth.wordings
    assert "tụi em tính làm đám cưới" in wedding.wordings
    assert wedding.texts == ("Tờ khai kết hôn", "Trong ngày")
    assert (article.titles, article.wordings, article.texts) == (("Điều 9",), (), ("Trồng cây xanh ven đường.",))
    assert [item.id for item in (birth, wedding, article)] == [row["id"] for row in CORPUS]


def test_plain_bm25_ranks_by_the_words():
    search = plain_bm25(CORPUS)

    assert search("Trồng cây")[0][0] == "dieu-9"


def write(path, rows):
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return str(path)


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz"])
def test_the_command_takes_plain_and_gzipped_files_and_writes_the_json_that_the_contract_names(
    tmp_path, monkeypatch, capsys, suffix
):
    for name, value in {"CONTENT": SAMPLES / "library", "INDEX": tmp_path / "index", "ENCODER": "none"}.items():
        monkeypatch.setenv(f"KNOWLEDGE_{name}", str(value))
    queries = [
        {"q": "tờ khai kết hôn", "gold": ["1.000003"], "variants": {"noisy": "to khai kt hon"}},
        {"q": "trồng cây xanh", "gold": ["dieu-9"]},
    ]
    out = tmp_path / "out.json"

    status = main([
        "bench", "--corpus", write(tmp_path / f"c.{suffix}", CORPUS), "--queries", write(tmp_path / f"q.{suffix}", queries),
        "--against", "bm25", "--json", str(out),
    ])  # fmt: skip

    written = json.loads(out.read_text(encoding="utf-8"))
    assert status == 0
    assert set(written) == {"variants", "ms", "index_mb", "against"}
    assert set(written["variants"]) == {"full", "plain", "noisy"}
    assert set(written["variants"]["full"]) == {"r@1", "r@5", "r@20", "mrr@10", "ndcg@10"}
    assert written["variants"]["full"]["r@20"] == 1.0
    assert set(written["ms"]) == {"p50", "p99"}
    assert set(written["against"]) == {"bm25"}
    assert "r@20" in capsys.readouterr().out
