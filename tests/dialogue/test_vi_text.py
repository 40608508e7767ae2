"""
The words that the intent classifier sees. dialogue/ is no package of this environment: the file is loaded by its path.
"""

import importlib.util
import unicodedata
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

FILE = Path(__file__).parents[2] / "dialogue" / "vi_text.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vi_text", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


vi_text = _load()
VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ĐÐ?.,12",
    max_size=60,
)


def said(text: str) -> list[str]:
    return [word for word, _, _ in vi_text.words(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Đăng ký KHAI SINH", ["dang", "ky", "khai", "sinh"]),
        ("Ðăng ký", ["dang", "ky"]),
        ("ko dc thì ntn", ["khong", "duoc", "thi", "nhu the nao"]),
        ("thủ tục 1.001193, mẫu CT07?", ["thu", "tuc", "1.001193", "mau", "ct07", "?"]),
        ("gọi 113 ngày 01/7/2025", ["goi", "113", "ngay", "01/7/2025"]),
        ("dạaaaa chàooooo", ["da", "chao"]),
        ("kkkkkkk", ["kkk"]),
        ("khai\u200bsinh", ["khaisinh"]),
        ("👍 :))", ["👍", ":))"]),
        ("...", []),
        ("", []),
    ],
)
def test_a_text_becomes_words(text: str, words: list[str]):
    assert said(text) == words


@given(VIETNAMESE)
def test_composed_and_decomposed_text_are_the_same_words(text: str):
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)

    assert said(composed) == said(decomposed)


@given(st.text(max_size=80))
def test_positions_count_characters_of_the_text_itself(text: str):
    for word, start, end in vi_text.words(text):
        assert 0 <= start < end <= len(text)
        assert word


@given(VIETNAMESE)
def test_case_makes_no_difference(text: str):
    assert said(text.upper()) == said(text.lower())
