from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.__main__ import main
from bot.admin.officers import Officer
from bot.announcements import approval, store
from bot.announcements.announcement import Announcement
from bot.announcements.freezing import Renditions
from bot.database import Database, ward
from tests.journeys.announcing import TEXT, draft, hire

NOW = 1_795_000_000.0


@pytest.fixture
def program(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("BOT_DATABASE", f"sqlite:///{tmp_path / 'bot.sqlite'}")
    monkeypatch.setenv("BOT_KNOWLEDGE_URL", "http://127.0.0.1:9")
    return database


def submitted(database: Database) -> tuple[int, Officer]:
    with database.engine.begin() as connection:
        author = hire(connection, "soan.mau", "editor", "approver")
        hire(connection, "duyet.mau", "approver")
        row = store.save_draft(connection, draft(), None, author.id, now=NOW)
        made: dict[str, Renditions] = {row.ward: _renditions(row.announcement)}
        approval.submit(connection, row.id, author, expected_version=1, renditions=made, now=NOW)
    return row.id, author


def _renditions(announcement: Announcement) -> Renditions:
    return {"messages": {"text": announcement.text}}


def test_an_announcement_is_looked_at_and_approved_by_its_hash(program: Database, capsys: pytest.CaptureFixture[str]):
    which, _ = submitted(program)

    assert main(["announce", "show", str(which)]) == 0
    shown = capsys.readouterr().out
    found = re.search(r"hash ([0-9a-f]{64})", shown)
    assert TEXT in shown
    assert found is not None
    assert main(["announce", "approve", str(which), "--as", "duyet.mau", "--hash", found[1][:12]]) == 0

    assert main(["announce", "list", "--state", "approved"]) == 0
    assert "Tạm ngừng cung cấp điện" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("login", "hash_seen", "code"),
    [
        ("soan.mau", None, "announcement.own"),
        ("duyet.mau", "0" * 64, "announcement.changed"),
        ("duyet.mau", "0", "announcement.changed"),
        ("ai.do", None, "officer.unknown"),
    ],
)
def test_the_command_refuses_what_the_office_refuses(
    program: Database, capsys: pytest.CaptureFixture[str], login: str, hash_seen: str | None, code: str
):
    which, _ = submitted(program)
    with program.engine.connect() as connection:
        right = store.found(connection, which).hash or ""

    status = main(["announce", "approve", str(which), "--as", login, "--hash", hash_seen or right])

    assert status == 1
    assert code in capsys.readouterr().err


def test_cancelling_says_how_far_it_had_come(program: Database, capsys: pytest.CaptureFixture[str]):
    which, _ = submitted(program)

    assert main(["announce", "cancel", str(which), "--as", "soan.mau", "--reason", "Đổi lịch"]) == 0
    assert "cancelled; sent 0, uncertain 0, published 0" in capsys.readouterr().out


def documented() -> str:
    """
    Return the draft that the documentation shows.
    """
    page = Path("docs/operations/announcements.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found[1]


def open_ward(database: Database) -> None:
    body = {"slug": "phuong-mau", "name": "phường Mẫu", "province": "tỉnh Mẫu", "neighbourhoods": ["Khu phố 3"]}
    with database.engine.begin() as connection:
        connection.execute(sa.insert(ward).values(slug="phuong-mau", body=body, fetched_at=NOW))
        hire(connection, "soan.mau", "editor", ward="phuong-mau")


def test_the_draft_that_is_documented_becomes_an_announcement(
    program: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    open_ward(program)
    (tmp_path / "draft.yml").write_text(documented(), encoding="utf-8")

    assert main(["announce", "draft", str(tmp_path / "draft.yml"), "--as", "soan.mau"]) == 0

    assert "draft  phuong-mau  Tạm ngừng cung cấp điện tại khu phố 3" in capsys.readouterr().out
    with program.engine.connect() as connection:
        made = store.found(connection, 1).announcement
    assert made.audience.neighbourhoods == ("Khu phố 3",)
    assert made.happens_at == datetime(2026, 11, 25, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("line", "wrong", "named"),
    [
        ("topic: dien-nuoc", "topic: khong-co", "topic"),
        ("neighbourhoods: [Khu phố 3]", "neighbourhoods: [Khu phố 99]", "neighbourhoods"),
        ("+07:00", "", "happens_at"),
        ("ward: phuong-mau", "ward: noi-khac", "wards"),
        ("outlets: [web,", "outlets: [fax,", "outlets.0"),
        ("topic:", "chu_de:", "chu_de"),
        ("ward: phuong-mau", "- ward", "file"),
    ],
)
def test_a_wrong_draft_names_the_field(
    program: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path, line: str, wrong: str, named: str
):
    open_ward(program)
    (tmp_path / "draft.yml").write_text(documented().replace(line, wrong), encoding="utf-8")

    assert main(["announce", "draft", str(tmp_path / "draft.yml"), "--as", "soan.mau"]) == 1

    told = capsys.readouterr().err
    assert "announcement.invalid" in told
    assert f"  {named}: " in told


def test_an_unclear_post_is_settled_on_the_console(program: Database, capsys: pytest.CaptureFixture[str]):
    which, author = submitted(program)

    assert main(["announce", "settle", str(which), "1", "there", "--as", author.login]) == 1
    assert "publication.unknown" in capsys.readouterr().err
