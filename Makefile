# `make app` serves the page, `make test` runs every check. Each does its own set-up:
# all it asks of the machine is make and a Python that is 3.11 or later.

PORT ?= 5006
VENV ?= .venv
PYTHONS := $(if $(PYTHON),$(PYTHON),python3 python python3.14 python3.13 python3.12 python3.11)
BIN := $(VENV)/bin

# A window is opened only where there is a screen to open it on.
SCREEN := $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname -s))
SHOW := $(if $(strip $(SCREEN)),--show)

.DEFAULT_GOAL := help
.PHONY: help app test lint types pytest bench browser spreadsheet docs screenshots fuzz clean distclean python
.NOTPARALLEL:

help: ## List the targets
	@echo "PORT=5006 PYTHON=python3 make TARGET"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

app: $(VENV)/.app ## Install if need be, then serve the page on PORT (default 5006)
	@exec $(BIN)/breakeven serve --port $(PORT) $(SHOW)

test: lint types browser spreadsheet pytest ## Install if need be, then run every check

lint: $(VENV)/.test ## Style: ruff check and ruff format --check
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: $(VENV)/.test ## Types: mypy, strict, on models and presets
	$(BIN)/python -m mypy

pytest: $(VENV)/.test ## Tests alone; choose some with ARGS="-k wheel"
	$(BIN)/python -m pytest $(ARGS)

browser: $(VENV)/.test ## Find a Chromium for the browser tests, or install one
	@$(BIN)/python tests/browser.py

spreadsheet: $(VENV)/.test ## Find a LibreOffice for the test of the workbook, or install one
	@$(BIN)/python tests/spreadsheets.py

docs: $(VENV)/.app ## Make the documentation in the folder site, from the source
	@$(BIN)/breakeven docs -o site

bench: $(VENV)/.test ## Time everything, beside other tools where they are installed
	$(BIN)/python -m pytest benchmarks -o "python_files=bench_*.py test_*.py" $(ARGS)
	$(BIN)/python benchmarks/side_by_side.py
	$(BIN)/python benchmarks/sweep_rates.py

screenshots: browser ## Pictures of every view, light and dark, at three widths, in docs/screenshots
	$(BIN)/python benchmarks/screenshots.py $(ARGS)

fuzz: $(VENV)/.test ## Ten thousand files, addresses and uploads that hurt
	$(BIN)/python tests/fuzzing.py $(ARGS)

clean: ## Remove what builds and tests leave behind
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .benchmarks .hypothesis
	find . -name __pycache__ -type d -not -path "./$(VENV)/*" -prune -exec rm -rf {} +

distclean: clean ## Remove the environment too
	rm -rf $(VENV) *.egg-info

# The stamps lie inside the environment: whoever deletes it deletes them too.
$(VENV)/.app: requirements.txt pyproject.toml $(VENV)/.made
	@echo "Installing the locked versions of requirements.txt in $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(BIN)/python -m compileall -q models presets explorer apps # pip does not for an editable install
	@touch $@

$(VENV)/.test: requirements-test.txt $(VENV)/.app
	@echo "Installing the test tools of requirements-test.txt in $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

# PYTHON=... names an interpreter: an environment made with another version is remade.
$(VENV)/.made: $(if $(PYTHON),python)
	@chosen=; lacking=; \
	for python in $(PYTHONS); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  "$$python" -c 'import ensurepip, venv' 2>/dev/null && { chosen=$$python; break; }; \
	  lacking="$$lacking $$python"; \
	done; \
	if [ -z "$$chosen$$lacking" ]; then \
	  echo "error: no Python 3.11 or later among: $(PYTHONS) (name one: PYTHON=/path/to/python3 make ...)" >&2; exit 1; \
	elif [ -z "$$chosen" ]; then \
	  echo "error:$$lacking cannot make an environment, venv or ensurepip is missing (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; \
	fi; \
	version='import sys; print(sys.version_info[:2])'; \
	have=$$($(BIN)/python -c "$$version" 2>/dev/null); want=$$("$$chosen" -c "$$version"); \
	if [ "$$have" != "$$want" ]; then clear=--clear; elif [ -e $@ ]; then exit 0; fi; \
	echo "Making $(VENV) with $$chosen"; \
	"$$chosen" -m venv $$clear $(VENV) && touch $@

python:
