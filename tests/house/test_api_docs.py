"""
docs/api.md names every endpoint and every error code of the two HTTP APIs, and none that is gone.
"""

import ast
import re
from pathlib import Path

import pytest

from bot.granting import PATH as CALLBACK
from tests.house.repository import ROOT

PAGE = (ROOT / "docs/api.md").read_text("utf-8")
_ROUTE = re.compile(r'web\.(?:get|post|put|delete)\("(/[^"]*)"')


def routes() -> set[str]:
    paths = (
        "bot/app.py",
        "bot/channels/web/pages.py",
        "bot/announcements/public_pages.py",
        "knowledge/service.py",
        "knowledge/office/api.py",
        "knowledge/office/plan_api.py",
        "knowledge/spreadsheet/api.py",
        "knowledge/announcements/api.py",
        "bot/announcements/portal_api.py",
    )
    return {route for path in paths for route in _ROUTE.findall((ROOT / path).read_text("utf-8"))} | {CALLBACK}


def codes_of_requests() -> set[str]:
    """
    Return the code of every RequestError that the gateway raises.
    """
    found: set[str] = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "RequestError"
                and len(node.args) > 1
            ):
                found |= _texts(node.args[1], path)
    return found


def _texts(node: ast.expr, path: Path) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    # A variable: whatever looks like a code in its file, but for the names of log lines.
    text = re.sub(r"log\.\w+\([^)]*\)", "", path.read_text("utf-8"))
    return set(re.findall(r'"((?:request|message|page)\.[a-z_]+)"', text))


@pytest.mark.parametrize("route", sorted(routes()))
def test_every_endpoint_is_described(route: str):
    assert f" {route}" in PAGE


def test_every_endpoint_that_is_described_exists():
    described = set(re.findall(r"(?:GET|POST|PUT|DELETE) (/[^\s?`]*)", PAGE))

    assert described - routes() <= {"/hook/web", "/webhooks/rest/webhook"}


def test_the_table_of_codes_is_that_of_the_gateway():
    table = PAGE.partition("### Codes")[2].partition("## knowledge")[0]

    assert set(re.findall(r"`([a-z_]+\.[a-z_]+)`", table)) == codes_of_requests()


def test_every_code_of_knowledge_that_a_request_can_meet_is_named():
    text = (ROOT / "knowledge/errors.py").read_text("utf-8")
    raised = {code for code, _ in re.findall(r'code = "([\w.]+)"\n    status = (4\d\d)', text)} | {
        "content.invalid",
        "knowledge.failed",
    }

    assert raised <= set(re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE.partition("## knowledge")[2]))


@pytest.mark.parametrize("name", ["outcome", "reason"])
def test_every_word_that_an_answer_ends_with_is_named(name: str):
    files = ("knowledge/answer.py", "knowledge/outcomes.py", "knowledge/asking_back.py")
    code = "".join((ROOT / file).read_text("utf-8") for file in files)
    words = (
        set(re.findall(r'"(unanswerable_\w+|answered|clarify)"', code))
        if name == "outcome"
        else set(re.findall(r'reason="(\w+)"', code))
    )

    assert words
    assert {word for word in words if f"`{word}`" not in PAGE} == set()
