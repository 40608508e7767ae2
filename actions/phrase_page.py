"""
POST /phrase: Answers of knowledge → the bubbles that a citizen would see. For the office's previews; nobody is told.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sanic import Request
from sanic.response import HTTPResponse, json

from actions.phrasing.answer import phrase
from actions.phrasing.bubbles import fill, sentences, texts_of

DOMAIN = Path(__file__).parent.parent / "domain.yml"
MOST_ANSWERS = 400  # a plan answers with each of its parts


@cache
def texts() -> Mapping[str, str]:
    """
    Return the sentences of domain.yml. In a conversation Rasa sends them along; here no Rasa takes part.
    """
    return sentences(yaml.safe_load(DOMAIN.read_text("utf-8")))


async def post_phrase(request: Request) -> HTTPResponse:
    """
    {"answers": [as /answer gives them]} → {"replies": [[{"text", "buttons": ["title"]}]]}, in the same order.
    """
    body = request.json if isinstance(request.json, Mapping) else {}
    answers = body.get("answers")
    if not isinstance(answers, list) or len(answers) > MOST_ANSWERS:
        message = f"answers must be a list of at most {MOST_ANSWERS}"
        return json({"code": "request.invalid", "message": message, "fields": {}}, status=400)
    return json({"replies": [shown(answer) for answer in answers]})


def shown(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """
    Return the messages of one answer as the channels get them; buttons stand under the last piece of a bubble.
    """
    messages: list[dict[str, Any]] = []
    for bubble in phrase(answer).bubbles:
        messages += [{"text": piece, "buttons": []} for piece in texts_of(bubble, texts())]
        messages[-1]["buttons"] = [fill(button.title, texts()) for button in bubble.buttons]
    return messages
