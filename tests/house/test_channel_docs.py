"""
The documents on channels: their examples load, and what the code rings, sends to or is told is on their pages.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import watch
from bot.accounts import KINDS, load
from bot.channels.account import ChannelAccount
from bot.channels.zalo import check as zalo_check
from bot.channels.zalo import token as zalo_token
from tests.house.repository import ROOT, documents, files, name

PAGE = (ROOT / "docs/channels/README.md").read_text("utf-8")
_YAML = re.compile(r"^( *)```yaml\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
# What stands in the files that the examples name; a token's digits are the account's id.
LETTERS = "a-long-random-word-of-43-letters-and-more-000"


def examples() -> Iterator[Any]:
    """
    Give every accounts file that a document shows.
    """
    for path in documents():
        for indent, block in _YAML.findall(path.read_text("utf-8")):
            text = re.sub(rf"^{indent}", "", block, flags=re.MULTILINE)
            # Parts of templates and of compose files are no accounts.
            if re.match(rf"({'|'.join(KINDS)}):", text):
                yield pytest.param(yaml.safe_load(text), id=name(path))


def with_secrets(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    """
    Return the example with its secret files written into `folder`.
    """
    made: dict[str, Any] = {}
    for kind, accounts in document.items():
        made[kind] = []
        for account in accounts:
            changed = dict(account)
            for field in [one for one in account if one.endswith("_file")]:
                path = folder / f"{kind}-{account['id']}-{field}"
                path.write_text(f"{account['id']}:{LETTERS}" if field == "token_file" else LETTERS)
                changed[field] = str(path)
            made[kind].append(changed)
    return made


@pytest.mark.parametrize("document", examples())
def test_an_accounts_file_that_is_shown_loads(document: dict[str, Any], tmp_path: Path):
    path = tmp_path / "accounts.yml"
    path.write_text(yaml.safe_dump(with_secrets(document, tmp_path)))

    accounts = load(path)

    assert [(kind, one.id) for kind, one in accounts.all()] == [
        (kind, str(one["id"])) for kind in KINDS for one in document.get(kind, [])
    ]


def test_the_readme_and_every_page_show_one():
    shown = {str(one.id) for one in examples()}

    assert shown == {"README.md", "docs/channels/README.md", *(f"docs/channels/{kind}.md" for kind in KINDS)}


def test_every_common_field_is_described():
    described = set(re.findall(r"^\| `(\w+)` \| (?:needed|\(empty\)|`\w+`) \|", PAGE, re.MULTILINE))

    assert described == set(ChannelAccount.model_fields)


def test_every_base_address_is_listed_with_its_default():
    rows = set(re.findall(r"^\| [^|]+ \| `(\w+)` \| `(https://[^`]+)` \|", PAGE, re.MULTILINE))
    fields = [one for model in KINDS.values() for one in model.model_fields.items()]

    assert rows == {(one, field.default) for one, field in fields if str(field.default).startswith("https://")}


def test_every_alarm_is_listed():
    rung = {watch.CODE, watch.SEND_REFUSED, zalo_token.EXPIRING, zalo_token.DEAD, zalo_token.UNCLEAR}
    for path in files():
        if path.is_relative_to(ROOT / "bot") and path.suffix == ".py":
            text = path.read_text("utf-8")
            rung |= set(re.findall(r'(?:alarms\.ring\(|happening\("account")[^)]*?code="([a-z.]+_?[a-z_]*)"', text))
    listed = PAGE.partition("## Alarms")[2]

    assert "send.refused" in rung
    assert set(re.findall(r"^\| `([a-z_.]+)` \|", listed, re.MULTILINE)) == rung


def test_every_event_that_an_oa_must_send_is_listed():
    page = (ROOT / "docs/channels/zalo.md").read_text("utf-8")

    assert [one for one in zalo_check.EVENTS.split(", ") if f"`{one}`" not in page] == []
