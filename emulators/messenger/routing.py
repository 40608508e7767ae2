"""
Who may speak in a thread: pass, take, release and request its control.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulators.messenger import events, reach
from emulators.messenger.call import Call
from emulators.messenger.errors import GraphError
from emulators.messenger.pages import PAGE_INBOX, Thread

if TYPE_CHECKING:
    from emulators.messenger.platform import MessengerPlatform

DONE = {"success": True}


async def pass_control(call: Call) -> dict[str, Any]:
    thread = _thread(call)
    target = str(call.required("target_app_id"))
    if thread.owner != call.page.app.id:
        raise GraphError(call.platform.weather.not_owner_as)
    thread.owner = target
    return DONE


async def release_control(call: Call) -> dict[str, Any]:
    thread = _thread(call)
    if thread.owner != call.page.app.id:
        raise GraphError(call.platform.weather.not_owner_as)
    thread.owner = PAGE_INBOX
    return DONE


async def take_control(call: Call) -> dict[str, Any]:
    """
    Our app is the Page's default app, so it may take a thread from any other.
    """
    _thread(call).owner = call.page.app.id
    return DONE


async def request_control(call: Call) -> dict[str, Any]:
    _thread(call)
    return DONE


async def thread_owner(call: Call) -> dict[str, Any]:
    call.params.setdefault("recipient", None)
    if isinstance(call.params["recipient"], str):
        call.params["recipient"] = {"id": call.params["recipient"]}
    return {"data": [{"thread_owner": {"app_id": _thread(call).owner}}]}


def hand_over(platform: MessengerPlatform, thread: Thread, to: str, *, event: str) -> None:
    """
    Another app gives or takes the thread; ours is told. `event`: pass_thread_control or take_thread_control.
    """
    before, thread.owner = thread.owner, to
    told = {"previous_owner_app_id": before, "new_owner_app_id": to, "metadata": ""}
    platform.emit(thread, events.from_person(thread.page.id, thread.person, platform.stamp(), **{event: told}))


def _thread(call: Call) -> Thread:
    call.need("pages_messaging")
    return reach.find_thread(call.page.threads, call.params.get("recipient"))
