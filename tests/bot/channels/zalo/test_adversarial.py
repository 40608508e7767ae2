"""
Requests that nobody should send, over the wire: no error, no 500, and nothing unsigned gets through.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import Happening, InboundMessage
from tests.bot.channels.zalo.oa import APP, NOON, OA, OA_SECRET, said
from tests.bot.channels.zalo.test_payload import ANY_EVENT
from tests.bot.channels.zalo.town import Town
from tests.bot.test_dialogue import JSON

STAMP = str(int(NOON * 1000))
SIGNATURES = [
    "", " ", "mac", "mac=", "mac=0", "mac=" + "0" * 64, "mac=" + "g" * 64, "mac=" + "0" * 63, "mac=" + "0" * 65,
    "mac=mac=" + "0" * 64, "hmac=" + "0" * 64, "sha256=" + "0" * 64, "0" * 64, "mac=" + "0" * 64 + ", mac=" + "1" * 64,
    "mac=\u00e9" + "0" * 63, "mac=" + "٠" * 64, "null", "undefined", "mac=" + "0" * 5000,
]  # fmt: skip
RAWS = [
    b"[]", b"null", b"0", b'"x"', b"true", b"NaN", b"{", b"}", b"{]", b"\x00", b"\xff\xfe\x00", b"\xef\xbb\xbf{}x",
    b"{" * 5000, b"[" * 50_000, b'{"a":' * 500 + b"1" + b"}" * 500, b'{"event_name":"\\ud800"}',
    b'{"event_name":"user_send_text","event_name":"follow"}', b"1" * 5000, b'{"timestamp":' + b"9" * 5000 + b"}",
    b'{"timestamp":1e999}', b"<xml/>", b"event_name=user_send_text", b'{"a":"' + b"x" * 100_000 + b'"}',
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, -1, 2**63, 1.5, "", " ", "\0", "x" * 3000, "../..", "a/b", "';--", "{{7*7}}", "😀" * 100,
    [], {}, [[]], {"id": {"id": 1}}, {"id": ["x"]}, {"id": "a" * 200}, [{"type": "image"}], "#/choose{" + "{" * 300 + "}",
]  # fmt: skip
FIELDS = ["sender", "recipient", "message", "timestamp", "event_name", "app_id", "user_id_by_app", "oa_id", "follower"]


def sign(raw: bytes, timestamp: Any) -> dict[str, str]:
    stamp = str(timestamp) if isinstance(timestamp, (str, int)) and not isinstance(timestamp, bool) else ""
    mac = hashlib.sha256(APP.encode() + raw + stamp.encode("utf-8", "replace") + OA_SECRET.encode()).hexdigest()
    return {"X-ZEvent-Signature": f"mac={mac}"}


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda one: one[:12] or "empty")
async def test_a_made_up_signature_opens_nothing(town: Town, signature: str) -> None:
    raw = json.dumps(said()).encode()

    status = await town.knock(
        raw, {"X-ZEvent-Signature": signature.encode().decode("latin-1"), "X-ZEvent-Timestamp": STAMP}
    )

    assert status in (400, 403)  # 400: the server itself refuses a header of that length
    assert town.told == []


async def test_bytes_that_are_no_event_open_nothing_unsigned_and_break_nothing_signed(town: Town) -> None:
    for raw in RAWS:
        assert await town.knock(raw) == 403, raw[:20]
        stamped = {**sign(raw, STAMP), "X-ZEvent-Timestamp": STAMP}
        assert await town.knock(raw, stamped) in (200, 403), raw[:20]
    assert [one for one in town.told if isinstance(one, InboundMessage)] == []


async def test_every_field_holding_every_odd_value(town: Town) -> None:
    tried = 0
    for field, value in itertools.product(FIELDS, VALUES):
        event = said() | {field: value}
        raw = json.dumps(event).encode()
        assert await town.knock(raw) == 403
        status = await town.knock(raw, sign(raw, event["timestamp"]))
        assert status in (200, 403), (field, value)
        tried += 1

    assert tried >= 200
    assert all(one.address == "" or one.address.startswith(f"{OA}/") for one in town.told)
    assert all(len(one.address) <= 128 and len(one.message_id) <= 256 for one in town.told)


async def test_every_field_of_a_message_holding_every_odd_value(town: Town) -> None:
    for field, value in itertools.product(("text", "msg_id", "attachments", "location"), VALUES):
        for name in ("user_send_text", "user_send_location", "user_send_file", "oa_send_text", "user_seen_message"):
            event = said(event_name=name)
            event["message"] = {"msg_id": "1", field: value}
            raw = json.dumps(event).encode()
            assert await town.knock(raw, sign(raw, STAMP)) == 200, (name, field, value)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(event=JSON | ANY_EVENT.map(lambda event: event | {"timestamp": STAMP, "recipient": {"id": OA}}))
async def test_no_signed_json_breaks_it(town: Town, event: Any) -> None:
    raw = json.dumps(event).encode()
    before = len(town.told)

    status = await town.knock(raw, {**sign(raw, STAMP), "X-ZEvent-Timestamp": STAMP})

    assert status == 200
    assert len(town.told) - before <= 1
    for one in town.told[before:]:
        assert isinstance(one, (InboundMessage, Happening))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    raw=st.binary(min_size=1, max_size=200).filter(lambda raw: raw.strip() not in (b"", b"{}")),
    mac=st.text(max_size=70),
)
async def test_no_bytes_and_no_guess_get_through(town: Town, raw: bytes, mac: str) -> None:
    safe = "".join(one for one in mac if " " <= one <= "~")

    assert await town.knock(raw, {"X-ZEvent-Signature": safe}) == 403
    assert town.told == []


async def test_a_signature_is_good_for_its_own_bytes_only(town: Town) -> None:
    raw = json.dumps(said()).encode()
    headers = sign(raw, STAMP)
    assert await town.knock(raw, headers) == 200

    for changed in (raw + b" ", raw.replace(b"khai", b"KHAI"), raw.replace(STAMP.encode(), b"1795150800999")):
        assert await town.knock(changed, headers) == 403
    assert len(town.told) == 1


async def test_a_byte_cannot_be_moved_between_body_and_timestamp(town: Town) -> None:
    """
    The hash has no separators, so an event's last byte might be read as the timestamp's first, or the other way round.
    """
    raw = json.dumps(said()).encode()
    mac = sign(raw, STAMP)

    assert await town.knock(raw[:-1], {**mac, "X-ZEvent-Timestamp": "}" + STAMP}) == 403
    await town.knock(raw + STAMP[:1].encode(), {**mac, "X-ZEvent-Timestamp": STAMP[1:]})
    assert town.told == []
