"""
What people do: citizens on their phones, officers in the Page's inbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulators.messenger import events, media
from emulators.messenger.checks import Content
from emulators.messenger.pages import PAGE_INBOX, Bubble, Page, Thread
from emulators.messenger.profile import ice_breaker_questions
from emulators.messenger.routing import hand_over

if TYPE_CHECKING:
    from emulators.messenger.platform import MessengerPlatform

ACTIONS = (
    ("start", "Bấm Bắt đầu"),
    ("image", "Gửi ảnh"),
    ("file", "Gửi tệp"),
    ("audio", "Gửi ghi âm"),
    ("video", "Gửi video"),
    ("sticker", "Gửi nhãn dán"),
    ("location", "Gửi vị trí"),
    ("contact", "Gửi số điện thoại"),
    ("reaction", "Thả cảm xúc vào tin cuối"),
    ("edit", "Sửa tin vừa nhắn"),
    ("referral", "Mở lại từ đường dẫn m.me"),
    ("block", "Chặn Trang"),
    ("unblock", "Bỏ chặn Trang"),
    ("opt_out", "Từ chối nhận tin"),
    ("officer_speaks", "Cán bộ nhắn từ hộp thư Trang"),
    ("officer_takes", "Cán bộ giữ cuộc trò chuyện"),
    ("officer_hands_back", "Cán bộ trả lại cho trợ lý"),
)
PHONE_NUMBER = "+84900000000"
OFFICER_SAYS = "Cán bộ phường đây ạ, tôi xem giúp anh/chị ngay."


def show(thread: Thread, mid: str, side: str, content: Content, *, at: float) -> None:
    """
    Put a message on the phone: one bubble for each card, quick replies under the last one.
    """
    thread.mids.add(mid)
    last = len(content.bubbles) - 1
    for index, bubble in enumerate(content.bubbles):
        buttons = [*bubble.buttons, *(content.quick if index == last else ())]
        thread.bubbles.append(Bubble(mid if index == 0 else f"{mid}#{index}", side, bubble.text, at, buttons))


def shown(thread: Thread, *, now: float) -> list[dict[str, Any]]:
    """
    Return the bubbles as the phone page wants them; quick replies only under the last one.
    """
    bubbles = []
    last = len(thread.bubbles) - 1
    for index, bubble in enumerate(thread.bubbles):
        shown_bubble: dict[str, Any] = {"id": bubble.id, "side": bubble.side, "text": bubble.text, "at": bubble.at}
        shown_bubble["buttons"] = [
            {key: button[key] for key in ("title", "kind", "url") if key in button}
            for button in bubble.buttons
            if button["kind"] != "quick" or index == last
        ]
        if bubble.note:
            shown_bubble["note"] = bubble.note
        bubbles.append(shown_bubble)
    if thread.typing_until > now:
        bubbles.append({"id": "typing", "side": "oa", "text": "…", "at": now, "buttons": [], "note": "đang soạn tin"})
    return bubbles


def write(platform: MessengerPlatform, thread: Thread, text: str, *, label: str | None = None, **message: Any) -> str:
    """
    The citizen sends a message; returns its mid. `label` is what the phone shows where there are no words.
    """
    mid, stamp = platform.new_mid(), _act(platform, thread)
    thread.mids.add(mid)
    thread.bubbles.append(Bubble(mid, "citizen", label or text, stamp / 1000))
    said = {"mid": mid, **({"text": text} if text else {}), **message}
    platform.emit(thread, events.from_person(thread.page.id, thread.person, platform.told(stamp), message=said))
    return mid


def press(platform: MessengerPlatform, thread: Thread, title: str, payload: str, **more: Any) -> str:
    """
    The citizen presses a postback; returns its mid.
    """
    mid, stamp = platform.new_mid(), _act(platform, thread)
    thread.bubbles.append(Bubble(mid, "citizen", title, stamp / 1000))
    pressed = {"mid": mid, "title": title, "payload": payload, **more}
    platform.emit(thread, events.from_person(thread.page.id, thread.person, platform.told(stamp), postback=pressed))
    return mid


def tap(platform: MessengerPlatform, thread: Thread, bubble_id: str, index: int) -> str | None:
    """
    Press a button of a bubble; the mid, or None for links and phone numbers.

    Raises:
        ValueError: There is no such bubble or button (any more).
    """
    place = next((at for at, bubble in enumerate(thread.bubbles) if bubble.id == bubble_id), None)
    if place is None:
        raise ValueError("there is no such bubble")
    if not 0 <= index < len(thread.bubbles[place].buttons):
        raise ValueError("there is no such button")
    button = thread.bubbles[place].buttons[index]
    if button["kind"] == "postback":
        return press(platform, thread, button["title"], button["payload"])
    if button["kind"] != "quick":
        return None
    if place != len(thread.bubbles) - 1:
        raise ValueError("the quick replies are gone")
    if button["payload"] is None:
        return write(platform, thread, PHONE_NUMBER, quick_reply={"payload": PHONE_NUMBER})
    return write(platform, thread, button["title"], quick_reply={"payload": button["payload"]})


def actions(page: Page | None) -> list[tuple[str, str]]:
    """
    Return what can be done, with the Page's own menu and ice breakers at the end.
    """
    profile = page.profile if page else {}
    menu = [(f"menu:{index}", f"Trình đơn: {item['title']}") for index, item in enumerate(_menu(profile))]
    ice = [(f"ice:{index}", f"Câu hỏi gợi ý: {item['question']}") for index, item in enumerate(_questions(profile))]
    return [*ACTIONS, *menu, *ice]


def do(platform: MessengerPlatform, thread: Thread, action: str) -> None:
    """
    Raises:
        ValueError: There is no such action, or it is not possible now.
    """
    name, _, number = action.partition(":")
    if name == "start":
        payload = thread.page.profile.get("get_started", {}).get("payload", "GET_STARTED")
        press(platform, thread, "Bắt đầu", payload)
    elif name in media.FILES:
        _send_file(platform, thread, name)
    elif name == "location":
        place = {"url": "https://www.google.com/maps?q=21.0285,105.8542", "title": "Vị trí đã ghim"}
        pinned = [{"type": "fallback", "payload": place}]
        write(platform, thread, place["url"], label="[vị trí]", attachments=pinned)
    elif name == "contact":
        write(platform, thread, PHONE_NUMBER, quick_reply={"payload": PHONE_NUMBER})
    elif name in ("reaction", "edit"):
        _touch_a_message(platform, thread, name)
    elif name == "referral":
        _tell(platform, thread, referral={"ref": "phuong", "source": "SHORTLINK", "type": "OPEN_THREAD"})
    elif name in ("block", "unblock"):
        thread.blocked = name == "block"
    elif name == "opt_out":
        thread.opted_out = True
    elif name == "officer_speaks":
        speak_as_officer(platform, thread, OFFICER_SAYS)
    elif name == "officer_takes":
        hand_over(platform, thread, PAGE_INBOX, event="take_thread_control")
    elif name == "officer_hands_back":
        hand_over(platform, thread, thread.page.app.id, event="pass_thread_control")
    elif name in ("menu", "ice") and number.isdigit():
        _press_of_profile(platform, thread, name, int(number))
    else:
        raise ValueError(f"there is no action {action!r}")


def speak_as_officer(platform: MessengerPlatform, thread: Thread, text: str) -> str:
    """
    An officer writes in the Page's inbox: an echo with a foreign app_id. Returns the mid.
    """
    mid, stamp = platform.new_mid(), platform.stamp()
    thread.mids.add(mid)
    thread.bubbles.append(Bubble(mid, "officer", text, stamp / 1000))
    if platform.weather.officer_takes_thread and thread.owner != PAGE_INBOX:
        hand_over(platform, thread, PAGE_INBOX, event="take_thread_control")
    said = {"mid": mid, "text": text}
    platform.emit(thread, events.echo(thread.page.id, thread.person, stamp, said, app_id=PAGE_INBOX, metadata=None))
    return mid


def _act(platform: MessengerPlatform, thread: Thread) -> int:
    """
    The citizen does something that opens the window for 24 hours; when, in milliseconds.
    """
    if thread.blocked:
        raise ValueError("this person has blocked the Page")
    if thread.acted_at is None:
        thread.page.engaged += 1
    thread.acted_at = platform.clock()
    thread.opted_out = False
    return platform.stamp()


def _tell(platform: MessengerPlatform, thread: Thread, **what: Any) -> None:
    stamp = platform.told(_act(platform, thread))
    platform.emit(thread, events.from_person(thread.page.id, thread.person, stamp, **what))


def _send_file(platform: MessengerPlatform, thread: Thread, kind: str) -> None:
    payload: dict[str, Any] = {"url": media.link(platform.origin, kind, now=platform.clock())}
    if kind == "sticker":
        payload["sticker_id"] = 369239263222822
    names = dict(ACTIONS)
    label = f"[{names[kind].removeprefix('Gửi ')}]"
    write(platform, thread, "", label=label, attachments=[{"type": kind, "payload": payload}])


def _touch_a_message(platform: MessengerPlatform, thread: Thread, name: str) -> None:
    side = "citizen" if name == "edit" else "oa"
    bubble = next((bubble for bubble in reversed(thread.bubbles) if bubble.side == side), None)
    if bubble is None:
        raise ValueError("there is no message yet")
    mid = bubble.id.partition("#")[0]
    if name == "reaction":
        bubble.note = "❤"
        _tell(platform, thread, reaction={"reaction": "love", "emoji": "❤", "action": "react", "mid": mid})
        return
    bubble.text, bubble.note = bubble.text + " ạ", "Đã sửa"
    edited = {"mid": mid, "text": bubble.text, "num_edit": 1}
    stamp = platform.told(platform.stamp())
    platform.emit(thread, events.from_person(thread.page.id, thread.person, stamp, message_edit=edited))


def _press_of_profile(platform: MessengerPlatform, thread: Thread, name: str, index: int) -> None:
    items = _menu(thread.page.profile) if name == "menu" else _questions(thread.page.profile)
    if index >= len(items):
        raise ValueError("the menu has no such entry")
    item = items[index]
    if name == "ice":
        press(platform, thread, item["question"], item["payload"])
    elif item["type"] == "postback":
        press(platform, thread, item["title"], item["payload"])


def _menu(profile: dict[str, Any]) -> list[dict[str, Any]]:
    parts = profile.get("persistent_menu", [])
    default: dict[str, Any] = next((part for part in parts if part.get("locale") == "default"), {})
    return list(default.get("call_to_actions") or [])


def _questions(profile: dict[str, Any]) -> list[dict[str, Any]]:
    return ice_breaker_questions(profile["ice_breakers"]) if "ice_breakers" in profile else []
