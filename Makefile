# Everything a reader needs is one target. Nothing but `setup` (and `lock`) uses the network.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= 2
# the digest of what is installed names the stamp: a changed lock reinstalls, a fresh checkout time does not
STAMP := $(VENV)/.installed-$(shell cat requirements.lock requirements-uv.lock pyproject.toml | $(PYTHON) -c "import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])")

export PYTHONHASHSEED := 0
export TZ := UTC

.DEFAULT_GOAL := help
.PHONY: help setup reports test mutation check bench lab accept lock upgrade clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(STAMP)  ## make .venv from the hash-locked requirements

$(STAMP): requirements.lock requirements-uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed, $(PYTHON) is %d.%d. Name another: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	rm -f $(VENV)/.installed-*
	touch $@

reports: setup  ## build every report and the ledger into reports/
	$(BIN)/amazon-labor build --jobs $(JOBS)

# two runs: nbval keeps an event loop in its process, inside which the browser tests cannot start one
test: setup  ## run all tests, the notebooks' stored outputs among them
	$(BIN)/amazon-labor warm -- $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg notebooks
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --cov --cov-report=term-missing:skip-covered tests

mutation: setup  ## break the methods on purpose and count what the tests miss (hours; EACH=2 MINUTES=5 draws a sample)
	$(BIN)/python tests/mutation/run.py --each $(or $(EACH),0) --minutes $(or $(MINUTES),0) --least $(or $(LEAST),90)

check: setup  ## lint, types, notebooks, data package
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/amazon-labor check
	$(BIN)/amazon-labor data check

bench: setup  ## measure ways to run the notebooks side by side and write benchmarks/RESULTS.md (takes long)
	$(BIN)/python benchmarks/bench.py

lab: setup  ## open the collection in JupyterLab
	$(BIN)/jupyter lab --notebook-dir .

accept: setup  ## store the outputs of a default run in notebooks/
	$(BIN)/amazon-labor accept

lock: setup  ## write requirements.lock anew from pyproject.toml, keeping versions where they still fit
	$(BIN)/uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements.lock

upgrade: setup  ## write requirements.lock with the newest versions
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements.lock

clean: setup  ## remove what the builds made; notebooks, data and the ledger stay
	$(BIN)/amazon-labor clean
