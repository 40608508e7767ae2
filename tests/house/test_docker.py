"""
No engine runs here, so whatever docker-compose.yml and the Dockerfiles name is looked up where it really stands.
"""

import fnmatch
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from actions.settings import Settings as ActionsSettings
from bot import settings as bot_settings
from knowledge.settings import Settings as KnowledgeSettings
from tests.house.repository import ROOT
from tools.programs import programs

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROGRAMS = {program.name: program for program in programs(Path("."), Path("var"), 8080, Path("models/dialogue.tar.gz"))}
DOCKERFILES = sorted((ROOT / "docker").glob("*.Dockerfile"))
PYTHONS = {"bot": ".venv/bin/python", "actions": ".venv/bin/python", "knowledge": ".venv/bin/python"}
# Rasa's own switches, besides what dialogue/rasa_slim.py sets and dialogue/endpoints.yml reads.
RASA_OWN = {"SANIC_WORKERS", "PYTHONPATH"}
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def plain(value: Any) -> str:
    """
    Return a value as compose would read it with nothing set.
    """
    return _VARIABLE.sub(lambda match: match[2] or "", str(value))


def known_variables() -> dict[str, set[str]]:
    slim = (ROOT / "dialogue/rasa_slim.py").read_text("utf-8")
    endpoints = (ROOT / "dialogue/endpoints.yml").read_text("utf-8")
    rasa = set(re.findall(r'^    "(\w+)":', slim, re.MULTILINE)) | set(_VARIABLE.findall(endpoints)) | RASA_OWN
    return {
        "bot": {f"BOT_{field.name.upper()}" for field in fields(bot_settings.Settings)},
        "actions": {f"ACTIONS_{field.name.upper()}" for field in fields(ActionsSettings)},
        "knowledge": {f"KNOWLEDGE_{field.name.upper()}" for field in fields(KnowledgeSettings)},
        "rasa": {one if isinstance(one, str) else one[0] for one in rasa},
    }


def program_of(service: str) -> str:
    return service.removesuffix("-2")


def ours() -> list[str]:
    return [name for name in SERVICES if program_of(name) in PROGRAMS]


def test_there_is_one_service_per_program():
    assert {program_of(name) for name in ours()} == set(PROGRAMS)


@pytest.mark.parametrize("service", ours())
def test_a_service_starts_its_program_as_make_run_does(service: str):
    program = PROGRAMS[program_of(service)]
    expected = [PYTHONS.get(program.name, "dialogue/.venv/bin/python"), *program.command[1:]]
    expected = ["0.0.0.0" if word == "127.0.0.1" else word for word in expected]

    assert [plain(word) for word in SERVICES[service]["command"]] == expected


@pytest.mark.parametrize("service", ours())
def test_every_variable_of_a_service_is_one_that_its_program_reads(service: str):
    known = known_variables()[program_of(service)]

    assert set(SERVICES[service]["environment"]) <= known


def test_what_the_bot_is_told_can_be_used():
    environment = {name: plain(value) for name, value in SERVICES["bot"]["environment"].items()}

    found = bot_settings.read({**environment, "BOT_SITES_FILE": str(ROOT / environment["BOT_SITES_FILE"])})

    assert (found.host, found.port) == ("0.0.0.0", 8080)
    assert found.database == bot_settings.read({}).database


@pytest.mark.parametrize("service", ours())
def test_a_service_is_asked_for_its_health_where_its_program_answers(service: str):
    program = PROGRAMS[program_of(service)]
    asked = re.search(r"http://[^']+", SERVICES[service]["healthcheck"]["test"][-1])

    assert asked is not None
    assert asked[0] == program.health
    assert SERVICES[service]["healthcheck"]["test"][1] == SERVICES[service]["command"][0]


@pytest.mark.parametrize("service", ours())
def test_an_address_inside_names_a_service_and_the_port_it_listens_on(service: str):
    for name, value in SERVICES[service]["environment"].items():
        address = urlsplit(plain(value))
        if address.scheme == "http":
            assert address.hostname in SERVICES, name
            assert address.port == PROGRAMS[address.hostname].port, name


