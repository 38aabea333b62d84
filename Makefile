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

help: ## 列出命令
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

report: $(VENV)/.installed ## 生成 data/ 里全部数据的报告，写在 outputs/
	@$(BIN)/perfeval run

check: $(VENV)/.installed ## 检查 data/ 里的数据
	@$(BIN)/perfeval check

test: lint types ## 检查格式和类型，运行全部测试
	$(BIN)/python -m pytest -q -n auto --dist loadfile --durations 15

lint: $(VENV)/.developing ## 检查格式和写法
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select PLW1514 perfeval tests

types: $(VENV)/.developing ## 检查类型
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --no-warn-unreachable   # nothing is asked of a system that it has not
	$(BIN)/mypy --platform darwin --no-warn-unreachable

docs: $(VENV)/.developing ## 把说明写成一个站：build/site/；链接断了、有名称没有说明都会停下
	$(BIN)/python -m sphinx -q -E -W --keep-going -b html docs build/site
	@echo "build/site/index.html"

fuzz: $(VENV)/.developing ## 用十万条文字试语法和读取，用两万个损坏的文件试容器
	PERFEVAL_FUZZ=20000 $(BIN)/python -m pytest -q -n auto tests/fuzz
	$(BIN)/python tests/fuzz/damage.py --files 20000

mutate: $(VENV)/.developing ## 在 model、analysis、ingest 里植入200处小错，数一数测试发现几处；可以中断，接着做
	$(PIP) install $$($(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['mutate'])")
	$(BIN)/python benchmarks/mutation.py

BENCHES := reports growth rows checking cluster province
bench: $(VENV)/.developing ## 量出各项要用多久、多少内存，与别的工具并列；一小时以上，机器空闲时做
	@set -e; for bench in $(BENCHES); do printf '\n## benchmarks/%s.py\n\n' $$bench; $(BIN)/python benchmarks/$$bench.py; done

# FOR="--platform win_amd64 --python-version 3.12" brings what that machine needs. Copied with the checkout to a machine
# without a network, wheelhouse/ is what `make report` installs from; docs say how to do without make.
wheelhouse: $(VENV)/.installed ## 把离线安装要用的包全部取到 wheelhouse/
	$(PIP) download --no-deps --only-binary :all: $(FOR) --require-hashes -r requirements.lock -d $(WHEELHOUSE)
	$(PIP) wheel --no-deps --no-build-isolation -w $(WHEELHOUSE) .

SYSTEMS := x86_64-unknown-linux-gnu aarch64-apple-darwin x86_64-pc-windows-msvc
PYTHONS := 3.11 3.12 3.13 3.14
wheels: $(VENV)/.developing ## 核对每个锁定的包在每种系统、每个 Python 版本上都有现成的包
	$(PIP) install uv
	set -e; for python in $(PYTHONS); do for system in $(SYSTEMS); do for lock in requirements requirements-dev; do \
		echo "$$lock  Python $$python  $$system"; \
		$(BIN)/uv pip install --quiet --dry-run --target $(VENV)/wheels --no-deps --only-binary :all: --require-hashes \
			--python-platform $$system --python-version $$python -r $$lock.lock; done; done; done

lab: $(VENV)/.installed ## 用 JupyterLab 打开笔记本
	@$(BIN)/perfeval lab

lock: $(VENV)/.developing ## pyproject.toml 改过以后，更新锁定文件
	$(PIP) install uv
	set -e; for set in "requirements:" "requirements-dev:--group dev --group docs --extra cluster --extra keyring"; do \
		$(BIN)/uv pip compile pyproject.toml --group build $${set#*:} --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --quiet --no-emit-index-url --upgrade -o $${set%%:*}.lock; done

clean: ## 删去这里生成的一切：outputs/（连同台账和发送记录）、build/、虚拟环境
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

