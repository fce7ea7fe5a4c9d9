# One place for every command; CI runs the same ones. Needs make, Python >= 3.11 and a package index, nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The first interpreter that is new enough and starts; override with `make PYTHON=/path/to/python ...`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
SPEC   ?= spec/marketplace.yaml
OUT    ?= generated/twilio_marketplace
CORPUS ?= ../shared/corpus
RUNS   ?= 7
ROUNDS ?= 15

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
PYTHON_CODE := generator bench tests

# pyright's wrapper would otherwise ask an index for newer versions, or fetch another pyright than the locked one.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
unexport PYRIGHT_PYTHON_FORCE_VERSION PYRIGHT_PYTHON_PYLANCE_VERSION PYTHONPATH PYTHONHOME
# Hundreds of processes run the tool: without its bytecode each would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help env test-env generate test check lint types imports drift conform coverage format bench bench-client bench-serve bench-diff page-check twilio power diff-power
.PHONY: callers deployed diagnostics proven account corpus upstream hostile stray-grid lock clean

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

# A changed lock makes the environment anew, so that nothing stays in it that the lock does not name.
$(VENV)/.locked: locks/dev.lock
	@test -n "$(PYTHON)" || { echo "no Python >= 3.11 found; try: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "env: creating $(VENV) with $$($(PYTHON) --version) from locks/dev.lock"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r locks/dev.lock
	@touch $@

$(READY): $(VENV)/.locked pyproject.toml
	@$(BIN)/python $(PIP_INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

env: $(READY) ## Create .venv from the lock and install clientsmith into it

test-env: $(READY) ## Give every Python 3.10-3.13 found here an environment for the packaging tests
	@$(BIN)/python tests/packaging/interpreters.py

generate: $(READY) ## Regenerate the client package from the spec
	@$(BIN)/clientsmith generate

test: $(READY) test-env ## Run every test but those that run type checkers
	@$(BIN)/python -m pytest -n 2 --dist worksteal

# Most gates are a single process: two at a time, each with its output in one piece, before the tests take every core.
GATES := lint types imports drift callers deployed conform
check: $(READY) ## Everything that CI runs
	@$(MAKE) --no-print-directory --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) $(GATES)
	@$(MAKE) --no-print-directory test
	@echo "check: all passed"

lint: $(READY) ## ruff over the code, clientsmith over the spec
	@$(BIN)/ruff check .
	@$(BIN)/python tests/packaging/lint_output.py
	@$(BIN)/ruff format --check $(PYTHON_CODE)
	@$(BIN)/clientsmith lint $(SPEC)

types: $(READY) ## mypy --strict and pyright strict over tool and output
	@$(BIN)/mypy
	@$(BIN)/pyright

callers: $(READY) ## What type checkers say: of our packages, and of old callers against new packages beside `diff`
	@$(BIN)/python -m pytest -q tests/typing
	@$(BIN)/python -m tests.callers.proof
	@$(BIN)/python -m tests.readme.walk_through

deployed: $(READY) ## Deployed clients against answers of newer services: do calls fail exactly if `diff` says that they do?
	@$(BIN)/python -m tests.callers.deployed

imports: $(READY) ## Who may import whom
	@$(BIN)/lint-imports

drift: $(READY) ## Are generated/, docs/diagnostics.md and docs/changes.md exactly what their sources give?
	@$(BIN)/clientsmith explain --format markdown | diff docs/diagnostics.md -
	@$(BIN)/clientsmith diff --rules --format markdown | diff docs/changes.md -
	@$(BIN)/clientsmith check
	@$(BIN)/clientsmith check --regenerate

conform: $(READY) ## Check the package against the spec, both ways and from both ends, proven promises too
	@$(BIN)/clientsmith conform --part all $(ARGS)

proven: $(READY) ## Test what holds whatever the API, and record the runtime and the libraries
	@PYTHONPATH=. $(BIN)/python bench/proven.py --spec $(SPEC) --package $(OUT)

power: $(READY) ## Seed faults and count those that the suite finds: make power [ARGS="--only peers --sample 200 --json FILE"]
	@$(BIN)/python bench/power.py --spec $(SPEC) --package $(OUT) $(ARGS)

diff-power: $(READY) ## Make one change at a time and count those that diff reports: make diff-power [CORPUS=DIR ARGS="--places 500"]
	@$(BIN)/python bench/diff_power.py $(if $(filter command line,$(origin CORPUS)),--corpus $(CORPUS)) $(ARGS)

bench-diff: $(READY) ## Time diff beside reading both documents: make bench-diff [CORPUS=DIR]
	@$(BIN)/python bench/diff.py $(if $(wildcard $(CORPUS)),--corpus $(CORPUS)) $(ARGS)

stray-grid: $(READY) ## Play the whole grid of answers that belong to other calls and print its table; takes minutes
	@PYTHONPATH=$(dir $(OUT)) $(BIN)/python -m tests.client.stray_grid --full $(ARGS)

coverage: $(READY) test-env ## Run the same tests and report coverage
	@$(BIN)/coverage erase
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term --cov-report=xml

format: $(READY) ## Format the code that is written by hand
	@$(BIN)/ruff check --fix-only --quiet $(PYTHON_CODE)
	@$(BIN)/ruff format $(PYTHON_CODE)

# Peers have pins of their own; their environment never touches ours.
.venv-bench/.locked: locks/bench.lock | $(READY)
	@$(BIN)/python -m venv --clear .venv-bench
	@.venv-bench/bin/python $(PIP_INSTALL) --require-hashes -r locks/bench.lock
	@touch $@

bench: $(READY) .venv-bench/.locked ## Time generate and check against a peer: make bench RUNS=7
	@$(BIN)/python bench/generate.py --spec $(SPEC) --peers .venv-bench --runs $(RUNS)

bench-client: $(READY) .venv-bench/.locked ## Time the client against its peers: make bench-client ROUNDS=15
	@$(BIN)/python bench/client.py --generated $(dir $(OUT)) --peers .venv-bench --rounds $(ROUNDS) $(ARGS)

bench-serve: $(READY) ## Time the server against Prism (needs npm), or soak it: make bench-serve [ARGS="--soak 1000000"]
	@$(BIN)/python bench/serve.py --spec $(SPEC) $(ARGS)

page-check: $(READY) ## Click through the pages of server, report and diff in headless Chromium: make page-check [CHROMIUM=/usr/bin/chromium]
	@$(BIN)/python tests/browser/server_in_chromium.py $(CHROMIUM)
	@$(BIN)/python tests/browser/report_in_chromium.py $(CHROMIUM)
	@$(BIN)/python tests/browser/diff_in_chromium.py $(CHROMIUM)

twilio: $(READY) .venv-bench/.locked ## Call clientsmith serve with the official twilio package
	@$(BIN)/python bench/twilio_against_server.py --peers .venv-bench

corpus: $(READY) ## Generate from many documents: make corpus CORPUS=DIR ARGS="--check --json FILE"
	@$(BIN)/python bench/corpus.py $(CORPUS) $(ARGS)

diagnostics: $(READY) ## Write docs/diagnostics.md and docs/changes.md from the tables of findings and of changes
	@$(BIN)/clientsmith explain --format markdown > docs/diagnostics.md
	@$(BIN)/clientsmith diff --rules --format markdown > docs/changes.md

upstream: $(READY) ## Compare the vendor's own document with ours: make upstream OFFICIAL=FILE [ARGS="--write"]
	@$(BIN)/clientsmith upstream $(OFFICIAL) $(ARGS)

account: $(READY) ## Account for every key of a corpus: make account CORPUS=DIR [ARGS="--ablate --only NAME --json FILE"]
	@PYTHONPATH=. $(BIN)/python bench/account.py $(CORPUS) $(ARGS)

hostile: $(READY) ## Run the commands on documents made to be dear: make hostile ARGS="--number 500 --command lint"
	@$(BIN)/python bench/hostile.py $(ARGS)

# Resolves against the index that uv is configured for; the locks name packages and hashes, never a place.
UV_VERSION := 0.13.9
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras $(if $(UPGRADE),--upgrade)
lock: ## Rewrite the locks from pyproject.toml: make lock [UPGRADE=1]
	@test -x .venv-lock/bin/uv || $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python $(PIP_INSTALL) uv==$(UV_VERSION)
	@$(COMPILE) --python-version 3.11 pyproject.toml --group dev -o locks/dev.lock
	@$(COMPILE) --python-version 3.11 pyproject.toml --extra conform --group build -c locks/dev.lock -o locks/action.lock
	@$(COMPILE) --python-version 3.10 --group package -o locks/package.lock
	@$(COMPILE) --python-version 3.11 --group bench -o locks/bench.lock

clean: ## Remove everything that can be made again, generated/ excepted
	@rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* coverage.xml
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
