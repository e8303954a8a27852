# Two commands: `make demo` compiles a real service and shows what came out; `make check` runs every test.
# Both set up what they need.
include tools/tools.mk
include tools/release.mk
include tools/fuzz.mk

VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
DEMO := build/demo

# Where the surroundings forbid bytecode, each of the hundreds of processes that the tests start would compile svc anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: nightly mutation help venv demo check lint types imports test bench update clean

help:
	@echo "make demo    compile a real service end to end and show what came out"
	@echo "make check   set up everything and run every test"
	@echo "make test    the tests alone"
	@echo "make fuzz    look for inputs that make svc fail, in all readers; make fuzz-long FUZZ_SECONDS=600 looks at each for so long"
	@echo "make fuzz-keep  leave in tests/fuzz/corpus what the fuzzer found that reaches new code"
	@echo "make nightly services of all kinds by the hundred through Helm, kubeconform, hadolint, actionlint and zizmor"
	@echo "make mutation changes every line and value of every rendered file in every way, and says how many are found"
	@echo "make bench   measure svc against bare Python and other tools, and print the table"
	@echo "make update  write the generated files anew: schemas, policy index, reference pages, expected reports"

venv: $(VENV)/.installed

$(VENV)/.installed: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: venv
	@rm -rf $(DEMO)
	$(BIN)/svc compile fixtures/real/checkoutservice/service.yaml --out $(DEMO)
	@echo; echo "The Dockerfile:"; echo; cat $(DEMO)/checkoutservice/Dockerfile
	@echo; echo "Everything is in $(DEMO). Now break the spec and see what svc says:"; echo
	@sed 's/grpc: /grcp: /' fixtures/real/checkoutservice/service.yaml > $(DEMO)/broken.yaml
	@$(BIN)/svc compile $(DEMO)/broken.yaml --out $(DEMO) || echo "(exit code $$?: nothing was written)"

# What takes one processor goes side by side, before the tests, which take all.
check:
	@$(MAKE) --no-print-directory -j2 --output-sync=target tools lint types imports fuzz
	@$(MAKE) --no-print-directory test

lint: venv
	$(BIN)/ruff format --check compiler tests tools
	$(BIN)/ruff check compiler tests tools

types: venv
	$(BIN)/mypy

imports: venv
	$(BIN)/lint-imports

test: venv
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# SVC_SEED=20261128 makes the worlds of that night again.
nightly: venv tools
	SVC_FIELDS=1 SVC_EXAMPLES=$${SVC_EXAMPLES:-330} SVC_SEED=$${SVC_SEED:-$$(date -u +%Y%m%d)} $(BIN)/pytest -n 2 --dist loadfile tests/generated/test_worlds.py tests/generated/test_differing.py tests/targets/test_inverse.py tests/hostile tests/test_cache.py tests/fixes/test_layout.py
	SVC_OVERRIDES=all $(BIN)/pytest -n 2 tests/targets/helm/test_overrides.py tests/targets/terraform/test_values_allowed.py tests/targets/compose/test_values_given.py tests/targets/github/test_expressions_given.py
	SVC_HOSTILE=all $(BIN)/pytest -n 2 tests/model/test_injection.py tests/model/test_injection_around.py

# SVC_MUTATIONS=3 makes three changes of each line, drawn at random, instead of all.
mutation: venv tools
	SVC_MUTATIONS=$${SVC_MUTATIONS:-all} nice $(BIN)/pytest -n 2 tests/generated/test_mutations.py

bench: venv
	$(BIN)/python -m benchmarks

update: venv
	$(BIN)/python -m svc.model.schema schemas
	$(BIN)/python -m svc.model.cue schemas
	$(BIN)/python -m svc.model.docs docs/reference
	$(BIN)/python -m svc.resolve.docs docs/reference
	$(BIN)/python -m svc.cli.docs docs/reference
	$(BIN)/python -m svc.policy.index policies
	SVC_UPDATE=1 $(BIN)/pytest -q -n 2 tests || true

clean: tools-clean
	rm -rf $(VENV) build dist
