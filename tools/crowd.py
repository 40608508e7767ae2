"""
Many citizens at once, each with questions of its own, and the check that nothing was lost, doubled or mixed up.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp

from tools.citizen import Citizen

# Entry → a question about it. Every second message is the entry's button instead: what a button leads to does not depend
# on how retrieval is tuned, so an answer that went to the wrong message is seen.
QUESTIONS = {
    "khai-sinh": "làm giấy khai sinh cho con cần gì",
    "ket-hon": "đăng ký kết hôn cần giấy tờ gì",
    "khai-tu": "khai tử cho người thân cần giấy tờ gì",
    "cap-can-cuoc": "làm thẻ căn cước cần giấy tờ gì",
    "dang-ky-thuong-tru": "đăng ký thường trú cần giấy tờ gì",
    "trich-luc-ho-tich": "xin bản sao trích lục hộ tịch cần giấy tờ gì",
    "thanh-lap-ho-kinh-doanh": "mở hộ kinh doanh cần giấy tờ gì",
    "mat-so-do": "mất sổ đỏ xin cấp lại cần giấy tờ gì",
    "xac-nhan-cu-tru": "xin giấy xác nhận cư trú CT07 cần giấy tờ gì",
    "gpxd-nha-o-moi": "xin giấy phép xây nhà ở riêng lẻ cần giấy tờ gì",
}
ENTRIES = tuple(QUESTIONS)
Said = tuple[str, str | None]


class Crowd:
    """
    `async with Crowd(url, citizens=20) as crowd: …`

    `said` holds for each citizen what was acknowledged, in order: message id and, if it was a button, the entry behind it.
    """

    def __init__(self, url: str, *, citizens: int, ward: str = "phuong-mau"):
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), read_bufsize=2**20)
        self.citizens = [Citizen(self._http, url, ward) for _ in range(citizens)]
        self.said: list[list[Said]] = [[] for _ in self.citizens]
        self._mouths = [asyncio.Lock() for _ in self.citizens]

    async def __aenter__(self) -> Self:
        await asyncio.gather(*(citizen.__aenter__() for citizen in self.citizens))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for citizen in self.citizens:
            await citizen.__aexit__(kind, error, trace)
        await self._http.close()

    async def say(self, each: int) -> None:
        """
        Let every citizen say so many messages, one after the other and without waiting for the answers.
        """

        async def speak(number: int) -> None:
            for _ in range(each):
                await self.say_one(number)

        await asyncio.gather(*map(speak, range(len(self.citizens))))

    async def say_one(self, number: int) -> None:
        """
        Let one citizen say its next message, after the one before; returns when it is acknowledged.
        """
        async with self._mouths[number]:
            place = len(self.said[number])
            # Neighbours begin at different entries, so that an answer in the wrong conversation is seen too.
            entry = ENTRIES[(number + place) % len(ENTRIES)]
            payload = f'/choose{{"entry":"{entry}","part":"papers"}}' if place % 2 else None
            message_id = await self.citizens[number].say(QUESTIONS[entry], payload=payload)
            self.said[number].append((message_id, entry if payload else None))

    @property
    def acknowledged(self) -> int:
        return sum(map(len, self.said))

    @property
    def answered(self) -> int:
        return sum(citizen.answered for citizen in self.citizens)

    async def until(self, true: Callable[[], bool], *, seconds: float) -> None:
        """
        Wait until something is true of the crowd, looking a hundred times a second.

        Raises:
            TimeoutError
        """
        async with asyncio.timeout(seconds):
            while True:
                if true():
                    return
                await asyncio.sleep(0.01)

    async def wait(self, *, seconds: float) -> None:
        """
        Wait until everything that was said is answered.

        Raises:
            TimeoutError
        """
        async with asyncio.timeout(seconds):
            for citizen, said in zip(self.citizens, self.said, strict=True):
                for message_id, _ in said:
                    await citizen.answer(message_id, seconds=seconds)

    async def faults(self) -> list[str]:
        """
        Read every conversation as a page that opens now would show it; return what is wrong with it.
        """
        found = []
        for number, (citizen, said) in enumerate(zip(self.citizens, self.said, strict=True)):
            history = await citizen.history()
            found += [f"citizen {number}: {fault}" for fault in faults(history, said)]
        return found


def faults(history: Sequence[dict[str, Any]], said: Sequence[Said]) -> list[str]:
    """
    Compare one conversation with what was said in it: every message once, every answer once, whole, right, in order.
    """
    order = [message_id for message_id, _ in said]
    shown = [one["key"] for one in history if one["side"] == "citizen"]
    replies = [one for one in history if one["side"] == "bot" and one["kind"] != "notice"]
    endings = [one for one in replies if "turn" in one]
    turns = Counter(one["to"] for one in endings)
    wrong = []
    if sorted(shown) != sorted(order):
        wrong.append(f"{len(order)} messages acknowledged, {len(shown)} shown")
    elif shown != order:
        wrong.append("messages are not in the order in which they were said")
    wrong += [f"message {place} was not answered" for place, one in enumerate(order, 1) if not turns[one]]
    wrong += [
        f"message {place} was answered {turns[one]} times" for place, one in enumerate(order, 1) if turns[one] > 1
    ]
    if turns.keys() - set(order):
        wrong.append(f"{len(turns.keys() - set(order))} answers to messages that nobody sent")
    answered = [one["to"] for one in endings]
    if answered != [one for one in order if turns[one]]:
        wrong.append("answers are not in the order of the messages")
    # The bubbles of one answer stand together: its closing one ends it, and none follows later.
    groups = [one["to"] for place, one in enumerate(replies) if not place or replies[place - 1]["to"] != one["to"]]
    if len(groups) != len(set(groups)) or sorted(set(groups)) != sorted(set(answered)):
        wrong.append("the bubbles of an answer are torn apart")
    expected = dict(said)
    for one in endings:
        entry = expected.get(one["to"])
        if entry is not None and entry not in one["turn"]["entry_ids"]:
            wrong.append(f"the button of {entry} was answered with {one['turn']['outcome']} {one['turn']['entry_ids']}")
    return wrong
