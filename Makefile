# make demo    attacks a fresh site in a real browser, before and after
# make test    everything that CI runs
# make lab     tries every template context with every payload in a real browser
# Another interpreter: make test PYTHON=/path/to/python3.12

PYTHON ?= $(shell sh scripts/find-python)
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help system demo test check suite lab matrix lint format types docs doctest bench package clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# The system's part: a Python with venv, and a browser.
system:
	@sh scripts/install-system

# The environment is made once and brought up to date when pyproject.toml changes.
$(STAMP): pyproject.toml | system
	@test -n "$(PYTHON)"
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install -qq --upgrade "pip>=25.1"
	$(BIN)/python -m pip install -qq --editable . --group dev
	@touch $@

# In an environment of its own, .demo, which has what a site would have.
demo: system
	@"$(PYTHON)" scripts/demo.py

# The whole suite comes last, so that its closing line closes the output.
test: check matrix suite

check: lint types docs doctest

# Some 20 minutes for each set on two cores; `python -m tests.browser.lab --help` has shorter ways.
lab: $(STAMP)
	$(BIN)/python -m tests.browser.lab --set first
	$(BIN)/python -m tests.browser.lab --set second

suite: $(STAMP)
	$(BIN)/python -m pytest

matrix: $(STAMP)
	$(BIN)/python scripts/matrix.py --skip "$$($(BIN)/python scripts/matrix.py --name-of-this)"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(STAMP)
	$(BIN)/mypy

# From nothing each time (-E): a page that is not read again does not repeat its warnings.
docs: $(STAMP)
	$(BIN)/sphinx-build -E -W --keep-going -q -b html docs docs/_build/html

# Pages by Sphinx's doctest builder, docstrings by pytest.
doctest: $(STAMP)
	$(BIN)/sphinx-build -E -W --keep-going -q -b doctest docs docs/_build/doctest
	$(BIN)/python -m pytest --quiet --doctest-modules src

bench: $(STAMP)
	$(BIN)/python -m benchmarks

package: $(STAMP)
	$(BIN)/python -m build

clean:
	rm -rf $(VENV) .demo .matrix .peers build dist docs/_build .mypy_cache .pytest_cache .ruff_cache
