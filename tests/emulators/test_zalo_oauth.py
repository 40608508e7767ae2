"""
OAuth of the emulated Zalo: consent, codes, single-use refresh tokens, and its bad days.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from yarl import URL

from tests.emulators.zalo_bench import DAY, HOUR, OA, Bench

VERIFIER = "Aa0" * 14 + "z"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CALLBACK = "https://phuong.example.vn/callback?from=zalo"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with Bench() as bench:
        yield bench


async def consent(bench: Bench, **more: str) -> URL:
    query = {"app_id": bench.account.app_id, "redirect_uri": CALLBACK} | more
    async with bench.http.get("/v4/oa/permission", params=query, allow_redirects=False) as response:
        assert response.status == 302
        return URL(response.headers["Location"])


def exchange(code: str, verifier: str = "") -> dict[str, str]:
    return {"grant_type": "authorization_code", "code": code} | ({"code_verifier": verifier} if verifier else {})


async def test_consent_goes_back_at_once_with_code_account_and_state(bench: Bench) -> None:
    back = await consent(bench, state="s 1", code_challenge=CHALLENGE)

    assert (back.host, back.path, back.query["from"]) == ("phuong.example.vn", "/callback", "zalo")
    assert (back.query["oa_id"], back.query["state"]) == (OA, "s 1")
    answer = await bench.token(exchange(back.query["code"], VERIFIER))
    assert answer["expires_in"] == "90000"
    assert set(answer) == {"access_token", "refresh_token", "expires_in"}
    bench.grant.access_token = answer["access_token"]
    assert (await bench.get("/v2.0/oa/getoa"))["data"]["oaid"] == OA


async def test_the_admin_chooses_which_account_consents(bench: Bench) -> None:
    bench.zalo.add_account("2810000000000000002")
    bench.zalo.oauth.consenting = "2810000000000000002"

    assert (await consent(bench)).query["oa_id"] == "2810000000000000002"


async def test_a_callback_that_the_console_does_not_know_is_14003(bench: Bench) -> None:
    bench.zalo.apps[bench.account.app_id].redirect_uri = "https://khac.example.vn/"
    query = {"app_id": bench.account.app_id, "redirect_uri": CALLBACK}

    async with bench.http.get("/v4/oa/permission", params=query) as response:
        assert (await response.json())["error"] == -14003


async def test_a_code_works_once_and_for_ten_minutes(bench: Bench) -> None:
    code = (await consent(bench)).query["code"]
    assert "access_token" in await bench.token(exchange(code))
    assert (await bench.token(exchange(code)))["error"] == -14005
    late = (await consent(bench)).query["code"]
    bench.now += 600

    assert (await bench.token(exchange(late)))["error"] == -14019


async def test_a_challenge_needs_its_verifier(bench: Bench) -> None:
    code = (await consent(bench, code_challenge=CHALLENGE)).query["code"]

    assert (await bench.token(exchange(code)))["error"] == -14012
    assert (await bench.token(exchange(code, "B" * 43)))["error"] == -14012
    assert "access_token" in await bench.token(exchange(code, VERIFIER))


async def test_pkce_can_be_required_or_fixed_in_the_console(bench: Bench) -> None:
    bench.zalo.set_weather("pkce", "required")
    without = (await consent(bench)).query["code"]
    assert (await bench.token(exchange(without, VERIFIER)))["error"] == -14012
    bench.zalo.apps[bench.account.app_id].code_challenge = CHALLENGE

    fixed = (await consent(bench)).query["code"]

    assert "access_token" in await bench.token(exchange(fixed, VERIFIER))


async def test_the_app_secret_stands_in_a_header_and_the_rest_in_a_form(bench: Bench) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": bench.grant.refresh_token}
    json_body = form | {"app_id": bench.account.app_id}

    assert (await bench.token(form, secret="wrong"))["error"] == -14004
    async with bench.http.post("/v4/oa/access_token", json=json_body, headers={"secret_key": bench.secret}) as response:
        assert "access_token" not in await response.json()
    assert "access_token" in await bench.token(form)


async def test_a_refresh_token_works_once_and_takes_the_access_token_with_it(bench: Bench) -> None:
    first = await bench.refresh(bench.grant.refresh_token)
    again = await bench.refresh(bench.grant.refresh_token)

    assert again["error"] == -14014
    assert {"error_name", "error_reason", "error_description", "ref_doc"} < set(again)
    assert (await bench.get("/v2.0/oa/getoa"))["error"] == -216
    bench.zalo.set_weather("old_token", "-220")
    assert (await bench.get("/v2.0/oa/getoa"))["error"] == -220
    bench.zalo.set_weather("old_token_grace_seconds", 60)
    assert (await bench.get("/v2.0/oa/getoa"))["error"] == 0
    bench.grant.access_token = first["access_token"]
    assert (await bench.get("/v2.0/oa/getoa"))["error"] == 0
    assert "access_token" in await bench.refresh(first["refresh_token"])


async def test_a_refresh_token_lives_for_90_days(bench: Bench) -> None:
    other = bench.zalo.grant(OA)
    bench.now += 90 * DAY - 1
    assert "access_token" in await bench.refresh(bench.grant.refresh_token)

    bench.now += 1

    assert (await bench.refresh(other.refresh_token))["error"] == -14020


async def test_the_clock_can_be_moved_without_touching_the_injected_one(bench: Bench) -> None:
    bench.zalo.advance(25 * HOUR)

    assert (await bench.get("/v2.0/oa/getoa"))["error"] == -220


async def test_a_lost_refresh_answer_loses_the_grant(bench: Bench) -> None:
    bench.zalo.set_weather("lose_refresh_answer", True)
    with pytest.raises(aiohttp.ClientError):
        await bench.refresh(bench.grant.refresh_token)
    bench.zalo.set_weather("lose_refresh_answer", False)

    assert (await bench.refresh(bench.grant.refresh_token))["error"] == -14014
    assert (await bench.get("/v2.0/oa/getoa"))["error"] == -216


async def test_a_connection_cut_before_the_refresh_changes_nothing(bench: Bench) -> None:
    bench.zalo.set_weather("oauth_days", "cut")
    with pytest.raises(aiohttp.ClientError):
        await bench.refresh(bench.grant.refresh_token)

    assert "access_token" in await bench.refresh(bench.grant.refresh_token)


async def test_a_failure_may_have_no_number_and_a_lifetime_may_be_one(bench: Bench) -> None:
    bench.zalo.set_weather("oauth_without_number", True)
    bench.zalo.set_weather("expires_in", "number")

    failed = await bench.refresh("nothing")

    assert "error" not in failed
    assert failed["error_name"] == "Invalid refresh token"
    assert (await bench.refresh(bench.grant.refresh_token))["expires_in"] == 90000
