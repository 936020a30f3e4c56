# Two commands do everything: `make run` opens the tutor, `make test` runs all the tests.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
APP    := $(VENV)/.app-installed
DEV    := $(VENV)/.dev-installed

.PHONY: run test check bench snapshots clean

run: $(APP)
	$(BIN)/python -m tui

test: $(DEV)
	$(BIN)/python -m pytest -n auto

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV)
	$(BIN)/python -m tests.bench

# Run after a wanted change of a screen, then look at every picture that changed.
snapshots: $(DEV)
	$(BIN)/python -m pytest -n auto tests/tui --snapshot-update

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Backhand needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(APP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,check]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
