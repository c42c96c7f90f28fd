# Every target brings its own environment: `.venv`, made from the locks the first time it is needed.
# `make demo` and `make test` are all a newcomer has to know; CONTRIBUTING.md tells the rest.

PYTHON ?= python3
# pytest works in this many processes; the tests' own seed is printed, so a run can be had again: make test SEED=…
JOBS ?= 2
SEED ?=
# The server on which `make test-all` runs the node's tests once more; each worker makes a database there.
POSTGRES ?= postgresql://postgres@127.0.0.1:5432/postgres
ifeq ($(SEED),)
SEED := $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
endif

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# What shares a costly thing, such as the node that the browser looks at, stays in one process (tests/lib/spread.py).
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder --randomly-seed=$(SEED) --hypothesis-seed=$(SEED)

# Branch coverage: all of pure thought, nine tenths of what meets the world.
PURE := */huxin/__init__.py,*/huxin/spec/*,*/huxin/kernel/*,*/huxin/packs/*,*/huxin/trust/*,*/huxin/clinic/*,*/huxin/monitoring/*

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo story test test-all soak check fix bench assets gallery sbom lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

# ------------------------------------------------------------------------------------- environment

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Huxin needs Python 3.11 or newer; name one with: make … PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

# Two stamps for two locks. The larger environment holds the smaller one.
.venv/.installed: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch .venv/.installed $@

# Other people's readers, to which our cards are shown: environments of their own, from locks of their own.
bench/.peers/.installed: bench/peers.lock bench/peers-js/package-lock.json .venv/.installed-dev
	bench/install_peers.sh
	@touch $@

# What builds the scripts that browsers load; only whoever changes them needs it.
verifier/node_modules/.installed: verifier/package-lock.json
	npm ci --prefix verifier --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# ------------------------------------------------------------------------------------------- doors

demo: .venv/.installed ## three nodes and a tour on this computer; FRESH=1 begins anew, LAN=1 lets a phone in
	$(BIN)/huxin demo $(if $(FRESH),--fresh) $(if $(LAN),--lan) $(ARGS)

story: .venv/.installed ## the whole story in the terminal, with made-up people
	$(BIN)/huxin story $(ARGS)

test: .venv/.installed-dev ## what a change needs, in at most five minutes; tells what it skipped
	HUXIN_TEST_SIZE=quick $(PYTEST)

test-all: .venv/.installed-dev bench/.peers/.installed verifier/node_modules/.installed ## everything: a skip is a failure, coverage is gated
	$(BIN)/coverage erase
	HUXIN_TEST_SIZE=all $(PYTEST) --cov --cov-report= --durations=40 --durations-min=5
	@echo "== the node once more, on PostgreSQL"
	HUXIN_TEST_SIZE=all DATABASE_URL=$(POSTGRES) $(PYTEST) tests/unit/node
	@echo "== branch coverage of pure thought (100 % asked)"
	$(BIN)/coverage report --include='$(PURE)' --fail-under=100
	@echo "== branch coverage of what meets the world (90 % asked)"
	$(BIN)/coverage report --omit='$(PURE)' --fail-under=90

soak: .venv/.installed-dev bench/.peers/.installed verifier/node_modules/.installed ## generated cases by the thousand, for a night
	HUXIN_TEST_SIZE=soak $(PYTEST) --timeout=0

check: .venv/.installed-dev ## style, types, rooms, sizes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tools.file_sizes
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy

fix: .venv/.installed-dev ## what the tools can mend by themselves
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: .venv/.installed-dev bench/.peers/.installed verifier/node_modules/.installed ## ratios against peers and against the limits
	$(BIN)/python -m bench

assets: verifier/node_modules/.installed ## the scripts of verifier/ as browsers load them, into the package; needs node and npm
	node verifier/build.mjs src/huxin/node/base/static/huxin

gallery: .venv/.installed-dev ## the pictures of docs/images/pages anew, and the page that shows them; needs Chromium
	$(BIN)/python -m tools.make_gallery $(ARGS)

# ------------------------------------------------------------------------------------------- upkeep

LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" UV_NO_CONFIG=1 $(BIN)/uv pip compile pyproject.toml --quiet \
	--universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

.venv/bin/uv: | .venv/bin/python
	$(MAKE) .venv/.installed-dev

lock: | .venv/bin/uv ## renew both locks after a change of pyproject.toml; make lock UPGRADE=1 takes newer versions
	$(LOCK) --extra node --group build --output-file requirements.lock
	$(LOCK) --extra node --extra postgres --group dev --constraint requirements.lock --output-file requirements-dev.lock

sbom: .venv/.installed-dev ## what the program is made of, for machines: dist/sbom.json (CycloneDX)
	$(BIN)/python -m tools.write_sbom dist/sbom.json

clean: ## back to a fresh clone, but for what is yours
	rm -rf bench/.peers bench/peers-js/node_modules verifier/node_modules
	rm -rf .venv .coverage .coverage.* htmlcov build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
