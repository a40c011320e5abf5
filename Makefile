SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1

.PHONY: demo test test-browser lint eval bench run lock messages

$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q kb crawler scheduler datasette_config
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/python -m scheduler.demo $(if $(filter 0,$(SERVE)),--no-serve,)

test: $(VENV)/.installed
	$(BIN)/pytest -m 'not browser'

# Walks through the pages in Chromium; needs Debian's chromium and fonts-noto-cjk, and skips with the reason without.
test-browser: $(VENV)/.installed
	$(BIN)/pytest -m browser

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p kb
	$(BIN)/lint-imports

eval: $(VENV)/.installed
	$(BIN)/python -m tests.eval $(if $(DETAILS),--details,)

bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks

run: $(VENV)/.installed
	@test -f zhengce-data/zhengce.toml || $(BIN)/zhengce init
	$(BIN)/zhengce run

# Labels of the site, Chinese in the code, English in the catalogue: takes up new ones, drops those no longer used.
messages: $(VENV)/.installed
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keywords _ --no-location --sort-output --width 0 --output-file zhengce.pot .
	$(BIN)/pybabel --quiet update --input-file zhengce.pot --locale en --no-fuzzy-matching --ignore-obsolete --omit-header --width 0 \
	  --output-file datasette_config/locale/en/LC_MESSAGES/zhengce.po
	@rm zhengce.pot

# The lock holds versions and hashes only: whoever installs chooses the index.
lock: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 pyproject.toml --group dev --output-file requirements.lock
