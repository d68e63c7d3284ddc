# Tongban 通办. `make run` shows it, `make test` proves it; both start from a bare clone.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements-build.lock requirements.lock requirements-dev.lock
WORKERS ?= 2
ADDRESS ?= 127.0.0.1:8000
SAMPLE := rulesets/samples/public_venue_hygiene/approved.json

# A changed lock, or another Python, gives another stamp and thereby a new environment.
KEY := $(shell { cat $(LOCKS) pyproject.toml; $(PYTHON) -V; } 2>&1 | sha256sum | cut -c1-16)
RUNTIME := $(VENV)/runtime-$(KEY)
DEV := $(VENV)/dev-$(KEY)

# durable-rules still names a function that Python 3.13 renamed.
NEW_PYTHON := $(shell $(PYTHON) -c 'import sys; sys.version_info >= (3, 13) and print("yes")')
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-build-isolation
ifeq ($(NEW_PYTHON),yes)
export CPPFLAGS += -DPyEval_CallObject=PyObject_CallObject
# pip's cache would hand out a wheel built without the flag, which cannot be imported.
PIP += --no-cache-dir
endif

.PHONY: help run test lint browser bench soak lock assets clean

help:
	@echo "make run     decide one real application, then serve the studio on http://$(ADDRESS)"
	@echo "make test    everything: style, types, layers, definitions, features, tests, wheel, browser"
	@echo "make lint    style, types and layers only"
	@echo "make bench   measure, side by side (never part of the tests)"
	@echo "make soak    the long runs: leaks and many random examples"
	@echo "make assets  rebuild studio/static from studio/assets (needs npm)"
	@echo "make lock    resolve the locked dependencies anew"
	@echo "make clean   remove what these commands made"

run: $(RUNTIME)
	@echo "== 一次真实的审查决定 / one real decision =="
	$(BIN)/tongban decide public_venue_hygiene $(SAMPLE) --on 2026-11-22
	$(BIN)/tongban serve --host $(word 1,$(subst :, ,$(ADDRESS))) --port $(word 2,$(subst :, ,$(ADDRESS)))

test: lint browser
	$(BIN)/tongban check .
	$(BIN)/tongban prove --timeout 60
	$(BIN)/tongban test --coverage
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

browser:
	@.ci/browser

bench: $(DEV)
	@$(PIP) --require-hashes -r requirements-bench.lock
	@for script in bench/bench_*.py; do echo "== $$script =="; PYTHONPATH=.:tests $(BIN)/python "$$script"; done

soak: $(DEV)
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -m soak

lock: $(VENV)/uv
	@.ci/lock $(VENV)/uv/bin/uv

assets:
	cd studio/assets && npm ci && npm run build

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -rf .hypothesis studio/assets/node_modules

# --- environments -----------------------------------------------------------

$(RUNTIME):
	@.ci/prerequisites "$(PYTHON)"
	@echo "== making $(VENV): half a minute, durable-rules is compiled =="
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements-build.lock
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --editable .
	@touch $@

$(DEV): $(RUNTIME)
	@echo "== adding what the tests need =="
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/uv: | $(RUNTIME)
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install -qq --disable-pip-version-check uv
