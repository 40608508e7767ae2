"""
What a ward rehearses: a few named bad days, each a handful of the emulator's switches turned at once.

The switches themselves are for the person who looks after the server; there are dozens of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Scene:
    """
    `hint` tells an officer what to look at.
    """

    name: str
    label: str
    hint: str
    switches: Mapping[str, Any]


def _scene(name: str, label: str, hint: str, **switches: Any) -> Scene:
    return Scene(name, label, hint, MappingProxyType(switches))


REPEAT = ("Tin của người dân đến nhiều lần", "Trợ lý vẫn chỉ trả lời một lần.")
SHUFFLE = ("Tin đến lộn xộn, chậm vài giây", "Nhắn ba câu, mỗi câu cách vài giây: trợ lý vẫn trả lời.")
SLOW = ("{platform} chậm", "Câu trả lời đến muộn, nhưng vẫn đến.")
DOWN = ("{platform} không nhận câu trả lời", "Nhắn một câu rồi tắt mục này: câu trả lời đến sau ít phút.")
LOST_POST = ("Facebook báo lỗi dù bài đã lên Trang", "Đăng một thông báo: trên Trang chỉ có một bài.")
FORGED = ("Kẻ gian giả mạo tin của người dân", "Trợ lý không trả lời tin giả.")

SCENES: Mapping[str, tuple[Scene, ...]] = MappingProxyType(
    {
        "zalo": (
            _scene("repeat", *REPEAT, copies=3),
            _scene("shuffle", *SHUFFLE, shuffle_seconds=3.0),
            _scene("slow", *SLOW, slow_seconds=3.0),
            _scene("down", *DOWN, api_down=True),
            _scene("forged", *FORGED, signature="wrong"),
        ),
        "messenger": (
            _scene("repeat", *REPEAT, duplicates=2),
            _scene("shuffle", *SHUFFLE, shuffle_seconds=3.0),
            _scene("slow", *SLOW, slow_seconds=3.0),
            _scene("down", *DOWN, transient_rate=1.0),
            _scene("lost_post", *LOST_POST, post_lost="code_2"),
            _scene("forged", *FORGED, signature="wrong"),
        ),
        "telegram": (
            _scene("repeat", *REPEAT, duplicates=2),
            _scene("shuffle", *SHUFFLE, shuffle_seconds=3.0),
            _scene("slow", *SLOW, slow_seconds=3.0),
            _scene("down", *DOWN, server_error=True),
            _scene("forged", *FORGED, signature="wrong"),
        ),
    }
)


def scenes(kind: str, switches: Collection[str]) -> tuple[Scene, ...]:
    """
    Return what can be rehearsed with an emulator that has these switches.
    """
    return tuple(one for one in SCENES.get(kind, ()) if set(one.switches) <= set(switches))
