from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.channels.web import sites
from bot.errors import SettingsError, SitesError


def test_nothing_need_be_set() -> None:
    found = settings.read({})

    assert (found.host, found.port) == ("127.0.0.1", 8080)
    assert found.rasa_url == "http://127.0.0.1:8081"
    assert found.sites_file.is_file()


def test_the_other_programs_follow_the_port() -> None:
    found = settings.read({"BOT_PORT": "9080"})

    assert [found.rasa_url, found.actions_url, found.knowledge_url] == [
        "http://127.0.0.1:9081",
        "http://127.0.0.1:9082",
        "http://127.0.0.1:9083",
    ]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    environ = {
        "BOT_PORT": "eighty",
        "BOT_DATABASE": "mysql://x/y",
        "BOT_DBOS_DATABASE_FILE": str(tmp_path / "missing"),
        "BOT_RASA_URL": "localhost:8081",
        "BOT_SITES_FILE": str(tmp_path / "sites.yml"),
        "BOT_EXECUTOR": "a b",
        "BOT_DIALOGUE_TIMEOUT_SECONDS": "-1",
        "BOT_LOG_LEVEL": "loud",
        "BOT_DATABSE": "sqlite:///x",
    }

    with pytest.raises(SettingsError) as error:
        settings.read(environ)

    named = [problem.split("=")[0].split(" ")[0] for problem in error.value.problems]
    assert sorted(named) == sorted(environ)


def test_a_secret_may_stand_in_a_file_and_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "url"
    path.write_text("postgresql://bot:hunter2@db/bot\n")

    found = settings.read({"BOT_DATABASE_FILE": str(path)})

    assert found.database == "postgresql+psycopg://bot:hunter2@db/bot"
    assert "hunter2" not in repr(found)


def test_the_example_sites_file_can_be_used() -> None:
    assert sites.load(settings.EXAMPLE_SITES)["phuong-mau-demo"].ward == "phuong-mau"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sites: [a]", "must list site keys"),
        ("sites: {a: {ward: x, origins: [https://a.vn]}}", "site key 'a'"),
        ("sites: {cong-hoa-binh: {ward: x}}", "origins must list"),
        ("sites: {cong-hoa-binh: {ward: x, origins: ['*']}}", "origin '\\*'"),
        ("sites: {cong-hoa-binh: {ward: x, origins: ['https://a.vn/']}}", "without a path"),
        ("sites: {cong-hoa-binh: {ward: 'a b', origins: ['https://a.vn']}}", "slug"),
        ("sites: {cong-hoa-binh: {ward: x, origin: ['https://a.vn']}}", "nothing else"),
        ("sites: {\n  a: [", "sites.yml:"),
    ],
)
def test_a_wrong_sites_file_is_explained(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "sites.yml"
    path.write_text(text)

    with pytest.raises(SitesError, match=problem):
        sites.load(path)
