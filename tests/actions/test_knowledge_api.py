import pytest
from aiohttp import web

from actions.errors import KnowledgeBroken, KnowledgeRefused, KnowledgeUnreachable
from actions.knowledge_api import Knowledge
from tests.fakes.knowledge import FakeKnowledge
from tests.fakes.serving import Serving, free_port


async def test_a_question_travels_with_ward_and_memory(knowledge: Knowledge, fake: FakeKnowledge):
    context = {"entry": "khai-sinh", "part": None, "options": []}

    answer = await knowledge.answer("hoa-binh", "lệ phí bao nhiêu", context=context)

    assert answer["findings"][0]["part"] == "fee"
    assert fake.asked == [{"ward": "hoa-binh", "question": "lệ phí bao nhiêu", "context": context, "choose": None}]


async def test_a_ward_is_found_by_its_slug(knowledge: Knowledge):
    assert (await knowledge.ward("phuong-mau"))["name"] == "phường Mẫu"
    with pytest.raises(KnowledgeRefused):
        await knowledge.ward("nowhere")


async def test_a_refusal_keeps_its_code(knowledge: Knowledge):
    with pytest.raises(KnowledgeRefused) as error:
        await knowledge.answer("nowhere", "xin chào")
    assert (error.value.status, error.value.refusal) == (404, "ward.unknown")


async def test_a_service_that_fails_is_broken(knowledge: Knowledge, fake: FakeKnowledge):
    fake.down = True

    with pytest.raises(KnowledgeBroken, match="status 503"):
        await knowledge.answer("hoa-binh", "khai sinh")


async def test_a_service_that_hangs_is_given_up(knowledge: Knowledge, fake: FakeKnowledge):
    fake.slow_seconds = 1.0

    with pytest.raises(KnowledgeUnreachable, match=r"waited_seconds=0\.5"):
        await knowledge.answer("hoa-binh", "khai sinh")


async def test_nobody_listening_is_unreachable():
    async with Knowledge(f"http://127.0.0.1:{free_port()}") as knowledge:
        with pytest.raises(KnowledgeUnreachable):
            await knowledge.answer("hoa-binh", "khai sinh")


@pytest.mark.parametrize("body", ["<html>", "[]", '{"outcome": "error_strange"}', "{}"])
async def test_an_answer_outside_the_contract_is_broken(body: str):
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(text=body)

    def app() -> web.Application:
        app = web.Application()
        app.router.add_post("/answer", handler)
        return app

    with Serving(app) as serving:
        async with Knowledge(serving.url) as knowledge:
            with pytest.raises(KnowledgeBroken):
                await knowledge.answer("hoa-binh", "khai sinh")
