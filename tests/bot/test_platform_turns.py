"""
What a turn does on a platform that neither recognises repeated sends nor keeps the order, unlike the web chat.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot import alarms, happenings, inbox, switches, watch, wording
from bot.channels.base import SendError
from bot.database import alarm, citizen, delivery, question, ticket
from bot.database import inbox as inbox_table
from bot.delivery import ledger
from bot.messages import Attachment, Happening, Place
from tests.bot.desk import NOW, Desk
from tests.fakes.rasa import turn


def states(desk: Desk) -> list[str]:
    return [one.state for one in desk.rows(delivery)]


def happening(kind: Any, *, number: str = "h1", sequence: float | None = None, **values: Any) -> Happening:
    return Happening("zalo", "hoa-binh", "a", f"a/{number}", kind, "event", "a/u", sequence, values)


async def take(desk: Desk, one: Happening) -> None:
    await happenings.take(desk.database, one, silence_seconds=3600, now=NOW + desk.waited)


# ------------------------------------------------------------------ bursts


async def test_three_short_messages_are_one_question_answered_once(platform_desk: Desk) -> None:
    platform_desk.burst = 1.2
    first = platform_desk.accept("em muốn hỏi", number=1, sequence=1.0)
    platform_desk.accept("làm khai sinh cho con", number=2, sequence=2.0)
    platform_desk.accept("cần gì ạ", number=3, sequence=3.0)

    following = await platform_desk.conversations.answer(first)

    assert following is None
    assert [one["message"] for one in platform_desk.rasa.asked] == ["em muốn hỏi\nlàm khai sinh cho con\ncần gì ạ"]
    assert len(platform_desk.texts()) == 1
    assert [(one.state, one.joined_to) for one in platform_desk.rows(inbox_table)] == [
        ("answered", None),
        ("answered", first),
        ("answered", first),
    ]
    assert len(platform_desk.rows(question)) == 1


async def test_the_wait_begins_again_with_every_piece_but_not_for_ever(platform_desk: Desk) -> None:
    platform_desk.burst = 1.0
    pieces = iter(range(2, 100))
    pause = platform_desk.pause

    async def typing(seconds: float) -> None:
        await pause(seconds * 0.9)
        platform_desk.accept("nữa", number=next(pieces), sent_at=NOW + platform_desk.waited)

    platform_desk.conversations._pause = typing  # the citizen types while we wait

    await platform_desk.conversations.answer(platform_desk.accept("một", sent_at=NOW))

    assert 3 <= platform_desk.waited <= 4.5


async def test_messages_that_were_written_minutes_apart_stay_two_questions(platform_desk: Desk) -> None:
    platform_desk.burst = 1.2
    first = platform_desk.accept("khai sinh cần gì", number=1, sequence=1.0, sent_at=NOW - 600)
    second = platform_desk.accept("lệ phí kết hôn", number=2, sequence=2.0, sent_at=NOW - 60)

    following = await platform_desk.conversations.answer(first)

    assert following is not None
    assert following.inbox_id == second
    assert [one["message"] for one in platform_desk.rasa.asked] == ["khai sinh cần gì"]


async def test_a_button_ends_a_burst(platform_desk: Desk) -> None:
    platform_desk.burst = 1.2
    first = platform_desk.accept("cho hỏi", number=1, sequence=1.0)
    platform_desk.accept("Lệ phí", number=2, kind="button", payload="/show_menu", sequence=2.0)
    platform_desk.accept("còn gì nữa", number=3, sequence=3.0)

    await platform_desk.conversations.answer(first)

    assert [one["message"] for one in platform_desk.rasa.asked] == ["cho hỏi"]


async def test_what_came_late_but_was_written_earlier_is_answered_first(platform_desk: Desk) -> None:
    late = platform_desk.accept("sau", kind="button", number=2, sequence=20.0)
    early = platform_desk.accept("trước", kind="button", number=1, sequence=10.0)

    following = await platform_desk.conversations.answer(late)
    assert following is not None
    assert following.inbox_id == early
    following = await platform_desk.conversations.answer(early)
    assert following is not None
    assert following.inbox_id == late
    await platform_desk.conversations.answer(late)

    assert [one["message"] for one in platform_desk.rasa.asked] == ["trước", "sau"]


# ------------------------------------------------------------------ sends of which nobody knows


async def test_a_reply_whose_answer_got_lost_is_sent_again_and_listed(platform_desk: Desk) -> None:
    platform_desk.channel.errors = [SendError("timeout", uncertain=True)]

    await platform_desk.conversations.answer(platform_desk.accept())

    assert states(platform_desk) == ["sent", "sent"]
    listed = await platform_desk.database.read(ledger.uncertain)
    assert [(one.id, one.state, one.uncertain) for one in listed] == [(1, "sent", 1)]


@pytest.mark.parametrize("platform_desk", ["hold"], indirect=True)
async def test_a_held_reply_is_never_sent_again_by_itself(platform_desk: Desk) -> None:
    platform_desk.channel.errors = [SendError("timeout", uncertain=True)]

    await platform_desk.conversations.answer(platform_desk.accept())

    assert states(platform_desk) == ["uncertain", "sent"]
    assert platform_desk.channel.keys.count("d1") == 1


async def test_what_a_kill_left_under_way_is_sent_again_and_listed(platform_desk: Desk) -> None:
    inbox_id = platform_desk.accept()
    message = await platform_desk.database.read(inbox.get, inbox_id)
    parts = await platform_desk.conversations._ask(message, [])
    await platform_desk.database.write(ledger.take, parts[0].id, now=NOW)

    await platform_desk.conversations.answer(inbox_id)

    assert [(one.state, one.uncertain) for one in platform_desk.rows(delivery)] == [("sent", 1), ("sent", 0)]


async def test_our_own_echo_settles_a_doubt(platform_desk: Desk) -> None:
    inbox_id = platform_desk.accept()
    message = await platform_desk.database.read(inbox.get, inbox_id)
    parts = await platform_desk.conversations._ask(message, [])
    await platform_desk.database.write(ledger.take, parts[0].id, now=NOW)

    await take(platform_desk, happening("own_echo", text=parts[0].reply.text, platform_id="m7"))
    await platform_desk.conversations.answer(inbox_id)

    assert platform_desk.channel.keys == ["d2"]
    assert platform_desk.rows(delivery)[0].platform_id == "m7"


# ------------------------------------------------------------------ who can be reached


async def test_a_citizen_who_blocked_us_gets_nothing_more_until_they_write(platform_desk: Desk) -> None:
    platform_desk.channel.errors = [SendError("blocked", trouble="recipient")]
    first = platform_desk.accept(number=1)
    second = platform_desk.accept("tiếp", number=2)
    await platform_desk.conversations.answer(first)

    await platform_desk.conversations.answer(second)
    assert platform_desk.texts() == []
    assert platform_desk.rows(ticket) == []

    await platform_desk.conversations.answer(platform_desk.accept("em đây", number=3))
    assert platform_desk.texts() == ["Trả lời: em đây"]


async def test_an_old_unfollow_that_is_repeated_changes_nothing(platform_desk: Desk) -> None:
    platform_desk.accept(number=1, sequence=5.0)
    await take(platform_desk, happening("left", sequence=6.0))
    assert platform_desk.rows(citizen)[0].left_at is not None
    platform_desk.accept(number=2, sequence=7.0)

    await take(platform_desk, happening("left", sequence=6.0))
    await take(platform_desk, happening("left", number="h2", sequence=6.5))

    assert platform_desk.rows(citizen)[0].left_at is None


async def test_a_closed_window_is_known_before_sending_and_an_officer_gets_it(platform_desk: Desk) -> None:
    platform_desk.channel.closed_because = "window.closed"

    await platform_desk.conversations.answer(platform_desk.accept())

    assert platform_desk.channel.keys == []
    assert [one.reason for one in platform_desk.rows(ticket)] == ["not_delivered"]


async def test_trouble_that_an_officer_must_mend_rings(platform_desk: Desk) -> None:
    platform_desk.channel.errors = [SendError("-221 OA must be verified", trouble="officer")]

    await platform_desk.conversations.answer(platform_desk.accept())

    assert [(one.code, one.account) for one in platform_desk.rows(alarm)] == [("send.refused", "a")]


async def test_the_quota_that_the_platform_names_is_kept_until_the_citizen_writes(platform_desk: Desk) -> None:
    platform_desk.channel.quota_left = 3
    await platform_desk.conversations.answer(platform_desk.accept(number=1))
    assert platform_desk.rows(citizen)[0].quota_left == 3

    platform_desk.accept(number=2)

    assert platform_desk.rows(citizen)[0].quota_left is None


# ------------------------------------------------------------------ people of the office


async def test_the_assistant_is_silent_while_a_person_talks_and_comes_back_when_called(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("chào", number=1))
    await take(platform_desk, happening("spoken_over"))

    await platform_desk.conversations.answer(platform_desk.accept("em hỏi anh nhé", number=2))
    await platform_desk.conversations.answer(platform_desk.accept("Trợ lý", number=3))
    await platform_desk.conversations.answer(platform_desk.accept("lệ phí", number=4))

    assert platform_desk.texts() == ["Trả lời: chào", wording.BACK_AGAIN, "Trả lời: lệ phí"]
    assert len(platform_desk.rows(question)) == 3


async def test_the_silence_ends_by_itself(platform_desk: Desk) -> None:
    await take(platform_desk, happening("spoken_over"))
    platform_desk.waited += 3601

    await platform_desk.conversations.answer(platform_desk.accept("lệ phí"))

    assert platform_desk.texts() == ["Trả lời: lệ phí"]


async def test_a_switch_that_is_off_is_told_once_with_its_reason_and_the_officer_gets_the_message(
    platform_desk: Desk,
) -> None:
    await platform_desk.database.write(
        switches.turn_off, ward="hoa-binh", channel="zalo", reason="đang cập nhật mức lệ phí", now=NOW
    )

    for number in (1, 2):
        await platform_desk.conversations.answer(platform_desk.accept("lệ phí", number=number))

    assert platform_desk.rasa.asked == []
    (text,) = platform_desk.texts()
    assert text == wording.switched_off("phường Hòa Bình", "đang cập nhật mức lệ phí", None)
    assert [one.reason for one in platform_desk.rows(ticket)] == ["switched_off"] * 2

    await platform_desk.database.write(switches.turn_on, ward="hoa-binh", channel="zalo")
    platform_desk.waited += 10
    await platform_desk.conversations.answer(platform_desk.accept("lệ phí", number=3))
    assert platform_desk.texts()[1:] == ["Trả lời: lệ phí"]


async def test_a_switch_of_all_channels_covers_this_one(platform_desk: Desk) -> None:
    await platform_desk.database.write(switches.turn_off, ward="hoa-binh", channel="*", reason="bảo trì", now=NOW)

    await platform_desk.conversations.answer(platform_desk.accept("lệ phí"))

    assert "bảo trì" in platform_desk.texts()[0]


async def test_a_citizen_who_waits_is_told_once(platform_desk: Desk) -> None:
    platform_desk.rasa.bad_days = ["empty"] * 25
    platform_desk.down = True

    await platform_desk.conversations.answer(platform_desk.accept(number=1))
    platform_desk.rasa.bad_days = ["empty"] * 25
    await platform_desk.conversations.answer(platform_desk.accept("nữa", number=2))

    assert [one.kind for one in platform_desk.channel.sent] == ["delay", "notice", "reply", "reply"]
    assert platform_desk.channel.sent[0].text == wording.delay(None)


# ------------------------------------------------------------------ what is not words


@pytest.mark.parametrize(
    ("kind", "text"),
    [("image", wording.RECEIVED_FILE), ("file", wording.RECEIVED_FILE), ("audio", wording.RECEIVED_AUDIO)],
)
async def test_a_file_goes_to_the_officers_and_is_not_guessed_at(platform_desk: Desk, kind: Any, text: str) -> None:
    attachments = (Attachment(kind, "https://example.org/1"),)

    await platform_desk.conversations.answer(platform_desk.accept("", kind="attachment", attachments=attachments))

    assert platform_desk.rasa.asked == []
    assert platform_desk.texts() == [text]
    assert [one.reason for one in platform_desk.rows(ticket)] == ["attachment"]
    assert platform_desk.rows(question) == []


async def test_the_caption_of_a_picture_is_still_a_question(platform_desk: Desk) -> None:
    attachments = (Attachment("image", "https://example.org/1"),)

    await platform_desk.conversations.answer(
        platform_desk.accept("giấy này nộp ở đâu", kind="attachment", attachments=attachments)
    )

    assert platform_desk.texts() == [wording.RECEIVED_FILE, "Trả lời: giấy này nộp ở đâu"]


async def test_a_location_gets_the_way_to_the_one_stop_desk(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(
        platform_desk.accept("", kind="place", place=Place(10.1, 106.2), ward="phuong-mau")
    )

    (text,) = platform_desk.texts()
    assert "Trung tâm Mẫu, Số 1, đường Mẫu" in text
    assert "https://www.google.com/maps/search/?api=1&query=S%E1%BB%91%201" in text


@pytest.mark.parametrize("text", ["cơ quan nào gần tôi", "co quan nao gan toi", "chỉ đường tới ủy ban phường"])
async def test_asking_for_the_office_nearby_is_asking_for_the_way(platform_desk: Desk, text: str) -> None:
    await platform_desk.conversations.answer(platform_desk.accept(text, ward="phuong-mau"))

    assert "Đường đi: https://" in platform_desk.texts()[0]


@pytest.mark.parametrize("text", ["đăng ký tạm trú gần nhà", "nộp hồ sơ ở đâu", "gần tôi có ai bán đất"])
async def test_other_places_are_left_to_the_dialogue(platform_desk: Desk, text: str) -> None:
    await platform_desk.conversations.answer(platform_desk.accept(text, ward="phuong-mau"))

    assert len(platform_desk.rasa.asked) == 1


async def test_an_address_that_nobody_entered_is_not_made_up(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("", kind="place", place=Place(10.1, 106.2)))

    assert "chưa có địa chỉ đã được xác nhận" in platform_desk.texts()[0]


async def test_a_contact_left_for_a_call_back_reaches_the_officer_unmasked(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("", kind="contact", contact="Tên, 0912345678"))

    assert [(one.reason, one.contact) for one in platform_desk.rows(ticket)] == [("contact", "Tên, 0912345678")]


async def test_a_sticker_is_a_first_contact_or_nothing(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("", kind="sticker", number=1))
    await platform_desk.conversations.answer(platform_desk.accept("", kind="sticker", number=2))

    assert [one["message"] for one in platform_desk.rasa.asked] == ["/greet"]


# ------------------------------------------------------------------ numbers and stored buttons


CHOICES = [
    {"title": "Khai sinh", "payload": '/choose{"entry":"khai-sinh"}'},
    {"title": "Kết hôn", "payload": '/choose{"entry":"ket-hon"}'},
]


async def test_a_number_typed_back_means_the_button_of_the_list(platform_desk: Desk) -> None:
    platform_desk.channel.numbered = True
    platform_desk.rasa.answer = lambda *_: turn("Chọn:", buttons=CHOICES)
    await platform_desk.conversations.answer(platform_desk.accept("giấy tờ", number=1))

    await platform_desk.conversations.answer(platform_desk.accept("số 2 nhé", number=2))

    assert platform_desk.rasa.asked[-1]["message"] == '/choose{"entry":"ket-hon"}'
    assert [one.text for one in platform_desk.rows(question)][-1] == "Kết hôn"


async def test_a_number_without_a_list_is_left_to_the_dialogue(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("2"))

    assert platform_desk.rasa.asked[-1]["message"] == "2"


async def test_a_stored_button_is_found_for_its_own_citizen_only(platform_desk: Desk) -> None:
    platform_desk.rasa.answer = lambda *_: turn("Chọn:", buttons=CHOICES)
    await platform_desk.conversations.answer(platform_desk.accept("giấy tờ", number=1))
    delivery_id = platform_desk.rows(delivery)[-1].id

    await platform_desk.conversations.answer(
        platform_desk.accept("Kết hôn", number=2, kind="button", payload=f"@d{delivery_id}.1")
    )
    await platform_desk.conversations.answer(
        platform_desk.accept("Lạ", number=3, kind="button", payload=f"@d{delivery_id + 77}.1")
    )

    assert [one["message"] for one in platform_desk.rasa.asked[1:]] == ['/choose{"entry":"ket-hon"}', "Lạ"]


async def test_withdrawing_erases_every_word(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("chuyện riêng của tôi"))

    await take(platform_desk, happening("withdrew"))

    kept = [str(row) for table in (inbox_table, question, delivery) for row in platform_desk.rows(table)]
    assert not [row for row in kept if "riêng" in row]


async def test_a_citizen_may_erase_everything_after_saying_so_twice(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("chuyện riêng của tôi", number=1))

    await platform_desk.conversations.answer(platform_desk.accept("xoa du lieu cua toi", number=2))
    assert any("riêng" in str(row) for row in platform_desk.rows(inbox_table))
    await platform_desk.conversations.answer(platform_desk.accept("Đồng ý xóa.", number=3))

    assert platform_desk.texts()[1:] == [wording.ERASE_SURE, wording.DATA_ERASED]
    kept = [str(row) for table in (inbox_table, question, delivery) for row in platform_desk.rows(table)]
    assert not [row for row in kept if "riêng" in row]
    assert platform_desk.rows(citizen)[0].answering_by is None


async def test_two_whole_questions_in_a_row_are_two_turns(platform_desk: Desk) -> None:
    platform_desk.burst = 1.2
    first = platform_desk.accept("lệ phí khai sinh bao nhiêu?", number=1, sequence=1.0)
    second = platform_desk.accept("kết hôn cần giấy gì", number=2, sequence=2.0)

    following = await platform_desk.conversations.answer(first)

    assert following is not None
    assert following.inbox_id == second
    assert platform_desk.waited == 0


async def test_a_number_means_the_newest_buttons_when_no_list_was_shown(platform_desk: Desk) -> None:
    platform_desk.rasa.answer = lambda *_: turn("Chọn:", buttons=CHOICES)
    await platform_desk.conversations.answer(platform_desk.accept("giấy tờ", number=1))

    await platform_desk.conversations.answer(platform_desk.accept("1", number=2))

    assert platform_desk.rasa.asked[-1]["message"] == '/choose{"entry":"khai-sinh"}'


async def test_the_alarm_of_a_refused_send_ends_when_messages_go_out_again(platform_desk: Desk) -> None:
    platform_desk.channel.errors = [SendError("-221 OA must be verified", trouble="officer")]
    await platform_desk.conversations.answer(platform_desk.accept(number=1))
    platform_desk.waited += 60
    await watch.look(platform_desk.database, delay_seconds=20, now=NOW + 60)
    assert [one.code for one in await platform_desk.database.read(alarms.ringing)] == ["send.refused"]

    await platform_desk.conversations.answer(platform_desk.accept(number=2))
    await watch.look(platform_desk.database, delay_seconds=20, now=NOW + 70)

    assert await platform_desk.database.read(alarms.ringing) == []


async def test_an_officer_sees_that_citizens_wait(platform_desk: Desk) -> None:
    platform_desk.accept(number=1)

    await watch.look(platform_desk.database, delay_seconds=20, now=NOW + 30)
    (ringing,) = await platform_desk.database.read(alarms.ringing)
    assert (ringing.code, ringing.ward) == ("answers.delayed", "hoa-binh")
    assert ringing.detail == "1 tin nhắn đang chờ trả lời, tin lâu nhất đã chờ 30 giây"

    await platform_desk.conversations.answer(1)
    await watch.look(platform_desk.database, delay_seconds=20, now=NOW + 40)
    assert await platform_desk.database.read(alarms.ringing) == []
