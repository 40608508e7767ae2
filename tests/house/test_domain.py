"""
domain.yml ↔ actions ↔ dialogue/data: no sentence, action or intent that only one side knows.
"""

import re
from typing import Any

import pytest
import yaml

from actions.phrasing.smalltalk import NAMES_THE_WARD, RESPONSES
from actions.server import ACTIONS
from tests.house.repository import ROOT, files

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
TEXTS: dict[str, str] = {name: variants[0]["text"] for name, variants in DOMAIN["responses"].items()}
RULES = yaml.safe_load((ROOT / "dialogue/data/rules.yml").read_text("utf-8"))["rules"]
COMMANDS = {"choose", "show_menu", "ask_officer"}  # what buttons send
_NAMED = re.compile(r'f?"(utter_\w+)(\{)?')


def named_in_code() -> tuple[set[str], set[str]]:
    """
    Return the responses named in actions/, and the beginnings of those whose end is a part's name.
    """
    whole, beginnings = set(), set()
    for path in (path for path in files() if path.is_relative_to(ROOT / "actions") and path.suffix == ".py"):
        for name, continued in _NAMED.findall(path.read_text("utf-8")):
            (beginnings if continued else whole).add(name)
    return whole, beginnings


def examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "dialogue/data/nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            found.setdefault(block["intent"], []).extend(line[2:] for line in block["examples"].splitlines())
    return found


def test_every_sentence_named_in_code_stands_in_the_domain():
    whole, _ = named_in_code()

    assert whole - set(TEXTS) == set()


def test_every_sentence_of_the_domain_is_named_in_code():
    whole, beginnings = named_in_code()

    assert {name for name in TEXTS if name not in whole and not name.startswith(tuple(beginnings))} == set()


def test_a_sentence_has_one_text_with_simple_placeholders():
    for name, variants in DOMAIN["responses"].items():
        assert len(variants) == 1, name
        assert set(variants[0]) == {"text"}, name
        assert re.fullmatch(r"(?:[^{}]|\{[a-z_]+\})*", variants[0]["text"]), name


def test_no_figure_is_written_into_a_sentence():
    assert {name: text for name, text in TEXTS.items() if re.search(r"\d", text)} == {}


def test_the_actions_of_the_domain_are_those_of_the_server():
    assert set(DOMAIN["actions"]) == set(ACTIONS)


def test_every_intent_has_a_rule_and_every_rule_an_action():
    steps = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in RULES}

    assert set(steps) == {*DOMAIN["intents"], "nlu_fallback"}
    assert set(steps.values()) == set(ACTIONS)
    assert {intent for intent, action in steps.items() if action == "action_social"} == set(RESPONSES)


def test_every_social_sentence_gets_the_ward_it_names():
    naming = {intent for intent, response in RESPONSES.items() if "{ward}" in TEXTS[response]}

    assert naming == NAMES_THE_WARD


def test_every_intent_is_taught_by_enough_examples_and_none_twice():
    taught = examples()

    assert set(taught) == set(DOMAIN["intents"])
    assert {intent: len(said) for intent, said in taught.items() if len(said) < 25} == {}
    for intent, said in taught.items():
        assert sorted(said) == sorted(set(said)), intent
    everything = [one for said in taught.values() for one in said]
    assert sorted(everything) == sorted(set(everything))


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_what_buttons_send_is_an_intent(command: str):
    assert command in DOMAIN["intents"]


def test_the_held_out_sentences_are_not_taught():
    taught = {one.casefold() for said in examples().values() for one in said}
    lines = (ROOT / "tests/dialogue/intents.tsv").read_text("utf-8").splitlines()
    held_out = [line.split("\t") for line in lines if line and not line.startswith("#")]

    assert {text for text, _ in held_out if text.casefold() in taught} == set()
    assert {intent for _, intent in held_out} <= set(DOMAIN["intents"])
    assert len(held_out) >= 120
