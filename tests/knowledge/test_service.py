import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import dedent

import pytest
import pytest_asyncio
import structlog
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import adapted
from knowledge.embed import SHIPPED
from knowledge.encoder.static import StaticEncoder
from knowledge.errors import ContentError
from knowledge.service import MAX_QUESTION, create_app
from knowledge.settings import Settings
from tests.knowledge.conftest import SAMPLES

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUTCOMES = {
    "answered", "clarify", "unanswerable_no_passage", "unanswerable_out_of_scope", "unanswerable_elsewhere", "unanswerable_expired",
}  # fmt: skip


class Log:
    """
    Collects the service's log lines, and lets a test wait for one instead of sleeping.
    """

    def __init__(self):
        self.lines = []
        self.written = asyncio.Event()

    def __call__(self, _logger, _method, line):
        self.lines.append(dict(line))
        self.written.set()
        raise structlog.DropEvent

    async def wait_for(self, event, count=1):
        async with asyncio.timeout(5):
            while sum(line["event"] == event for line in self.lines) < count:
                self.written.clear()
                await self.written.wait()
        return next(line for line in reversed(self.lines) if line["event"] == event)


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def log() -> AsyncIterator[Log]:
    collected = Log()
    structlog.configure(processors=[collected])
    yield collected
    structlog.reset_defaults()


def serving(content: Path, index: Path) -> TestClient:
    """
    Return a client of the real service on a real socket.
    """
    return TestClient(TestServer(create_app(Settings("127.0.0.1", 0, content, index, ""))))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def client(tmp_path_factory) -> AsyncIterator[TestClient]:
    """
    One service for all tests that only read.
    """
    async with serving(SAMPLES / "library", tmp_path_factory.mktemp("index")) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def editable(library_folder, tmp_path, log) -> AsyncIterator[TestClient]:
    """
    A service over a copy of the small library, to be changed under it.
    """
    async with serving(library_folder, tmp_path / "index") as client:
        assert (await client.get("/healthz")).status == 200
        yield client


async def ask(client, question, ward="tay-mau", **more):
    response = await client.post("/answer", json={"ward": ward, "question": question, **more})
    return response.status, await response.json()


async def test_an_answer_has_the_shape_that_the_contract_names(client):
    status, found = await ask(client, "em bé mới sinh làm giấy gì")

    assert status == 200
    assert set(found) == {
        "outcome",
        "findings",
        "options",
        "difference",
        "elsewhere",
        "corrections",
        "confidence",
        "reason",
        "took_ms",
        "ward",
    }
    assert found["outcome"] in OUTCOMES
    assert found["ward"]["slug"] == "tay-mau"
    assert found["took_ms"] >= 0


async def test_a_chosen_part_comes_with_its_content_and_its_source(client):
    _, found = await ask(client, "", choose={"entry": "khai-sinh", "part": "fee"})

    finding = found["findings"][0]
    assert found["outcome"] == "answered"
    assert set(finding) == {"entry", "part", "parts", "case", "content", "unverified", "source"}
    assert finding["part"] == "fee"
    assert finding["content"]["fee"]["text"] == "Không thu"
    assert finding["source"]["as_of"] == "2026-07"
    assert "to_check" not in finding["content"]


async def test_the_conversation_travels_in_the_context(client):
    _, found = await ask(client, "thế còn lệ phí?", context={"entry": "ket-hon", "part": "papers", "options": []})
    _, chosen = await ask(client, "2", context={"entry": None, "part": None, "options": ["ket-hon", "tam-tru"]})

    assert (found["findings"][0]["entry"]["id"], found["findings"][0]["part"]) == ("ket-hon", "fee")
    assert chosen["findings"][0]["entry"]["id"] == "tam-tru"


async def test_the_wards_are_listed_with_all_that_they_entered(client):
    wards = (await (await client.get("/wards")).json())["wards"]

    assert [ward["slug"] for ward in wards] == ["dong-mau", "tay-mau"]
    assert wards[0]["hotlines"] == [{"label": "Quầy một cửa", "number": "0000 000 001"}]
    assert wards[1]["address"] is None


