"""
Every way to fail has a stable code, stands in its tree, and ends in a Vietnamese sentence wherever a person meets it.
"""

import importlib
import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bot import wording
from bot.errors import BotError, DialogueError, RequestError
from knowledge import faqs, plans, procedures, services, wards
from knowledge import wording_of_mistakes as mistakes
from tests.house.repository import ROOT, files
from tests.house.test_api_docs import codes_of_requests

VIETNAMESE = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
PROBLEM = "problem."
# What a browser's page never meets, or repeats by itself without a word (bot/channels/web/wire.js: 429 and 5xx).
WITHOUT_WORDS = {"bot.error", "stream.too_many"}
MODELS: list[type[BaseModel]] = [
    procedures.Procedure, services.Service, faqs.Faq, faqs.Elsewhere, wards.Ward, plans.Plan,
]  # fmt: skip


def tree(package: str) -> list[type[Exception]]:
    """
    Return every error class that a package defines in its errors.py.
    """
    module = importlib.import_module(f"{package}.errors")
    return [
        one
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, Exception) and one.__module__ == module.__name__
    ]


def descendants(root: type[Exception]) -> Iterator[type[Exception]]:
    for child in root.__subclasses__():
        yield child
        yield from descendants(child)


@pytest.mark.parametrize("package", ["bot", "actions", "knowledge"])
def test_every_error_has_a_code_of_its_own_and_stands_in_the_tree(package: str):
    drawn = importlib.import_module(f"{package}.errors").__doc__ or ""
    classes = [one for one in tree(package) if one is not RequestError]
    codes = [one.code for one in classes]  # type: ignore[attr-defined]

    assert len(codes) == len(set(codes))
    assert [one.__name__ for one in tree(package) if one.__name__ not in drawn] == []
    leaves = [one for one in classes if not one.__subclasses__()]
    assert [one.code for one in leaves if one.code not in drawn] == []  # type: ignore[attr-defined]


def test_every_error_of_the_gateway_is_drawn_wherever_it_stands():
    for path in files():
        if path.is_relative_to(ROOT / "bot") and path.suffix == ".py" and "migrations" not in path.parts:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            importlib.import_module(module.removesuffix(".__init__"))
    drawn = importlib.import_module("bot.errors").__doc__ or ""
    ours = [one for one in descendants(BotError) if one.__module__.startswith("bot.")]

    assert {one.__name__ for one in ours if one.__name__ not in drawn} == set()
    # A RequestError has the code that it is made with.
    coded = [one for one in ours if not one.__subclasses__() and not issubclass(one, RequestError)]
    assert {one.code for one in coded} <= set(re.findall(r"[a-z]+\.[a-z_]+", drawn))


def test_the_chat_page_has_words_for_what_the_gateway_refuses():
    said = {key.removeprefix(PROBLEM) for key in wording.WIDGET if key.startswith(PROBLEM)}

    # problem.other stands for all that a citizen cannot mend; no sentence is left over from a code that is gone.
    assert "other" in said
    assert said - {"other"} <= codes_of_requests()
    assert {"message.too_long", "request.too_many"} <= said
    assert not WITHOUT_WORDS & said
    script = (ROOT / "bot/channels/web/widget.js").read_text("utf-8")
    assert 'words["problem." + code] || words["problem.other"]' in script


@pytest.mark.parametrize("error", [DialogueError, *descendants(DialogueError)], ids=lambda one: one.__name__)
def test_a_failed_turn_ends_in_an_apology_that_says_whom_to_call(error: type[BotError]):
    from bot.asking import _no_answer

    turn = _no_answer(error("rasa is down"))

    assert turn.outcome == "error_" + error.code.replace(".", "_")
    assert [effect.kind for effect in turn.effects] == ["open_ticket"]
    assert turn.replies == ()  # so that the gateway's own apology is sent
    for hotline in (None, "0000 000 001"):
        assert (hotline or wording.NATIONAL_LINE) in wording.apology(hotline)


def sentences_of_the_gateway() -> list[str]:
    plain = [value for key, value in vars(wording).items() if key.isupper() and isinstance(value, str)]
    return [*plain, *wording.WIDGET.values()]


@pytest.mark.parametrize("sentence", [one for one in sentences_of_the_gateway() if len(one) > 12])
def test_what_the_gateway_says_is_vietnamese_and_names_no_code(sentence: str):
    assert VIETNAMESE.search(sentence)
    assert not re.search(r"\b(error|failed|invalid|null|None|HTTP|[a-z]+_[a-z]+)\b", re.sub(r"\{\w+\}", "", sentence))


def test_the_national_line_is_the_one_in_the_content():
    texts = [path.read_text("utf-8") for path in (ROOT / "knowledge/content/common/services").glob("*.yml")]

    assert any(f"'{wording.NATIONAL_LINE}'" in text or f" {wording.NATIONAL_LINE}" in text for text in texts)


def findings_of_the_validator() -> set[str]:
    """
    Return the types of all errors that wrong values in content files can cause; the loader reads 1.5 as the text it is.
    """
    wrong: list[Any] = [
        None,
        "",
        "Đ",
        -1,
        "1.5",
        True,
        [],
        {},
        [None],
        [""],
        {"x": 1},
        [{"x": 1}],
        "2026-13",
        {"Đ": ["x"]},
    ]
    found: set[str] = set()
    for model in MODELS:
        for field in model.model_fields:
            for value in wrong:
                found |= errors_of(model, {field: value, "nothing_like_it": 1})
        found |= errors_of(model, "text") | errors_of(model, [])
    for inner in (
        procedures.Fee,
        procedures.Time,
        procedures.Online,
        procedures.Paper,
        plans.Task,
        plans.Kpi,
        wards.Hotline,
        wards.DeskHours,
    ):
        for field in inner.model_fields:
            for value in wrong:
                found |= errors_of(inner, {field: value})
    return found


def errors_of(model: type[BaseModel], value: Any) -> set[str]:
    try:
        model.model_validate(value)
    except ValidationError as error:
        return {detail["type"] for detail in error.errors()}
    return set()


def test_every_finding_about_a_content_file_has_a_sentence_for_staff():
    assert findings_of_the_validator() - set(mistakes.SENTENCES) == set()


@pytest.mark.parametrize("kind", sorted(mistakes.SENTENCES))
def test_a_sentence_for_staff_is_vietnamese_and_names_the_field(kind: str):
    sentence = mistakes.SENTENCES[kind]

    assert VIETNAMESE.search(sentence)
    assert "{field" in sentence


def test_the_errors_of_http_have_one_shape():
    refused = RequestError(422, "message.invalid", "the message cannot be used", fields={"text": "must be words"})

    assert json.dumps(refused.fields) == '{"text": "must be words"}'
    assert (refused.status, refused.code) == (422, "message.invalid")
