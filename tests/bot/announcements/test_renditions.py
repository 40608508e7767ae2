"""
One announcement, made into what each outlet takes.
"""

import time
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements import renditions
from bot.announcements.announcement import OUTLETS, Announcement, Link, Outlet
from bot.announcements.renditions import EDITABLE
from bot.announcements.renditions.message import WAY_OUT
from bot.announcements.renditions.shaping import utf16_length
from bot.wards import Ward

WARD = Ward("hoa-binh", "phường Hòa Bình", "thành phố Hải Phòng", "0225 000 0000")
HOST = "https://motcua.example.vn"
SENTENCE = "Đề nghị bà con chủ động dự trữ nước trước khi mất điện. "


def announcement(**fields: Any) -> Announcement:
    made = Announcement(
        7,
        "hoa-binh",
        ("hoa-binh",),
        "normal",
        "Tạm ngừng cấp điện ngày 05/10/2026",
        "Từ 7h30 đến 11h30 ngày 05/10/2026, khu phố 3 tạm ngừng cấp điện.",
        key_line="Mất điện từ 7h30 đến 11h30 ngày 05/10.",
        link=Link("Lịch cắt điện", "https://dien.example.vn/lich"),
        button=Link("Báo sự cố", "https://dien.example.vn/bao"),
    )
    return replace(made, **fields)


def test_every_outlet_gets_a_rendition_without_a_blocking_problem():
    made = renditions.make(announcement(), WARD, HOST)

    assert tuple(made) == OUTLETS
    assert [outlet for outlet, one in made.items() if one.blocked] == []
    assert all(set(EDITABLE[outlet]) == set(one.counts) for outlet, one in made.items())
    assert all(isinstance(value, str) for one in made.values() for value in one.fields.values())


def test_only_the_chosen_outlets_are_made():
    assert list(renditions.make(announcement(outlets=("web", "notice")), WARD, HOST)) == ["web", "notice"]


@pytest.mark.parametrize("outlet", get_args(Outlet))
def test_an_emergency_says_so_everywhere(outlet: Outlet):
    fields = renditions.render(announcement(kind="emergency"), WARD, outlet, link=None).fields

    assert "khẩn" in " ".join(fields.values()).lower()


def test_every_message_carries_the_way_out_and_the_short_link():
    text = renditions.make(announcement(), WARD, HOST, {"messages": f"{HOST}/l/abc"})["messages"].fields["text"]

    assert text.endswith(f"{HOST}/l/abc\n\n{WAY_OUT}")


def test_an_officer_cannot_take_the_way_out_away():
    changed = announcement(by_hand={"messages": {"text": "Mai mất điện."}})

    assert renditions.make(changed, WARD, HOST)["messages"].fields["text"] == f"Mai mất điện.\n\n{WAY_OUT}"


def test_what_was_changed_by_hand_wins_and_is_measured():
    changed = announcement(by_hand={"zalo_article": {"title": "x" * 151, "picture": "evil.png", "nothing": "y"}})
    made = renditions.make(changed, WARD, HOST)["zalo_article"]

    assert made.fields["title"] == "x" * 151
    assert made.fields["picture"] == ""
    assert "nothing" not in made.fields
    assert made.counts["title"] == (151, 150)
    assert [one.field for one in made.problems if one.blocking] == ["title"]


def test_a_long_text_is_cut_at_a_sentence_and_leads_to_the_whole():
    made = renditions.make(announcement(text=SENTENCE * 200), WARD, HOST)

    for outlet, limit in (("messages", 2000), ("telegram_post", 4096)):
        text = made[outlet].fields["text"]  # type: ignore[index]
        assert len(text) <= limit
        assert f"Xem đầy đủ: {HOST}/thong-bao/hoa-binh/7" in text
        assert "mất điện. …" in text
        assert not made[outlet].blocked  # type: ignore[index]


