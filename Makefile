# Requires Python 3.10 or later with venv, make and git. Everything else is installed into .venv and the user's cache.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= 3
# Tests start thousands of commands. Without bytecode on disk, each of them would compile iamsa.
unexport PYTHONDONTWRITEBYTECODE
DOCS := .venv-docs
# Not $(VENV): it has iamsa installed, and Ansible would find the collection there.
GATES := .venv-collection/$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

.PHONY: help dev demo unit test test-e2e test-testbed test-doctor test-ministack test-packages test-versions test-faults test-kubeconfigs check check-collection collection docs site recording examples test-docs bench dist krew krew-requirements man lint format clean

help:  ## Show these targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

dev: $(INSTALLED)  ## Install iamsa, editable, and everything that its tests need into .venv

$(INSTALLED): pyproject.toml testbed/pyproject.toml ansible_collections/iamsa/eks/galaxy.yml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
	  || { echo "$(PYTHON) is too old: iamsa needs Python 3.10 or later; use make PYTHON=..." >&2; exit 1; }
	@echo "installing iamsa and everything that its tests need into $(VENV) (about a minute)..." >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable './testbed[dev]' --editable '.[dev]'
	@touch $@

# The control plane is built once per machine, into the user's cache. The builder prints its progress.
control-plane: $(INSTALLED)
	@$(BIN)/python -c 'from pocket_eks.binary import find_programs; find_programs()'

# The virtual environment of the other emulator is in the cache too.
ministack: $(INSTALLED)
	@$(BIN)/python -c 'from pocket_eks.ministack.venv import find_python; find_python()'
.PHONY: control-plane ministack

demo: control-plane  ## Show how a ServiceAccount gets its role, in a new test world
	@echo "starting a Kubernetes control plane and an AWS account on this machine (a few seconds)..." >&2
	@tests/world -- $(BIN)/python tests/demo.py

# The suites that need neither Go nor a world, and those that do. The other suites have their own targets.
UNIT := tests/unit tests/adapters ansible_collections/iamsa/eks/tests/unit
WORLD := tests/apiserver tests/e2e tests/packaging

unit: $(INSTALLED)  ## Run the tests that need no world (a minute); ARGS selects tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(or $(ARGS),$(UNIT))

test: $(if $(ARGS),control-plane)  ## Run all tests; ARGS='tests/e2e -x' selects tests
	@$(if $(ARGS),$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS),$(MAKE) --no-print-directory unit test-e2e test-testbed)

test-e2e: control-plane  ## Run the other tests, most of them in a world; ARGS selects tests
	@echo "running the end-to-end tests in $(WORKERS) worlds (about eight minutes)..." >&2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(or $(ARGS),$(WORLD))

test-testbed: control-plane  ## Check types and run the tests of the testbed; ARGS selects tests
	@cd testbed && ../$(BIN)/mypy
	@echo "running the testbed's own tests in $(WORKERS) worlds (about two minutes)..." >&2
	@cd testbed && ../$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

test-ministack: control-plane ministack  ## Run the end-to-end tests on the other AWS emulator
	@echo "running the end-to-end tests on ministack in $(WORKERS) worlds (about ten minutes)..." >&2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --aws ministack $(or $(ARGS),tests/e2e tests/simulation)
	@test -n "$(ARGS)" || { cd testbed && ../$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --aws ministack tests/gate tests/ministack; }

test-packages: control-plane  ## Build the packages, and install them in every way
	@echo "building and installing the packages (about three minutes)..." >&2
	@$(BIN)/python -m pytest $(or $(ARGS),tests/packages)

test-versions: control-plane  ## Test the wheel on each Python, with the lowest and the highest dependencies
	@cd tests && ../$(BIN)/python -m gates.versions $(ARGS)

test-faults: control-plane  ## Test every call of every command with every fault (an hour)
	@echo "testing every call with every fault in $(WORKERS) worlds (about an hour)..." >&2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist load $(or $(ARGS),tests/faults)

test-doctor: control-plane  ## Break a chain in every way, and check that doctor finds and fixes it
	@echo "breaking a chain in every way in $(WORKERS) worlds (about three minutes)..." >&2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist load $(or $(ARGS),tests/breakages)

test-kubeconfigs: control-plane  ## Compare iamsa with kubectl on every kind of kubeconfig and flag
	@echo "reading kubeconfigs with kubectl and with iamsa in $(WORKERS) worlds (about two minutes)..." >&2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist load $(or $(ARGS),tests/differential)

lint: $(INSTALLED)  ## Check format, lint and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy plugin ansible_collections tests/gates tests/bench tests/pages tests/demo.py docs release hatch_build.py

check: lint test test-doctor  ## Run everything that must pass before a change is merged

