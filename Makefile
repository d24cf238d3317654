# Two commands do everything on a fresh machine: `make demo` and `make test`. They install what they need into .venv.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/runtime-installed
DEVELOPMENT := $(VENV)/development-installed
BENCH := $(VENV)/bench-installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo demo-fresh test check check-deep bench mutants format lock clean

help:  ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

demo: $(RUNTIME)  ## found a federation, let it decide, verify its log, serve it at PORT; a second time: find what the first left
	@exec $(BIN)/rochdale demo --port $(PORT)

demo-fresh: $(RUNTIME)  ## the same, from the beginning
	@exec $(BIN)/rochdale demo --port $(PORT) --fresh

test: $(DEVELOPMENT)  ## run every test
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov=governance --cov-report= tests/governance
	$(BIN)/coverage report --include='governance/*' --fail-under=100 --skip-covered
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore=tests/governance

check: $(DEVELOPMENT)  ## lint, formatting, types, architecture, locked requirements
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-deep: $(DEVELOPMENT)  ## what takes too long for every run: every bit of a bundle flipped, many kills, many made-up requests
	ROCHDALE_TEST_EVERY_BIT=1 ROCHDALE_TEST_KILL_STEP=1 ROCHDALE_TEST_KILL_ROUNDS=30 ROCHDALE_TEST_REQUESTS=100 \
		$(BIN)/python -m pytest -n 2 tests/governance/test_verifier_flips.py tests/app/cli/test_killed.py \
		tests/app/serving/test_crashes.py tests/app/http/test_roaming.py

bench: $(BENCH)  ## measure, as ratios within one run; ONLY=casting measures that alone
	$(BIN)/python -m bench $(ONLY)

mutants: $(DEVELOPMENT)  ## mutation testing of the modules where a surviving mutant would be a wrong result
	$(BIN)/mutmut run
	$(BIN)/mutmut results

format: $(DEVELOPMENT)  ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(DEVELOPMENT)  ## resolve the requirements anew, with hashes and without addresses
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		--quiet -o requirements/runtime.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header \
		--upgrade --quiet -c requirements/runtime.txt -o requirements/development.txt
	$(BIN)/uv pip compile pyproject.toml --group bench --universal --python-version 3.11 --generate-hashes --no-header \
		--upgrade --quiet -c requirements/runtime.txt -c requirements/development.txt -o requirements/bench.txt
	sed -n '/^setuptools/,/# via/p' requirements/development.txt | sed '/# via/d; $$s/ \\$$//' > requirements/build.txt

clean:  ## remove what make has made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage mutants demo-federation

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Rochdale needs Python 3.11 or newer. Say which: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(VENV)/bin/pip requirements/runtime.txt pyproject.toml
	$(BIN)/pip install --quiet --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements/development.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/development.txt
	@touch $@

$(BENCH): $(DEVELOPMENT) requirements/bench.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@
