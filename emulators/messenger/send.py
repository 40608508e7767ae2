"""
POST /{page}/messages: the checks in order, the bubble on the phone, and what the webhook hears of it.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from emulators.messenger import checks, events, limits, media, reach
from emulators.messenger.call import Call
from emulators.messenger.checks import Content
from emulators.messenger.errors import GraphError, bad
from emulators.messenger.pages import Thread
from emulators.messenger.phone import show

SENDER_ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
TYPING_SECONDS = 20
DELIVERED_AFTER_SECONDS, READ_AFTER_SECONDS = 0.2, 1.0  # after a send; divided by the platform's speed
ECHO_LEAD_SECONDS = 1.0  # how long an answer waits at most for the echo that comes before it


async def send(call: Call) -> dict[str, Any]:
    platform, weather, params = call.platform, call.platform.weather, call.params
    call.need("pages_messaging")
    _bad_day(call)
    thread = reach.find_thread(call.page.threads, params.get("recipient"))
    message, action = params.get("message"), params.get("sender_action")
    limits.count_send(thread, weather, media=_is_heavy(message), monotonic=time.monotonic(), now=call.now)
    if action is not None:
        if message is not None:
            raise bad("param message and param sender_action cannot be used together.")
        return _sender_action(call, thread, action)
    how, tag = params.get("messaging_type"), params.get("tag")
    if how is None:
        raise bad("The parameter messaging_type is required")
    content = (
        _utility(call, message) if how == "UTILITY" else checks.read(message, cut_titles=weather.long_titles == "cut")
    )
    reach.check_person(thread, weather)
    reach.check_window(thread, how, tag, weather, now=call.now)
    answer: dict[str, Any] = {"recipient_id": thread.person, "message_id": platform.new_mid()}
    if content.media is not None:
        attachment_id = await media.resolve(call, *content.media)
        if attachment_id is not None:
            answer["attachment_id"] = attachment_id
    await _accept(call, thread, content, answer["message_id"])
    if platform.happens(weather.lost_rate):
        call.lost = True
    return answer


def _is_heavy(message: Any) -> bool:
    attachment = message.get("attachment") if isinstance(message, dict) else None
    return isinstance(attachment, dict) and attachment.get("type") in ("audio", "video")


def _bad_day(call: Call) -> None:
    weather = call.platform.weather
    if call.platform.happens(weather.transient_rate):
        raise GraphError("2", transient=True)
    if not weather.error:
        return
    error = weather.error
    if weather.error_times > 0:
        weather.error_times -= 1
        if weather.error_times == 0:
            weather.error = ""
    raise GraphError(error)


def _sender_action(call: Call, thread: Thread, action: Any) -> dict[str, Any]:
    if action not in SENDER_ACTIONS:
        raise bad(f"param sender_action must be one of {{{', '.join(SENDER_ACTIONS)}}}.")
    payload = call.params.get("payload")
    if action in ("react", "unreact") and not (isinstance(payload, dict) and payload.get("message_id") in thread.mids):
        raise bad("param payload[message_id] must be a message of this thread.")
    reach.check_person(thread, call.platform.weather)
    reach.check_window(thread, None, None, call.platform.weather, now=call.now)
    if action == "typing_on":
        thread.typing_until = call.now + TYPING_SECONDS
    elif action == "typing_off":
        thread.typing_until = 0.0
    elif action == "mark_seen":
        for bubble in thread.bubbles[-20:]:
            if bubble.side == "citizen":
                bubble.note = "Đã xem"
    call.platform.gestures.append({"page": call.page.id, "user": thread.person, "action": action, "at": call.now})
    return {"recipient_id": thread.person}


def _utility(call: Call, message: Any) -> Content:
    """
    Find the approved template. Meta's pages disagree on where it stands, so both places are good.
    """
    template = message.get("template") if isinstance(message, dict) else None
    template = template or call.params.get("template")
    if not isinstance(template, dict):
        raise bad("The parameter template is required for the messaging_type UTILITY.")
    language = template.get("language")
    code = language.get("code") if isinstance(language, dict) else language
    known = call.page.templates.get((str(template.get("name")), str(code)))
    if known is None or known["status"] != "APPROVED":
        raise bad("The template does not exist in this language, or is not approved.")
    metadata = message.get("metadata") if isinstance(message, dict) else None
    return Content([checks.Bubble(known["text"], [])], [], {"text": known["text"]}, metadata)


async def _accept(call: Call, thread: Thread, content: Content, mid: str) -> None:
    platform, page, weather = call.platform, call.page, call.platform.weather
    stamp = platform.stamp()
    thread.typing_until = 0.0
    show(thread, mid, "oa", content, at=stamp / 1000)
    platform.sent.append(
        {
            "id": mid,
            "page": page.id,
            "user": thread.person,
            "text": "\n\n".join(bubble.text for bubble in content.bubbles),
            "buttons": [*(button for bubble in content.bubbles for button in bubble.buttons), *content.quick],
            "metadata": content.metadata,
            "body": call.params,
            "at": call.now,
        }
    )
    if weather.echoes != "off":
        said = {"mid": mid, **content.echoed}
        echo = events.echo(page.id, thread.person, stamp, said, app_id=page.app.id, metadata=content.metadata)
        if weather.echoes == "after":
            asyncio.get_running_loop().call_soon(platform.emit, thread, echo)
        elif (load := platform.load_of(thread, echo)) is not None:
            await asyncio.wait({platform.courier.spawn(platform.courier.carry(load))}, timeout=ECHO_LEAD_SECONDS)
    wanted = (
        weather.deliveries and "message_deliveries" in page.fields,
        weather.reads and "message_reads" in page.fields,
    )
    if any(wanted) or weather.reads:
        thread.undelivered.append(mid)
        if len(thread.undelivered) == 1:
            platform.courier.spawn(_receipts(call, thread, *wanted))


async def _receipts(call: Call, thread: Thread, deliveries: bool, reads: bool) -> None:
    """
    Tell that the phone got the messages, and that the person saw them; one event for all that came meanwhile.
    """
    platform, page = call.platform, call.page
    await asyncio.sleep(DELIVERED_AFTER_SECONDS / platform.speed)
    mids, thread.undelivered = thread.undelivered, []
    stamp = platform.stamp()
    watermark = int(thread.bubbles[-1].at * 1000) if thread.bubbles else stamp
    if deliveries:
        told = {"mids": mids, "watermark": watermark}
        platform.emit(thread, events.from_person(page.id, thread.person, stamp, delivery=told))
    await asyncio.sleep(READ_AFTER_SECONDS / platform.speed)
    if thread.blocked:
        return
    if platform.weather.reads:
        for bubble in thread.bubbles[-20:]:
            if bubble.side != "citizen" and bubble.at * 1000 <= watermark:
                bubble.note = "Đã xem"
    if reads:
        told = {"watermark": watermark}
        platform.emit(thread, events.from_person(page.id, thread.person, platform.stamp(), read=told))
