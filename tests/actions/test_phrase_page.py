"""
What the office's previews show is what the channels would send.
"""

from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from actions.knowledge_api import Knowledge
from actions.phrase_page import MOST_ANSWERS, post_phrase, shown
from actions.phrasing.answer import phrase
from tests.actions.reading import buttons, text


async def asked(body: Any) -> tuple[int, dict[str, Any]]:
    response = await post_phrase(SimpleNamespace(json=body))  # type: ignore[arg-type]
    return response.status, orjson.loads(response.body or b"{}")


async def test_each_answer_reads_as_in_a_conversation(knowledge: Knowledge, texts: dict[str, str]):
    answers = [await knowledge.answer("hoa-binh", said) for said in ("làm giấy khai sinh cần gì", "thời tiết hôm nay")]

    status, body = await asked({"answers": answers})

    assert status == 200
    for answer, reply in zip(answers, body["replies"], strict=True):
        phrased = phrase(answer)
        assert "\n\n".join(one["text"] for one in reply) == text(phrased, texts)
        assert [title for one in reply for title in one["buttons"]] == list(buttons(phrased, texts))


async def test_buttons_stand_under_the_last_piece(knowledge: Knowledge):
    answer = await knowledge.answer("hoa-binh", "làm giấy khai sinh cần gì")
    answer["findings"][0]["content"]["summary"] = "Một câu dài. " * 300

    pieces = shown(answer)

    assert len(pieces) > 1
    assert [bool(one["buttons"]) for one in pieces] == [False] * (len(pieces) - 1) + [True]


@pytest.mark.parametrize("body", [None, [], {"answers": "x"}, {"answers": [{}] * (MOST_ANSWERS + 1)}])
async def test_what_is_no_list_of_answers_is_refused(body: Any):
    status, refused = await asked(body)

    assert (status, refused["code"]) == (400, "request.invalid")
