import json

import pytest

from knowledge.__main__ import main
from knowledge.errors import EncoderError
from tests.knowledge.conftest import SAMPLES


@pytest.fixture
def installed(library_folder, tmp_path, monkeypatch):
    """
    The settings of an installation over a copy of the small library, without an encoder.
    """
    for name, value in {"CONTENT": library_folder, "INDEX": tmp_path / "index", "ENCODER": "none"}.items():
        monkeypatch.setenv(f"KNOWLEDGE_{name}", str(value))
    return library_folder


def test_check_counts_what_it_read(installed, capsys):
    assert main(["check"]) == 0

    assert "10 mục, 1 kế hoạch, 2 phường/xã, 3 cách nói; 0 cảnh báo" in capsys.readouterr().out


def test_check_tells_every_mistake_with_file_and_line_and_how_to_go_on(installed, capsys):
    (installed / "common/hong.yml").write_text("kind: faq\nentries:\n- {id: a}\n", encoding="utf-8")

    assert main(["check"]) == 1

    said = capsys.readouterr()
    assert said.out.splitlines()[0].startswith(f"{installed / 'common/hong.yml'}:3: mục “a”")
    assert "3 lỗi. Sửa các dòng trên" in said.err


@pytest.mark.parametrize(("arguments", "status"), [(["check"], 0), (["check", "--strict"], 1)])
def test_a_warning_fails_only_a_strict_check(installed, capsys, arguments, status):
    faq = "kind: faq\nentries:\n- {id: a, title: A, answer: B., as_of: '2026-07', questions: [làm giấy khai sinh]}\n"
    (installed / "common/x.yml").write_text(faq, encoding="utf-8")

    assert main(arguments) == status

    assert "cùng nhận câu “làm giấy khai sinh”" in capsys.readouterr().out


def test_build_says_what_changed(installed, capsys):
    assert main(["build"]) == 0
    assert " added, 0 changed, 0 kept, 0 removed" in capsys.readouterr().out

    assert main(["build"]) == 0
    assert ": 0 added, 0 changed, " in capsys.readouterr().out


def test_ask_shows_why_a_question_went_where_it_went(installed, capsys):
    assert main(["ask", "đk ks cho con", "--ward", "tay-mau"]) == 0

    said = capsys.readouterr().out
    assert "đăng kí khai sinh cho con" in said or "khai sinh" in said
    assert "Kết quả" in said


def test_an_unknown_ward_is_told_with_those_that_are_known(installed, capsys):
    assert main(["ask", "khai sinh", "--ward", "hoa-tinh"]) == 2

    assert capsys.readouterr().err.splitlines()[-1] == "ward.unknown no ward 'hoa-tinh'; known: dong-mau, tay-mau"


def test_an_encoder_folder_that_cannot_be_used_is_told_in_one_line(installed, tmp_path, monkeypatch, capsys):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "static.json").write_text(json.dumps({"version": "1", "dimension": 8, "features": 0}))
    monkeypatch.setenv("KNOWLEDGE_ENCODER", str(tmp_path / "model"))

    assert main(["build"]) == 2

    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .startswith(f"{EncoderError.code} no usable encoder in {tmp_path / 'model'}")
    )


def test_settings_that_cannot_be_used_are_told_all_at_once(monkeypatch, capsys):
    monkeypatch.setenv("KNOWLEDGE_CONTENT", str(SAMPLES / "khong-co"))
    monkeypatch.setenv("KNOWLEDGE_PORT", "eighty")

    assert main(["check"]) == 2

    said = capsys.readouterr().err
    assert "settings.invalid" in said
    assert "KNOWLEDGE_PORT='eighty' is not a port number" in said
    assert "khong-co" in said
