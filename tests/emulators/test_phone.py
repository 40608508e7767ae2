"""
The phone's addresses, and what it knows of each real emulator.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from emulators.phone.scenes import SCENES
from tests.fakes.phone_platform import ExamplePlatform

PLATFORMS = {"zalo": "ZaloPlatform", "messenger": "MessengerPlatform", "telegram": "TelegramPlatform"}
CONTROLS = {"bool", "number", "choice", "text"}
Client = TestClient[Any, Any]


@pytest.fixture
def platform() -> ExamplePlatform:
    return ExamplePlatform()


@pytest.fixture
async def client(platform: ExamplePlatform) -> AsyncIterator[Client]:
    async with TestClient(TestServer(platform.app())) as client:
        yield client


async def test_the_state_is_sent_again_only_when_it_has_changed(client: Client, platform: ExamplePlatform) -> None:
    user = platform.add_user()
    first = await (await client.get("/_phone/state")).json()
    same = await (await client.get("/_phone/state", params={"after": first["version"]})).json()
    platform.put(user, "oa", "Chào anh/chị")
    changed = await (await client.get("/_phone/state", params={"user": user, "after": first["version"]})).json()

    assert first["user"] == user
    assert same == {"version": first["version"], "same": True}
    assert [one["text"] for one in changed["bubbles"]] == ["Chào anh/chị"]
    assert changed["labels"] == ["UBND phường Mẫu"]


async def test_a_page_of_another_origin_cannot_send_anything_unasked(client: Client, platform: ExamplePlatform) -> None:
    user = platform.add_user()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        body = f'{{"user": "{user}", "text": "giả"}}'
        answer = await client.post("/_phone/say", data=body, headers={"Content-Type": kind})
        assert answer.status == 415
    page = await client.get("/_phone/")

    assert platform.done == []
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("say", {"user": "nobody", "text": "a"}),
        ("say", {"user": "USER", "text": "  "}),
        ("say", {"user": "USER", "text": 5}),
        ("say", {"user": "USER"}),
        ("say", []),
        ("tap", {"user": "USER", "bubble": "none", "button": 0}),
        ("tap", {"user": "USER", "bubble": "m1", "button": 7}),
        ("tap", {"user": "USER", "bubble": "m1", "button": True}),
        ("do", {"user": "USER", "action": "steal"}),
        ("weather", {"name": "unheard_of", "value": 1}),
        ("weather", {"name": "slow_seconds", "value": "soon"}),
        ("weather", {"name": ["slow_seconds"], "value": None}),
        ("weather", {"scene": "flood", "on": True}),
    ],
)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(
    client: Client, platform: ExamplePlatform, what: str, body: Any
) -> None:
    user = platform.add_user()
    platform.put(user, "oa", "Chào anh/chị", ["Thủ tục"])
    if isinstance(body, dict) and body.get("user") == "USER":
        body = {**body, "user": user}

    answer = await client.post(f"/_phone/{what}", json=body)

    assert answer.status == 400
    assert len(platform.talks[user]) == 1
    assert platform.weather["slow_seconds"] == 0.0


async def test_files_are_only_those_of_the_page(client: Client) -> None:
    assert (await client.get("/_phone/phone.js")).status == 200
    for name in ("routes.py", "overview.css", "..%2f__init__.py", "phone.html"):
        assert (await client.get(f"/_phone/{name}")).status == 404


@pytest.mark.parametrize("kind", PLATFORMS)
async def test_every_emulator_offers_what_the_page_shows(kind: str) -> None:
    platform = getattr(import_module(f"emulators.{kind}.platform"), PLATFORMS[kind])()
    switches = platform.weather_switches()
    names = [one["name"] for one in switches]

    assert platform.kind == kind
    assert len(set(names)) == len(names)
    assert {one["kind"] for one in switches} <= CONTROLS
    assert all(one["value"] in one["choices"] for one in switches if one["kind"] == "choice")
    assert all(label and label[0].isupper() for _name, label in platform.actions())
    # Not all of the scenes' switches known: the page would quietly leave the scene out.
    assert {name for scene in SCENES[kind] for name in scene.switches} <= set(names)
    for scene in SCENES[kind]:
        for name, value in scene.switches.items():
            platform.set_weather(name, value)
        now = {one["name"]: one["value"] for one in platform.weather_switches()}
        assert scene.switches.items() <= now.items()


@pytest.mark.parametrize("kind", PLATFORMS)
async def test_every_emulator_serves_its_phone(kind: str) -> None:
    platform = getattr(import_module(f"emulators.{kind}.platform"), PLATFORMS[kind])()
    async with TestServer(platform.app()) as server, ClientSession() as http:
        page = await http.get(server.make_url("/_phone/"))
        state = await (await http.get(server.make_url("/_phone/state"))).json()

    assert f'data-kind="{kind}"' in await page.text()
    assert len(state["scenes"]) == len(SCENES[kind])
