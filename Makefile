# Two commands do everything: `make report` and `make test`. Both set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WHEELHOUSE := wheelhouse
# What `make wheelhouse` has brought is all that is asked for, where it is there: no network.
OFFLINE := $(if $(wildcard $(WHEELHOUSE)),--no-index --find-links $(WHEELHOUSE))
export PYTHONUTF8 := 1

.PHONY: help report check test lint types docs fuzz mutate bench wheelhouse wheels lock lab clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

report: $(VENV)/.installed ## make every report for what is in data/ under outputs/
	@$(BIN)/perfeval run

check: $(VENV)/.installed ## check the data on file
	@$(BIN)/perfeval check

test: lint types ## lint, types and all tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile --durations 15

lint: $(VENV)/.developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select PLW1514 perfeval tests

types: $(VENV)/.developing
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --no-warn-unreachable   # nothing is asked of a system that it has not
	$(BIN)/mypy --platform darwin --no-warn-unreachable

docs: $(VENV)/.developing ## build the site of docs/ in build/site; stops at a broken link or a name without words
	$(BIN)/python -m sphinx -q -E -W --keep-going -b html docs build/site
	@echo "build/site/index.html"

fuzz: $(VENV)/.developing ## 100,000 texts on the grammar and the readers, 20,000 damaged files on the containers
	PERFEVAL_FUZZ=20000 $(BIN)/python -m pytest -q -n auto tests/fuzz
	$(BIN)/python tests/fuzz/damage.py --files 20000

mutate: $(VENV)/.developing ## plant 200 small faults in model, analysis and ingest, and count those the tests find; goes on where it was
	$(PIP) install $$($(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['mutate'])")
	$(BIN)/python benchmarks/mutation.py

BENCHES := reports growth rows checking cluster province
bench: $(VENV)/.developing ## measure what it all costs, beside other tools; more than an hour, and better alone on a machine
	@set -e; for bench in $(BENCHES); do printf '\n## benchmarks/%s.py\n\n' $$bench; $(BIN)/python benchmarks/$$bench.py; done

# FOR="--platform win_amd64 --python-version 3.12" brings what that machine needs. Copied with the checkout to a machine
# without a network, wheelhouse/ is what `make report` installs from; docs say how to do without make.
wheelhouse: $(VENV)/.installed ## bring everything an installation without a network needs into wheelhouse/
	$(PIP) download --no-deps --only-binary :all: $(FOR) --require-hashes -r requirements.lock -d $(WHEELHOUSE)
	$(PIP) wheel --no-deps --no-build-isolation -w $(WHEELHOUSE) .

SYSTEMS := x86_64-unknown-linux-gnu aarch64-apple-darwin x86_64-pc-windows-msvc
PYTHONS := 3.11 3.12 3.13 3.14
wheels: $(VENV)/.developing ## every locked package has a wheel for each system and Python
	$(PIP) install uv
	set -e; for python in $(PYTHONS); do for system in $(SYSTEMS); do for lock in requirements requirements-dev; do \
		echo "$$lock  Python $$python  $$system"; \
		$(BIN)/uv pip install --quiet --dry-run --target $(VENV)/wheels --no-deps --only-binary :all: --require-hashes \
			--python-platform $$system --python-version $$python -r $$lock.lock; done; done; done

lab: $(VENV)/.installed ## open JupyterLab at the notebooks
	@$(BIN)/perfeval lab

lock: $(VENV)/.developing ## renew the lock files after pyproject.toml has changed
	$(PIP) install uv
	set -e; for set in "requirements:" "requirements-dev:--group dev --group docs --extra cluster --extra keyring"; do \
		$(BIN)/uv pip compile pyproject.toml --group build $${set#*:} --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --quiet --no-emit-index-url --upgrade -o $${set%%:*}.lock; done

clean: ## remove what was made here: outputs and the virtual environments
	rm -rf outputs build $(VENV) .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@echo "正在建立虚拟环境 $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

# The package itself is installed from the checkout, without dependencies (the lock has them) and without the network.
define install
	@echo "正在安装 $(1) …"
	@$(PIP) install $(OFFLINE) --require-hashes -r $(1)
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
endef

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(call install,requirements.lock)

$(VENV)/.developing: requirements-dev.lock $(VENV)/.installed
	$(call install,requirements-dev.lock)

