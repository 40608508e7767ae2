"""
An account as it stands in the accounts file.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.trouble import BY_CODE, BY_SUBCODE
from tests.bot.channels.messenger.pages import account
from tests.house.repository import ROOT

PAGE_OF_DOCS = (ROOT / "docs/channels/messenger.md").read_text("utf-8")


def test_secrets_show_in_no_repr() -> None:
    assert "tests" not in repr(account())
    assert "tests" not in str(account().model_dump())


@pytest.mark.parametrize("name", ["app_secret", "page_token", "verify_token"])
def test_no_secret_may_be_empty(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        account(**{name: ""})


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from a file\n")
    given = {
        "id": 1,
        "ward": "hoa-binh",
        "app_id": 2,
        "app_secret": "s",
        "verify_token": "v",
        "page_token_file": str(tmp_path / "token"),
    }

    read_account = MessengerAccount.model_validate(given)

    assert read_account.page_token.get_secret_value() == "from a file"
    assert (read_account.id, read_account.app_id) == ("1", "2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", "25"),
        ("version", "v25.0/../x"),
        ("app_id", "my app!"),
        ("graph_url", "graph.facebook.com"),
        ("token_in", "body"),
    ],
)
def test_what_cannot_be_right_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        account(**{name: value})


@pytest.mark.parametrize("name", MessengerAccount.model_fields)
def test_every_field_stands_in_the_docs_with_its_default(name: str) -> None:
    field = MessengerAccount.model_fields[name]
    default = (
        "needed" if field.is_required() else f"`{field.default}`" if field.default not in ("", None) else "(empty)"
    )

    assert f"| `{name}` | {default.replace('True', 'true').replace('False', 'false')} |" in PAGE_OF_DOCS


@pytest.mark.parametrize("code", sorted({*BY_CODE, *BY_SUBCODE}))
def test_every_code_stands_in_the_docs(code: int) -> None:
    assert re.search(rf"\b{code}\b", PAGE_OF_DOCS)
