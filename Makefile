SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1

.PHONY: demo test lint eval bench run lock

$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q kb crawler scheduler datasette_config
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/python -m scheduler.demo $(if $(filter 0,$(SERVE)),--no-serve,)

test: $(VENV)/.installed
	$(BIN)/pytest

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

# The lock holds versions and hashes only: whoever installs chooses the index.
lock: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 pyproject.toml --group dev --output-file requirements.lock