def test_a_long_text_that_leads_nowhere_must_be_shortened_by_a_person():
    made = renditions.make(announcement(text=SENTENCE * 200), WARD, None)

    assert made["messages"].blocked
    assert made["telegram_post"].blocked


def test_under_a_picture_telegram_takes_less():
    made = renditions.make(announcement(text=SENTENCE * 50, picture="a" * 64 + ".jpg"), WARD, HOST)["telegram_post"]

    assert made.counts["text"].limit == 1024
    assert utf16_length(made.fields["text"]) <= 1024


def test_nothing_leads_to_a_page_that_is_not_published():
    made = renditions.make(announcement(outlets=("messages", "notice")), WARD, HOST)

    assert HOST not in made["messages"].fields["text"]
    assert made["notice"].fields["link"] == ""


@pytest.mark.parametrize("blank", ["[…]", "[ngày, giờ…]", "[nhập khu phố]", "[ ]", "........", "______"])
def test_a_blank_of_a_template_keeps_it_from_being_sent(blank: str):
    made = renditions.make(announcement(text=f"Mất điện từ {blank} giờ."), WARD, HOST)

    assert made["facebook_post"].blocked
    assert made["messages"].blocked


@pytest.mark.parametrize("harmless", ["theo phụ lục [1]", "vân vân…", "Số: ..."])
def test_what_only_looks_like_a_blank_does_not(harmless: str):
    assert not renditions.make(announcement(text=harmless), WARD, HOST)["facebook_post"].blocked


def test_a_number_that_looks_like_somebodys_identity_is_pointed_out():
    made = renditions.make(announcement(text="Mời công dân số 001085012345 đến nhận thẻ."), WARD, HOST)["web"]

    assert [one.blocking for one in made.problems] == [False]


def test_the_script_greets_names_the_ward_and_says_what_matters_twice():
    fields = renditions.make(announcement(), WARD, HOST)["loudspeaker"].fields

    assert fields["script"].startswith("Kính thưa bà con nhân dân phường Hòa Bình!")
    assert (
        fields["script"].count(
            "Mất điện từ bảy giờ ba mươi phút đến mười một giờ ba mươi phút ngày mùng năm tháng mười."
        )
        == 2
    )
    assert 30 < int(fields["seconds"]) < 120


def test_no_line_of_a_script_is_longer_than_a_breath():
    text = "Đề nghị các hộ dân chủ động dự trữ nước, tắt thiết bị điện, không tự ý đóng điện và " * 4 + "theo dõi tin."
    script = renditions.make(announcement(text=text), WARD, HOST)["loudspeaker"].fields["script"]

    assert max(len(line.split()) for line in script.split("\n")) <= 32


def test_a_script_that_a_person_changed_is_checked_for_what_cannot_be_read():
    changed = announcement(by_hand={"loudspeaker": {"script": "Gọi 1022 hoặc vào Blockchain."}})
    messages = [one.message_vi for one in renditions.make(changed, WARD, HOST)["loudspeaker"].problems]

    assert any("1022" in one for one in messages)
    assert any("Blockchain" in one for one in messages)


@pytest.mark.parametrize("run", ["1", "1/", "a.b.", "A-", "1 000 ", "(", "a@", "1:1 ", "ngày 1, 1, "])
def test_no_text_takes_long(run: str):
    begun = time.perf_counter()
    renditions.make(announcement(text=(run * 20_000)[:20_000], title=run * 50), WARD, HOST)

    assert time.perf_counter() - begun < 10


@given(st.text(max_size=3000), st.text(max_size=400), st.text(max_size=200))
def test_no_text_makes_it_fail_or_breaks_a_limit_unseen(text: str, title: str, key_line: str):
    for one in renditions.make(announcement(text=text, title=title, key_line=key_line), WARD, HOST).values():
        over = {name for name, count in one.counts.items() if count.limit is not None and count.length > count.limit}
        assert over <= {problem.field for problem in one.problems if problem.blocking}
