"""
Tokens against the emulated Zalo: refreshed in time, once, stored before use; and what happens when that goes wrong.
"""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.base import SendError
from bot.channels.zalo.token import (
    CHECK_SECONDS,
    DEAD,
    EXPIRING,
    LEASE_SECONDS,
    PAUSE_REFUSED_SECONDS,
    PAUSE_SECONDS,
    UNCLEAR,
)  # fmt: skip
from bot.credentials import Credentials
from bot.database import Database
from tests.bot.channels.zalo.oa import DAY, HOUR, OA
from tests.bot.channels.zalo.town import Town, until

OAUTH = "/v4/oa/access_token"
SEND = "/v3.0/oa/message/cs"


@pytest.fixture(autouse=True)
async def _window_open(town: Town) -> None:
    town.zalo.core.interact(town.zalo.user(town.user))


async def test_a_token_with_five_hours_left_is_used_as_it_is(town: Town) -> None:
    town.now += 19.9 * HOUR

    await town.send()

    assert town.count(OAUTH) == 0


async def test_with_less_left_it_is_refreshed_first_and_only_once(town: Town) -> None:
    old = town.store.pairs[OA]
    town.now += 20.1 * HOUR

    await town.send()
    await town.send()

    assert town.count(OAUTH) == 1
    assert town.store.pairs[OA].refresh_token != old.refresh_token
    assert town.store.pairs[OA].expires_at == town.now + 25 * HOUR
    assert town.store.pairs[OA].refresh_expires_at == town.now + 90 * DAY
    assert town.store.log == ["lease", "save"]


async def test_a_run_out_token_is_refreshed_on_demand(town: Town) -> None:
    town.now += 30 * HOUR

    await town.send()

    assert town.calls == [OAUTH, SEND]


async def test_the_background_pass_refreshes_without_a_message(town: Town) -> None:
    town.now += 21 * HOUR

    await town.channel.tokens(OA).look_after()

    assert town.calls == [OAUTH]


async def test_the_background_loop_looks_every_few_minutes_and_survives_a_bad_store(town: Town) -> None:
    town.store.pairs.clear()
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            town.connect(expires_at=town.now)
        await asyncio.sleep(0.005)

    channel = town.worker(pause=pause)
    loop = asyncio.create_task(channel.keep_fresh())
    await until(lambda: town.count(OAUTH) == 1 and len(pauses) > 3)
    loop.cancel()

    assert set(pauses) == {CHECK_SECONDS}


async def test_a_new_pair_is_stored_before_it_is_used(town: Town) -> None:
    town.now += 30 * HOUR
    town.store.failures = 3

    with pytest.raises(SendError, match="cannot be stored") as error:
        await town.send()

    assert error.value.trouble == "retry"
    assert town.count(SEND) == 0
    await town.send()
    assert town.calls == [OAUTH, SEND]
    assert town.store.pairs[OA].expires_at > town.now


async def test_a_pair_that_somebody_has_stored_meanwhile_is_not_overwritten(town: Town) -> None:
    town.now += 30 * HOUR
    town.store.failures = 3
    with pytest.raises(SendError):
        await town.send()
    newest = town.connect()

    await town.send()

    assert town.store.pairs[OA] == newest


async def test_thirty_messages_at_once_make_one_refresh(town: Town) -> None:
    town.now += 30 * HOUR

    await asyncio.gather(*(town.send() for _ in range(8)))

    assert (town.count(OAUTH), town.count(SEND)) == (1, 8)


async def test_two_workers_never_refresh_at_once(town: Town) -> None:
    other = town.worker(store=town.store.view("two"))
    town.zalo.weather.oauth_days = ["slow"]
    town.zalo.weather.slow_seconds = 0.05
    town.now += 30 * HOUR

    await asyncio.gather(*(town.send(channel=one) for one in (town.channel, other) * 4))

    assert (town.count(OAUTH), town.count(SEND)) == (1, 8)
    assert town.zalo.refused == []


async def test_two_workers_on_one_database_never_refresh_at_once(town: Town, database: Database) -> None:
    stores = [
        Credentials(database, "zalo", wards={OA: "hoa-binh"}, worker=name, clock=lambda: town.now)
        for name in ("one", "two")
    ]
    await stores[0].save(OA, town.store.pairs[OA])
    workers = [town.worker(store=store) for store in stores]
    town.now += 30 * HOUR

    await asyncio.gather(*(town.send(channel=one) for one in workers * 4))
    town.now += 21 * HOUR
    town.zalo.core.interact(town.zalo.user(town.user))
    await asyncio.gather(*(town.send(channel=one) for one in workers * 4))

    assert (town.count(OAUTH), len(town.zalo.sent)) == (2, 16)