def test_only_the_bot_is_published_and_on_its_own_port():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert {program_of(name) for name in published} == {"bot"}
    assert {plain(port).rsplit(":", 1)[1] for ports in published.values() for port in ports} == {
        str(PROGRAMS["bot"].port)
    }
    assert all(plain(port).startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert all("outside" not in SERVICES[name]["networks"] for name in SERVICES if program_of(name) != "bot")
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_two_bots_never_share_a_name():
    names = [service["environment"]["BOT_EXECUTOR"] for name, service in SERVICES.items() if program_of(name) == "bot"]

    assert len(names) == len(set(names)) == 2


@pytest.mark.parametrize("service", SERVICES)
def test_every_path_network_volume_and_service_that_is_named_exists(service: str):
    described = SERVICES[service]
    for volume in described.get("volumes", []):
        source, target = volume.split(":")[:2]
        if source.startswith("./"):
            assert (ROOT / source).exists(), volume
        else:
            assert source in COMPOSE["volumes"], volume
        if target.startswith("/app/") and source.startswith("./"):
            assert target == f"/app/{source.removeprefix('./')}"
    for network in described["networks"]:
        assert network in COMPOSE["networks"]
    for needed in described.get("depends_on", []):
        assert needed in SERVICES
    if "build" in described:
        assert (ROOT / described["build"]["context"] / described["build"]["dockerfile"]).is_file()
    for word in described.get("command", []):
        if re.fullmatch(r"[a-z]+/\w+\.(py|yml)", plain(word)):
            assert (ROOT / plain(word)).is_file(), word


def test_no_volume_is_declared_for_nothing():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}

    assert set(COMPOSE["volumes"]) == {name for name in used if not name.startswith("./")}


def test_every_line_of_the_example_settings_is_read_by_compose():
    lines = (ROOT / "docker/.env.example").read_text("utf-8").splitlines()
    offered = {match[1] for line in lines if (match := re.match(r"#?([A-Z][A-Z0-9_]+)=", line))}
    read = {match[0] for match in _VARIABLE.findall((ROOT / "docker-compose.yml").read_text("utf-8"))}

    assert offered - {"COMPOSE_PROFILES"} == read


def test_rasa_with_redis_finds_what_the_profile_starts():
    endpoints = yaml.safe_load((ROOT / "docker/endpoints.scale.yml").read_text("utf-8"))
    normal = yaml.safe_load((ROOT / "dialogue/endpoints.yml").read_text("utf-8"))

    assert endpoints["lock_store"]["url"] in SERVICES
    assert {**endpoints, "lock_store": None} == {**normal, "lock_store": None}


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_a_dockerfile_copies_what_exists_and_is_not_ignored(dockerfile: Path):
    ignored = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]

    for line in re.findall(r"^COPY (.+)$", dockerfile.read_text("utf-8"), re.MULTILINE):
        *sources, _target = line.split()
        for source in sources:
            assert (ROOT / source).exists(), line
            assert not any(fnmatch.fnmatch(PurePosixPath(source).parts[0], pattern) for pattern in ignored), line


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_a_dockerfile_is_built_from_the_lock_and_runs_without_root(dockerfile: Path):
    text = dockerfile.read_text("utf-8")

    assert text.count("FROM python:3.11-slim") == 1
    assert "uv sync --frozen" in text
    assert re.findall(r"^USER (\w+)$", text, re.MULTILINE) == ["app"]


def test_the_image_has_the_torch_that_make_installs():
    wanted = re.search(r"^TORCH := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert wanted is not None
    assert f'"{wanted[1]}" --torch-backend cpu' in (ROOT / "docker/app.Dockerfile").read_text("utf-8")


def test_the_image_trains_rasa_as_make_run_does():
    dockerfile = (ROOT / "docker/dialogue.Dockerfile").read_text("utf-8").replace("\\\n", " ")
    trained = " ".join(dockerfile.split())
    code = " ".join(re.sub(r'[",]', " ", (ROOT / "tools/model.py").read_text("utf-8")).split())

    for option in ("--domain domain.yml", "--config config.yml", "--data dialogue/data", "--fixed-model-name"):
        assert option in trained
        assert option in code
    assert "-m models/dialogue.tar.gz" in " ".join(map(plain, SERVICES["rasa"]["command"]))
    assert "--out models --fixed-model-name dialogue" in trained


@pytest.mark.parametrize("profile", ["", "scale"])
def test_docker_compose_itself_accepts_the_file(profile: str):
    clients = (["docker", "compose"], ["docker-compose"])
    client = next((one for one in clients if shutil.which(one[0]) and _works([*one, "version"])), None)
    if client is None:
        pytest.skip("no docker compose client on this machine")

    done = _run([*client, *(["--profile", profile] if profile else []), "config", "-q"])

    assert done.returncode == 0, done.stderr


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def _works(command: list[str]) -> bool:
    return _run(command).returncode == 0
