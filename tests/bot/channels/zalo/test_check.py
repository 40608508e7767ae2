from __future__ import annotations

from typing import Any

import pytest

from bot.channels.findings import Finding
from bot.channels.zalo.check import check
from tests.bot.channels.zalo.oa import DAY, HOUR, OA
from tests.bot.channels.zalo.town import Town

OTHER = "2810000000000000002"


async def findings(town: Town, **changes: Any) -> dict[str, Finding]:
    account = town.account_of(**changes)
    return {one.name: one for one in await check(town.worker(account), account)}


async def test_an_oa_in_order(town: Town) -> None:
    found = await findings(town)

    assert {name for name, one in found.items() if not one.ok} == set()
    assert found.keys() == {"token", "grant", "rights", "package", "signature", "webhook", "quota"}
    assert found["token"].detail == "good until 2026-11-21 06:00 UTC"
    assert "UBND phường Mẫu" in found["rights"].detail
    assert "2027-02-18" in found["grant"].detail
    assert "user_send_text" in found["webhook"].advice
    assert town.calls == ["/v2.0/oa/getoa"]


async def test_a_run_out_token_is_refreshed_by_the_way(town: Town) -> None:
    town.now += 30 * HOUR

    assert (await findings(town))["token"].ok


async def test_a_dead_grant_says_how_to_connect(town: Town) -> None:
    town.zalo.revoke(OA)
    town.connect(refresh_token="spent", expires_at=town.now)

    found = await findings(town)

    assert not found["token"].ok
    assert found["token"].advice.endswith(f"python -m bot connect zalo {OA}")


async def test_a_zalo_that_is_down_says_to_try_again(town: Town) -> None:
    town.zalo.weather.api_down = True

    assert (await findings(town))["token"].advice.startswith("try again")


async def test_a_grant_that_ends_soon(town: Town) -> None:
    town.connect(refresh_expires_at=town.now + 10 * DAY)

    assert not (await findings(town))["grant"].ok


async def test_a_token_that_cannot_be_refreshed(town: Town) -> None:
    town.connect(refresh_token="", expires_at=0.0, refresh_expires_at=0.0)

    found = await findings(town)

    assert not found["token"].ok
    assert not found["grant"].ok


async def test_a_token_that_should_have_been_refreshed_by_the_gateway(town: Town) -> None:
    town.now += 21 * HOUR
    town.zalo.weather.oauth_down = True

    assert not (await findings(town))["token"].ok


async def test_a_token_of_another_oa(town: Town) -> None:
    town.zalo.add_account(OTHER)
    town.store.pairs[OA] = town.connect(OTHER)

    found = await findings(town)

    assert not found["rights"].ok
    assert OTHER in found["rights"].detail


async def test_without_an_oa_secret_the_signature_is_in_doubt(town: Town) -> None:
    found = await findings(town, oa_secret=None)

    assert not found["signature"].ok
    assert "oa_secret" in found["signature"].advice


@pytest.mark.parametrize("code", [-204, -209, -219, 112])
async def test_an_account_in_trouble_names_the_code(town: Town, code: int) -> None:
    town.zalo.accounts[OA].trouble = code

    assert f"zalo {code}" in (await findings(town))["token"].detail


async def test_no_secret_stands_in_a_finding(town: Town) -> None:
    found = await findings(town)

    assert town.store.pairs[OA].access_token not in str(found)
    assert town.store.pairs[OA].refresh_token not in str(found)