# What CI runs, in parts that hosted jobs run in parallel.
ci: ci-quick ci-world ci-collection ci-packages  ## Run what CI runs (45 minutes)

ci-quick: lint unit

ci-world: test-e2e test-testbed test-doctor test-kubeconfigs test-ministack

ci-collection: check-collection

# The lowest Python, with the lowest and the highest dependencies. VERSIONS= tests all installed Pythons.
VERSIONS ?= 3.10
ci-packages: test-packages test-docs
	@$(MAKE) --no-print-directory test-versions ARGS=$(VERSIONS)
.PHONY: ci ci-quick ci-world ci-collection ci-packages

collection: $(INSTALLED) $(GATES)/.installed  ## Build the tarball of the Ansible collection into dist
	@$(BIN)/python -m release collection --galaxy $(GATES)/bin/ansible-galaxy

check-collection: $(INSTALLED) control-plane $(GATES)/.installed  ## Run the certification checks of the collection; ARGS=NAME for one check
	@cd tests && ../$(GATES)/bin/python -m gates $(ARGS)
	@test -n "$(ARGS)" || $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadscope tests/collection

$(GATES)/.installed: tests/gates/requirements.txt ansible_collections/iamsa/eks/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(PYTHON) is too old: ansible-core needs Python 3.11 or later; use make PYTHON=..." >&2; exit 1; }
	@echo "installing the checks of the collection into $(GATES) (about a minute)..." >&2
	@test -x $(GATES)/bin/python || $(PYTHON) -m venv $(GATES)
	@$(GATES)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/gates/requirements.txt
	@touch $@

docs: $(INSTALLED)  ## Generate docs/troubleshooting.md and docs/reference from the code
	@$(BIN)/python docs/troubleshooting.py
	@PYTHONPATH=plugin $(BIN)/python -m docs.reference
	@$(BIN)/python docs/schema.py

site: $(DOCS)/.installed  ## Build the documentation site into build/site
	@rm -rf build/site build/site-source && mkdir -p build && cp -R docs build/site-source && mkdir -m 755 build/site-source/modules
	@PATH="$(CURDIR)/$(DOCS)/bin:$$PATH" ANSIBLE_COLLECTIONS_PATH=$(CURDIR) antsibull-docs collection \
	  --use-current --squash-hierarchy --fail-on-error --dest-dir build/site-source/modules iamsa.eks
	@$(DOCS)/bin/sphinx-build -q -W --keep-going -c docs -d build/site-doctrees build/site-source build/site
	@echo "the site is in build/site/index.html" >&2

$(DOCS)/.installed: docs/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(PYTHON) is too old: ansible-core needs Python 3.11 or later; use make PYTHON=..." >&2; exit 1; }
	@echo "installing Sphinx and its extensions into $(DOCS) (about a minute)..." >&2
	@test -x $(DOCS)/bin/python || $(PYTHON) -m venv $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet --disable-pip-version-check -r docs/requirements.txt
	@touch $@

recording: control-plane  ## Record the demo as docs/demo.svg
	@tests/world -- $(BIN)/python -m docs.recording

examples: control-plane  ## Update the output of the commands in the pages of docs
	@cd tests && ../$(BIN)/python -m pages $(ARGS)

test-docs: control-plane site  ## Run the commands in the pages of docs, and build the site
	@echo "running the examples in the documentation in $(WORKERS) worlds (about a minute)..." >&2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist load $(or $(ARGS),tests/pages)

# Two builds of a commit are identical, byte for byte.
dist collection krew man: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct)
dist collection krew man: export PYTHONPATH = .:plugin:tests

dist: $(INSTALLED)  ## Build the wheel, the sdist and the tarball of the collection into dist
	@$(BIN)/python -m release dist

krew: $(INSTALLED)  ## Build the krew archive and its manifest into dist
	@$(BIN)/python -m release krew

krew-requirements: $(INSTALLED)  ## Update the versions of the libraries in the krew archive
	@$(BIN)/python -m uv pip compile --quiet --no-header --generate-hashes --upgrade --python-version 3.10 \
	  release/krew-requirements.in --output-file release/krew-requirements.txt >/dev/null

man: $(INSTALLED)  ## Generate the manual into dist/man1
	@$(BIN)/python -m release man

bench: control-plane  ## Compare run times with other tools, and write docs/benchmarks.md
	@echo "measuring run times in one world (about ten minutes; keep the machine idle)..." >&2
	@cd tests && ../$(BIN)/python -m bench $(ARGS)

format: $(INSTALLED)  ## Format the code and sort its imports
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:  ## Remove .venv and caches in this directory
	rm -rf $(VENV) .venv-collection $(DOCS) .world .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist \
	  testbed/.mypy_cache testbed/.pytest_cache testbed/dist
