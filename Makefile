# Perron's commands. Needs python3 (3.11 to 3.13), make and git; `make lock` also needs uv.
SHELL := /bin/bash -euo pipefail
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Without byte code every start is two to four times slower.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV := .venv
BIN := $(VENV)/bin
CODE := api_client screens tui backend tests bench
PACKAGES := api_client screens tui backend
# What shows that it is there (a command, or a file) = the Debian package that brings it.
SYSTEM := chromium=chromium espeak-ng=espeak-ng import=imagemagick loadkeys=kbd node=nodejs npm=npm oathtool=oathtool \
	systemd-analyze=systemd tmux=tmux xauth=xauth xterm=xterm Xvfb=xvfb zbarimg=zbar-tools \
	/usr/share/consolefonts/Lat15-Fixed16.psf.gz=console-setup-linux \
	/usr/lib/*/faketime/libfaketime.so.1=libfaketime /usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf=fonts-dejavu-core
# Six files at a time: most of them wait at any moment, even where there are two processors.
JOBS ?= 6
BY_FILE = --dist loadfile --no-loadscope-reorder

# The first interpreter that really runs and is of a version we support: a shim may exist and run nothing.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)

.PHONY: help
help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name says; do \
		printf '  make %-11s %s\n' "$$name" "$$says"; done

.PHONY: run
run: $(VENV)/.run ## Start Perron: the demonstration, with a backend of its own
	@$(BIN)/perron

.PHONY: test
test: system install oidc ## Check everything: style, types, imports, quick tests, slow tests
	@$(MAKE) -j 2 check together
	$(BIN)/python -m pytest -q -m alone -n 2 --maxschedchunk 1 $$(grep -lE 'mark\.alone' tests/test_*.py)

# All but what measures time: that goes afterwards, one test to a processor.
.PHONY: together
together: install
	$(BIN)/python -m pytest -q -m "not alone" -n $(JOBS) $(BY_FILE)

.PHONY: quick
quick: install ## Run the tests that take less than a minute and a half together
	$(BIN)/python -m pytest -q -m "not slow" -n $(JOBS) $(BY_FILE)

.PHONY: soak
soak: install ## Assail it with a thousand runs of garbage, and every hostile text in every field: half an hour (RUNS=40: with forty)
	PERRON_RUNS=$(RUNS) $(BIN)/python -m pytest -q --durations=3 tests/test_rows_garbage.py tests/test_rows_doors.py
RUNS ?= 1000

.PHONY: oidc
oidc: tests/oidc/node_modules/.package-lock.json ## Prepare the real identity provider that some slow tests need

tests/oidc/node_modules/.package-lock.json: tests/oidc/package-lock.json
	npm ci --prefix tests/oidc --ignore-scripts --no-audit --no-fund --silent
	@touch $@

.PHONY: check
check: install ## Check format, rules, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

.PHONY: fix
fix: install ## Format, and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: words
words: install ## Compile the translations after a change of a .po file
	$(BIN)/pybabel -q compile -d $(LOCALES) -D perron

.PHONY: translation
translation: install ## Begin a language, or go on with it: make translation LANGUAGE=de (docs/translating.md)
	@[[ "$(LANGUAGE)" =~ ^[a-z]{2,3}$$ ]] || { echo "make translation LANGUAGE=de: the code of a language, in two or three letters" >&2; exit 2; }
	@mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml --no-wrap --add-location=file --sort-by-file --project=Perron -o build/perron.pot . $(INSTITUTION)
	$(BIN)/pybabel -q update --init-missing --no-fuzzy-matching --no-wrap -D perron -i build/perron.pot -d $(LOCALES) -l $(LANGUAGE)
	$(BIN)/pybabel -q compile -d $(LOCALES) -D perron -l $(LANGUAGE)
LOCALES ?= api_client/locale

.PHONY: openapi
openapi: install ## Write docs/openapi.json anew after a change of the contract or the routes
	$(BIN)/python -m backend.web.openapi > docs/openapi.json

.PHONY: bench
bench: install ## Measure start, keys, bytes and memory against plain Textual, and the backend; print the README's table
	$(BIN)/python -m bench.run

.PHONY: pictures
pictures: install ## Draw the README's pictures from the real wizard
	$(BIN)/python -m bench.pictures

.PHONY: transcripts
transcripts: install ## Write down what each journey says to who goes through it line by line
	$(BIN)/python -m bench.transcripts

.PHONY: install
install: $(VENV)/.dev ## Prepare .venv with everything that the tests need

.PHONY: system
system: ## Install the Debian packages that some tests need (as root, and only those that are missing)
	@missing=(); set -f; \
	for pair in $(SYSTEM); do sign="$${pair%%=*}"; \
		command -v "$$sign" >/dev/null || compgen -G "$$sign" >/dev/null || missing+=("$${pair#*=}"); done; \
	if [[ $${#missing[@]} -eq 0 ]]; then exit 0; fi; \
	if [[ $$(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then \
		echo "make system: please install: $${missing[*]} (the tests that need them will fail and say so)" >&2; exit 0; fi; \
	apt-get update -qq; \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null

.PHONY: lock
lock: ## Choose versions anew and write requirements/*.txt (needs uv)
	env -u UV_FIND_LINKS -u UV_CONSTRAINT $(LOCK) --extra backend --group build -o requirements/run.txt
	env -u UV_FIND_LINKS -u UV_CONSTRAINT $(LOCK) --all-extras --group dev -o requirements/dev.txt
LOCK = uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: clean
clean: ## Remove .venv and every cache
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps in one environment: `run` does not wait for the tools of `test`.
$(BIN)/python:
	@[[ -n "$(PYTHON)" ]] || { echo "Perron needs Python 3.11, 3.12 or 3.13 with its venv module (Debian: python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(call fill,run)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(call fill,dev)
	@touch $(VENV)/.run

define fill
$(BIN)/python -m pip install -q --compile --require-hashes -r requirements/$(1).txt
$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
$(BIN)/python -m compileall -q $(PACKAGES)
@touch $@
endef
