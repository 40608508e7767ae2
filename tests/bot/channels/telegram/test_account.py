from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.channels.telegram.api import close_bot, open_bot
from tests.bot.channels.telegram.bots import SECRET, TOKEN, account


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("token", "7000000001"),
        ("token", "7000000001:short"),
        ("token", TOKEN + "\n"),
        ("id", "7000000002"),
        ("secret_token", ""),
        ("secret_token", "a b"),
        ("secret_token", "đ"),
        ("secret_token", "a" * 257),
        ("api_url", "api.telegram.org"),
        ("proxy", "socks5://127.0.0.1:1080"),
        ("max_connections", 0),
        ("max_connections", 101),
        ("unheard_of", 1),
    ],
)
def test_a_field_that_cannot_be_right_is_refused_without_showing_a_secret(field: str, value: Any):
    with pytest.raises(ValidationError) as refused:
        account(**{field: value})

    told = str(refused.value.errors(include_input=False, include_url=False, include_context=False))
    assert field in told or field == "id"
    assert TOKEN.partition(":")[2] not in told


def test_secrets_may_stand_in_files_and_never_show(tmp_path: Path):
    (tmp_path / "token").write_text(TOKEN + "\n")
    made = account(token=None, token_file=str(tmp_path / "token"), proxy="http://user:word@proxy.example.org:3128")

    assert made.token.get_secret_value() == TOKEN
    for secret in (TOKEN, SECRET, "user:word"):
        assert secret not in repr(made) + str(made)


def test_the_defaults_are_the_official_server_and_the_order_of_updates():
    made = account()

    assert (made.api_url, made.proxy, made.webhook_url, made.max_connections, made.enabled) == (
        "https://api.telegram.org", None, None, 1, True,
    )  # fmt: skip


async def test_a_bot_is_opened_at_the_accounts_addresses():
    bot = open_bot(account(api_url="http://127.0.0.1:9/"))

    assert bot.base_url == f"http://127.0.0.1:9/bot{TOKEN}"
    assert bot.base_file_url == f"http://127.0.0.1:9/file/bot{TOKEN}"
    await close_bot(bot)