async def test_a_worker_whose_token_another_one_has_replaced_reads_again_and_resends(town: Town) -> None:
    other = town.worker(store=town.store.view("two"))
    await town.send(channel=other)
    town.zalo.weather.send_days = ["-216"]
    await town.send()
    town.calls.clear()

    await town.send(channel=other)

    assert town.calls == [SEND, SEND]
    assert [one["error"] for one in town.zalo.refused] == [-216, -216]
    assert len(town.zalo.sent) == 3


@pytest.mark.parametrize("code", ["-216", "-220"])
async def test_a_refused_token_is_refreshed_once_and_the_message_sent_once_more(town: Town, code: str) -> None:
    town.zalo.weather.send_days = [code]

    await town.send()

    assert town.calls == [SEND, OAUTH, SEND]
    assert len(town.zalo.sent) == 1


async def test_a_new_token_that_is_refused_too_is_for_an_officer(town: Town) -> None:
    town.zalo.weather.send_days = ["-216", "-216"]

    with pytest.raises(SendError, match="-216") as error:
        await town.send()

    assert error.value.trouble == "officer"
    assert town.calls == [SEND, OAUTH, SEND]


async def test_a_platform_that_refuses_every_token_is_not_asked_for_new_ones_for_ever(town: Town) -> None:
    town.zalo.weather.send_error = -216

    for _ in range(8):
        with pytest.raises(SendError):
            await town.send()
    assert town.count(OAUTH) == 3

    town.now += PAUSE_SECONDS + 1
    with pytest.raises(SendError):
        await town.send()
    assert town.count(OAUTH) == 4


@pytest.mark.parametrize("day", ["http_500", "not_json", "cut"])
async def test_a_refresh_without_an_answer_is_tried_once_more(town: Town, day: str) -> None:
    town.now += 30 * HOUR
    town.zalo.weather.oauth_days = [day]

    await town.send()

    assert town.calls == [OAUTH, OAUTH, SEND]
    assert town.store.alarms == {}


async def test_after_two_tries_without_an_answer_there_is_an_alarm_and_a_pause(town: Town) -> None:
    town.now += 30 * HOUR
    town.zalo.weather.oauth_down = True

    for _ in range(3):
        with pytest.raises(SendError, match="no answer") as error:
            await town.send()

    assert (error.value.trouble, error.value.retry_after) == ("retry", PAUSE_SECONDS)
    assert town.calls == [OAUTH, OAUTH]
    assert set(town.store.alarms) == {(OA, UNCLEAR)}
    assert town.store.leases == {}

    town.zalo.weather.oauth_down = False
    town.now += PAUSE_SECONDS + 1
    await town.send()
    assert town.store.alarms == {}


async def test_a_good_token_is_used_while_the_refresh_fails(town: Town) -> None:
    town.now += 21 * HOUR
    town.zalo.weather.oauth_down = True

    await town.send()
    await town.send()

    assert town.calls == [OAUTH, OAUTH, SEND, SEND]


async def test_nobody_listening_is_no_alarm_while_the_token_is_good(town: Town) -> None:
    town.now += 21 * HOUR
    channel = town.worker(town.account_of(oauth_url="http://127.0.0.1:9"))

    await town.send(channel=channel)

    assert town.store.alarms == {}
    assert town.calls == [SEND]


async def test_zalo_that_is_not_reached_is_tried_again_within_seconds(town: Town) -> None:
    town.now += 30 * HOUR
    channel = town.worker(town.account_of(oauth_url="http://127.0.0.1:9"))
    waits = []

    for _ in range(4):
        with pytest.raises(SendError, match="no answer") as error:
            await town.send(channel=channel)
        waits.append(error.value.retry_after)
        town.now += waits[-1] + 1

    assert waits == [5, 15, 60, 60]
    assert town.calls == []


async def test_an_answer_that_got_lost_costs_the_grant_and_says_so(town: Town) -> None:
    town.now += 30 * HOUR
    town.zalo.weather.lose_refresh_answer = True

    with pytest.raises(SendError, match="-14014") as error:
        await town.send()

    assert error.value.trouble == "officer"
    assert town.calls == [OAUTH, OAUTH]
    assert set(town.store.alarms) == {(OA, DEAD)}
    assert "kết nối lại" in town.store.alarms[OA, DEAD]


