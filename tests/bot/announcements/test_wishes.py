from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements import wishes
from bot.announcements.subscriptions import ALL, Choice
from bot.announcements.topics import SAID, TOPICS
from bot.channels.zalo.payload import _is_payload as zalo_lets_through
from bot.dialogue import is_command

PLACES = ("Khu phố 1", "Khu phố 2", "Khu phố 3", "Khu phố Chợ Mẫu", "Khu phố Bến Mẫu")


def named(text: str) -> list[str]:
    wish = wishes.said(text, PLACES)
    assert wish is not None
    return [wish.act, *(one.value or one.kind for one in wish.choices)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("đăng ký nhận tin khu phố 3", ["subscribe", "Khu phố 3"]),
        ("dang ky nhan tin khu pho 3", ["subscribe", "Khu phố 3"]),
        ("dk nhan tin kp3", ["subscribe", "Khu phố 3"]),
        ("đky nhận tin kp 03 và điện nước", ["subscribe", "Khu phố 3", "dien-nuoc"]),
        ("dag ky nhn tin khu pho ba", ["subscribe", "Khu phố 3"]),
        ("đăng ký nhận tin khu phố 1, 2 và 3", ["subscribe", "Khu phố 1", "Khu phố 2", "Khu phố 3"]),
        ("dang ki nhan tin khu pho cho mau", ["subscribe", "Khu phố Chợ Mẫu"]),
        ("đăng ký nhận tin khu phố bến maau", ["subscribe", "Khu phố Bến Mẫu"]),
        ("đăng ký nhận tin tổ 2", ["subscribe", "Khu phố 2"]),
        ("tôi muốn nhận tin về tiêm chủng", ["subscribe", "y-te"]),
        ("muốn nhận tin bão", ["subscribe", "thien-tai"]),
        ("đăng ký nhận tất cả tin của phường", ["subscribe", "all"]),
        ("đăng ký nhận tin", ["choose"]),
        ("cho tôi nhận thông báo của phường", ["choose"]),
        ("làm sao để đăng ký nhận tin của phường", ["choose"]),
        ("dừng nhận tin", ["unsubscribe"]),
        ("dung nhan tin", ["unsubscribe"]),
        ("ngừng gửi tin nhắn cho tôi", ["unsubscribe"]),
        ("huỷ đăng ký nhận tin", ["unsubscribe"]),
        ("không nhận tin nữa", ["unsubscribe"]),
        ("thôi nhận tin khu phố 3", ["unsubscribe", "Khu phố 3"]),
        ("dung nhan tin y te", ["unsubscribe", "y-te"]),
        ("tôi đang nhận tin gì", ["list"]),
        ("toi dang nhan tin gi vay", ["list"]),
        ("tôi đăng ký nhận tin gì rồi", ["list"]),
    ],
)
def test_a_wish_is_understood_in_the_words_of_phones(text: str, wanted: list[str]):
    assert named(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "đăng ký nhận thông báo lưu trú",
        "hủy thông báo lưu trú",
        "đăng ký nhận tin tuyển sinh lớp 6",
        "hủy đăng ký kết hôn",
        "đăng ký tạm trú khu phố 3",
        "đăng ký nhận kết quả qua bưu điện",
        "tôi nhận được tin nhắn lừa đảo",
        "nhận tin nhắn báo phạt nguội có phải lừa đảo không",
        "phường có thông báo gì không",
        "thông báo hôm qua về cắt điện là khi nào",
        "có tin gì mới không",
        "dừng",
        "",
    ],
)
def test_what_is_about_something_else_is_no_wish(text: str):
    assert wishes.said(text, PLACES) is None


def test_a_neighbourhood_that_the_ward_has_not_is_known_to_be_unknown():
    wish = wishes.said("đăng ký nhận tin khu phố 9", PLACES)

    assert wish is not None
    assert (wish.choices, wish.unknown) == ((), True)


@pytest.mark.parametrize(
    ("text", "is_stop", "surely"),
    [
        ("DUNG", True, True), ("dừng", True, True), ("Dừng.", True, True), ("STOP", True, True), ("dung", True, False),
        ("thôi", True, False), ("đúng", False, False), ("đúng rồi", False, False), ("dừng xe ở đâu", False, False),
    ],
)  # fmt: skip
def test_the_way_out_is_told_from_yes(text: str, is_stop: bool, surely: bool):
    assert wishes.says_stop(text) is is_stop
    assert wishes.surely_stop(text) is surely


@pytest.mark.parametrize("act", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize(
    "choice", [ALL, *(Choice("topic", slug) for slug in TOPICS), *(Choice("neighbourhood", name) for name in PLACES)]
)
def test_a_button_carries_its_wish_through_every_channel(act: str, choice: Choice):
    payload = wishes.payload(act, choice)
    wish = wishes.tapped(payload, PLACES)

    assert wish is not None
    assert (wish.act, wish.choices, wish.how) == (act, (choice,), "button")
    assert is_command(payload)
    assert zalo_lets_through(payload)
    assert len(payload.encode()) <= 512


def test_a_button_of_a_neighbourhood_that_is_gone_leads_to_the_list():
    wish = wishes.tapped(wishes.payload("subscribe", Choice("neighbourhood", "Khu phố cũ")), PLACES)

    assert wish is not None
    assert (wish.choices, wish.unknown) == ((), True)


def test_the_buttons_of_answers_are_none_of_these():
    assert wishes.tapped('/choose{"entry":"khai-sinh"}', PLACES) is None
    assert wishes.tapped('/choose{"entry":"announcement/12"}', PLACES) is None
    assert wishes.tapped('/choose{"entry":7}', PLACES) is None


def test_every_topic_can_be_said():
    assert set(SAID) == set(TOPICS)
    for slug, phrases in SAID.items():
        for phrase in phrases:
            assert named(f"đăng ký nhận tin {phrase}") == ["subscribe", slug]


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str):
    wishes.said(text, PLACES)
    wishes.says_stop(text)
    wishes.surely_stop(text)
    wishes.tapped(text, PLACES)
    wishes.tapped(f'/choose{{"entry":"{text}"}}', PLACES)
