"""
What happens on a citizen's phone, and in the chat tool of the office: each act becomes a bubble and an event.
"""

from __future__ import annotations

from typing import Any

from emulators.zalo import events
from emulators.zalo.core import Core
from emulators.zalo.world import Account, Bubble, User

ACTIONS = [
    ("follow", "Quan tâm OA"),
    ("unfollow", "Bỏ quan tâm"),
    ("block", "Chặn tin nhắn của OA"),
    ("unblock", "Bỏ chặn"),
    ("chatnow", "Bấm nút Nhắn tin"),
    ("image", "Gửi ảnh"),
    ("gif", "Gửi ảnh động"),
    ("file", "Gửi tệp"),
    ("audio", "Gửi ghi âm"),
    ("video", "Gửi video"),
    ("link", "Gửi đường dẫn"),
    ("sticker", "Gửi nhãn dán"),
    ("location", "Gửi vị trí"),
    ("contact", "Chia sẻ thông tin liên hệ"),
    ("business_card", "Gửi danh thiếp"),
    ("react", "Thả cảm xúc"),
    ("seen", "Xem tin"),
    ("withdraw", "Rút lại sự đồng ý"),
    ("officer_speaks", "Cán bộ trả lời"),
    ("unknown", "Sự kiện lạ"),
    ("enable_webhook", "Bật lại webhook"),
]
SHOWN = {
    "image": "[Ảnh]",
    "gif": "[Ảnh động]",
    "file": "[Tệp to-khai.pdf]",
    "audio": "[Ghi âm]",
    "video": "[Video]",
    "link": "[Đường dẫn]",
    "sticker": "[Nhãn dán]",
    "location": "[Vị trí]",
    "business_card": "[Danh thiếp]",
}
OFFICER_TEXT = "Chào anh/chị, cán bộ phường xin trả lời trực tiếp ạ."
OFFICER_DAYS = 365
PHONE = "84900000000"


