from __future__ import annotations

from pathlib import Path

import pytest

from bot.accounts import Accounts, load
from bot.errors import AccountsError

GOOD = """
zalo:
- {id: 2345678901234567890, ward: hoa-binh, app_id: "11", app_secret_file: SECRET}
messenger:
- {id: "77", ward: hoa-binh, app_id: "22", app_secret: s1, page_token: s2, verify_token: s3, burst_seconds: 0}
telegram:
- {id: "999", ward: long-anh, token: "999:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", secret_token: abcdefghijklmnop}
"""


def write(tmp_path: Path, text: str) -> Path:
    (tmp_path / "secret").write_text("from-a-file\n")
    path = tmp_path / "accounts.yml"
    path.write_text(text.replace("SECRET", str(tmp_path / "secret")), "utf-8")
    return path


def test_accounts_of_three_channels_are_read(tmp_path: Path) -> None:
    accounts = load(write(tmp_path, GOOD))

    assert [(kind, one.id, one.ward) for kind, one in accounts.all()] == [
        ("zalo", "2345678901234567890", "hoa-binh"),
        ("messenger", "77", "hoa-binh"),
        ("telegram", "999", "long-anh"),
    ]
    assert accounts.zalo[0].app_secret.get_secret_value() == "from-a-file"


def test_no_file_is_no_accounts() -> None:
    assert load(None) == Accounts()


def test_no_secret_shows_in_a_repr(tmp_path: Path) -> None:
    shown = repr(load(write(tmp_path, GOOD)))

    for secret in ("from-a-file", "s1", "s2", "s3", "AAAAAAAA", "abcdefgh"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("zalo: {", "is not YAML"),
        ("- a", "must be a mapping"),
        ("viber: []", "'viber' is no channel"),
        ("zalo: {id: x}", "zalo must be a list"),
        ("zalo: [{id: '1', ward: hoa-binh}]", "zalo[0].app_id: Field required"),
        ("zalo: [{id: '1', ward: Hòa Bình, app_id: '1', app_secret: hunter2}]", "zalo[0].ward"),
        ("zalo: [{id: '1', ward: a, app_id: '1', app_secret: hunter2, pink: 1}]", "zalo[0].pink"),
        ("zalo: [{id: '1', ward: a, app_id: '1', app_secret_file: /no/such}]", "app_secret_file=/no/such cannot be read"),
        ("zalo: [{id: '1', ward: a, app_id: '1', app_secret: a}, {id: '1', ward: a, app_id: '1', app_secret: a}]", "the account 1 twice"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_without_showing_a_secret(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(AccountsError) as error:
        load(write(tmp_path, text))

    assert problem in str(error.value)
    assert "hunter2" not in str(error.value)
