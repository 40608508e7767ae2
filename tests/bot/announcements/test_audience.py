from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from bot.announcements import audience, forecast, store
from bot.announcements.announcement import Audience
from bot.announcements.tables import recipient, subscription
from bot.database import citizen
from tests.bot.announcements.post_office import PostOffice
from tests.journeys.announcing import WARD, draft, subscribe_many

NOW = 1_795_000_000.0
DAY = 86_400.0
# What each citizen asked for: "all", khu phố 3, khu phố 5, water and power, health, and both of the first kinds.
WISHES = {
    "all": [("all", "")],
    "kp3": [("neighbourhood", "Khu phố 3")],
    "kp5": [("neighbourhood", "Khu phố 5")],
    "power": [("topic", "dien-nuoc")],
    "health": [("topic", "y-te")],
    "kp3 power": [("neighbourhood", "Khu phố 3"), ("topic", "dien-nuoc")],
    "kp5 power": [("neighbourhood", "Khu phố 5"), ("topic", "dien-nuoc")],
    "nothing": [],
}


@pytest.fixture
def people(connection: sa.Connection) -> None:
    for number, (name, wishes) in enumerate(WISHES.items(), 1):
        person = {
            "ward": WARD,
            "channel": "zalo",
            "address": name,
            "dialogue_id": "x",
            "created_at": NOW,
            "seen_at": NOW,
        }
        connection.execute(sa.insert(citizen).values(id=number, **person))
        for kind, value in wishes:
            wish = {"citizen_id": number, "ward": WARD, "consented_at": NOW, "how": "words"}
            connection.execute(sa.insert(subscription).values(kind=kind, value=value, **wish))


def selected(connection: sa.Connection, rule: Audience, wards: tuple[str, ...] = (WARD,)) -> set[str]:
    return set(connection.execute(sa.select(citizen.c.address).where(audience.selects(wards, rule))).scalars())


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Audience(), set(WISHES) - {"nothing"}),
        (Audience(neighbourhoods=("Khu phố 3",)), {"all", "kp3", "kp3 power"}),
        (Audience(topics=("dien-nuoc",)), {"all", "power", "kp3 power", "kp5 power"}),
        (Audience(("Khu phố 3",), ("dien-nuoc",)), {"all", "kp3", "power", "kp3 power"}),
        (Audience(channels=("telegram",)), set()),
    ],
)
def test_the_rule_selects_who_asked_for_it(connection: sa.Connection, rule: Audience, expected: set[str]):
    assert selected(connection, rule) == expected


@pytest.mark.usefixtures("people")
def test_who_stopped_or_left_or_lives_elsewhere_is_not_selected(connection: sa.Connection):
    connection.execute(sa.update(subscription).where(subscription.c.value == "Khu phố 3").values(ended_at=NOW))
    connection.execute(sa.update(citizen).where(citizen.c.address == "all").values(left_at=NOW))

    assert selected(connection, Audience(neighbourhoods=("Khu phố 3",))) == set()
    assert selected(connection, Audience(), ("phuong-mau",)) == set()


def test_a_list_that_was_stopped_in_the_middle_goes_on_and_names_everybody_once(connection: sa.Connection):
    people = audience.SLICE + 250
    subscribe_many(connection, "zalo", [f"oa/{number}" for number in range(people)], now=NOW)
    which = store.save_draft(connection, draft(), None, 1, now=NOW).id
    audience.queue_slice(connection, which, [WARD], Audience(), "zalo", audience.begin(connection, which, "zalo"))

    place: audience.Place | None = audience.begin(connection, which, "zalo")
    while place is not None:
        place = audience.queue_slice(connection, which, [WARD], Audience(), "zalo", place)

    rows = connection.execute(sa.select(recipient.c.citizen_id, recipient.c.chunk)).all()
    sizes = Counter(row.chunk for row in rows)
    assert sorted(row.citizen_id for row in rows) == list(range(1, people + 1))
    assert max(sizes.values()) <= audience.CHUNK


def test_the_forecast_says_who_is_outside_the_window_who_left_and_what_reaches_them(connection: sa.Connection):
    subscribe_many(connection, "zalo", [f"oa/{number}" for number in range(10)], now=NOW)
    connection.execute(sa.update(citizen).where(citizen.c.id <= 3).values(interacted_at=NOW - 3 * DAY))
    connection.execute(sa.update(citizen).where(citizen.c.id == 10).values(left_at=NOW))
    office = _Window()

    found = forecast.forecast(connection, draft(), {"zalo": office}, starts_at=NOW, now=NOW)

    assert (found.people, found.open, found.closed, found.left) == (10, 6, 3, 1)
    assert found.channels[0].closed == {"window.closed": 3}
    assert "web" in found.instead


class _Window(PostOffice):
    def closed(self, address: str, reach: object, *, now: float) -> str | None:
        acted = getattr(reach, "interacted_at", None)
        return "window.closed" if acted is not None and now - acted > 2 * DAY else None
