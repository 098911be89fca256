# The commands of the portal. `make run` and `make test` need Python 3.11 or later, and nothing else.

PORT ?= 8000
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help run test lint format lock clean

help: ## say what each command does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/'

run: $(VENV)/run.stamp ## start the portal on http://127.0.0.1:8000/ (PORT=8080 for another port)
	@exec $(RUN) manage.py serve --port $(PORT)

test: $(VENV)/dev.stamp ## run the tests, in Chromium too (ARGS="tests/core -x" for some of them)
	@scripts/with-chromium $(RUN) -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

lint: $(VENV)/dev.stamp ## say what the formatters and linters would change
	@$(RUN) -m ruff format --check . && $(RUN) -m ruff check . && $(RUN) -m djlint --quiet --lint templates

format: $(VENV)/dev.stamp ## format the code
	@$(RUN) -m ruff check --fix-only . && $(RUN) -m ruff format .

lock: $(VENV)/dev.stamp ## write requirements*.txt again from pyproject.toml
	@$(RUN) -m pip install --quiet pip-tools
	@CUSTOM_COMPILE_COMMAND="make lock" scripts/lock

clean: ## remove the virtual environment and the collected static files (not the data)
	@rm -rf $(VENV) staticfiles

$(VENV)/run.stamp: requirements.txt
	@scripts/install $(VENV) requirements.txt && touch $@

$(VENV)/dev.stamp: requirements-dev.txt
	@scripts/install $(VENV) requirements-dev.txt && touch $@ $(VENV)/run.stamp
