# Everything a reader needs is one target. Nothing but `setup`, `lock`, `upgrade` and `audit` uses the network.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= 2
# what another processor may do to the stored outputs of notebooks (docs/reproducibility.md); verify compares bytes on one machine
TOLERANCE ?= 1e-4
# the digest of what is installed names the stamp: a changed lock reinstalls, a fresh checkout time does not
STAMP := $(VENV)/.installed-$(shell cat requirements.lock requirements-uv.lock pyproject.toml | $(PYTHON) -c "import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])")

export PYTHONHASHSEED := 0
export TZ := UTC

.DEFAULT_GOAL := help
.PHONY: help setup reports test mutation check verify bench lab accept lock upgrade audit statement hooks clean

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

reports: setup  ## build every report, the ledgers and the page of scenarios into reports/
	$(BIN)/amazon-labor build --jobs $(JOBS)
	$(BIN)/amazon-labor build --jobs $(JOBS) --article union_members_2021
	$(BIN)/amazon-labor scenarios --jobs $(JOBS)

# two runs: nbval keeps an event loop in its process, inside which the browser tests cannot start one
test: setup  ## run all tests, the notebooks' stored outputs among them (within TOLERANCE=1e-4)
	$(BIN)/amazon-labor warm -- $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg $(if $(TOLERANCE),-p amazon_labor.nbval_tolerance --nbval-tolerance $(TOLERANCE)) notebooks articles
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --cov --cov-report=term-missing:skip-covered tests

mutation: setup  ## break the methods on purpose and count what the tests miss (hours; SAMPLE=150 draws that many)
	$(BIN)/python tests/mutation/run.py --sample $(or $(SAMPLE),0) --each $(or $(EACH),0) --minutes $(or $(MINUTES),0) --least $(or $(LEAST),90)

check: setup  ## lint, types, notebooks, data package
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/amazon-labor check
	$(BIN)/amazon-labor check --article union_members_2021
	$(BIN)/amazon-labor data check

verify: setup  ## build everything twice in different surroundings and compare every byte (takes some minutes)
	$(BIN)/amazon-labor verify --jobs $(JOBS)

bench: setup  ## measure ways to run the notebooks side by side and write benchmarks/RESULTS.md (takes long)
	$(BIN)/python benchmarks/bench.py

lab: setup  ## open the collection in JupyterLab
	$(BIN)/jupyter lab --notebook-dir . --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

accept: setup  ## store the outputs of a default run in notebooks/
	$(BIN)/amazon-labor accept

lock: setup  ## write requirements.lock anew from pyproject.toml, keeping versions where they still fit
	$(BIN)/uv pip compile --quiet pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements.lock

upgrade: setup  ## take the newest versions and show which numbers move
	rm -rf .upgrade
	$(BIN)/amazon-labor build --jobs $(JOBS) --out .upgrade/before
	cp requirements.lock .upgrade/requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements.lock
	-@diff .upgrade/requirements.lock requirements.lock | grep -E '^[<>] [a-z0-9._-]+=='
	$(MAKE) setup
	-@$(BIN)/amazon-labor verify --against .upgrade/before --jobs $(JOBS)
	@echo "Keep it: make accept, make test, commit. Go back: git checkout requirements.lock reports/ledger.csv && make reports"

audit: setup  ## look for known vulnerabilities of the locked packages (asks a service on the network)
	@$(BIN)/python .ci/audit.py $(BIN)/uvx pip-audit --strict --disable-pip --require-hashes -r requirements.lock

statement: reports  ## count anew what docs/reproducibility.md states, from two full builds
	rm -rf .statement
	$(BIN)/amazon-labor build --jobs $(JOBS) --cold --out .statement
	$(BIN)/amazon-labor docs --write --second .statement
	rm -rf .statement

hooks: setup  ## let git refuse large files, secrets and notebooks with traces of a run before each commit
	$(BIN)/amazon-labor guard --install

clean: setup  ## remove what the builds made; notebooks, data and the ledger stay
	$(BIN)/amazon-labor clean
