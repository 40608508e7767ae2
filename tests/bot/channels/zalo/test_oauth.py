from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.tokens import Pair
from bot.channels.zalo.oauth import GrantRefused, GrantUnclear, challenge, consent, exchange, read
from tests.bot.channels.zalo.oa import ACCOUNT, APP_SECRET, HOUR, NOON, account
from tests.bot.channels.zalo.town import Town
from tests.bot.test_dialogue import JSON

CALLBACK = "https://bot.example/connect/zalo"
VERIFIER = "v" * 43


def answer(body: Any, status: int = 200) -> Pair:
    return read(status, json.dumps(body).encode(), now=NOON)


async def code_of(url: str, session: aiohttp.ClientSession) -> str:
    async with session.get(url, allow_redirects=False) as response:
        return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]


@pytest.mark.parametrize("pkce", ["per_request", "fixed", "none"])
async def test_an_oa_is_connected_with_every_way_of_pkce(town: Town, pkce: str) -> None:
    mine = town.account_of(pkce=pkce, **({"code_verifier": VERIFIER} if pkce == "fixed" else {}))
    asked = consent(mine, CALLBACK)

    async with aiohttp.ClientSession() as session:
        pair = await exchange(session, mine, await code_of(asked.url, session), asked.verifier, now=town.now)

    assert town.zalo.core.access[pair.access_token].account == mine.id


async def test_a_challenge_kept_in_the_console_needs_the_fixed_verifier(town: Town) -> None:
    town.zalo.apps[town.account.app_id].code_challenge = challenge(VERIFIER)
    without, fixed = town.account_of(pkce="none"), town.account_of(pkce="fixed", code_verifier=VERIFIER)

    async with aiohttp.ClientSession() as session:
        asked = consent(without, CALLBACK)
        with pytest.raises(GrantRefused):
            await exchange(session, without, await code_of(asked.url, session), asked.verifier, now=town.now)
        asked = consent(fixed, CALLBACK)
        await exchange(session, fixed, await code_of(asked.url, session), asked.verifier, now=town.now)


async def test_a_wrong_app_secret_is_refused_and_quoted_nowhere(town: Town) -> None:
    mine = town.account_of(app_secret="another-secret")
    asked = consent(mine, CALLBACK)

    async with aiohttp.ClientSession() as session:
        with pytest.raises(GrantRefused, match="-14004") as error:
            await exchange(session, mine, await code_of(asked.url, session), asked.verifier, now=town.now)

    assert "another-secret" not in repr(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize("day", ["http_500", "not_json", "cut"])
async def test_no_answer_is_unclear(town: Town, day: str) -> None:
    town.zalo.weather.oauth_days = [day]

    async with aiohttp.ClientSession() as session:
        with pytest.raises(GrantUnclear) as error:
            await exchange(session, town.account, "code", None, now=town.now)

    assert error.value.sent


async def test_nobody_listening_means_that_nothing_was_sent() -> None:
    mine = account(oauth_url="http://127.0.0.1:9")

    async with aiohttp.ClientSession() as session:
        with pytest.raises(GrantUnclear) as error:
            await exchange(session, mine, "code", None, now=NOON)

    assert not error.value.sent
    assert APP_SECRET not in repr(error.value)


def test_two_consents_share_neither_state_nor_verifier() -> None:
    first, second = consent(ACCOUNT, CALLBACK), consent(ACCOUNT, CALLBACK)

    assert first.state != second.state
    assert first.verifier != second.verifier
    assert first.verifier is not None
    assert first.verifier not in repr(first)


@pytest.mark.parametrize("base", ["https://oauth.zaloapp.com", "https://oauth.zaloapp.com/"])
def test_the_address_is_the_same_with_a_slash_or_without(base: str) -> None:
    assert consent(account(oauth_url=base), CALLBACK).url.startswith(
        "https://oauth.zaloapp.com/v4/oa/permission?app_id="
    )


@pytest.mark.parametrize("expires_in", ["90000", 90000, 90000.0])
def test_the_lifetime_is_text_or_number(expires_in: Any) -> None:
    assert answer({"access_token": "a", "refresh_token": "r", "expires_in": expires_in}).expires_at == NOON + 25 * HOUR


@pytest.mark.parametrize("expires_in", [None, "", "soon", -1, 0, True, [], "1e9"])
def test_a_lifetime_that_cannot_be_read_is_25_hours(expires_in: Any) -> None:
    assert answer({"access_token": "a", "refresh_token": "r", "expires_in": expires_in}).expires_at == NOON + 25 * HOUR


@pytest.mark.parametrize("token", [None, "", "  ", 5, [], {}])
def test_without_a_token_it_is_a_failure_whatever_else_it_says(token: Any) -> None:
    with pytest.raises(GrantRefused) as error:
        answer({"error": 0, "access_token": token, "message": "Success"})

    assert error.value.number == 0


def test_a_failure_may_have_a_name_and_no_number() -> None:
    with pytest.raises(GrantRefused, match="no number Invalid refresh token") as error:
        answer({"error_name": "Invalid refresh token", "error_reason": "x", "error_description": "y", "ref_doc": "z"})

    assert error.value.number is None


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_has_not_refused(status: int) -> None:
    with pytest.raises(GrantUnclear):
        answer({"error": -14014}, status)


@given(JSON, st.integers(100, 599))
def test_no_answer_raises_anything_else(body: Any, status: int) -> None:
    with suppress(GrantRefused, GrantUnclear):
        assert answer(body, status).access_token
