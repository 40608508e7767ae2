"""
What `make drill` hands to the gateway and to the emulators fits both.
"""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.accounts import load
from tools import drill, stage
from tools.errors import RunError
from tools.programs import programs

ROOT = Path(__file__).parents[2]
PORT = 9080


@pytest.fixture
def built() -> stage.Stage:
    return stage.build(ROOT, PORT, "hoa-binh", "phường Hòa Bình")


def test_the_gateway_reads_the_accounts_and_finds_the_emulators(built: stage.Stage, tmp_path: Path) -> None:
    path = tmp_path / "accounts.yml"
    path.write_text(yaml.safe_dump(built.accounts, allow_unicode=True), encoding="utf-8")

    accounts = load(path)

    assert [(kind, one.ward, one.name) for kind, one in accounts.all()] == [
        (kind, "hoa-binh", "UBND phường Hòa Bình") for kind in stage.KINDS
    ]
    ports = {one.name: one.port for one in built.programs}
    assert accounts.zalo[0].api_url == accounts.zalo[0].oauth_url == f"http://127.0.0.1:{ports['zalo']}"
    assert accounts.messenger[0].graph_url == f"http://127.0.0.1:{ports['messenger']}"
    assert accounts.telegram[0].api_url == f"http://127.0.0.1:{ports['telegram']}"


@pytest.mark.parametrize("place", range(4))
def test_every_program_of_the_stage_knows_its_arguments(built: stage.Stage, place: int) -> None:
    program = built.programs[place]
    shown = subprocess.run(
        [*program.command[:3], "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert [word for word in program.command if word.startswith("--") and word not in shown] == []


def test_every_rehearsal_has_secrets_of_its_own(built: stage.Stage) -> None:
    other = stage.build(ROOT, PORT, "hoa-binh", "phường Hòa Bình")

    for kind in stage.KINDS:
        [one], [another] = built.accounts[kind], other.accounts[kind]
        assert [name for name in one if name.endswith(("secret", "token")) and one[name] == another[name]] == []


def test_ports_follow_those_of_the_four_programs(built: stage.Stage, tmp_path: Path) -> None:
    all_ports = [one.port for one in (*programs(ROOT, tmp_path, PORT, Path("-")), *built.programs)]

    assert sorted(all_ports) == list(range(PORT, PORT + stage.PHONES + 1))
    assert built.address == f"http://localhost:{PORT + stage.PHONES}"


def test_a_rehearsal_begins_from_nothing_but_keeps_the_index(tmp_path: Path) -> None:
    state = tmp_path / "drill"
    for left in ("bot.sqlite", "bot.sqlite-wal", "dbos.sqlite", "rasa/tracker.sqlite", "log/bot.log", "index/current"):
        (state / left).parent.mkdir(parents=True, exist_ok=True)
        (state / left).write_text("của lần trước")

    drill.clear(state)

    assert [str(path.relative_to(state)) for path in state.rglob("*") if path.is_file()] == ["index/current"]


def test_an_unknown_ward_is_named_together_with_those_there_are() -> None:
    assert drill.ward_name("phuong-mau") == "phường Mẫu"
    for wrong in ("", "hoa binh", "../wards/hoa-binh/x"):
        with pytest.raises(RunError, match=r"hoa-binh.*phuong-mau"):
            drill.ward_name(wrong)


def test_a_command_keeps_its_words_together_for_the_supervisor(tmp_path: Path, built: stage.Stage) -> None:
    [zalo] = [one for one in drill.cast(PORT, tmp_path, built) if one.name == "zalo"]

    assert "UBND phường Hòa Bình" in shlex.split(" ".join(zalo.command))
