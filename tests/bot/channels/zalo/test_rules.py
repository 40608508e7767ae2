"""
One test per fact that the zalo-oa fact sheet calls sure, in its order, against the emulated Zalo where it concerns the
wire. Left out, because the product does not do it: ZBS and ZNS, the old transaction and promotion sends, broadcasts and
articles, uploads, pictures, files and requests for contact details out, lists of followers, tags, groups.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import unicodedata
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web

from bot.channels.base import Reach, SendError
from bot.channels.zalo import oauth
from bot.channels.zalo.oauth import GrantRefused
from bot.channels.zalo.payload import parse
from bot.messages import Button, Reply
from tests.bot.channels.zalo.oa import (
    ACCOUNT,
    ADDRESS,
    APP,
    APP_SECRET,
    CITIZEN,
    DAY,
    HOUR,
    NOON,
    OA,
    OA_SECRET,
    said,
)  # fmt: skip
from tests.bot.channels.zalo.town import Town, until

SEND, OAUTH = "/v3.0/oa/message/cs", "/v4/oa/access_token"


@pytest.fixture(autouse=True)
async def _window_open(town: Town) -> None:
    town.zalo.core.interact(town.zalo.user(CITIZEN))


class Listener:
    """
    Stands where Zalo would, and keeps the requests as they came.
    """

    def __init__(self, body: dict[str, Any]):
        self.body, self.requests, self.forms = body, [], []  # type: ignore[var-annotated]

    async def __aenter__(self) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = site._server.sockets[0].getsockname()[:2]  # type: ignore[union-attr]
        return f"http://{host}:{port}"

    async def __aexit__(self, *_why: object) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        self.forms.append((await request.post(), await request.read()))
        return web.json_response(self.body)


SENT = {"error": 0, "message": "Success", "data": {"message_id": "m1"}}
PAIR = {"access_token": "new-access", "refresh_token": "new-refresh", "expires_in": "90000"}


# 0 and 1: endpoints and conventions


async def test_consultation_goes_to_v3_because_v2_is_shut(town: Town) -> None:
    await town.send()

    assert town.calls == ["/v3.0/oa/message/cs"]


def test_the_hosts_are_the_official_ones() -> None:
    assert (ACCOUNT.api_url, ACCOUNT.oauth_url) == ("https://openapi.zalo.me", "https://oauth.zaloapp.com")


async def test_the_token_is_a_bare_header_and_never_a_bearer(town: Town) -> None:
    listener = Listener(SENT)
    async with listener as url:
        await town.send(channel=town.worker(town.account_of(api_url=url)))

    [request] = listener.requests
    assert request.headers["access_token"] == town.store.pairs[OA].access_token
    assert "Authorization" not in request.headers


async def test_a_failure_is_a_number_in_a_200_and_success_is_zero(town: Town) -> None:
    town.zalo.weather.send_error = -200
    with pytest.raises(SendError, match="zalo -200"):
        await town.send()

    for body in (SENT, {**SENT, "error": "0"}):
        async with Listener(body) as url:
            receipt = await town.send(channel=town.worker(town.account_of(api_url=url)))
        assert receipt.message_id == "m1"
    async with Listener({**SENT, "error": "-230"}) as url:
        with pytest.raises(SendError, match="zalo -230"):
            await town.send(channel=town.worker(town.account_of(api_url=url)))


async def test_reads_take_one_parameter_with_json_in_it(town: Town) -> None:
    listener = Listener({"error": 0, "data": {}})
    async with listener as url:
        channel = town.worker(town.account_of(api_url=url))
        await channel.api(OA).get("/v3.0/oa/user/detail", {"user_id": CITIZEN})

    [request] = listener.requests
    assert json.loads(request.query["data"]) == {"user_id": CITIZEN}


def test_ids_beyond_2_to_the_53_keep_every_digit() -> None:
    [found] = parse(said(sender={"id": "9007199254740993"}), ACCOUNT)

    assert found.address == f"{OA}/9007199254740993"


def test_a_user_id_means_nothing_without_its_oa() -> None:
    [found] = parse(said(), ACCOUNT)

    assert found.address == ADDRESS == f"{OA}/{CITIZEN}"


async def test_text_is_composed_before_it_is_counted_and_sent(town: Town) -> None:
    text = unicodedata.normalize("NFD", "Đăng ký khai sinh ở phường nào cũng được ạ.\n" * 45)

    for part in town.channel.parts(Reply(text)):
        await town.channel.send(ADDRESS, part, key="d1")

    [sent] = town.zalo.sent
    assert unicodedata.is_normalized("NFC", sent["text"])


# 2: OAuth


async def test_the_app_secret_goes_into_a_header_and_the_fields_into_a_form(town: Town) -> None:
    listener = Listener(PAIR)
    async with listener as url, aiohttp.ClientSession() as session:
        mine = town.account_of(oauth_url=url)
        await oauth.exchange(session, mine, "the-code", "the-verifier", now=NOON)
        await oauth.refresh(session, mine, "the-refresh-token", now=NOON)

    for request, (_form, raw) in zip(listener.requests, listener.forms, strict=True):
        assert (request.method, request.path) == ("POST", OAUTH)
        assert request.headers["secret_key"] == APP_SECRET
        assert request.content_type == "application/x-www-form-urlencoded"
        assert APP_SECRET.encode() not in raw
    exchanged, refreshed = (dict(form) for form, _raw in listener.forms)
    assert exchanged == {
        "code": "the-code", "app_id": APP, "grant_type": "authorization_code", "code_verifier": "the-verifier",
    }  # fmt: skip
    assert refreshed == {"refresh_token": "the-refresh-token", "app_id": APP, "grant_type": "refresh_token"}


@pytest.mark.parametrize("kind", ["string", "number"])
async def test_an_access_token_lives_25_hours_written_as_text_or_number(town: Town, kind: Any) -> None:
    town.zalo.weather.expires_in = kind
    town.now += 30 * HOUR

    await town.send()

    assert town.store.pairs[OA].expires_at == town.now + 25 * HOUR


async def test_the_returned_number_is_the_truth() -> None:
    body = {**PAIR, "expires_in": 3600}

    assert oauth.read(200, json.dumps(body).encode(), now=NOON).expires_at == NOON + 3600


async def test_a_code_works_once_and_for_ten_minutes(town: Town) -> None:
    async with aiohttp.ClientSession() as session:
        consent, code = await consented(town, session)
        pair = await oauth.exchange(session, town.account, code, consent.verifier, now=town.now)
        assert pair.expires_at == town.now + 25 * HOUR
        with pytest.raises(GrantRefused, match="-14005"):
            await oauth.exchange(session, town.account, code, consent.verifier, now=town.now)

        consent, code = await consented(town, session)
        town.now += 601
        with pytest.raises(GrantRefused, match="-14019"):
            await oauth.exchange(session, town.account, code, consent.verifier, now=town.now)


async def consented(town: Town, session: aiohttp.ClientSession) -> tuple[oauth.Consent, str]:
    consent = oauth.consent(town.account, "http://127.0.0.1:9/connect/zalo")
    async with session.get(consent.url, allow_redirects=False) as answer:
        back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (back["oa_id"], back["state"]) == ([OA], [consent.state])
    return consent, back["code"][0]


async def test_a_refresh_token_works_once_and_brings_the_next(town: Town) -> None:
    first = town.store.pairs[OA]
    async with aiohttp.ClientSession() as session:
        second = await oauth.refresh(session, town.account, first.refresh_token, now=town.now)
        assert second.refresh_token != first.refresh_token
        assert second.refresh_expires_at == town.now + 90 * DAY
        with pytest.raises(GrantRefused, match="-14014"):
            await oauth.refresh(session, town.account, first.refresh_token, now=town.now)
        await oauth.refresh(session, town.account, second.refresh_token, now=town.now)


async def test_after_three_months_the_refresh_token_is_dead(town: Town) -> None:
    town.now += 90 * DAY

    async with aiohttp.ClientSession() as session:
        with pytest.raises(GrantRefused, match="-14020"):
            await oauth.refresh(session, town.account, town.store.pairs[OA].refresh_token, now=town.now)


def test_the_challenge_is_base64url_of_sha256_without_padding_and_nothing_else_is_asked() -> None:
    consent = oauth.consent(ACCOUNT, "https://bot.example/connect/zalo")
    query = parse_qs(urlsplit(consent.url).query)

    assert consent.url.startswith("https://oauth.zaloapp.com/v4/oa/permission?")
    assert query.keys() == {"app_id", "redirect_uri", "code_challenge", "state"}
    assert consent.verifier is not None
    assert len(consent.verifier) == 43
    assert consent.verifier.isascii()
    assert consent.verifier.isalnum()
    # RFC 7636, appendix B.
    known = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert oauth.challenge(known) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


async def test_a_pair_minted_by_hand_in_the_api_explorer_is_enough(town: Town) -> None:
    grant = town.zalo.grant(OA)
    seed = town.account_of(access_token=grant.access_token, refresh_token=grant.refresh_token).seed()
    assert seed is not None
    town.store.pairs[OA] = seed

    await town.send()

    assert len(town.zalo.sent) == 1


# 3: sending


async def test_zalo_refuses_2001_characters_and_so_we_part_them(town: Town) -> None:
    with pytest.raises(SendError, match="-210") as error:
        await town.send("x" * 2001)
    assert error.value.trouble == "officer"

    for part in town.channel.parts(Reply("x" * 2001)):
        await town.channel.send(ADDRESS, part, key="d1")
    assert [len(one["text"]) for one in town.zalo.sent] == [2000, 1]


async def test_buttons_stand_under_a_text_with_text_payloads_for_taps_and_objects_for_pages(town: Town) -> None:
    buttons = (Button("Lệ phí", '/choose{"entry":"a","part":"fee"}'), Button("Cổng", "https://dichvucong.gov.vn"))

    await town.send("Chọn:", *buttons)

    [sent] = town.zalo.sent
    assert [one["type"] for one in sent["buttons"]] == ["oa.query.hide", "oa.open.url"]
    assert isinstance(sent["buttons"][0]["payload"], str)
    assert sent["buttons"][1]["payload"] == {"url": "https://dichvucong.gov.vn"}


@pytest.mark.parametrize(
    "buttons",
    [[Button(f"Mục {n}", "/show_menu") for n in range(6)], [Button("Mục", "/" + "x" * 1000)]],
    ids=["six", "long payload"],
)
async def test_no_more_than_five_buttons_and_no_payload_over_1000(town: Town, buttons: list[Button]) -> None:
    for part in town.channel.parts(Reply("Chọn:", tuple(buttons))):
        await town.channel.send(ADDRESS, part, key="d1")

    [sent] = town.zalo.sent
    assert sent["buttons"] == []
    assert "1. Mục" in sent["text"]


# 4: who may be messaged


@pytest.mark.parametrize(("wallet", "code"), [("none", -320), ("empty", -321), ("funded", 0)])
async def test_from_48_hours_to_7_days_a_wallet_pays(town: Town, wallet: Any, code: int) -> None:
    town.zalo.accounts[OA].wallet = wallet
    begun = town.now
    town.now += 48 * HOUR + 60

    assert town.channel.closed(ADDRESS, Reach(begun), now=town.now) == "window.closed"
    paying = town.worker(town.account_of(paid_window=True))
    assert paying.closed(ADDRESS, Reach(begun), now=town.now) is None
    if code:
        with pytest.raises(SendError, match=f"zalo {code}") as error:
            await town.send(channel=paying)
        assert error.value.trouble == "officer"
    else:
        await town.send(channel=paying)


async def test_after_7_days_the_citizen_is_out_of_reach(town: Town) -> None:
    begun = town.now
    town.now += 7 * DAY + 60

    assert town.worker(town.account_of(paid_window=True)).closed(ADDRESS, Reach(begun), now=town.now) == "window.closed"
    with pytest.raises(SendError, match="-230") as error:
        await town.send()
    assert error.value.trouble == "recipient"


async def test_a_person_may_still_write_in_oa_manager_and_then_the_bot_is_told(town: Town) -> None:
    town.now += 300 * DAY

    await town.zalo.do(CITIZEN, "officer_speaks")

    assert (await town.heard("spoken_over")).address == ADDRESS


# 5 and 6: health, errors, rate


async def test_getoa_names_the_oa_oaid(town: Town) -> None:
    answer = await town.channel.api(OA).get("/v2.0/oa/getoa")

    assert answer.data["oaid"] == OA


@pytest.mark.parametrize(
    ("code", "trouble"),
    [(-32, "retry"), (-200, "retry"), (-216, "officer"), (-220, "officer"), (-230, "recipient"), (-201, "officer")],
)
async def test_an_error_is_known_by_its_number_alone(town: Town, code: int, trouble: str) -> None:
    async with Listener({"error": code, "message": "Sucess ???"}) as url:
        with pytest.raises(SendError) as error:
            await town.send(channel=town.worker(town.account_of(api_url=url)))

    assert error.value.trouble == trouble
    assert "???" not in str(error.value)


@pytest.mark.parametrize("header", ["X-RateLimit-Remain", "X-RateLimit-Remaining"])
async def test_4000_calls_a_minute_and_app_under_two_names_of_the_header(town: Town, header: Any) -> None:
    town.zalo.weather.rate_header = header
    town.zalo.weather.requests_per_minute = 2

    await town.send()
    await town.send()
    with pytest.raises(SendError) as error:
        await town.send()

    assert (error.value.trouble, error.value.retry_after) == ("retry", 60)
    assert town.zalo.refused == []


# 7: webhook


async def test_one_address_serves_all_oas_of_an_app(town: Town) -> None:
    other = "2810000000000000002"
    town.zalo.add_account(other)
    town.use(town.account, town.account_of(id=other, ward="tien-tien"))

    [first] = await town.told_of(said())
    [second] = await town.told_of(said(recipient={"id": other}))

    assert (first.ward, second.ward) == ("hoa-binh", "tien-tien")


async def test_a_200_comes_well_within_two_seconds(town: Town) -> None:
    deliveries = await asyncio.gather(*(town.zalo.post(said(f"tin {n}")) for n in range(50)))

    assert max(one.seconds for one in deliveries) < 0.5


async def test_an_event_is_repeated_at_30_s_5_15_30_min_and_1_h_and_is_read_once_we_are_back(town: Town) -> None:
    town.down = True
    sending = asyncio.create_task(town.zalo.post(said()))
    await until(lambda: len(town.zalo.deliveries) >= 3)

    town.down = False
    last = await sending

    assert last.status == 200
    assert 3 <= last.attempt <= 5
    assert len({one.message_id for one in town.told}) == 1


async def test_after_the_last_repetition_the_webhook_is_switched_off(town: Town) -> None:
    town.down = True

    last = await town.zalo.post(said())

    assert last.attempt == 5
    assert not town.zalo.apps[APP].webhook_on


async def test_the_signature_is_plain_sha256_over_app_id_raw_body_timestamp_and_secret(town: Town) -> None:
    raw = json.dumps(said(), ensure_ascii=False).encode()
    stamp = str(int(NOON * 1000))
    mac = hashlib.sha256(APP.encode() + raw + stamp.encode() + OA_SECRET.encode()).hexdigest()

    assert await town.knock(raw, {"X-ZEvent-Signature": f"mac={mac}"}) == 200
    assert await town.knock(raw, {"X-ZEvent-Signature": f"mac={mac[::-1]}"}) == 403


async def test_the_raw_bytes_are_hashed_never_the_json_written_anew(town: Town) -> None:
    raw = json.dumps(said(), indent=3).encode()
    mac = hashlib.sha256(APP.encode() + raw + str(int(NOON * 1000)).encode() + OA_SECRET.encode()).hexdigest()
    again = json.dumps(json.loads(raw)).encode()

    assert await town.knock(raw, {"X-ZEvent-Signature": f"mac={mac}"}) == 200
    assert await town.knock(again, {"X-ZEvent-Signature": f"mac={mac}"}) == 403


def test_an_event_is_known_by_its_message_and_name_or_by_name_user_and_time() -> None:
    [text] = parse(said(), ACCOUNT)
    [follow] = parse(
        {"event_name": "follow", "oa_id": OA, "follower": {"id": CITIZEN}, "timestamp": "1795150800123"}, ACCOUNT
    )

    assert text.message_id == f"{OA}/user_send_text:96d3cdf3af150460909"
    assert follow.message_id == f"{OA}/follow:{CITIZEN}:1795150800123"


def test_nothing_is_promised_about_order_so_every_event_carries_its_time() -> None:
    [late] = parse(said(timestamp="1795150800456"), ACCOUNT)
    [early] = parse(said(timestamp="1795150800123"), ACCOUNT)

    assert early.sequence is not None
    assert late.sequence is not None
    assert early.sequence < late.sequence


async def test_our_own_sends_come_back_and_a_persons_carry_an_admin_id(town: Town) -> None:
    receipt = await town.send("Lệ phí: 0 đồng")
    echo = await town.heard("own_echo")
    assert echo.values == {"platform_id": receipt.message_id, "text": "Lệ phí: 0 đồng"}

    await town.zalo.do(CITIZEN, "officer_speaks")
    assert (await town.heard("spoken_over")).event == "oa_send_text"


async def test_receipts_name_the_message(town: Town) -> None:
    town.zalo.weather.receipts = town.zalo.weather.reads = True

    receipt = await town.send()

    assert (await town.heard("delivered")).values == {"platform_id": receipt.message_id}
    assert (await town.heard("seen")).values == {"platform_ids": [receipt.message_id]}


@pytest.mark.parametrize(("action", "kind"), [("follow", "start"), ("unfollow", "left")])
async def test_follow_and_unfollow_have_neither_sender_nor_message(town: Town, action: str, kind: str) -> None:
    await town.zalo.do(CITIZEN, action)

    assert (await town.heard(kind)).address == ADDRESS
