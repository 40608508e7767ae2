from __future__ import annotations

from bot import menus
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.menus import apply, profile
from bot.channels.zalo.payload import parse
from bot.messages import InboundMessage
from tests.bot.channels.zalo.oa import ACCOUNT, said
from tests.bot.channels.zalo.store import MemoryStore

MENU = menus.menu("phường Hòa Bình")


def test_every_keyword_is_understood_when_it_comes_back() -> None:
    for entry, item in zip(profile(MENU), MENU.items, strict=True):
        [found] = parse(said(entry["keyword"]), ACCOUNT, MENU)

        assert isinstance(found, InboundMessage)
        assert (found.payload or f"ask:{found.text}") == item.payload


async def test_a_person_is_told_what_to_enter_and_nothing_is_written() -> None:
    channel = ZaloChannel([ACCOUNT], MemoryStore())

    lines = await apply(channel, ACCOUNT, MENU)

    assert [entry for entry in profile(MENU) if not any(entry["keyword"] in line for line in lines)] == []
    assert any(MENU.greeting in line for line in lines)
    assert "bằng tay" in lines[0]
    await channel.close()
