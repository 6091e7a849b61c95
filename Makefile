# Needs Python 3.11 or newer, make and git; no root, no account. `make help` lists what there is.

PYTHON ?= python3
VENV := .venv
# One more than there are cores: some tests wait for servers, daemons and browsers.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=

.PHONY: help demo ui test check bench client lock clean

help: ## What there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.runtime ## Run the whole pipeline on the example portfolio
	@$(BIN)/rentalsync demo

ui: $(VENV)/.runtime ## Open the Dagster UI on the example portfolio (Ctrl-C ends it)
	@$(BIN)/rentalsync up --home examples/.rentalsync --feeds feeds

test: $(VENV)/.development ## Run the whole test suite
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadscope $(ARGS)

check: $(VENV)/.development ## Lint, format and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: $(VENV)/.development ## Measure against named alternatives, side by side
	@for bench in benchmarks/*.py; do $(BIN)/python $$bench || exit 1; done

client: $(VENV)/.development ## Make the TypeScript client of the OpenAPI document (needs npm)
	@cd clients/typescript && npm ci --silent --no-audit --no-fund
	@$(BIN)/python -m rentalsync_pipeline_tests.bridge.document | \
	    (cd clients/typescript && npm run --silent generate > schema.d.ts && npm run --silent build)

lock: $(VENV)/.development ## Renew both lock files (needs uv)
	@uv pip compile -q --universal --generate-hashes --no-strip-extras --python-version 3.11 --no-header --upgrade \
	    pyproject.toml --group build -o requirements.lock
	@uv pip compile -q --universal --generate-hashes --no-strip-extras --python-version 3.11 --no-header --upgrade \
	    pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Forget the environment and what the demo made
	rm -rf $(VENV) feeds examples/.rentalsync

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what requirements.lock names into $(VENV) (a minute or two, once) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