async def test_an_entry_is_shown_as_its_ward_has_it(client):
    east = await (await client.get("/entries/tam-tru", params={"ward": "dong-mau"})).json()
    west = await (await client.get("/entries/tam-tru", params={"ward": "tay-mau"})).json()

    assert east["findings"][0]["content"]["place"] == "Nhà văn hóa tổ dân phố"
    assert west["findings"][0]["content"]["place"] == "Công an phường"


async def test_staff_see_why_a_question_went_where_it_went(client):
    response = await client.post("/explain", json={"ward": "tay-mau", "question": "đk ks cho con"})

    why = await response.json()
    assert response.status == 200
    assert why["typed"] == ["đk", "ks", "cho", "con"]
    assert "khai" in why["meant"]
    assert len(why["hits"]) <= 10
    assert all({"id", "score", "share", "signals"} <= set(hit) for hit in why["hits"])
    assert why["outcome"] in OUTCOMES
    assert {"right", "inside", "thresholds", "reason"} <= set(why)


async def test_the_page_of_health_tells_the_index_and_how_much_is_in_it(client):
    health = await (await client.get("/healthz")).json()

    assert health["status"] == "ok"
    assert health["entries"] > 10
    assert health["mistakes"] == []
    assert health["index"]


# What a caller may get wrong


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/answer", b"", 400, "request.invalid"),
        ("POST", "/answer", b"{", 400, "request.invalid"),
        ("POST", "/answer", b"[1]", 400, "request.invalid"),
        ("POST", "/answer", b"null", 400, "request.invalid"),
        ("POST", "/answer", b'"khai sinh"', 400, "request.invalid"),
        ("POST", "/answer", b"\xff\xfe", 400, "request.invalid"),
        ("POST", "/answer", b"{}", 400, "request.invalid"),
        ("POST", "/answer", b'{"ward": "tay-mau"}', 400, "request.invalid"),
        ("POST", "/answer", b'{"ward": "tay-mau", "question": ""}', 400, "request.invalid"),
        ("POST", "/answer", b'{"ward": "tay-mau", "question": 5}', 400, "request.invalid"),
        ("POST", "/answer", b'{"ward": 5, "question": "a"}', 400, "request.invalid"),
        ("POST", "/answer", b'{"ward": "tay-mau", "question": "\\ud800"}', 400, "request.invalid"),
        ("POST", "/answer", b'{"ward": "tay-mau", "question": "a", "context": "x"}', 400, "request.invalid"),
        ("POST", "/answer", b'{"ward": "tay-mau", "question": "a", "context": {"entry": 1}}', 400, "request.invalid"),
        (
            "POST",
            "/answer",
            b'{"ward": "tay-mau", "question": "a", "context": {"options": "x"}}',
            400,
            "request.invalid",
        ),
        (
            "POST",
            "/answer",
            b'{"ward": "tay-mau", "question": "a", "context": {"options": [1]}}',
            400,
            "request.invalid",
        ),
        ("POST", "/answer", b'{"ward": "tay-mau", "choose": {"entry": 5}}', 400, "request.invalid"),
        ("POST", "/answer", b'{"ward": "hoa-tinh", "question": "a"}', 404, "ward.unknown"),
        ("POST", "/answer", b'{"ward": "../dong-mau", "question": "a"}', 404, "ward.unknown"),
        ("POST", "/answer", b'{"ward": "tay-mau", "choose": {"entry": "da-xoa"}}', 404, "entry.unknown"),
        ("POST", "/explain", b'{"ward": "hoa-tinh", "question": "a"}', 404, "ward.unknown"),
        ("POST", "/explain", b'{"question": "a"}', 400, "request.invalid"),
        ("GET", "/entries/da-xoa?ward=tay-mau", None, 404, "entry.unknown"),
        ("GET", "/entries/khai-sinh", None, 404, "ward.unknown"),
        ("GET", "/khong-co", None, 404, "http.404"),
        ("GET", "/answer", None, 405, "http.405"),
    ],
)
async def test_a_bad_request_is_refused_in_the_one_shape_of_all_errors(client, method, path, body, status, code):
    response = await client.request(method, path, data=body)

    told = await response.json()
    assert response.status == status
    assert set(told) == {"code", "message", "fields"}
    assert told["code"] == code
    assert told["message"]


