# Needs Python 3.11 or newer and make; everything else goes into .venv.

PYTHON ?= python3
DATA ?=
# Your data get a store of their own, so that one demo never replaces the other.
STORE ?= $(if $(DATA),./tastegraph-data,./tastegraph-store)

# How long 'make fuzz' takes, all readers together.
MINUTES ?= 5

# Which sizes 'make scale' takes through all commands: XS, S, M, L, XL.
SIZES ?= S M

# How often 'make faults' tries: chains of killed commands and sets of writers on each store,
# answers while models switch, chains of commands with a line, a server, files, a disk or a clock
# that fails, and which moments are chosen.
KILLS ?= 5
PAIRS ?= 20
ASKS ?= 1000
OUTAGES ?= 1
SEED ?= 1

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check
# The versions that are known to work together are those of one Python on one platform.
LOCK := constraints.txt
LOCKED = $(shell $(BIN)/python -c 'import platform, sys; \
	here = sys.version_info[:2], sys.platform, platform.machine(); \
	print("-c $(LOCK)" if here == ((3, 11), "linux", "x86_64") else "")')
# Where an index lacks some of them, the newest that pyproject.toml allows will do.
install = $(PIP) $(LOCKED) $(1) || { echo "Not all of $(LOCK) can be had here: taking newer ones." >&2; \
	$(PIP) $(1); }
MAKEFLAGS += --no-print-directory

# Tests run in two processes, whose linear algebra would wait for each other's threads.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
	TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: demo test test-lowest faults fuzz ask-api lint format audit lock licences \
	bench scale reproduce screenshots clean help

demo: .venv/app .venv/java ## Load, train and recommend on made-up data, or on yours: make demo DATA=path
	$(BIN)/tastegraph --store "$(STORE)" demo $(if $(DATA),--data "$(DATA)")

test: .venv/dev ## Run all tests, then lint
	$(ONE_THREAD) $(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder
	$(MAKE) lint

faults: .venv/dev ## Kill, crowd and switch for long: make faults KILLS=5 OUTAGES=1 SEED=1
	FAULTS_KILLS=$(KILLS) FAULTS_PAIRS=$(PAIRS) FAULTS_ASKS=$(ASKS) FAULTS_OUTAGES=$(OUTAGES) \
		FAULTS_SEED=$(SEED) $(ONE_THREAD) $(BIN)/pytest -s tests/faults/test_killed_anywhere.py \
		tests/faults/test_killed_switch.py \
		tests/faults/test_writers_at_once.py tests/faults/test_readers.py \
		tests/faults/test_outages.py tests/faults/test_limits.py

fuzz: .venv/fuzz ## Feed every reader with what nobody writes: make fuzz MINUTES=5
	$(ONE_THREAD) $(BIN)/python -m maintenance.fuzz --seconds $$(($(MINUTES) * 60))

ask-api: .venv/dev .venv/schemathesis ## Ask the service all that its OpenAPI allows: make ask-api SEED=1
	ASK_API_SEED=$(SEED) PATH="$(CURDIR)/.schemathesis/bin:$$PATH" $(ONE_THREAD) \
		$(BIN)/pytest tests/web/test_schemathesis.py

test-lowest: .lowest/dev ## Run the quick tests on the lowest versions that pyproject.toml allows
	$(ONE_THREAD) .lowest/bin/pytest -n 2 --dist loadgroup --no-loadscope-reorder -m "not slow" \
		-W ignore::DeprecationWarning -W ignore::FutureWarning \
		--ignore tests/browser --ignore tests/test_project.py

lint: .venv/dev ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@mkdir -p .mypy && ln -sfn .. .mypy/tastegraph
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev ## Format the code and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

audit: .venv/audit ## Look the locked versions up among known vulnerabilities
	.audit/bin/pip-audit --strict --disable-pip --no-deps --requirement $(LOCK)

lock: .venv/dev ## Write constraints.txt anew: the versions for development and CI
	$(BIN)/python -m maintenance.lock

licences: .venv/dev ## Write docs/licences.md anew
	$(BIN)/python -m maintenance.licences

bench: .venv/bench ## Run the benchmarks
	$(BIN)/python -m bench

scale: .venv/bench ## Take all commands to a size; writes docs/scale.md: make scale SIZES="S M L"
	$(BIN)/python -m bench.scale $(SIZES)

reproduce: .venv/bench ## Fit every model to the real data; writes docs/reproduction.md
	$(BIN)/python -m bench.reproduction

screenshots: .venv/dev ## Make the pictures of Neo4j Browser in docs/images/ again
	$(BIN)/python -m docs.screenshots

clean: ## Remove what make and the tests made; stores with data stay
	rm -rf .venv .lowest .audit .fuzz .schemathesis .neo4j .test-output .pytest_cache .hypothesis .mypy_cache .ruff_cache \
		.import_linter_cache .mypy build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.venv/python:
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "No $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$("$(PYTHON)" --version) is too old: Tastegraph needs 3.11 or newer. Name one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' || \
		{ echo "This Python can't make environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear .venv
	@touch $@

.venv/app: .venv/python pyproject.toml $(LOCK)
	@echo "Installing into .venv; the first time takes some minutes (TensorFlow is large)."
	@$(call install,-e .)
	@touch $@

# After this Java starts faster than it does the first time.
.venv/java: .venv/app
	@$(BIN)/python -m tastegraph.web.prepare_java || true
	@touch $@

# The tools come on top of the program, so that neither demo nor test installs again for the other.
.venv/dev: .venv/python pyproject.toml $(LOCK)
	@echo "Installing with the tools for development into .venv; the first time takes some minutes."
	@$(call install,-e '.[dev]')
	@touch .venv/app $@

.venv/bench: .venv/app
	@$(call install,-e '.[bench]')
	@touch $@

# The program at its lowest, with the tools for tests as they are locked.
.lowest/dev: .venv/dev
	@"$(PYTHON)" -m venv --clear .lowest
	@$(BIN)/python -m maintenance.lowest > .lowest/constraints.txt
	@.lowest/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
		-c .lowest/constraints.txt -e '.[spotify]' \
		hypothesis ipykernel nbclient pytest pytest-xdist
	@touch $@

.venv/fuzz: .venv/dev
	@$(PIP) 'atheris>=3.0'
	@touch $@

# Its versions of what the program needs are its own matter.
.venv/schemathesis: .venv/python
	@"$(PYTHON)" -m venv --clear .schemathesis
	@.schemathesis/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
		'schemathesis>=4.32,<5'
	@touch $@

.venv/audit: .venv/python
	@"$(PYTHON)" -m venv --clear .audit
	@.audit/bin/python -m pip install --quiet --no-input --disable-pip-version-check pip-audit
	@touch $@
