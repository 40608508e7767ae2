import json
from pathlib import Path

import numpy as np
import pytest

from knowledge import adapted
from knowledge import index as indexes
from knowledge.__main__ import main
from knowledge.embed import SHIPPED, Lexical
from knowledge.encoder.static import StaticEncoder
from knowledge.query import Lexicon
from knowledge.settings import Settings
from tests.knowledge.conftest import SAMPLES

FACTS = {"from": adapted.version_of(SHIPPED), "at": "2026-11-20T08:00:00+00:00"}


def some_encoder(seed=1) -> StaticEncoder:
    vectors = np.random.default_rng(seed).normal(size=(3, 8)).astype(np.float32)
    return StaticEncoder.quantised(["khai", "sinh", "khai_sinh"], vectors)


def settings(tmp_path: Path, encoder: str = "") -> Settings:
    return Settings("127.0.0.1", 0, SAMPLES / "library", tmp_path / "index", encoder)


def test_an_adapted_encoder_is_used_where_none_is_named(tmp_path):
    chosen = settings(tmp_path)
    before = adapted.embedder_of(chosen)

    folder = adapted.publish(some_encoder(), chosen.adapted, FACTS)

    found = adapted.embedder_of(chosen)
    assert adapted.current(chosen.adapted) == folder
    assert (found.dimension, found.name) == (8, f"static:{adapted.version_of(folder)}")
    assert before.name == f"static:{adapted.version_of(SHIPPED)}"
    assert adapted.embedder_of(settings(tmp_path, "none")).dimension == 0


def test_the_last_one_published_is_current_and_old_ones_go(tmp_path):
    made = [
        adapted.publish(some_encoder(seed), tmp_path, {**FACTS, "at": f"2026-11-2{seed}T08:00:00+00:00"})
        for seed in range(4)
    ]

    assert adapted.current(tmp_path) == made[-1]
    assert [folder.exists() for folder in made] == [False, False, True, True]
    assert not list(tmp_path.glob(".*"))


def test_one_that_did_not_pass_its_check_changes_nothing(tmp_path):
    good = adapted.keep(some_encoder(1), tmp_path, better=True, facts={"new": 3})

    assert adapted.keep(some_encoder(2), tmp_path, better=False, facts={"new": 3}) is None

    assert adapted.current(tmp_path) == good
    told = json.loads((good / adapted.FACTS).read_text(encoding="utf-8"))
    assert (told["from"], told["new"]) == (adapted.version_of(SHIPPED), 3)


def test_going_back_is_one_link(tmp_path):
    chosen = settings(tmp_path)
    adapted.publish(some_encoder(), chosen.adapted, FACTS)

    assert adapted.remove(chosen.adapted)

    assert adapted.embedder_of(chosen).dimension > 8
    assert not adapted.remove(chosen.adapted)


def without(name):
    return lambda folder: (folder / name).unlink()


def cut(name):
    return lambda folder: (folder / name).write_bytes(
        (folder / name).read_bytes()[: (folder / name).stat().st_size // 2]
    )


def of_another(folder):
    (folder / adapted.FACTS).write_text(json.dumps({**FACTS, "from": "0123"}), encoding="utf-8")


@pytest.mark.parametrize(
    "harm",
    [
        without("static.json"),
        without("vocabulary.txt"),
        without("weights.npy"),
        without(adapted.FACTS),
        cut("weights.npy"),
        cut("vocabulary.txt"),
        cut(adapted.FACTS),
        of_another,
    ],
)
def test_whatever_is_wrong_with_it_the_shipped_one_takes_its_place(tmp_path, harm):
    chosen = settings(tmp_path)
    harm(adapted.publish(some_encoder(), chosen.adapted, FACTS))

    assert adapted.embedder_of(chosen).name == f"static:{adapted.version_of(SHIPPED)}"


def test_a_new_index_leaves_the_encoders_beside_it_alone(tmp_path):
    chosen = settings(tmp_path)
    folder = adapted.publish(some_encoder(), chosen.adapted, FACTS)
    index, _ = indexes.build([], Lexicon(), Lexical())

    for _ in range(5):
        index.version += "x"
        indexes.publish(index, chosen.index)

    assert adapted.current(chosen.adapted) == folder
    assert len(list(chosen.index.glob("2*"))) == indexes.KEPT_VERSIONS


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Settings:
    for name, value in {"CONTENT": SAMPLES / "library", "INDEX": tmp_path / "index", "ENCODER": ""}.items():
        monkeypatch.setenv(f"KNOWLEDGE_{name}", str(value))
    return settings(tmp_path)


def test_the_command_undoes(installed, capsys):
    adapted.publish(some_encoder(), installed.adapted, FACTS)

    assert [main(["adapt", "--undo"]) for _ in range(2)] == [0, 0]

    assert capsys.readouterr().out.splitlines() == [
        "Đã trở về bộ mã hóa đi kèm.",
        "Đang dùng bộ mã hóa đi kèm, không có gì để bỏ.",
    ]


def test_another_encoder_than_ours_is_not_adapted(installed, monkeypatch, capsys):
    monkeypatch.setenv("KNOWLEDGE_ENCODER", "none")

    assert main(["adapt"]) == 2

    assert capsys.readouterr().err.startswith("encoder.unusable only the encoder that we ship can be adapted")


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "99999"])
def test_a_time_that_makes_no_sense_is_refused(installed, capsys, seconds):
    with pytest.raises(SystemExit):
        main(["adapt", "--seconds", seconds])

    assert f"{seconds} is not between 0 and 3600" in capsys.readouterr().err


@pytest.mark.services
def test_the_command_learns_checks_and_uses_what_is_better_or_says_that_it_does_not(installed, capsys):
    status = main(["adapt", "--seconds", "2"])

    said = capsys.readouterr().out
    folder = adapted.current(installed.adapted)
    assert "câu được giấu đi lúc học, đúng ngay mục đầu: trước " in said
    if folder is not None:
        assert (status, f"Đã dùng {folder}" in said) == (0, True)
        facts = json.loads((folder / adapted.FACTS).read_text(encoding="utf-8"))
        assert facts["after"]["first"] > facts["before"]["first"]
    else:
        assert (status, "Không dùng bộ mã hóa mới vì không tốt hơn" in said) == (1, True)