async def test_a_body_that_is_far_too_large_is_refused(client):
    response = await client.post("/answer", json={"ward": "tay-mau", "question": "x" * 300_000})

    assert response.status == 413
    assert (await response.json())["code"] == "http.413"


@pytest.mark.parametrize("choose", [{}, {"entry": None}, {"entry": ""}, {"part": "fee"}, None, [], "khai-sinh"])
async def test_a_choice_of_nothing_is_none(client, choose):
    status, found = await ask(client, "hai đứa muốn lấy nhau thì đăng ký ra sao", choose=choose)

    assert status == 200
    assert found["reason"] != "chosen"


async def test_a_very_long_question_is_cut_and_answered(client):
    status, found = await ask(client, "đăng ký kết hôn " * 2000)

    assert len("đăng ký kết hôn " * 2000) > MAX_QUESTION
    assert status == 200
    assert found["outcome"] in OUTCOMES


@pytest.mark.parametrize("token", ["s", "x1", "dangky", "ạ", "1.", "🙏", "a-"])
async def test_one_endless_word_does_not_hold_up_the_others(client, token):
    async with asyncio.timeout(5):
        status, _ = await ask(client, token * 2000)

    assert status == 200


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["tay-mau", "khai-sinh", "fee", "1"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["entry", "part", "options", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(["ward", "question", "context", "choose", "x"]), json_values, max_size=5)
near_misses = st.fixed_dictionaries(
    {"ward": st.just("tay-mau"), "question": st.just("lệ phí bao nhiêu") | json_values},
    optional={"context": json_values, "choose": json_values},
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(bodies, near_misses))
async def test_any_json_is_either_answered_or_refused_never_a_crash(client, body):
    # A lone surrogate cannot be sent as UTF-8 at all.
    data = json.dumps(body).encode()
    for path in ("/answer", "/explain"):
        response = await client.post(path, data=data)

        told = await response.json()
        assert response.status in (200, 400, 404), told
        assert response.status != 200 or told["outcome"] in OUTCOMES
        assert response.status == 200 or set(told) == {"code", "message", "fields"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80))
async def test_any_bytes_are_refused_politely(client, data):
    response = await client.post("/answer", data=data)

    assert response.status in (400, 404)


async def test_an_option_that_points_elsewhere_is_answered_as_such(client):
    status, found = await ask(client, "1", context={"options": ["elsewhere-ho-chieu", "ket-hon"]})

    assert status == 200
    assert found["outcome"] == "unanswerable_elsewhere"


# Content that changes under the running service


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.write_text(dedent(text), encoding="utf-8")
    return path


async def title_of(client, id, ward="tay-mau"):
    return (await (await client.get(f"/entries/{id}", params={"ward": ward})).json())["findings"][0]["content"]["title"]


async def test_an_edited_file_is_live_within_five_seconds_without_a_restart(editable, library_folder, log):
    before = await (await editable.get("/healthz")).json()
    path = library_folder / "common/procedures/ho-tich.yml"
    text = path.read_text(encoding="utf-8").replace("title: Đăng ký kết hôn", "title: Ghi chú việc cưới")

    path.write_text(text, encoding="utf-8")
    swapped = await log.wait_for("index.swapped")

    assert await title_of(editable, "ket-hon") == "Ghi chú việc cưới"
    assert (swapped["changed"], swapped["added"], swapped["removed"]) == (1, 0, 0)
    assert (await (await editable.get("/healthz")).json())["index"] != before["index"]


async def test_an_added_alias_works_at_once(editable, library_folder, log):
    path = library_folder / "common/procedures/ho-tich.yml"
    text = path.read_text(encoding="utf-8").replace(
        "aliases: [làm giấy hôn thú, cưới xin]", "aliases: [làm giấy hôn thú, cưới xin, rước dâu về dinh]"
    )

    path.write_text(text, encoding="utf-8")
    await log.wait_for("index.swapped")

    why = await (await editable.post("/explain", json={"ward": "tay-mau", "question": "rước dâu về dinh"})).json()
    assert why["hits"][0]["id"] == "ket-hon"


