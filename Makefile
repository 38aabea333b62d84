# Two commands do everything: `make report` and `make test`. Both set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PYTHONUTF8 := 1

.PHONY: help report check test lint types fuzz mutate bench lock lab clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

report: $(VENV)/.installed ## make every report for what is in data/ under outputs/
	@$(BIN)/perfeval run

check: $(VENV)/.installed ## check the data on file
	@$(BIN)/perfeval check

test: lint types ## lint, types and all tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile

lint: $(VENV)/.developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select PLW1514 perfeval tests

types: $(VENV)/.developing
	$(BIN)/mypy

fuzz: $(VENV)/.developing ## 100,000 texts on the grammar and the readers, 20,000 damaged files on the containers
	PERFEVAL_FUZZ=20000 $(BIN)/python -m pytest -q -n auto tests/fuzz
	$(BIN)/python tests/fuzz/damage.py --files 20000

bench: $(VENV)/.developing ## measure what a report costs, four ways side by side
	$(BIN)/python benchmarks/reports.py

lab: $(VENV)/.installed ## open JupyterLab at the notebooks
	@$(BIN)/perfeval lab

lock: $(VENV)/.developing ## renew the lock files after pyproject.toml has changed
	$(PIP) install uv
	set -e; for set in "requirements:" "requirements-dev:--group dev --extra cluster --extra keyring"; do \
		$(BIN)/uv pip compile pyproject.toml --group build $${set#*:} --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --quiet --no-emit-index-url --upgrade -o $${set%%:*}.lock; done

clean: ## remove what was made here: outputs and the virtual environment
	rm -rf outputs $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@echo "正在建立虚拟环境 $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

# The package itself is installed from the checkout, without dependencies (the lock has them) and without the network.
define install
	@echo "正在安装 $(1) …"
	@$(PIP) install --require-hashes -r $(1)
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
endef

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(call install,requirements.lock)

$(VENV)/.developing: requirements-dev.lock $(VENV)/.installed
	$(call install,requirements-dev.lock)

