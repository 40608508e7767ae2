from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.__main__ import main
from bot.announcements import portal_tokens
from bot.database import Database, audit


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"
    monkeypatch.setenv("BOT_DATABASE", url)
    return url


def test_a_token_is_made_shown_once_listed_and_revoked(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portal-token", "make", "--ward", "phuong-mau", "--name", "Cổng phường Mẫu", "--write"]) == 0
    token = capsys.readouterr().out.strip()
    database = Database(url)
    with database.engine.connect() as connection:
        found = portal_tokens.find(connection, token)
    assert found is not None
    assert (found.ward, found.may_write) == ("phuong-mau", True)

    assert main(["portal-token", "list"]) == 0
    listed = capsys.readouterr().out
    assert "Cổng phường Mẫu" in listed
    assert token not in listed

    assert main(["portal-token", "revoke", "1"]) == 0
    assert main(["portal-token", "revoke", "1"]) == 1
    with database.engine.connect() as connection:
        assert portal_tokens.find(connection, token) is None
        actions = list(connection.execute(sa.select(audit.c.action).order_by(audit.c.id)).scalars())
    assert actions == ["announcement.portal_token_made", "announcement.portal_token_revoked"]
    database.close()
