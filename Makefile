# Two commands do all the set-up on a fresh machine (Python 3.11, make, git):  make run   make test
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
PORT ?= 8080
WARD ?= phuong-mau
PYTHON ?= $(shell command -v python3.11 || command -v python3)
# A machine whose pip has a folder of wheels (a CPU build of torch, say) lets uv use it too: uv does not read pip's settings.
UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
export UV_FIND_LINKS
export RASA_TELEMETRY_ENABLED := false
# Rasa holds multidict at a version without a wheel for Python 3.11: build it without a C compiler.
export MULTIDICT_NO_EXTENSIONS := 1
UV := .tools/bin/uv
PY := .venv/bin/python
TORCH := torch==2.13.*
TORCH_CPU := torch==2.13.0+cpu

.PHONY: help run drill ask test test-fast check evaluate bench content setup setup-test clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: setup  ## set up what is missing, start everything, print the address (PORT=8080)
	@$(PY) -m tools.run --port $(PORT)

drill: setup  ## rehearse on emulated Zalo, Messenger and Telegram, no account needed (PORT=8080 WARD=phuong-mau)
	@$(PY) -m tools.drill --port $(PORT) --ward "$(WARD)"

ask:  ## ask one question through the whole road: make ask Q="…" WARD=hoa-binh
	@test -x $(PY) || { echo "nothing is set up yet: run \"make run\" first, in another terminal"; exit 3; }
	@$(PY) -m bot ask --ward "$(WARD)" --url http://127.0.0.1:$(PORT) "$(Q)"

test: setup-test  ## everything: style, types, imports, unit, journeys, real Rasa, a real browser
	@$(PY) -m tools.check
	@$(PY) -m pytest

test-fast: setup-test  ## what needs no Rasa and no services, under a minute
	@$(PY) -m pytest -m "not rasa and not services"

check: setup-test  ## ruff, mypy, import-linter, content
	@$(PY) -m tools.check

evaluate: setup  ## score the repository's own questions
	@$(PY) -m knowledge evaluate tests/knowledge/questions.tsv --ward $(WARD)

bench: setup-test  ## measure the road of a message and the search, print tables
	@$(PY) -m bench

content: setup  ## check every content file, name file and line of each mistake
	@$(PY) -m knowledge check

setup: .venv/.run dialogue/.venv/.run

setup-test: setup .venv/.test

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 is missing: install python3.11 and python3.11-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed, $(PYTHON) is $$($(PYTHON) --version): install python3.11 or set PYTHON=…"; exit 1; }
	@echo "setting up uv …"
	@$(PYTHON) -m venv .tools || { echo "python3-venv is missing: apt-get install python3.11-venv"; exit 1; }
	@.tools/bin/pip install --quiet uv

.venv/.run: pyproject.toml uv.lock | $(UV)
	@echo "setting up the app's environment (about 1 GB, a few minutes on a slow line) …"
	@# Made once and then named by its own python: asked for another, uv makes it anew, without torch.
	@test -x $(PY) || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) sync --quiet --frozen --inexact --no-default-groups --python $(PY)
	@$(PY) -c 'import torch' 2>/dev/null || $(UV) pip install --quiet --no-config "$(TORCH_CPU)" 2>/dev/null || $(UV) pip install --quiet --no-config "$(TORCH)" --torch-backend cpu
	@touch $@

.venv/.test: .venv/.run
	@$(UV) sync --quiet --frozen --inexact --python $(PY)
	@touch $@

dialogue/.venv/.run: dialogue/pyproject.toml dialogue/uv.lock | $(UV)
	@echo "setting up Rasa's environment …"
	@test -x dialogue/.venv/bin/python || $(UV) venv --quiet --python $(PYTHON) dialogue/.venv
	@$(UV) sync --quiet --frozen --project dialogue --python dialogue/.venv/bin/python
	@touch $@

clean:  ## remove both environments and all state
	rm -rf .venv .tools dialogue/.venv var