async def test_while_a_file_is_broken_the_old_index_answers_and_health_names_every_mistake(
    editable, library_folder, log
):
    good = await (await editable.get("/healthz")).json()

    path = put(library_folder, "common/faqs/hong.yml", "kind: faq\nentries:\n- id: faq-x\n  title: ''\n  as_of: nay\n")
    refused = await log.wait_for("content.refused")

    health = await (await editable.get("/healthz")).json()
    assert refused["mistakes"] == 3
    assert health["index"] == good["index"]
    assert health["status"] == "ok"
    assert [mistake.split(": ")[0] for mistake in health["mistakes"]] == [f"{path}:3", f"{path}:4", f"{path}:5"]
    assert await title_of(editable, "ket-hon") == "Đăng ký kết hôn"

    path.unlink()
    await log.wait_for("index.swapped")
    assert (await (await editable.get("/healthz")).json())["mistakes"] == []


async def test_a_rebuild_tells_what_changed(editable, library_folder, log):
    (library_folder / "common/elsewhere/noi-khac.yml").unlink()

    response = await editable.post("/rebuild")

    changes = await response.json()
    assert response.status == 200
    assert set(changes) == {"added", "changed", "kept", "removed", "embedded"}
    assert (changes["added"], changes["changed"], changes["embedded"]) == (0, 0, 0)


async def test_a_rebuild_of_bad_content_is_refused_with_every_mistake(editable, library_folder):
    put(library_folder, "common/faqs/hong.yml", "kind: faq\nentries:\n- {id: a}\n- {id: b}\n")

    response = await editable.post("/rebuild")

    told = await response.json()
    assert response.status == 422
    assert told["code"] == "content.invalid"
    assert len(told["fields"]["mistakes"]) == 6
    assert await title_of(editable, "ket-hon") == "Đăng ký kết hôn"


async def test_answers_go_on_while_the_index_is_rebuilt(editable):
    async def one(number):
        if number % 8 == 0:
            return (await editable.post("/rebuild")).status
        return (await ask(editable, "đăng ký kết hôn"))[0]

    assert set(await asyncio.gather(*map(one, range(15)))) == {200}


async def test_an_adapted_encoder_is_taken_up_and_left_again_without_a_restart(editable, tmp_path, log):
    encoder = (await (await editable.get("/healthz")).json())["encoder"]
    ours = StaticEncoder.load(SHIPPED)
    turned = StaticEncoder(ours.vocabulary, ours.weights[:, ::-1], ours.scales)
    root = tmp_path / "index" / "encoder"

    folder = adapted.keep(turned, root, better=True, facts={})
    await log.wait_for("index.swapped")

    assert (await (await editable.get("/healthz")).json())["encoder"] == f"static:{adapted.version_of(folder)}"
    assert (await ask(editable, "đăng ký kết hôn"))[1]["outcome"] in OUTCOMES

    adapted.remove(root)
    await log.wait_for("index.swapped", 2)
    assert (await (await editable.get("/healthz")).json())["encoder"] == encoder


async def test_the_log_never_holds_what_a_citizen_wrote(editable, log):
    await ask(editable, "tôi tên Họ Và Tên Mẫu, số 0000 000 009, muốn đăng ký kết hôn")

    line = await log.wait_for("question.answered")
    assert {"ward", "outcome", "took_ms"} <= set(line)
    assert "0000 000 009" not in json.dumps(log.lines, ensure_ascii=False)
    assert "Mẫu" not in json.dumps(log.lines, ensure_ascii=False)


async def test_a_service_does_not_start_on_content_without_a_ward(tmp_path, library_folder):
    for ward in ("dong-mau", "tay-mau"):
        put(library_folder, f"wards/{ward}/ward.yml", "kind: x\n")

    with pytest.raises(ContentError, match=r"ward\.yml:1"):
        create_app(Settings("127.0.0.1", 0, library_folder, tmp_path / "index", ""))
