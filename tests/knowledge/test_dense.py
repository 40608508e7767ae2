import gc

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import dense
from knowledge.dense import Dense


def some_vectors(count: int, dimension: int = 16, seed: int = 7) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def nearest(vectors: np.ndarray, vector: np.ndarray, count: int, allowed: np.ndarray) -> list[int]:
    """
    Return the places of the nearest allowed vectors, by looking at each.
    """
    cosines = vectors @ vector
    return [int(place) for place in np.argsort(-cosines, kind="stable") if allowed[place]][:count]


@settings(max_examples=40, deadline=None)
@given(size=st.integers(1, 60), count=st.integers(1, 80), seed=st.integers(0, 1000), share=st.floats(0, 1))
def test_faiss_finds_what_numpy_finds_among_those_allowed(size, count, seed, share):
    chance = np.random.default_rng(seed)
    vectors, rows = some_vectors(size, seed=seed), np.arange(size, dtype=np.int64) * 3 + 5
    allowed = chance.random(size) < share

    found, cosines = Dense.build(vectors, rows).search(vectors[seed % size], count, allowed)

    places = nearest(vectors, vectors[seed % size], count, allowed)
    assert found.tolist() == rows[places].tolist()
    assert cosines == pytest.approx(vectors[places] @ vectors[seed % size], abs=1e-5)


def test_without_a_selector_everything_may_be_found():
    vectors, rows = some_vectors(30), np.arange(30, dtype=np.int64)

    found, cosines = Dense.build(vectors, rows).search(vectors[11], 5)

    assert found.tolist() == nearest(vectors, vectors[11], 5, np.ones(30, dtype=bool))
    assert found[0] == 11
    assert cosines[0] == pytest.approx(1.0)
    assert sorted(cosines, reverse=True) == list(cosines)


def test_where_nothing_is_allowed_nothing_is_found():
    vectors = some_vectors(9)

    found, cosines = Dense.build(vectors, np.arange(9, dtype=np.int64)).search(vectors[0], 4, np.zeros(9, dtype=bool))

    assert len(found) == len(cosines) == 0


def test_an_index_without_vectors_finds_nothing():
    empty = Dense.build(np.zeros((0, 16), dtype=np.float32), np.zeros(0, dtype=np.int64))

    found, cosines = empty.search(some_vectors(1)[0], 5)

    assert len(found) == len(cosines) == 0


@pytest.mark.parametrize("size", [0, 1, 40])
def test_a_saved_index_finds_the_same_from_mapped_memory(tmp_path, size):
    vectors, rows = some_vectors(size), np.arange(size, dtype=np.int64) + 100
    built = Dense.build(vectors, rows)
    built.save(tmp_path / "dense")

    loaded = Dense.load(tmp_path / "dense")

    asked, allowed = some_vectors(1, seed=3)[0], np.arange(size) % 2 == 0
    assert np.array_equal(loaded.vectors, vectors)
    assert not size or not loaded.vectors.flags.owndata
    assert sorted(path.name for path in (tmp_path / "dense").iterdir()) == ["index.faiss", "rows.npy"]
    assert loaded.rows.tolist() == rows.tolist()
    assert loaded.search(asked, 7, allowed)[0].tolist() == built.search(asked, 7, allowed)[0].tolist()


def test_a_large_collection_is_searched_in_lists_and_keeps_to_what_is_allowed():
    size = dense.FLAT_UP_TO + 1
    vectors, rows = some_vectors(size, dimension=8), np.arange(size, dtype=np.int64)
    allowed = np.arange(size) % 3 == 0

    built = Dense.build(vectors, rows)
    found, _ = built.search(vectors[3000], 20, allowed)

    assert isinstance(built.index, faiss.IndexRefine)
    assert found[0] == 3000
    assert all(allowed[found])
    assert len(set(found.tolist()) & set(nearest(vectors, vectors[3000], 20, allowed))) >= 10


def test_a_large_collection_is_saved_once_in_half_precision_and_finds_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(dense, "FLAT_UP_TO", 1000)
    vectors, rows = some_vectors(4000, dimension=32), np.arange(4000, dtype=np.int64) + 9
    built = Dense.build(vectors, rows)
    built.save(tmp_path / "dense")

    loaded = Dense.load(tmp_path / "dense")

    assert loaded.vectors.dtype == np.float16
    assert np.allclose(loaded.vectors, vectors, rtol=1e-3, atol=1e-6)
    assert (tmp_path / "dense/index.faiss").stat().st_size < vectors.nbytes
    for vector in vectors[::400]:
        found, cosines = loaded.search(vector, 10)
        assert found.tolist() == built.search(vector, 10)[0].tolist()
        assert cosines == pytest.approx(vectors[found - 9] @ vector, abs=1e-3)


def test_vectors_outlive_the_index_they_came_from(tmp_path):
    vectors = some_vectors(40)
    Dense.build(vectors, np.arange(40, dtype=np.int64)).save(tmp_path / "dense")

    kept = Dense.load(tmp_path / "dense").vectors[3:5]
    gc.collect()

    assert np.array_equal(kept, vectors[3:5])
    assert not kept.flags.writeable
