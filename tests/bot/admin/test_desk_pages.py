"""
The desk's pages: who sees which conversation, and what taking, replying, handing back and closing do.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import attachments, citizens, tickets, wording
from bot import inbox as messages
from bot.admin import desk_wording
from bot.admin import wording as office_wording
from bot.attachments import attachment
from bot.database import audit, citizen, delivery, inbox, ticket
from bot.fetching import Fetcher
from bot.inbox import Work
from bot.messages import Attachment, InboundMessage, Place
from tests.bot.admin.building import NOW, Building, Visitor
from tests.bot.desk import FakeChannel
from tests.house.repository import ROOT

LONG = "a" * 4001


@pytest.fixture
def channels(building: Building) -> dict[str, FakeChannel]:
    made = {kind: FakeChannel(kind) for kind in ("web", "zalo")}
    building.office.channels.update(made)  # type: ignore[attr-defined]
    return made


def writes(
    building: Building, text: str = "cho em gặp cán bộ", *, channel: str = "web", ward: str = "hoa-binh",
    reason: str | None = "ask_officer", address: str = "a/u", number: int = 1, **more: Any,
) -> int:  # fmt: skip
    """
    Let a citizen write something that was answered, and return the number of the conversation.
    """
    message = InboundMessage(channel, ward, address, f"{address}/{number}", more.pop("kind", "text"), text, **more)
    with building.database.engine.begin() as connection:
        messages.accept(connection, message, executor="bot-1", now=building.now)
        found = citizens.find(connection, channel=channel, address=address)
        assert found is not None
        newest = connection.execute(sa.select(sa.func.max(inbox.c.id))).scalar_one()
        messages.finish(connection, newest, executor="bot-1", now=building.now)
        if reason:
            tickets.open_ticket(connection, ward=ward, channel=channel, citizen_id=found, inbox_id=newest,
                                reason=reason, now=building.now)  # fmt: skip
    return found


def officers_words(building: Building) -> list[tuple[str, str]]:
    return [(one.kind, one.body["text"]) for one in building.rows(delivery) if one.inbox_id is None]


def audited(building: Building) -> list[tuple[str, str, str]]:
    return [(one.action, one.what, one.ward) for one in building.rows(audit) if one.action.startswith("desk.")]


async def agent(building: Building, login: str = "truc", **more: str) -> Visitor:
    return await building.officer(login, ("hoa-binh", "agent"), **more)


# ------------------------------------------------------------------ the list


async def test_the_list_says_who_waits_for_what_and_since_when(building: Building) -> None:
    one = writes(building)
    building.now += 1500
    visitor = await agent(building)

    page = await visitor.get("/admin/desk")

    assert page.status == 200
    assert f"Cuộc trò chuyện {one}" in page.text
    for said in ("Xin gặp cán bộ", "Chờ 25 phút", "Chưa ai nhận", "cho em gặp cán bộ", "1 chưa ai nhận"):
        assert said in page.text


async def test_an_empty_list_says_so(building: Building) -> None:
    visitor = await agent(building)

    assert "Không có ai đang chờ" in (await visitor.get("/admin/desk")).text
    assert "không giữ cuộc trò chuyện nào" in (await visitor.get("/admin/desk?view=mine")).text
    assert "Chưa có cuộc trò chuyện nào được đóng" in (await visitor.get("/admin/desk?view=closed&page=7")).text


async def test_another_wards_conversations_are_neither_listed_nor_opened(building: Building) -> None:
    foreign = writes(building, ward="phuong-mau", address="other")
    visitor = await agent(building)

    assert f"Cuộc trò chuyện {foreign}" not in (await visitor.get("/admin/desk")).text
    assert (await visitor.get("/admin/desk?ward=phuong-mau")).status == 403
    for path in ("", "/news", "/file/1"):
        assert (await visitor.get(f"/admin/desk/{foreign}{path}")).status == 403
    for act in ("take", "reply", "hand-back", "close", "ask-contact", "file/1/again"):
        assert (await visitor.post(f"/admin/desk/{foreign}/{act}", {"text": "x"})).status == 403
    assert (await visitor.get("/admin/desk/999")).status == 403
    assert audited(building) == []


@pytest.mark.parametrize("role", ["editor", "approver"])
async def test_who_does_not_answer_citizens_sees_no_conversation(building: Building, role: str) -> None:
    one = writes(building)
    visitor = await building.officer("khac", ("hoa-binh", role))

    assert (await visitor.get("/admin/desk")).status == 403
    assert (await visitor.get(f"/admin/desk/{one}")).status == 403
    assert "/admin/desk" not in (await visitor.get("/admin/")).text


async def test_the_part_that_changes_is_only_sent_when_it_has_changed(building: Building) -> None:
    one = writes(building)
    visitor = await agent(building)
    for path in ("/admin/desk", f"/admin/desk/{one}"):
        page = await visitor.get(path)
        found = re.search(r'data-news="([^"]+)" data-revision="(\w+)"', page.text)
        assert found is not None
        news, revision = found[1].replace("&amp;", "&"), found[2]
        mark = "&" if "?" in news else "?"

        assert (await visitor.get(f"{news}{mark}seen={revision}")).status == 204
        writes(building, f"thêm một câu ở {path}", number=len(path))
        fresh = await visitor.get(f"{news}{mark}seen={revision}")

        assert fresh.status == 200
        assert "thêm một câu" in fresh.text
        assert "<html" not in fresh.text
        assert fresh.headers["X-Revision"] != revision


async def test_many_waiting_conversations_come_in_pages(building: Building) -> None:
    for number in range(120):
        writes(building, address=f"u{number}", number=number)
    visitor = await agent(building)

    page = await visitor.get("/admin/desk?page=3")

    assert page.text.count('<li class="card case') == 20
    assert "Trang 3 trên 3" in page.text


# ------------------------------------------------------------------ taking


async def test_taking_tells_the_citizen_on_the_web_and_is_audited(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building)
    visitor = await agent(building, name="Cán bộ trực")

    done = await visitor.post(f"/admin/desk/{one}/take")

    assert (done.status, done.location) == (303, f"/admin/desk/{one}?done=taken#reply")
    page = await visitor.get(done.location)
    assert desk_wording.DONE["taken"] in page.text
    assert 'name="text"' in page.text
    assert officers_words(building) == [("taken", wording.DESK_TAKEN.format(ward="phường Hòa Bình"))]
    assert audited(building) == [("desk.taken", f"conversation/{one}", "hoa-binh")]
    assert building.rows(citizen)[0].desk_by is not None
    assert building.rows(ticket)[0].taken_at == NOW


async def test_taking_costs_no_message_where_messages_are_counted(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building, channel="zalo")
    visitor = await agent(building)

    await visitor.post(f"/admin/desk/{one}/take")

    assert officers_words(building) == []


async def test_a_colleague_sees_who_holds_it_and_may_take_over(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building)
    first, second = await agent(building, "truc1", name="Trực sáng"), await agent(building, "truc2", name="Trực chiều")
    await first.post(f"/admin/desk/{one}/take")

    page = await second.get(f"/admin/desk/{one}")
    assert "Trực sáng</strong> đang giữ" in page.text
    assert 'name="text"' not in page.text
    refused = await second.post(f"/admin/desk/{one}/take")
    assert desk_wording.PROBLEMS["elsewhere"] in (await second.get(refused.location)).text
    holder = re.search(r'name="holder" value="(\d+)"', page.text)
    assert holder is not None
    taken = await second.post(f"/admin/desk/{one}/take", {"holder": holder[1]})

    assert "done=taken" in taken.location
    assert [kind for kind, _ in officers_words(building)] == ["taken"]  # the citizen is told once
    [_, over] = [one for one in building.rows(audit) if one.action == "desk.taken"]
    assert (over.before, over.after) == ({"officer": "Trực sáng"}, {"officer": "Trực chiều"})


# ------------------------------------------------------------------ replying


async def test_a_reply_stands_in_the_ledger_and_is_begun(building: Building, channels: dict[str, FakeChannel]) -> None:
    begun: list[Work] = []
    object.__setattr__(building.office, "begin", begun.append)
    one = writes(building)
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")

    done = await visitor.post(f"/admin/desk/{one}/reply", {"text": "Chào anh/chị.\r\nMời anh/chị đến quầy số 2."})

    assert done.status == 303
    [_, row] = building.rows(delivery)
    assert (row.kind, row.body, row.state, row.inbox_id) == (
        "officer", {"text": "Chào anh/chị.\nMời anh/chị đến quầy số 2."}, "due", None
    )  # fmt: skip
    assert row.officer_id == building.rows(citizen)[0].desk_by
    assert begun == [Work(0, "", one)]  # for the first words; whoever sends them finds the second
    assert audited(building)[-1] == ("desk.replied", f"conversation/{one}", "hoa-binh")
    assert "quầy" not in str([tuple(one) for one in building.rows(audit)])
    page = await visitor.get(done.location)
    assert "Mời anh/chị đến quầy số 2." in page.text
    assert "Đang chờ gửi" in page.text


async def test_elsewhere_than_on_the_web_the_words_begin_with_the_ward(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building, channel="zalo")
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")

    await visitor.post(f"/admin/desk/{one}/reply", {"text": "Mời anh/chị đến."})

    assert officers_words(building) == [("officer", "Phường Hòa Bình, cán bộ trả lời:\nMời anh/chị đến.")]


@pytest.mark.parametrize(("text", "problem"), [("", "empty"), ("  \n", "empty"), (LONG, "too_long")])
async def test_nothing_and_too_much_are_not_sent_and_not_lost(
    building: Building, channels: dict[str, FakeChannel], text: str, problem: str
) -> None:
    one = writes(building, channel="zalo")
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")

    page = await visitor.post(f"/admin/desk/{one}/reply", {"text": text})

    assert page.status == 422
    assert desk_wording.PROBLEMS[problem] in page.text
    assert text.strip() in page.text
    assert officers_words(building) == []


async def test_what_was_typed_is_not_lost_when_a_colleague_took_over(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building)
    first, second = await agent(building, "truc1"), await agent(building, "truc2")
    await first.post(f"/admin/desk/{one}/take")
    await second.post(f"/admin/desk/{one}/take", {"holder": str(building.rows(citizen)[0].desk_by)})

    page = await first.post(f"/admin/desk/{one}/reply", {"text": "Câu dài tôi vừa viết"})

    assert page.status == 409
    assert "Câu dài tôi vừa viết</textarea>" in page.text
    assert desk_wording.PROBLEMS["elsewhere"] in page.text
    assert [kind for kind, _ in officers_words(building)] == ["taken"]


async def test_a_closed_window_is_told_before_anything_is_typed(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building, channel="zalo")
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")
    channels["zalo"].closed_because = "window.closed"

    page = await visitor.get(f"/admin/desk/{one}")
    refused = await visitor.post(f"/admin/desk/{one}/reply", {"text": "Mở sẵn từ trước"})

    assert "người dân chưa nhắn trong 48 giờ qua" in page.text
    assert 'name="text"' not in page.text
    assert refused.status == 422
    assert "Mở sẵn từ trước</textarea>" in refused.text
    assert officers_words(building) == []


async def test_a_citizen_who_has_left_cannot_be_written_to(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building, channel="zalo")
    with building.database.engine.begin() as connection:
        citizens.left(connection, one, sequence=None, now=NOW)
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")

    assert "đã bỏ quan tâm hoặc chặn" in (await visitor.get(f"/admin/desk/{one}")).text


async def test_a_text_that_needs_more_messages_than_are_left_is_not_begun(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building, channel="zalo")
    with building.database.engine.begin() as connection:
        citizens.note_quota(connection, one, 2)
    channels["zalo"].parts = lambda reply: [replace(reply, text=str(part)) for part in range(3)]  # type: ignore[method-assign]
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")

    page = await visitor.post(f"/admin/desk/{one}/reply", {"text": "rất dài"})

    assert desk_wording.PROBLEMS["quota"] in page.text
    assert "Zalo còn cho gửi 2 tin" in page.text
    assert officers_words(building) == []


async def test_a_reply_that_failed_says_why_and_can_be_sent_again(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building, channel="zalo")
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")
    await visitor.post(f"/admin/desk/{one}/reply", {"text": "Lần một"})
    with building.database.engine.begin() as connection:
        connection.execute(sa.update(delivery).values(state="failed", problem="quota.used_up"))

    page = await visitor.get(f"/admin/desk/{one}")
    again = re.search(r'type="hidden" name="text" value="([^"]+)"', page.text)

    assert desk_wording.UNSENDABLE["quota.used_up"] in page.text
    assert again is not None
    assert again[1] == "Lần một"
    building.now += 60
    await visitor.post(f"/admin/desk/{one}/reply", {"text": again[1]})
    assert [text for _, text in officers_words(building)] == ["Phường Hòa Bình, cán bộ trả lời:\nLần một"] * 2


async def test_asking_for_a_phone_number_marks_the_question(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building)
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")

    done = await visitor.post(f"/admin/desk/{one}/ask-contact")

    assert "done=asked_contact" in done.location
    assert building.rows(delivery)[-1].body["asks_contact"] is True
    assert audited(building)[-1][0] == "desk.asked_contact"


# ------------------------------------------------------------------ the end


async def test_handing_back_tells_the_citizen_and_closes(building: Building, channels: dict[str, FakeChannel]) -> None:
    one = writes(building, channel="zalo")
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")

    done = await visitor.post(
        f"/admin/desk/{one}/hand-back", {"finished": "yes", "note": "đã hướng dẫn qua điện thoại"}
    )

    assert "done=handed_back" in done.location
    assert officers_words(building) == [("handed_back", wording.HANDED_BACK_DONE.format(ward="phường Hòa Bình"))]
    [closed] = building.rows(ticket)
    assert (closed.state, closed.closed_at, closed.note) == ("closed", NOW, "đã hướng dẫn qua điện thoại")
    assert building.rows(citizen)[0].desk_by is None
    assert "đã hướng dẫn qua điện thoại" in (await visitor.get("/admin/desk?view=closed")).text
    assert audited(building)[-1] == ("desk.handed_back", f"conversation/{one}", "hoa-binh")


async def test_what_is_not_finished_stays_in_the_list_with_the_note(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building)
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")

    await visitor.post(f"/admin/desk/{one}/hand-back", {"finished": "no", "note": "chờ địa chính"})

    page = await visitor.get("/admin/desk")
    assert "Ghi chú: chờ địa chính" in page.text
    assert "Chưa ai nhận" in page.text
    assert officers_words(building)[-1] == ("handed_back", wording.HANDED_BACK.format(ward="phường Hòa Bình"))


async def test_a_closed_window_does_not_keep_the_conversation_from_the_assistant(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building, channel="zalo")
    visitor = await agent(building)
    await visitor.post(f"/admin/desk/{one}/take")
    channels["zalo"].closed_because = "window.closed"

    await visitor.post(f"/admin/desk/{one}/hand-back", {"finished": "yes"})

    assert officers_words(building) == []
    assert building.rows(citizen)[0].desk_by is None


async def test_what_needs_no_answer_is_closed_without_a_word(
    building: Building, channels: dict[str, FakeChannel]
) -> None:
    one = writes(building)
    visitor = await agent(building)

    done = await visitor.post(f"/admin/desk/{one}/close", {"note": "n" * 5000})

    assert "done=closed" in done.location
    [closed] = building.rows(ticket)
    assert (closed.state, len(closed.note)) == ("closed", 1000)
    assert officers_words(building) == []
    assert f"Cuộc trò chuyện {one}" not in (await visitor.get("/admin/desk")).text


# ------------------------------------------------------------------ what is shown


async def test_what_citizens_write_is_only_text(building: Building) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    one = writes(building, evil)
    visitor = await agent(building)

    for path in ("/admin/desk", f"/admin/desk/{one}"):
        page = await visitor.get(path)
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


async def test_places_links_and_contacts_are_shown(building: Building) -> None:
    one = writes(building, "", kind="place", place=Place(20.86, 106.68), reason="attachment")
    writes(building, "", kind="attachment", number=2, attachments=(Attachment("link", "https://tin.example/<b>"),))
    writes(building, "", kind="contact", number=3, contact="Chị Mẫu, 0900000000")
    visitor = await agent(building)

    page = await visitor.get(f"/admin/desk/{one}")

    for said in ("query=20.86,106.68", "Đường dẫn: https://tin.example/&lt;b&gt;", "Cách liên hệ: Chị Mẫu, 0900000000"):
        assert said in page.text


async def test_a_file_is_saved_never_shown_as_a_page(building: Building, tmp_path: Path) -> None:
    fetcher = Fetcher(building.database, {}, tmp_path / "files", hosts=())
    object.__setattr__(building.office, "files", fetcher)
    sent = (Attachment("image", "https://a.zdn.vn/1", "anh.html"), Attachment("file", "https://a.zdn.vn/2"))
    one = writes(building, "", kind="attachment", channel="zalo", attachments=sent, reason="attachment")
    other = writes(building, "", kind="attachment", channel="zalo", address="a/v", attachments=sent[:1])
    visitor = await agent(building)
    assert "đang chờ tải về" in (await visitor.get(f"/admin/desk/{one}")).text
    with building.database.engine.begin() as connection:
        due = attachments.claim(connection, now=NOW)
        assert due is not None
        attachments.keep(connection, due.id, size=9, media_type="image/jpeg", now=NOW)
        connection.execute(
            sa.update(attachment).where(attachment.c.id == 2).values(state="failed", problem="file.too_large")
        )
    fetcher.path(1).parent.mkdir(parents=True)
    fetcher.path(1).write_bytes(b"\xff\xd8\xff<html>")

    page = await visitor.get(f"/admin/desk/{one}")
    file = await visitor.session.get(f"{building.url}/admin/desk/{one}/file/1")

    assert f'<img src="/admin/desk/{one}/file/1"' in page.text
    assert "chưa tải về được: tệp lớn hơn 25 MB" in page.text
    assert await file.read() == b"\xff\xd8\xff<html>"
    assert file.headers["Content-Type"] == "image/jpeg"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="anh.html.jpg"')
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert (await visitor.get(f"/admin/desk/{other}/file/1")).status == 404
    assert (await visitor.get(f"/admin/desk/{one}/file/2")).status == 404
    again = await visitor.post(f"/admin/desk/{one}/file/2/again")
    assert "done=fetching" in again.location
    assert [row.state for row in building.rows(attachment)] == ["kept", "due", "due"]


async def test_older_messages_are_a_page_away(building: Building) -> None:
    for number in range(70):
        one = writes(building, f"câu số {number}.", number=number, reason=None)
        building.now += 1
    visitor = await agent(building)

    page = await visitor.get(f"/admin/desk/{one}")
    earlier = re.search(r'href="([^"]+\?before=[^"]+)"', page.text)

    assert "câu số 69." in page.text
    assert "câu số 0." not in page.text
    assert earlier is not None
    assert "câu số 0." in (await visitor.get(earlier[1])).text
    assert (await visitor.get(f"/admin/desk/{one}?before=x")).status == 200


# ------------------------------------------------------------------ words


def test_every_reason_of_a_ticket_has_a_sentence() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").glob("*.py"))
    named = set(re.findall(r'"reason": "(\w+)"', code)) | set(re.findall(r'reason="(\w+)"', code)) | {
        "ask_officer", "wrong_answer", "perhaps_not_delivered", "not_delivered"}  # fmt: skip

    assert {one for one in named if one not in desk_wording.REASONS} == set()


def test_every_act_has_a_sentence_in_the_audit() -> None:
    acts = ("taken", "replied", "asked_contact", "handed_back", "closed")

    assert {f"desk.{one}" for one in acts} <= set(office_wording.ACTIONS)


@pytest.mark.parametrize(
    ("problem", "kind", "longer", "said"),
    [
        ("window.closed", "zalo", False, "48 giờ"),
        ("window.closed", "zalo", True, "7 ngày"),
        ("window.closed", "messenger", False, "24 giờ"),
        ("window.closed", "viber", False, "đã lâu chưa nhắn"),
        ("erased", "web", False, "yêu cầu xóa"),
        ("zalo -248: refused", "zalo", False, "kênh không nhận tin này"),
    ],
)
def test_officers_are_told_why_without_a_code(problem: str, kind: str, longer: bool, said: str) -> None:
    assert said in desk_wording.unsendable(problem, kind, longer=longer)
