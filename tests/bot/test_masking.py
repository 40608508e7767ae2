from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import MASK, mask, tidy


@pytest.mark.parametrize(
    "number",
    [
        "001099012345",  # identity card
        "001 099 012 345",
        "012345678",  # old identity card
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "091-234-5678",
        "09 12 34 56 78",
        "+84912345678",
        "+84 912 345 678",
        "024 3825 1234",
        "(024) 3825 1234",
        "0225.3.123.456",
        "024-3825-1234",
        "19036547891012",  # bank account
        "1903 6547 8910 12",
        "9704 1234 5678 9012 345",
        "9704123456789012345",
    ],
)
def test_identity_phone_and_bank_numbers_are_hidden(number: str) -> None:
    text = mask(f"số của tôi là {number}, gọi lại nhé")

    assert text == f"số của tôi là {MASK}, gọi lại nhé"


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục 1.001193 làm sao",
        "mã 1.001193.000.00.00.H29",
        "gọi 18001096 hay 1022",
        "1900 9068",
        "từ 01/07/2025 đến 31/12/2026",
        "ngày 2026-11-20",
        "lệ phí 100000 đồng",
        "vay 1500000000 đồng",
        "vay 150.000.000đ",
        "thu nhập 2.000.000 đồng/tháng",
        "Nghị định 118/2025/NĐ-CP, mẫu CT01",
        "mã hồ sơ 000.00.12.H29-241120-0003",
        "con sinh năm 2024, 15 ngày làm việc",
    ],
)
def test_codes_hotlines_dates_and_amounts_are_left_alone(text: str) -> None:
    assert mask(text) == text


@given(st.text(), st.integers(10**8, 10**18), st.text())
def test_no_long_run_of_digits_is_left_between_words(before: str, number: int, after: str) -> None:
    assert str(number) not in mask(f"{before} {number} {after}") or after.strip().lower().startswith(("đ", "d", "v"))


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text())
def test_tidy_text_is_nfc_without_control_characters(text: str) -> None:
    tidied = tidy(text)

    assert unicodedata.is_normalized("NFC", tidied)
    assert tidied == tidied.strip()
    assert not any(unicodedata.category(one) == "Cc" and one != "\n" for one in tidied)
