# Two commands matter: `make run` and `make test`. Stamp files make a second run free and offline.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run test lint types contracts bench lock clean browser process faults wheel messages

run: $(VENV)/.run
	@WELLKEPT_DEMO=$${WELLKEPT_DEMO-1} WELLKEPT_DATA=$${WELLKEPT_DATA-$(CURDIR)/var} $(BIN)/wellkept serve

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not browser and not imap and not faults and not process"

lint: $(VENV)/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: $(VENV)/.dev
	@$(BIN)/mypy

browser: $(VENV)/.dev
	@$(BIN)/python -m pytest -m browser -n0 tests/browser

process: $(VENV)/.dev
	@$(BIN)/python -m pytest -m process -n auto --dist worksteal wellkept/cli

faults: $(VENV)/.dev
	@$(BIN)/python -m pytest -m faults -n0 tests/faults

bench: $(VENV)/.dev
	@$(BIN)/python -m bench

wheel: $(VENV)/.dev
	@$(BIN)/python -m build --wheel --no-isolation

messages: $(VENV)/.dev
	@cd wellkept && ../$(BIN)/python -m django makemessages -l pt_BR --no-location --no-obsolete
	@$(BIN)/pybabel -q compile -d wellkept/locale -D django

lock: $(VENV)/.dev
	@$(BIN)/pip install -q uv
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --group build pyproject.toml -o lock/run.txt
	@$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --group dev pyproject.toml -o lock/dev.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Wellkept needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: lock/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Wellkept needs (once)…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r lock/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . 
	@touch $@

$(VENV)/.dev: lock/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need (once)…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r lock/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