class Citizens:
    """
    Only in the loop of the emulator's app. Every method that takes a user raises KeyError when there is none.
    """

    def __init__(self, core: Core):
        self._core = core

    def say(self, user_id: str, text: str) -> str:
        """
        Return the message id.
        """
        user, account = self._of(user_id)
        return self._write(user, account, text)

    def tap(self, user_id: str, bubble_id: str, index: int) -> str | None:
        """
        Return the message id of what the tap says; None when it stays on the phone.
        """
        user, account = self._of(user_id)
        bubble = next((each for each in user.bubbles if each.id == bubble_id), None)
        if bubble is None:
            raise KeyError(bubble_id)
        if bubble.kind == "request_user_info":
            return self.do(user_id, "contact")
        if not 0 <= index < len(bubble.buttons):
            raise ValueError(f"button {index} of {len(bubble.buttons)}")
        button = bubble.buttons[index]
        kind, payload = button["type"], button["payload"]
        interacts = self._core.weather.tap_interacts
        if not kind.startswith("oa.query."):
            if interacts:
                self._core.interact(user)
            return None
        message_id = self._write(user, account, payload, hidden=kind == "oa.query.hide", interacts=interacts)
        if self._core.weather.click_event:
            at_ms = self._core.stamp(user)
            more = {"message": {"payload": payload, "title": button["title"]}}
            self._tell(account, events.about_user(user, account.app_id, "user_click_button", at_ms=at_ms, **more))
        return message_id

    def do(self, user_id: str, action: str, text: str | None = None) -> str | None:
        """
        Do one of ACTIONS; `text` is what the officer says, or a caption.

        Raises:
            ValueError: There is no such action, or it cannot be done now.
        """
        if action not in dict(ACTIONS):
            raise ValueError(f"no action {action!r}")
        user, account = self._of(user_id)
        if action in events.ATTACHMENTS:
            return self._attach(user, account, action, text)
        return getattr(self, f"_{action}")(user, account, text)

    def _write(self, user: User, account: Account, text: str, *, hidden: bool = False, interacts: bool = True) -> str:
        core = self._core
        if interacts:
            core.interact(user)
        bubble = Bubble(core.new_id(), user.id, "citizen", text, core.now(), hidden=hidden)
        core.show(user, bubble)
        message = {"text": text, "msg_id": bubble.id}
        self._tell_from(user, account, "user_send_text", message)
        return bubble.id

    def _attach(self, user: User, account: Account, action: str, text: str | None) -> str:
        core = self._core
        name, kind, payload = events.ATTACHMENTS[action]
        core.interact(user)
        attachments = [{"type": kind, "payload": payload}]
        bubble = Bubble(core.new_id(), user.id, "citizen", text or "", core.now(), kind, attachments=attachments)
        core.show(user, bubble)
        message: dict[str, Any] = {"msg_id": bubble.id, "attachments": attachments}
        if text:
            message["text"] = text
        self._tell_from(user, account, name, message)
        return bubble.id

    def _follow(self, user: User, account: Account, _text: str | None) -> None:
        user.follows = True
        self._core.interact(user)
        self._tell(account, events.follower(user, account.app_id, "follow", at_ms=self._core.stamp(user)))

    def _unfollow(self, user: User, account: Account, _text: str | None) -> None:
        user.follows, user.left = False, True
        self._tell(account, events.follower(user, account.app_id, "unfollow", at_ms=self._core.stamp(user)))

    def _block(self, user: User, _account: Account, _text: str | None) -> None:
        user.blocked = True

    def _unblock(self, user: User, _account: Account, _text: str | None) -> None:
        user.blocked = False

    def _chatnow(self, user: User, account: Account, _text: str | None) -> None:
        self._core.interact(user)
        self._tell_about(user, account, "user_click_chatnow")

    def _contact(self, user: User, account: Account, _text: str | None) -> None:
        core = self._core
        core.interact(user)
        info = {
            "name": user.name,
            "phone": PHONE,
            "user_dob": "",
            "gender": "",
            "full_address": {"user_city": "", "user_ward": "", "user_address": ""},
        }
        core.show(user, Bubble(core.new_id(), user.id, "citizen", f"{user.name}, {PHONE}", core.now(), "contact"))
        user.shared_info |= {"name": user.name, "phone": PHONE}
        self._tell(account, events.submitted_info(user, account.app_id, info, at_ms=core.stamp(user)))

    def _react(self, user: User, account: Account, _text: str | None) -> None:
        bubble = self._latest(user)
        bubble.note = "/-heart"
        message = {"msg_id": bubble.id, "react_icon": bubble.note}
        self._tell_from(user, account, "user_reacted_message", message)

    def _seen(self, user: User, account: Account, _text: str | None) -> None:
        bubble = self._latest(user)
        bubble.note = "Đã xem"
        ids: dict[str, Any] = {"msg_ids": [bubble.id]}
        if self._core.weather.seen_field == "msg_id":
            ids = {"msg_id": bubble.id}
        at_ms = self._core.stamp(user)
        self._tell(account, events.from_oa(user, account.app_id, "user_seen_message", ids, at_ms=at_ms))

    def _withdraw(self, user: User, account: Account, _text: str | None) -> None:
        self._tell_about(user, account, "user_withdraw")

    def _officer_speaks(self, user: User, account: Account, text: str | None) -> str:
        """
        A person types in the OA's chat tool: allowed for a year, where the API has seven days.
        """
        core = self._core
        if user.interacted_at is None or core.now() - user.interacted_at > OFFICER_DAYS * 86400:
            raise ValueError("no interaction in the past 365 days")
        bubble = Bubble(core.new_id(), user.id, "officer", text or OFFICER_TEXT, core.now())
        core.show(user, bubble)
        if core.weather.echo != "none":
            core.tell(account, core.echo(user, bubble, admin_id=f"9{account.id[1:]}"))
        return bubble.id

    def _unknown(self, user: User, account: Account, _text: str | None) -> None:
        self._tell_about(user, account, "event_journey_acknowledged", journey_id=self._core.new_id())

    def _enable_webhook(self, _user: User, account: Account, _text: str | None) -> None:
        self._core.app_of(account).webhook_on = True

    def _of(self, user_id: str) -> tuple[User, Account]:
        user = self._core.users[user_id]
        return user, self._core.accounts[user.account]

    def _latest(self, user: User) -> Bubble:
        for bubble in reversed(user.bubbles):
            if bubble.side != "citizen":
                return bubble
        raise ValueError("the Official Account has not written yet")

    def _tell(self, account: Account, event: events.Event) -> None:
        self._core.tell(account, event)

    def _tell_from(self, user: User, account: Account, name: str, message: events.Event) -> None:
        at_ms = self._core.stamp(user)
        self._tell(account, events.from_citizen(user, account.app_id, name, message, at_ms=at_ms))

    def _tell_about(self, user: User, account: Account, name: str, **more: Any) -> None:
        at_ms = self._core.stamp(user)
        self._tell(account, events.about_user(user, account.app_id, name, at_ms=at_ms, **more))


def shown(bubble: Bubble) -> dict[str, Any]:
    """
    Describe a bubble for the phone's page.
    """
    text = bubble.text or SHOWN.get(bubble.kind, f"[{bubble.kind}]")
    if bubble.text and bubble.attachments and bubble.kind in SHOWN:
        text = f"{SHOWN[bubble.kind]} {bubble.text}"
    buttons = [_button(each) for each in bubble.buttons]
    if bubble.kind == "request_user_info":
        buttons = [{"title": "Chia sẻ thông tin", "kind": "share"}]
    described = {"id": bubble.id, "side": bubble.side, "text": text, "buttons": buttons, "at": bubble.at}
    return described | ({"note": bubble.note} if bubble.note else {})


def _button(button: dict[str, Any]) -> dict[str, Any]:
    kind = str(button["type"]).removeprefix("oa.open.").removeprefix("oa.query.")
    described = {"title": button["title"], "kind": kind}
    payload = button["payload"]
    if kind == "url":
        described["url"] = payload["url"]
    elif kind == "phone":
        described["url"] = f"tel:{payload['phone_code']}"
    elif kind == "sms":
        described["url"] = f"sms:{payload['phone_code']}"
    return described