async def test_a_spent_refresh_token_is_not_tried_again_and_again(town: Town) -> None:
    town.connect(refresh_token="spent", expires_at=town.now)

    for _ in range(4):
        with pytest.raises(SendError) as error:
            await town.send()
    await town.channel.tokens(OA).look_after()

    assert error.value.trouble == "officer"
    assert error.value.retry_after is not None
    assert error.value.retry_after <= PAUSE_REFUSED_SECONDS
    assert town.count(OAUTH) == 1


async def test_a_failure_without_a_number_is_a_failure(town: Town) -> None:
    town.now += 30 * HOUR
    town.zalo.weather.oauth_days = ["no_number"]

    with pytest.raises(SendError) as error:
        await town.send()

    assert error.value.trouble == "officer"
    assert town.store.pairs[OA].access_token


async def test_a_new_consent_ends_the_alarm(town: Town) -> None:
    town.connect(refresh_token="spent", expires_at=town.now)
    with pytest.raises(SendError):
        await town.send()

    town.connect()
    await town.send()
    await town.channel.tokens(OA).look_after()

    assert town.store.alarms == {}


async def test_an_oa_that_is_not_connected_is_for_an_officer(town: Town) -> None:
    town.store.pairs.clear()

    with pytest.raises(SendError, match="not connected") as error:
        await town.send()
    await town.channel.tokens(OA).look_after()

    assert error.value.trouble == "officer"
    assert set(town.store.alarms) == {(OA, DEAD)}


async def test_a_pair_from_the_accounts_file_is_refreshed_before_its_first_use(town: Town) -> None:
    seed = town.account_of(
        **{"access_token": "of unknown age", "refresh_token": town.store.pairs[OA].refresh_token}
    ).seed()
    assert seed is not None
    town.store.pairs[OA] = seed

    await town.send()

    assert town.calls == [OAUTH, SEND]


async def test_an_access_token_alone_is_used_until_zalo_refuses_it(town: Town) -> None:
    town.connect(refresh_token="", expires_at=0.0, refresh_expires_at=0.0)

    await town.send()
    await town.channel.tokens(OA).look_after()
    assert set(town.store.alarms) == {(OA, EXPIRING)}
    town.zalo.revoke(OA)
    with pytest.raises(SendError) as error:
        await town.send()

    assert error.value.trouble == "officer"
    assert (OA, DEAD) in town.store.alarms
    assert town.count(OAUTH) == 0


async def test_officers_are_warned_two_weeks_before_the_grant_runs_out(town: Town) -> None:
    town.connect(refresh_expires_at=town.now + 13 * DAY)
    await town.channel.tokens(OA).look_after()
    assert "13 ngày" in town.store.alarms[OA, EXPIRING]

    town.connect(refresh_expires_at=town.now + 15 * DAY)
    await town.channel.tokens(OA).look_after()
    assert town.store.alarms == {}


async def test_a_lease_of_a_worker_that_died_ends_by_itself(town: Town) -> None:
    dead = town.store.view("dead")
    town.now += 30 * HOUR
    assert await dead.take_lease(OA, town.store.pairs[OA].refresh_token, seconds=LEASE_SECONDS)

    with pytest.raises(SendError, match="another worker") as error:
        await town.send()
    assert error.value.trouble == "retry"

    town.now += LEASE_SECONDS + 1
    await town.send()
    assert town.count(OAUTH) == 1


async def test_a_refresh_goes_on_when_whoever_wanted_it_is_cancelled(town: Town) -> None:
    town.now += 30 * HOUR
    town.zalo.weather.oauth_days, town.zalo.weather.slow_seconds = ["slow"], 0.1
    sending = asyncio.create_task(town.send())
    await until(lambda: town.count(OAUTH) == 1)

    sending.cancel()
    await town.channel.close()

    assert town.store.log == ["lease", "save"]
    assert town.store.pairs[OA].expires_at > town.now


async def test_no_token_stands_in_an_error_or_a_log(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    pair = town.connect(refresh_token="spent-refresh-token", expires_at=town.now)

    with pytest.raises(SendError) as error:
        await town.send()

    told = f"{error.value!r} {error.value.__cause__!r} {capsys.readouterr()} {town.store.alarms} {pair}"
    assert pair.refresh_token not in told
    assert pair.access_token not in told
