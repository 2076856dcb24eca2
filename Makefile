# Needs Python 3.10 or later with venv, make and git. Everything else is installed into .venv and the user's cache.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= 3

.PHONY: help dev demo test test-faults check lint format clean

help:  ## Show these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

dev: $(INSTALLED)  ## Install iamsa, editable, and all that its tests need into .venv

$(INSTALLED): pyproject.toml ansible_collections/iamsa/eks/galaxy.yml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
	  || { echo "$(PYTHON) is too old: iamsa needs Python 3.10 or later; use make PYTHON=..." >&2; exit 1; }
	@echo "installing iamsa and what its tests need into $(VENV) (about a minute)..." >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# The control plane is built once a machine, into the user's cache; the builder says so while it does.
control-plane: $(INSTALLED)
	@cd tests && ../$(BIN)/python -c 'from testbed.binary import find_programs; find_programs()'
.PHONY: control-plane

demo: control-plane  ## Show one ServiceAccount get its role in a world of its own
	@echo "starting a Kubernetes control plane and an AWS account on this machine (a few seconds)..." >&2
	@tests/world -- $(BIN)/python tests/demo.py

test: control-plane  ## Run all tests
	@echo "running the tests in $(WORKERS) worlds (about seven minutes)..." >&2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

test-faults: control-plane  ## Try every call of every verb against every fault (long)
	@echo "running every call against every fault in $(WORKERS) worlds (about an hour)..." >&2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist load -m faults $(ARGS)

lint: $(INSTALLED)  ## Check format, lint and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy plugin ansible_collections tests/testbed tests/demo.py

check: lint test  ## All that must be green before a change lands

format: $(INSTALLED)  ## Format the code and sort its imports
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:  ## Remove .venv and caches in this directory
	rm -rf $(VENV) .world .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
