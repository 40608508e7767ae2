"""
The office at 20,000 entries: the list page, searched and filtered, an entry's form, what it would show to citizens, and a
save until it is live: until knowledge answers with it.

Times are taken by a client on the same machine, from the request to the last byte: the server's time and a little more.
The entries are spliced from real ones (bench/synthetic.py) and stand in files as staff would have them.
"""

import asyncio
import html
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from argon2 import PasswordHasher
from rich.progress import Progress
from rich.table import Table

from bench.report import Result, judged, progress, quantile
from bench.synthetic import SEED, Synthetic
from bot.admin import officers
from bot.database import Database
from tools.town import ROOT, Town

ENTRIES, PER_FILE = 20_000, 40
ROUNDS, SAVES = 20, 3
LIST_MS, SAVE_SECONDS = 300, 5
PATIENCE = aiohttp.ClientTimeout(total=120)
WARD, PASSWORD = "phuong-mau", "only for this measurement"
LISTS = {
    "first page": "",
    "last page": "&page=800",
    "searched, with marks": "&q=đăng ký",
    "searched, without": "&q=giay to&page=2",
    "one kind": "&kind=procedure&page=30",
    "with something to check": "&state=unchecked",
}
_CSRF = re.compile(r'name="csrf" value="([^"]*)"')
_FIELD = re.compile(r'name="(expected|was)" value="([^"]*)"')


def measure(_: Town) -> Result:
    with progress() as bar, tempfile.TemporaryDirectory() as folder:
        values = _measure(Path(folder), bar)
    table = Table(f"office, {values['entries']:,} entries", "p50", "p95", title_justify="left")
    for name, took in values["lists"].items():
        table.add_row(f"list page: {name}", f"{took['p50_ms']:g} ms", judged(took["p95_ms"], LIST_MS, unit=" ms"))
    form = values["form"]
    table.add_row("an entry's form", f"{form['p50_ms']:g} ms", judged(form["p95_ms"], LIST_MS, unit=" ms"))
    table.add_row(
        "what citizens would see, while typing", f"{values['try_p50_seconds']:g} s", f"{values['try_max_seconds']:g} s"
    )
    table.add_row("saved on the page, until it is live", f"{values['save_p50_seconds']:g} s",
                  judged(values["save_max_seconds"], SAVE_SECONDS, unit=" s"))  # fmt: skip
    table.add_row("index built in", f"{values['build_seconds']:g} s", "")
    return Result(table, values)


def _measure(folder: Path, bar: Progress) -> dict[str, Any]:
    content = folder / "content"
    shutil.copytree(ROOT / "knowledge/content", content)
    task = bar.add_task("writing 20,000 entries", total=ENTRIES)
    write(content / "common/procedures/synthetic", lambda done: bar.update(task, completed=done))
    town = Town(folder / "town", {"knowledge": {"KNOWLEDGE_CONTENT": str(content)}})
    bar.update(bar.add_task("building the index", total=None))
    seconds = _build(town, content)
    bar.add_task("measuring", total=None)
    try:
        town.start("knowledge", "actions", "bot")
        _hire(town)
        return {"build_seconds": round(seconds, 1), **asyncio.run(_visit(town.url, town.knowledge_url))}
    finally:
        town.stop()


def write(folder: Path, tell: Any) -> None:
    """
    Write the entries, forty to a file.
    """
    folder.mkdir(parents=True)
    items, dice = Synthetic(ROOT / "knowledge/content").entries(ENTRIES), random.Random(SEED)
    for first in range(0, ENTRIES, PER_FILE):
        entries = [
            {
                "id": item.id,
                "title": item.titles[0],
                "summary": item.texts[0],
                "fee": {"text": f"{dice.randint(1, 99)}.000 đồng."},
                "time": {"text": f"{dice.randint(1, 30)} ngày làm việc."},
                "questions": list(dict.fromkeys(item.wordings)),
                **({"to_check": ["Đối chiếu lại."]} if dice.random() < 0.1 else {}),
                "sources": ["Cổng Dịch vụ công quốc gia"],
                "as_of": "2026-11",
            }
            for item in items[first : first + PER_FILE]
        ]
        text = yaml.dump({"kind": "procedure", "field": "Đo thử", "entries": entries}, Dumper=yaml.CSafeDumper,
                         allow_unicode=True, sort_keys=False)  # fmt: skip
        (folder / f"{first:05}.yml").write_text(text, "utf-8")
        tell(first + PER_FILE)


