"""
The OpenAPI of the emulated Zalo: tokens, messages, windows, citizens, uploads, articles.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulators.zalo import Weather
from emulators.zalo.drafts import draft
from emulators.zalo.refusals import Refused
from tests.emulators.zalo_bench import DAY, HOUR, NOON, OA, Bench
from tests.fakes.serving import Serving

CS = "/v3.0/oa/message/cs"
PNG = b"\x89PNG\r\n" + b"0" * 100


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with Bench() as bench:
        yield bench


def buttons(count: int = 1, **more: object) -> dict[str, object]:
    one = {"title": "Thủ tục", "type": "oa.query.show", "payload": "#thutuc"} | more
    return {"type": "template", "payload": {"buttons": [one] * count}}


async def test_a_text_goes_out_and_is_counted(bench: Bench) -> None:
    await bench.zalo.say(bench.user, "chào")

    answer = await bench.cs("Chào anh/chị")

    data = answer["data"]
    assert (answer["error"], answer["message"]) == (0, "Success")
    assert data["user_id"] == bench.user
    assert data["sent_time"] == str(int(NOON * 1000))
    assert data["quota"] == {
        "quota_type": "reply",
        "remain": "7",
        "total": "8",
        "expired_date": str(int((NOON + 48 * HOUR) * 1000)),
        "owner_type": "OA",
        "owner_id": OA,
    }
    assert len(data["message_id"]) == 19
    assert [(each["id"], each["text"]) for each in bench.zalo.sent] == [(data["message_id"], "Chào anh/chị")]


async def test_a_missing_or_unknown_token_is_216_and_bearer_is_ignored(bench: Bench) -> None:
    body = {"recipient": {"user_id": bench.user}, "message": {"text": "a"}}

    assert (await bench.post(CS, body, access_token=""))["error"] == -216
    assert (await bench.post(CS, body, access_token="x"))["error"] == -216
    bearer = {"Authorization": f"Bearer {bench.grant.access_token}"}
    async with bench.http.post(CS, json=body, headers=bearer) as response:
        assert response.status == 200
        assert (await response.json())["error"] == -216


async def test_a_token_of_25_hours_ago_is_220(bench: Bench) -> None:
    bench.now += 25 * HOUR - 1
    assert (await bench.get("/v2.0/oa/getoa"))["data"]["oaid"] == OA

    bench.now += 1

    assert (await bench.get("/v2.0/oa/getoa"))["error"] == -220


async def test_a_revoked_token_is_220(bench: Bench) -> None:
    bench.zalo.revoke(OA)

    assert (await bench.get("/v2.0/oa/getoa"))["error"] == -220


async def test_an_unknown_path_is_404(bench: Bench) -> None:
    async with bench.http.post("/v3.0/oa/message", json={}) as response:
        assert response.status == 404
        assert (await response.json())["error"] == 404


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": ""}, -201),
        ({"text": 5}, -201),
        ({"text": "a" * 2001}, -210),
        ({"text": "ế" * 2000}, 0),
        ({"text": "a", "attachment": buttons(5)}, 0),
        ({"text": "a", "attachment": buttons(6)}, -210),
        ({"text": "a", "attachment": buttons(title="")}, -201),
        ({"text": "a", "attachment": buttons(title="t" * 101)}, -210),
        ({"text": "a", "attachment": buttons(payload="p" * 1001)}, -210),
        ({"text": "a", "attachment": buttons(payload={"url": "https://a.vn"})}, -201),
        ({"text": "a", "attachment": buttons(type="oa.open.url")}, -201),
        ({"text": "a", "attachment": buttons(type="oa.open.url", payload={"url": "https://a.vn"})}, 0),
        ({"text": "a", "attachment": buttons(type="oa.open.phone", payload={"phone_code": "84900"})}, 0),
        ({"text": "a", "attachment": buttons(type="oa.open.sms", payload={"phone_code": "84900"})}, -201),
        ({"text": "a", "attachment": buttons(type="oa.open.app")}, -201),
        ({"attachment": buttons()}, -201),
        ({"text": "a", "attachment": {"type": "template", "payload": {"template_type": "button"}}}, -201),
        ({"text": "a", "attachment": []}, -201),
        ({"text": "a", "quote_message_id": "12345"}, -201),
    ],
)
async def test_what_is_malformed_is_201_and_what_is_too_much_210(
    bench: Bench, message: dict[str, object], error: int
) -> None:
    await bench.zalo.say(bench.user, "chào")

    answer = await bench.post(CS, {"recipient": {"user_id": bench.user}, "message": message})

    assert answer["error"] == error
    assert len(bench.zalo.sent) == (error == 0)
    assert [each["error"] for each in bench.zalo.refused] == ([error] if error else [])


words = st.sampled_from(["text", "attachment", "payload", "buttons", "elements", "type", "template_type", "media_type"])
kinds = st.sampled_from(["template", "file", "media", "list", "request_user_info", "button", "image", "oa.query.show"])
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | kinds
shapes = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=3), inner, max_size=4)
)


@given(shapes)
def test_any_message_is_taken_or_refused(message: object) -> None:
    code = 0

    try:
        draft(message, lambda _kind, _id: True, Weather(buttons_form="both"))
    except Refused as refused:
        code = refused.code

    assert code in (0, -201, -210)


async def test_each_host_can_have_a_port_of_its_own(bench: Bench) -> None:
    with Serving(lambda: bench.zalo.app("oauth")) as other:
        async with aiohttp.ClientSession(base_url=other.url) as http:
            async with http.post(CS, json={}) as response:
                assert (await response.json())["error"] == 404
            async with http.post("/v4/oa/access_token", data={}) as response:
                assert (await response.json())["error"] == -14002


async def test_a_known_message_can_be_quoted(bench: Bench) -> None:
    message_id = await bench.zalo.say(bench.user, "chào")

    assert (await bench.cs(quote_message_id=message_id))["error"] == 0


async def test_contact_details_are_asked_with_one_element(bench: Bench) -> None:
    await bench.zalo.say(bench.user, "chào")
    element = {"title": "Liên hệ", "subtitle": "Để cán bộ gọi lại", "image_url": "https://a.vn/a.png"}
    payload = {"template_type": "request_user_info", "elements": [element, element]}

    two = await bench.cs("", attachment={"type": "template", "payload": payload})
    one = await bench.cs("", attachment={"type": "template", "payload": payload | {"elements": [element]}})

    assert (two["error"], one["error"]) == (-210, 0)


async def test_eight_messages_are_free_until_the_citizen_writes_again(bench: Bench) -> None:
    await bench.zalo.say(bench.user, "chào")

    answers = [await bench.cs() for _ in range(9)]
    assert [each["error"] for each in answers] == [0] * 8 + [-320]
    assert answers[7]["data"]["quota"]["remain"] == "0"
    bench.account.wallet = "empty"
    assert (await bench.cs())["error"] == -321
    await bench.zalo.say(bench.user, "còn nữa")

    assert (await bench.cs())["data"]["quota"]["remain"] == "7"


async def test_without_a_limit_no_quota_is_told(bench: Bench) -> None:
    bench.zalo.set_weather("free_messages", 0)
    await bench.zalo.say(bench.user, "chào")

    answers = [await bench.cs() for _ in range(12)]

    assert all(each["error"] == 0 and "quota" not in each["data"] for each in answers)
    assert "cs_reply" not in (await bench.post("/v3.0/oa/quota/message", {"user_id": bench.user}))["data"]


@pytest.mark.parametrize(
    ("hours", "wallet", "error"),
    [
        (48, "none", 0),
        (49, "none", -320),
        (49, "empty", -321),
        (49, "funded", 0),
        (7 * 24, "funded", 0),
        (7 * 24 + 1, "funded", -230),
        (46 * 24, "funded", -227),
    ],
)
async def test_the_window_is_48_hours_free_and_7_days_against_money(
    bench: Bench, hours: int, wallet: str, error: int
) -> None:
    bench.account.wallet = wallet
    await bench.zalo.say(bench.user, "chào")
    bench.now += hours * HOUR
    bench.grant = bench.zalo.grant(OA)

    assert (await bench.cs())["error"] == error


async def test_following_opens_the_window_and_seeing_a_message_does_not(bench: Bench) -> None:
    assert (await bench.cs())["error"] == -232
    await bench.zalo.do(bench.user, "follow")
    assert (await bench.cs())["error"] == 0
    bench.now += 49 * HOUR
    bench.grant = bench.zalo.grant(OA)
    await bench.zalo.do(bench.user, "seen")

    assert (await bench.cs())["error"] == -320


async def test_strangers_and_people_who_left_or_blocked_are_told_apart(bench: Bench) -> None:
    assert (await bench.cs(user="4999999999999999999"))["error"] == -232
    assert (await bench.cs(user="ai-do"))["error"] == -201
    bench.zalo.set_weather("stranger", "-213")
    assert (await bench.cs())["error"] == -213
    await bench.zalo.say(bench.user, "chào")
    await bench.zalo.do(bench.user, "block")
    assert (await bench.cs())["error"] == -217
    await bench.zalo.do(bench.user, "unblock")
    await bench.zalo.do(bench.user, "unfollow")

    assert (await bench.cs())["error"] == -213


async def test_a_citizen_belongs_to_one_account(bench: Bench) -> None:
    bench.zalo.add_account("2810000000000000002")
    stranger = bench.zalo.add_user(account="2810000000000000002", interacted=True)

    assert (await bench.cs(user=stranger))["error"] == -201


async def test_the_quota_call_tells_what_a_send_would_find(bench: Bench) -> None:
    await bench.zalo.say(bench.user, "chào")
    await bench.cs()

    data = (await bench.post("/v3.0/oa/quota/message", {"user_id": bench.user}))["data"]

    assert data["cs_reply"] == {"remain": 7, "total": 8}
    assert data["last_interaction"] == str(int(NOON * 1000))
    bench.now += 49 * HOUR
    bench.grant = bench.zalo.grant(OA)
    later = await bench.post("/v3.0/oa/quota/message", {"user_id": bench.user})
    assert later["data"]["cs_reply"]["remain"] == 0


async def test_calls_of_one_minute_are_counted_and_then_refused(bench: Bench) -> None:
    bench.zalo.set_weather("requests_per_minute", 2)
    headers = {"access_token": bench.grant.access_token}
    seen = []

    for _ in range(3):
        async with bench.http.get("/v2.0/oa/getoa", headers=headers) as response:
            left = response.headers["X-RateLimit-Remain"]
            seen.append((response.headers["X-RateLimit-Limit"], left, (await response.json())["error"]))
    bench.now += 60

    assert seen == [("2", "1", 0), ("2", "0", 0), ("2", "0", -32)]
    assert (await bench.get("/v2.0/oa/getoa"))["error"] == 0


async def test_a_proof_must_be_right_when_it_is_given(bench: Bench) -> None:
    right = hmac.new(bench.secret.encode(), bench.grant.access_token.encode(), hashlib.sha256).hexdigest()
    body = {"user_id": bench.user}

    assert (await bench.post("/v3.0/oa/quota/message", body, appsecret_proof=right))["error"] == 0
    assert (await bench.post("/v3.0/oa/quota/message", body, appsecret_proof="0" * 64))["error"] == -242


async def test_bad_days_come_in_the_order_they_were_written(bench: Bench) -> None:
    await bench.zalo.say(bench.user, "chào")
    bench.zalo.set_weather("send_days", "-200, http_500, not_json, cut, cut_after")

    assert (await bench.cs())["error"] == -200
    for status in (500, 200):
        headers = {"access_token": bench.grant.access_token}
        async with bench.http.post(CS, json={}, headers=headers) as response:
            assert (response.status, response.content_type) == (status, "text/html")
    for sent in (0, 1):
        with pytest.raises(aiohttp.ClientError):
            await bench.cs()
        assert len(bench.zalo.sent) == sent
    assert (await bench.cs())["error"] == 0


async def test_an_account_in_trouble_answers_its_code_to_every_call(bench: Bench) -> None:
    bench.account.trouble = -204

    assert (await bench.get("/v2.0/oa/getoa"))["error"] == -204


@pytest.mark.parametrize(("mode", "error"), [("stopped", -233), ("gone", 404), ("alive", 0)])
async def test_the_old_transaction_send_can_be_dead_or_alive(bench: Bench, mode: str, error: int) -> None:
    bench.zalo.set_weather("old_messages", mode)
    await bench.zalo.say(bench.user, "chào")
    payload = {"template_type": "transaction_booking", "language": "VI", "elements": [{"type": "text", "content": "a"}]}
    body = {
        "recipient": {"user_id": bench.user},
        "message": {"attachment": {"type": "template", "payload": payload}},
    }

    assert (await bench.post("/v3.0/oa/message/transaction", body))["error"] == error


async def test_the_shut_v2_message_call_is_240(bench: Bench) -> None:
    body = {"recipient": {"user_id": bench.user}, "message": {"text": "a"}}

    assert (await bench.post("/v2.0/oa/message", body))["error"] == -240


async def test_lists_of_citizens_are_paged_by_fifty_up_to_an_offset_of_9951(bench: Bench) -> None:
    for _ in range(59):
        bench.zalo.add_user(follows=True)
    path = "/v3.0/oa/user/getlist"

    page = (await bench.get(path, {"offset": 50, "count": 50}))["data"]

    assert (page["total"], page["count"], len(page["users"])) == (60, 10, 10)
    assert (await bench.get(path, {"offset": 0, "count": 51}))["error"] == -210
    assert (await bench.get(path, {"offset": 9952, "count": 50}))["error"] == -210
    assert (await bench.get(path, {"count": 50}))["error"] == -201
    assert (await bench.get(path, offset="0", count="50"))["error"] == -201
    assert (await bench.get(path, {"offset": 0, "count": 50, "is_follower": True}))["data"]["total"] == 59
    assert (await bench.get(path, {"offset": 0, "count": 50, "last_interaction_period": "TODAY"}))["data"][
        "total"
    ] == 59
    dates = {"offset": 0, "count": 50, "last_interaction_period": "2026_11_21:2026_11_22"}
    assert (await bench.get(path, dates))["data"]["total"] == 0


async def test_details_name_the_citizen_and_the_last_day_of_interaction(bench: Bench) -> None:
    await bench.zalo.say(bench.user, "chào")

    data = (await bench.get("/v3.0/oa/user/detail", {"user_id": bench.user}))["data"]

    assert (data["user_id"], data["display_name"]) == (bench.user, "Người dân 1")
    assert data["user_last_interaction_date"] == "20/11/2026"
    assert data["user_is_follower"] is False


async def test_tags_are_made_by_use_and_listed_as_strings(bench: Bench) -> None:
    tag = {"user_id": bench.user, "tag_name": "to-5"}

    await bench.post("/v2.0/oa/tag/tagfollower", tag)

    assert (await bench.get("/v2.0/oa/tag/gettagsofoa"))["data"] == ["to-5"]
    tagged = {"offset": 0, "count": 50, "tag_name": "to-5"}
    assert (await bench.get("/v3.0/oa/user/getlist", tagged))["data"]["users"] == [{"user_id": bench.user}]
    await bench.post("/v2.0/oa/tag/rmfollowerfromtag", tag)
    assert (await bench.get("/v2.0/oa/tag/gettagsofoa"))["data"] == []
    assert (await bench.post("/v2.0/oa/tag/rmtag", {"tag_name": "to-5"}))["error"] == -201


async def test_history_is_a_bare_array_of_ten_with_the_latest_first(bench: Bench) -> None:
    for number in range(12):
        await bench.zalo.say(bench.user, f"câu {number}")
    await bench.cs("trả lời")

    data = (await bench.get("/v2.0/oa/listrecentchat", {"offset": 0, "count": 10}))["data"]
    of_one = {"user_id": bench.user, "offset": 10, "count": 10}
    older = (await bench.get("/v2.0/oa/conversation", of_one))["data"]

    assert [(each["src"], each["message"]) for each in data[:2]] == [(0, "trả lời"), (1, "câu 11")]
    assert (data[1]["from_id"], data[1]["to_id"]) == (bench.user, OA)
    assert [each["message"] for each in older] == ["câu 2", "câu 1", "câu 0"]
    assert (await bench.get("/v2.0/oa/listrecentchat", {"offset": 0, "count": 11}))["error"] == -210


async def upload(bench: Bench, kind: str, name: str, content: bytes) -> dict[str, object]:
    form = aiohttp.FormData()
    form.add_field("file", content, filename=name)
    headers = {"access_token": bench.grant.access_token}
    async with bench.http.post(f"/v2.0/oa/upload/{kind}", data=form, headers=headers) as response:
        return await response.json()


async def test_uploads_are_checked_and_live_for_seven_days(bench: Bench) -> None:
    await bench.zalo.say(bench.user, "chào")

    assert (await bench.post("/v2.0/oa/upload/image", {}))["error"] == -201
    assert (await upload(bench, "image", "a.pdf", PNG))["error"] == -201
    assert (await upload(bench, "image", "a.png", PNG + b"0" * 1024 * 1024))["error"] == -210
    asset = (await upload(bench, "image", "a.png", PNG))["data"]["attachment_id"]
    element = {"media_type": "image", "attachment_id": asset}
    payload = {"template_type": "media", "elements": [element]}
    attachment = {"type": "template", "payload": payload}

    assert (await bench.cs(attachment=attachment))["error"] == 0
    bench.now += 7 * DAY + 1
    bench.grant = bench.zalo.grant(OA)
    await bench.zalo.say(bench.user, "chào")
    assert (await bench.cs(attachment=attachment))["error"] == -100
    token = (await upload(bench, "file", "a.pdf", b"%PDF-1.7"))["data"]["token"]
    assert (await bench.cs("", attachment={"type": "file", "payload": {"token": token}}))["error"] == 0


ARTICLE = {
    "type": "normal",
    "title": "Lịch tiêm chủng",
    "author": "UBND phường",
    "description": "Tháng 11",
    "cover": {"cover_type": "photo", "photo_url": "https://a.vn/a.png", "status": "show"},
    "body": [{"type": "text", "content": "Thứ Bảy, tại trạm y tế."}],
    "status": "show",
}


async def publish(bench: Bench) -> str:
    token = (await bench.post("/v2.0/article/create", ARTICLE))["data"]["token"]
    assert (await bench.post("/v2.0/article/verify", {"token": token}))["error"] == -214
    return (await bench.post("/v2.0/article/verify", {"token": token}))["data"]["id"]


def broadcast(article: str) -> dict[str, object]:
    elements = [{"media_type": "article", "attachment_id": article}]
    payload = {"template_type": "media", "elements": elements}
    message = {"attachment": {"type": "template", "payload": payload}}
    return {"recipient": {"target": {"gender": "0", "cities": [4]}}, "message": message}


async def test_an_article_is_ready_a_little_later_and_can_be_broadcast(bench: Bench) -> None:
    follower = bench.zalo.add_user(follows=True)
    article = await publish(bench)

    answer = await bench.post("/v2.0/oa/message", broadcast(article))

    assert answer["error"] == 0
    assert bench.zalo.sent[-1]["users"] == [follower]
    assert bench.zalo.bubbles(follower)[-1]["buttons"][0]["kind"] == "url"
    assert bench.zalo.bubbles(bench.user) == []
    too_long = ARTICLE | {"title": "a" * 151}
    assert (await bench.post("/v2.0/article/create", too_long))["error"] == -210
    listed = await bench.get("/v2.0/article/getslice", {"offset": 0, "limit": 5, "type": "normal"})
    assert [each["id"] for each in listed["data"]["medias"]] == [article]


@pytest.mark.parametrize(("hours", "error"), [(9.99, 0), (10, -234), (17.99, -234), (18, 0)])
async def test_nothing_is_broadcast_at_night(bench: Bench, hours: float, error: int) -> None:
    article = await publish(bench)
    bench.now += hours * HOUR  # after noon

    assert (await bench.post("/v2.0/oa/message", broadcast(article)))["error"] == error


async def test_broadcasts_are_counted(bench: Bench) -> None:
    article = await publish(bench)
    bench.account.broadcasts_left = 1

    answers = [await bench.post("/v2.0/oa/message", broadcast(article)) for _ in range(2)]

    assert [each["error"] for each in answers] == [0, -211]


async def test_a_template_reaches_a_phone_number(bench: Bench) -> None:
    bench.account.templates["901"] = {"text": "Hồ sơ <ma> đã xong.", "params": {"ma": 10}}
    body = {"phone": "84900000000", "template_id": "901", "template_data": {"ma": "H1"}, "tracking_id": "a"}
    send = "/message/template"

    assert (await bench.post(send, body))["error"] == -115
    bench.account.wallet = "funded"
    answer = await bench.post(send, body)
    assert answer["data"]["quota"]["remainingQuota"] == "499"
    assert bench.zalo.sent[-1]["text"] == "Hồ sơ H1 đã xong."
    assert (await bench.post(send, body | {"phone": "0900000000"}))["error"] == -108
    assert (await bench.post(send, body, access_token="x"))["error"] == -124
    by_user = {"user_id": bench.user, "template_id": "901", "template_data": {"ma": "H1"}}
    assert (await bench.post("/v3.0/oa/message/template", by_user))["error"] == 0
    assert bench.zalo.bubbles(bench.user)[-1]["text"] == "Hồ sơ H1 đã xong."
