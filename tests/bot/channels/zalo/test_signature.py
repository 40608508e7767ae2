from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo.signature import SIGNATURE, TIMESTAMP, mac, signed_with_the_app_secret, verify
from tests.bot.channels.zalo.oa import ACCOUNT, APP, APP_SECRET, NOON, OA, OA_SECRET, account

STAMP = str(int(NOON * 1000))
RAW, BODY = b'{"timestamp":"%s"}' % STAMP.encode(), {"timestamp": STAMP}


def headers(first: str = APP, stamp: str = STAMP, secret: str = OA_SECRET, form: str = "mac={}") -> dict[str, str]:
    return {SIGNATURE: form.format(hashlib.sha256(f"{first}{RAW.decode()}{stamp}{secret}".encode()).hexdigest())}


def test_the_mac_is_plain_sha256_of_app_id_body_timestamp_and_secret() -> None:
    assert mac(APP, RAW, STAMP, OA_SECRET) == headers()[SIGNATURE].removeprefix("mac=")


@pytest.mark.parametrize("form", ["mac={}", "mac = {}", " mac={} ", "MAC={}", "{}"])
def test_blanks_and_capitals_do_not_matter(form: str) -> None:
    assert verify(headers(form=form), RAW, BODY, ACCOUNT) == ("app_id", "body", NOON)
    given = headers(form=form)
    assert verify({SIGNATURE: given[SIGNATURE].upper()}, RAW, BODY, ACCOUNT) == ("app_id", "body", NOON)


def test_a_timestamp_in_the_header_counts_first() -> None:
    later = str(int(NOON * 1000) + 7)

    signed = verify(headers(stamp=later) | {TIMESTAMP: later}, RAW, BODY, ACCOUNT)

    assert signed == ("app_id", "header", NOON + 0.007)
    assert verify(headers() | {TIMESTAMP: later}, RAW, BODY, ACCOUNT) == ("app_id", "body", NOON)
    seconds = str(int(NOON))
    assert verify(headers(stamp=seconds) | {TIMESTAMP: seconds}, RAW, BODY, ACCOUNT) == ("app_id", "header", NOON)


def test_a_timestamp_may_be_a_number() -> None:
    assert verify(headers(), RAW, {"timestamp": int(STAMP)}, ACCOUNT) is not None


@pytest.mark.parametrize(("setting", "app_id", "oa_id"), [("either", 1, 1), ("app_id", 1, 0), ("oa_id", 0, 1)])
def test_the_first_term_is_what_the_account_says(setting: str, app_id: int, oa_id: int) -> None:
    chosen = account(sign_first=setting)

    assert (verify(headers(), RAW, BODY, chosen) is not None) == bool(app_id)
    assert (verify(headers(first=OA), RAW, BODY, chosen) is not None) == bool(oa_id)


def test_without_an_oa_secret_the_app_secret_signs() -> None:
    chosen = account(oa_secret=None)

    assert verify(headers(secret=APP_SECRET), RAW, BODY, chosen) is not None
    assert verify(headers(), RAW, BODY, chosen) is None
    assert not signed_with_the_app_secret(headers(secret=APP_SECRET), RAW, BODY, chosen)


def test_the_other_secret_is_noticed_but_opens_nothing() -> None:
    given = headers(secret=APP_SECRET)

    assert verify(given, RAW, BODY, ACCOUNT) is None
    assert signed_with_the_app_secret(given, RAW, BODY, ACCOUNT)
    assert not signed_with_the_app_secret(headers(secret="x"), RAW, BODY, ACCOUNT)


@pytest.mark.parametrize("raw", [RAW + b" ", RAW.replace(b":", b": "), b"", b"{}"])
def test_other_bytes_are_refused(raw: bytes) -> None:
    assert verify(headers(), raw, BODY, ACCOUNT) is None


@given(st.text(max_size=80), st.text(max_size=30), st.none() | st.integers() | st.text() | st.lists(st.none()))
def test_nothing_that_is_guessed_is_accepted_or_raises(given_mac: str, stamp: str, inside: Any) -> None:
    guessed = {SIGNATURE: given_mac, TIMESTAMP: stamp}

    assert verify(guessed, RAW, {"timestamp": inside}, ACCOUNT) is None
    assert verify({SIGNATURE: "mac=" + "é" * 64}, RAW, inside, ACCOUNT) is None
