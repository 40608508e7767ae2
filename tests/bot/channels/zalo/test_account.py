from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.channels.tokens import Pair
from bot.channels.zalo.account import ZaloAccount
from tests.bot.channels.zalo.oa import APP_SECRET, OA_SECRET, account
from tests.house.repository import ROOT

SECRETS = ("app_secret", "oa_secret", "access_token", "refresh_token", "code_verifier")


def test_numbers_in_the_file_are_ids() -> None:
    made = account(id=2810000000000000001, app_id=3600000000000000001)

    assert (made.id, made.app_id) == ("2810000000000000001", "3600000000000000001")


def test_no_secret_shows() -> None:
    made = account(**{name: f"secret-{name}-" + "x" * 43 for name in SECRETS}, pkce="fixed")

    shown = f"{made!r} {made!s} {made.model_dump()} {made.seed()!r}"

    assert "secret-" not in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"app_secret": ""},
        {"oa_secret": ""},
        {"app_secret": None},
        {"app_id": "a b"},
        {"app_id": ""},
        {"id": "a/b"},
        {"pkce": "fixed"},
        {"pkce": "none", "code_verifier": "x" * 43},
        {"pkce": "fixed", "code_verifier": "short"},
        {"replies_per_window": 0},
        {"sign_first": "secret"},
        {"api_url": "openapi.zalo.me"},
        {"unknown": 1},
    ],
)
def test_what_cannot_work_is_refused_and_no_secret_is_quoted(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        account(**changes)

    told = error.value.errors(include_input=False, include_url=False)
    assert not any(secret in str(told) for secret in (APP_SECRET, OA_SECRET))


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from-a-file\n")

    made = ZaloAccount.model_validate({"id": "1", "ward": "a", "app_id": "2", "app_secret_file": str(path)})

    assert made.app_secret.get_secret_value() == "from-a-file"
    assert made.signing_secret == "from-a-file"


def test_a_pair_of_the_file_counts_as_run_out() -> None:
    assert account().seed() is None
    assert account(access_token="a", refresh_token="r").seed() == Pair("a", "r", 0.0, 0.0)
    assert account(refresh_token="r").seed() == Pair("", "r", 0.0, 0.0)


def test_the_docs_name_every_field() -> None:
    docs = (ROOT / "docs/channels/zalo.md").read_text("utf-8")

    assert [name for name in ZaloAccount.model_fields if f"| `{name}` |" not in docs] == []
