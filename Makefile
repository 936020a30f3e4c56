# Two commands do everything: `make run` opens the tutor, `make test` runs all the tests.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
APP    := $(VENV)/.app-installed
DEV    := $(VENV)/.dev-installed
ORACLE := $(VENV)/.oracle-installed

.PHONY: run test check package bench oracle snapshots pictures translations clean

run: $(APP)
	$(BIN)/python -m tui

test: $(DEV)
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Build the package, install it into an empty environment and play a lesson there.
package: $(DEV)
	$(BIN)/python -m tests.package

bench: $(DEV)
	$(BIN)/python -m tests.bench

# Gradients and optimizers against PyTorch, which is too large a download for every test run.
oracle: $(ORACLE)
	$(BIN)/python -m pytest -n auto tests/engine/expression tests/engine/network tests/engine/problems/test_published.py

# Run after a wanted change of a screen, then look at every picture that changed.
snapshots: $(DEV)
	$(BIN)/python -m pytest -n auto tests/tui --snapshot-update

# The README's pictures, taken of the app as it is played; then look at each.
pictures: $(DEV)
	$(BIN)/python -m tests.pictures

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Backhand needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(APP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,check]'
	touch $@

$(ORACLE): $(DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[oracle]'
	touch $@

# After a text was added or changed: collect the texts, then translate what `ru.po` lacks.
translations: $(DEV)
	$(BIN)/pybabel -q extract -k tr -k ntr:1,2 -k mark_text --no-location --sort-output \
	    --project Backhand -o $(VENV)/backhand.pot engine tui
	$(BIN)/pybabel -q update -i $(VENV)/backhand.pot -o assets/translations/ru.po -l ru \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -i assets/translations/ru.po -o assets/translations/ru.mo -l ru

clean:
	rm -rf $(VENV) build dist *.egg-info
