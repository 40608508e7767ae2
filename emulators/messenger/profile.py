"""
GET, POST, DELETE /{page}/messenger_profile: what a thread shows before the first word, and its menu.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulators.messenger import limits
from emulators.messenger.call import Call
from emulators.messenger.errors import GraphError, bad

MAX_GREETING, MAX_ICE_BREAKERS, MAX_MENU, MAX_MENU_TITLE, MAX_QUESTION = 160, 4, 20, 30, 80
DONE = {"result": "success"}


async def profile(call: Call) -> dict[str, Any]:
    call.need("pages_messaging")
    limits.count_profile_call(call.page, now=call.now)
    if call.method == "POST":
        return _write(call)
    names = call.names("fields")
    if not names:
        raise bad("The parameter fields is required")
    for name in names:
        if name not in CHECKS:
            raise bad(f"param fields[0] must be one of {{{', '.join(CHECKS)}}}.")
    held = call.page.profile
    if call.method == "DELETE":
        if "get_started" in names and "persistent_menu" in held and "persistent_menu" not in names:
            raise GraphError("100/2018145")
        for name in names:
            held.pop(name, None)
        return DONE
    shown = {name: held[name] for name in names if name in held}
    return {"data": [shown] if shown else []}


def _write(call: Call) -> dict[str, Any]:
    given = {name: value for name, value in call.params.items() if name in CHECKS}
    if not given:
        raise bad("Requires one of the params: " + ", ".join(CHECKS))
    for name, value in given.items():
        CHECKS[name](value)
    if "persistent_menu" in given and "get_started" not in {**call.page.profile, **given}:
        raise GraphError("100/2018145")
    call.page.profile.update(given)
    return DONE


def _text(value: Any, most: int, name: str) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise bad(f"Length of param {name} must be between 1 and {most}")


def _list(value: Any, most: int, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not 1 <= len(value) <= most or not all(isinstance(part, dict) for part in value):
        raise bad(f"param {name} must be an array of 1 to {most} objects.")
    return value


def _locales(value: Any, name: str) -> list[dict[str, Any]]:
    parts = _list(value, 100, name)
    if "default" not in [part.get("locale") for part in parts]:
        raise bad(f"param {name} must have the locale default.")
    return parts


def _get_started(value: Any) -> None:
    if not isinstance(value, dict):
        raise bad("param get_started must be an object.")
    _text(value.get("payload"), 1000, "get_started[payload]")


def _greeting(value: Any) -> None:
    for part in _locales(value, "greeting"):
        _text(part.get("text"), MAX_GREETING, "greeting[text]")


def ice_breaker_questions(value: Any) -> list[dict[str, Any]]:
    """
    Return the questions of the default locale; the older form without locales counts as that.
    """
    parts = _list(value, 100, "ice_breakers")
    if any("question" in part for part in parts):
        return _list(value, MAX_ICE_BREAKERS, "ice_breakers")
    default = next(part for part in _locales(value, "ice_breakers") if part.get("locale") == "default")
    return _list(default.get("call_to_actions"), MAX_ICE_BREAKERS, "ice_breakers[call_to_actions]")


def _ice_breakers(value: Any) -> None:
    for question in ice_breaker_questions(value):
        _text(question.get("question"), MAX_QUESTION, "ice_breakers[question]")
        _text(question.get("payload"), 1000, "ice_breakers[payload]")


def _persistent_menu(value: Any) -> None:
    for part in _locales(value, "persistent_menu"):
        if not part.get("call_to_actions") and part.get("composer_input_disabled"):
            continue
        for item in _list(part.get("call_to_actions"), MAX_MENU, "persistent_menu[call_to_actions]"):
            _text(item.get("title"), MAX_MENU_TITLE, "persistent_menu[title]")
            if item.get("type") == "web_url":
                _text(item.get("url"), 2000, "persistent_menu[url]")
            elif item.get("type") == "postback":
                _text(item.get("payload"), 1000, "persistent_menu[payload]")
            else:
                raise bad("param persistent_menu[type] must be one of {web_url, postback}.")


def _whitelisted_domains(value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(part, str) and part.startswith("https://") for part in value):
        raise bad("param whitelisted_domains must be an array of https addresses.")


def _commands(value: Any) -> None:
    for part in _locales(value, "commands"):
        for command in _list(part.get("commands"), 100, "commands"):
            _text(command.get("name"), 32, "commands[name]")
            _text(command.get("description"), 64, "commands[description]")


CHECKS: dict[str, Callable[[Any], None]] = {
    "get_started": _get_started,
    "greeting": _greeting,
    "ice_breakers": _ice_breakers,
    "persistent_menu": _persistent_menu,
    "whitelisted_domains": _whitelisted_domains,
    "commands": _commands,
}