def _build(town: Town, content: Path) -> float:
    """
    Build the index that the service then finds up to date: a start has less patience.
    """
    made = town.programs["knowledge"].environment
    environment = {**os.environ, **made, "KNOWLEDGE_CONTENT": str(content)}
    began = time.perf_counter()
    command = [sys.executable, "-m", "knowledge", "build"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - began


def _hire(town: Town) -> None:
    database = Database(town.programs["bot"].environment["BOT_DATABASE"])
    with database.engine.begin() as connection:
        made = officers.create(connection, login="do", name="Đo thử", roles=[("*", "admin")], now=time.time())
        assert made is not None
        officers.set_password(
            connection, made, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        )
    database.close()


async def _visit(url: str, knowledge: str) -> dict[str, Any]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(url, cookie_jar=jar, headers={"Origin": url}) as http:
        await http.post("/admin/sign-in", data={"login": "do", "password": PASSWORD})
        lists, total = {}, 0
        for name, query in LISTS.items():
            took, page = await _timed(http, f"/admin/content?ward={WARD}{query}")
            lists[name] = took
            found = re.search(r"([\d.]+) mục\.", page)
            total = max(total, int(found[1].replace(".", "")) if found else 0)
        form, _ = await _timed(http, "/admin/content/procedure/entry-7?ward=-")
        tries = [await _try(http, number) for number in range(SAVES)]
        saves = [await _save(http, number) for number in range(SAVES)]
        for number in range(SAVES):
            await _see(knowledge, number)
    return {
        "entries": total, "lists": lists, "form": form,
        "try_p50_seconds": quantile(tries, 0.5), "try_max_seconds": round(max(tries), 3),
        "save_p50_seconds": quantile(saves, 0.5), "save_max_seconds": round(max(saves), 3),
    }  # fmt: skip


async def _timed(http: aiohttp.ClientSession, path: str) -> tuple[dict[str, float], str]:
    took, page = [], ""
    for number in range(ROUNDS + 1):
        began = time.perf_counter()
        async with http.get(path) as response:
            page = await response.text()
            assert response.status == 200, f"{path}: {response.status}"
        if number:  # the first request of a kind also reads templates
            took.append((time.perf_counter() - began) * 1000)
    return {"p50_ms": round(quantile(took, 0.5), 1), "p95_ms": round(quantile(took, 0.95), 1)}, page


async def _form(http: aiohttp.ClientSession, number: int) -> tuple[str, dict[str, str]]:
    """
    Return where an entry's form goes, and what it sends with one box changed.
    """
    id = f"entry-{100 + number}"
    path = f"/admin/content/procedure/{id}?ward=-"
    async with http.get(path) as response:
        page = await response.text()
    csrf = _CSRF.search(page)
    assert csrf is not None
    carried = {name: html.unescape(value) for name, value in _FIELD.findall(page)}
    return path, {**carried, "csrf": csrf[1], "do": "save", "e.fee.text": _fee(number)}


def _fee(number: int) -> str:
    return f"{number + 1}.500 đồng một lần đo."


async def _try(http: aiohttp.ClientSession, number: int) -> float:
    """
    Ask what would come of a changed entry, as the page does while somebody types; return the seconds.
    """
    _, form = await _form(http, number)
    form["e.questions"] = f"đo thử câu hỏi mới số {number}"
    path = f"/admin/content/try?ward=-&kind=procedure&id=entry-{100 + number}"
    began = time.perf_counter()
    async with http.post(path, data=form, timeout=PATIENCE) as response:
        page = await response.text()
    assert _fee(number) in page, f"{path}: {response.status}"
    return time.perf_counter() - began


async def _save(http: aiohttp.ClientSession, number: int) -> float:
    """
    Save an entry with its fee and questions changed, as the form does; return the seconds until the answer.
    """
    path, form = await _form(http, number)
    form["e.questions"] = f"đo thử câu hỏi mới số {number}"
    began = time.perf_counter()
    async with http.post(path, data=form, allow_redirects=False, timeout=PATIENCE) as response:
        assert response.status == 303, f"{path}: {response.status}"
    return time.perf_counter() - began


async def _see(knowledge: str, number: int) -> None:
    """
    Make sure that what was saved is what citizens are told.
    """
    body = {"ward": WARD, "choose": {"entry": f"entry-{100 + number}", "part": "fee"}}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{knowledge}/answer", json=body, timeout=PATIENCE) as response,
    ):
        found = await response.json()
    assert found["findings"][0]["content"]["fee"]["text"] == _fee(number)
