from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.gateway import Road
from tests.fakes.rasa import turn
from tests.fakes.serving import free_port


def test_a_question_is_answered_as_the_citizen_sees_it(road: Road) -> None:
    buttons = [{"title": "Lệ phí", "payload": "/show_menu"}, {"title": "Thời hạn", "payload": "/ask_officer"}]
    road.rasa.answer = lambda *_: turn("Cần tờ khai.\nNguồn: Cổng DVCQG", buttons=buttons)

    result = road.gateway.run("ask", "--ward", "hoa-binh", "--url", road.gateway.url, "khai sinh cần gì")

    assert result.returncode == 0, result.stderr
    assert result.stdout == "Cần tờ khai.\nNguồn: Cổng DVCQG\n  [1] Lệ phí\n  [2] Thời hạn\n"


def test_two_turns_of_one_conversation(road: Road) -> None:
    result = road.gateway.run("ask", "--ward", "hoa-binh", "--url", road.gateway.url, "khai sinh || lệ phí")

    assert result.stdout == "> khai sinh\nTrả lời: khai sinh\n\n> lệ phí\nTrả lời: lệ phí\n"
    assert len({one["sender"] for one in road.rasa.asked}) == 1


def test_a_file_of_questions_becomes_json_lines_in_their_order(road: Road, tmp_path: Path) -> None:
    road.rasa.answer = lambda _, message, __: turn(
        f"1 {message}", "2", sources=["Cổng DVCQG"], buttons=[{"title": "Phí", "payload": "/show_menu"}]
    )
    questions = tmp_path / "questions.txt"
    questions.write_text("\ufeff" + "\n".join(f"câu {number}" for number in range(20)) + "\n\n  a || b\n", "utf-8")
    out = tmp_path / "out.jsonl"

    result = road.gateway.run(
        "ask", "--ward", "hoa-binh", "--url", road.gateway.url, "--file", str(questions), "--out", str(out)
    )

    assert result.returncode == 0, result.stderr
    assert "21/21" in result.stderr
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["question"] for row in rows] == [*(f"câu {number}" for number in range(20)), "a || b"]
    assert rows[3].keys() == {"question", "reply", "buttons", "outcome", "entry_ids", "sources", "ms"}
    assert rows[3]["reply"] == ["1 câu 3", "2"]
    assert rows[3]["buttons"] == [{"title": "Phí", "payload": "/show_menu"}]
    assert (rows[3]["outcome"], rows[3]["entry_ids"], rows[3]["sources"]) == ("answered", ["khai-sinh"], ["Cổng DVCQG"])
    assert rows[3]["ms"] > 0
    assert rows[-1]["reply"] == ["1 b", "2"]
    assert [one["reply"][0] for one in rows[-1]["turns"]] == ["1 a", "1 b"]
    assert len({one["sender"] for one in road.rasa.asked}) == 21


def test_json_lines_go_to_stdout_by_default(road: Road, tmp_path: Path) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("một\nhai\n")

    result = road.gateway.run("ask", "--ward", "hoa-binh", "--url", road.gateway.url, "--file", str(questions))

    assert [json.loads(line)["reply"] for line in result.stdout.splitlines()] == [["Trả lời: một"], ["Trả lời: hai"]]


def test_when_nothing_runs_it_says_so_in_one_line(road: Road) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    result = road.gateway.run("ask", "--ward", "hoa-binh", "--url", url, "khai sinh")

    assert result.returncode == 3
    assert result.stdout == ""
    assert result.stderr == f"gateway.unreachable: url={url} — nothing is running there; start it with `make run`\n"


def test_another_program_on_the_port_is_not_mistaken_for_the_gateway(road: Road) -> None:
    result = road.gateway.run("ask", "--ward", "hoa-binh", "--url", road.rasa_server.url, "khai sinh")

    assert result.returncode == 3
    assert "not the gateway" in result.stderr


def test_an_unknown_ward_is_refused(road: Road) -> None:
    result = road.gateway.run("ask", "--ward", "khong-co", "--url", road.gateway.url, "khai sinh")

    assert result.returncode == 2
    assert "ward.unknown" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["x", "--file", "y"], ["--file", "/no/such/file"]])
def test_wrong_use_is_explained(road: Road, arguments: list[str]) -> None:
    result = road.gateway.run("ask", "--ward", "hoa-binh", *arguments)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1


def test_a_question_without_a_reply_is_not_waited_for_endlessly(road: Road) -> None:
    road.rasa.bad_days = ["hang"] * 100

    result = road.gateway.run("ask", "--ward", "hoa-binh", "--url", road.gateway.url, "--timeout", "1", "khai sinh")
    road.rasa.bad_days.clear()

    assert result.returncode == 1
    assert "(no reply)" in result.stdout
    assert "no reply within 1 s" in result.stderr
