"""
The file of an entry's versions.
"""

import asyncio
import threading

from knowledge.office.history import BY_HAND, History
from knowledge.office.records import Key

BASE, WARD = Key("faq", "gio-lam-viec", ""), Key("faq", "gio-lam-viec", "tay-mau")
AT = "2026-11-20T08:00:00+00:00"


def test_versions_are_numbered_through_base_and_wards(tmp_path):
    history = History(tmp_path)

    numbers = [
        history.append(key, {"title": str(place)}, by="x", note="", at=AT, has_base=True).version
        for place, key in enumerate([WARD, WARD, BASE, WARD])
    ]

    assert numbers == [2, 3, 4, 5]  # 1 is the base as it was before anybody touched it
    assert [version.version for version in history.of(WARD)] == [2, 3, 5]
    assert [version.version for version in history.of(BASE)] == [4]


def test_a_line_that_a_crash_cut_short_is_no_version_and_spoils_none(tmp_path):
    history = History(tmp_path)
    history.append(BASE, {"title": "A"}, by="x", note="", at=AT)
    path = history.path(BASE)
    path.write_bytes(path.read_bytes() + b'{"version":2,"ward":"","at":"20')

    history.append(BASE, {"title": "B"}, by="x", note="", at=AT)

    assert [(one.version, one.entry) for one in history.of(BASE)] == [(1, {"title": "A"}), (2, {"title": "B"})]


def test_what_nobody_touched_is_version_one_without_a_file(tmp_path):
    history = History(tmp_path)

    version = history.settle(BASE, {"title": "A"}, at=AT)

    assert (version.version, version.by) == (1, BY_HAND)
    assert not history.path(BASE).exists()
    assert history.settle(BASE, None, at=AT) is None


def test_an_edit_by_hand_becomes_a_version_once(tmp_path):
    history = History(tmp_path)

    for _ in range(3):
        history.settle(BASE, {"title": "B"}, before={"title": "A"}, at=AT)

    assert [(one.version, one.by, one.entry) for one in history.of(BASE)] == [
        (1, BY_HAND, {"title": "A"}), (2, BY_HAND, {"title": "B"}),
    ]  # fmt: skip


def test_a_deletion_by_hand_and_a_return_are_versions(tmp_path):
    history = History(tmp_path)
    history.append(WARD, {"title": "A"}, by="x", note="", at=AT, has_base=True)

    history.settle(WARD, None, at=AT, has_base=True)
    history.settle(WARD, {"title": "A"}, at=AT, has_base=True)

    assert [one.entry for one in history.of(WARD)] == [{"title": "A"}, None, {"title": "A"}]


def test_two_who_write_at_once_take_turns(tmp_path):
    history, other = History(tmp_path), History(tmp_path)  # two processes have an object each
    busy, most = 0, 0

    def write(one: History) -> None:
        nonlocal busy, most
        for _ in range(20):
            with one.lock(), one.lock():
                busy += 1
                most = max(most, busy)
                one.append(BASE, {"title": "A"}, by="x", note="", at=AT)
                busy -= 1

    threads = [threading.Thread(target=write, args=(one,)) for one in (history, other, history)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1
    assert [one.version for one in history.of(BASE)] == list(range(1, 61))


async def test_the_lock_is_free_again_after_a_failure(tmp_path):
    history = History(tmp_path)

    def fail() -> None:
        with history.lock():
            raise ValueError

    for _ in range(2):
        await asyncio.gather(asyncio.to_thread(fail), return_exceptions=True)
    with history.lock():
        pass
