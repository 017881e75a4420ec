# make run    serve the panel with the demo of both cities on http://127.0.0.1:8000
# make test   everything that needs no browser, on SQLite and PostgreSQL
# make check  format, lint, types, layers
# make e2e    the journey in real Chromium
# make bench  ratios against something run side by side

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	--only-binary :all: --no-binary flask-principal

.PHONY: run test check format e2e bench pins

run: $(VENV)/.run
	@exec $(BIN)/python wsgi.py

# What one process compiled the others read, and those that the tests start.
test: $(VENV)/.dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

e2e: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/e2e

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench.run

$(VENV)/.base:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer, with venv and pip." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This Python is too old: Jenjang needs 3.11 or newer. Name a newer one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing: install it (Debian: apt install python3-venv) and try again." >&2; exit 1; }
	@test -w . || { echo "This folder cannot be written: copy the project to a folder of yours and try again." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: constraints.txt | $(VENV)/.base
	@echo "Installing the pinned packages; this happens once."
	@$(PIP_INSTALL) -r constraints.txt || { echo "The packages could not be installed: check the connection to your package registry and try again." >&2; exit 1; }
	@touch $@

$(VENV)/.dev: constraints-dev.txt | $(VENV)/.base
	@echo "Installing the pinned packages for tests and checks; this happens once."
	@$(PIP_INSTALL) -r constraints-dev.txt || { echo "The packages could not be installed: check the connection to your package registry and try again." >&2; exit 1; }
	@touch $@ $(VENV)/.run

# Pins are compiled without addresses; uv.lock would write them.
pins:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o constraints.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header -q -c constraints.txt -o constraints-dev.txt
