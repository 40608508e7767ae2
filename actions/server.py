"""
Rasa's action server: the table of actions, and the app that rasa-sdk makes of it.
"""

import time
import warnings
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.endpoint import create_app
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from actions import turn as turns
from actions.answer_question import answer_question
from actions.choose import choose
from actions.errors import ActionsError
from actions.knowledge_api import Knowledge
from actions.log import log
from actions.open_ticket import open_ticket
from actions.phrase_page import post_phrase
from actions.phrasing.bubbles import Phrased, fill, sentences, texts_of
from actions.settings import Settings
from actions.social import show_menu, social
from actions.turn import Turn

Action = Callable[[Turn, Knowledge, Mapping[str, str]], Awaitable[Phrased]]

ACTIONS: dict[str, Action] = {
    "action_answer_question": answer_question,
    "action_choose": choose,
    "action_open_ticket": open_ticket,
    "action_show_menu": show_menu,
    "action_social": social,
}


def build(settings: Settings) -> Sanic[Any, Any]:
    """
    Put the app together; it opens its one session to knowledge when it starts and closes it when it stops.
    """
    # Rasa 3.6 calls a newer rasa-sdk; they speak the same protocol (tests/dialogue), yet the SDK warns at every call.
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    knowledge = Knowledge(settings.knowledge_url)
    executor = ActionExecutor()
    for name, action in ACTIONS.items():
        executor.register_function(name, _adapted(name, action, knowledge))
    app = create_app(executor, cors_origins=[])
    app.exception(ActionsError)(_failed)
    app.add_route(post_phrase, "/phrase", methods=["POST"])

    async def start(_app: Sanic[Any, Any]) -> None:
        await knowledge.__aenter__()

    async def stop(_app: Sanic[Any, Any]) -> None:
        await knowledge.__aexit__(None, None, None)

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")
    return app


def _adapted(name: str, action: Action, knowledge: Knowledge) -> Callable[..., Awaitable[list[dict[str, Any]]]]:
    async def run(
        dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        started = time.monotonic()
        try:
            turn = turns.read(tracker.latest_message, tracker.slots)
            texts = sentences(domain)
            phrased = await action(turn, knowledge, texts)
            utter(dispatcher, phrased, texts)
        except ActionsError as error:
            log.warning("action.failed", action=name, code=error.code, reason=str(error))
            raise
        except Exception as error:  # A bug of ours: the trace is logged, and Rasa is told that the turn failed.
            log.error("action.failed", action=name, code=ActionsError.code, exc_info=True)
            raise ActionsError(type(error).__name__) from error
        closing = phrased.effects[-1]
        log.info(
            "action.finished", action=name, ward=turn.ward, intent=turn.intent, outcome=closing["outcome"],
            entries=closing["entry_ids"], took_ms=round((time.monotonic() - started) * 1000, 1),
        )  # fmt: skip
        return [SlotSet(slot, value) for slot, value in phrased.slots.items()]

    return run


def utter(dispatcher: CollectingDispatcher, phrased: Phrased, texts: Mapping[str, str]) -> None:
    """
    Say the bubbles in order, the buttons under the last piece of each, and the effects last.
    """
    for bubble in phrased.bubbles:
        pieces = texts_of(bubble, texts)
        for piece in pieces[:-1]:
            dispatcher.utter_message(text=piece)
        buttons = [{"title": fill(button.title, texts), "payload": button.payload} for button in bubble.buttons]
        dispatcher.utter_message(text=pieces[-1], buttons=buttons)
    for effect in phrased.effects:
        dispatcher.utter_message(json_message=effect)


def _failed(_request: Request, error: ActionsError) -> HTTPResponse:
    """
    Answer 500 without repeating the call: the SDK's own handler would put the whole conversation into Rasa's log.
    """
    return json({"code": error.code, "message": str(error), "fields": {}}, status=500)
