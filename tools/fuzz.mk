# Coverage-guided fuzzing of every reader, by atheris. `make fuzz FUZZ_SECONDS=600` for a long look; CI takes a short one.
# What reaches new code is kept in .tools/fuzz-corpus, what makes svc fail in tests/fuzz/corpus (commit it with the repair).

FUZZ := $(TOOLS_ROOT)/fuzz
FUZZ_SECONDS ?= 5
FUZZ_TARGETS ?= compose dockerfile documents manifest spec terraform workflow

FUZZ_RUNS := $(addprefix fuzz-,$(FUZZ_TARGETS))

.PHONY: fuzz $(FUZZ_RUNS)
fuzz: $(FUZZ_RUNS)

$(FUZZ_RUNS): fuzz-%: $(FUZZ)/.installed
	@$(FUZZ)/bin/python tests/fuzz/fuzz_seeds.py $* $(TOOLS_ROOT)/fuzz-corpus/$*
	@PYTHONPATH=compiler $(FUZZ)/bin/python tests/fuzz/run.py $* $(TOOLS_ROOT)/fuzz-corpus/$* \
		-dict=$(TOOLS_ROOT)/fuzz-corpus/$*.dict -max_total_time=$(FUZZ_SECONDS) >$(FUZZ)/$*.log 2>&1 \
	|| { tail -40 $(FUZZ)/$*.log; echo "fuzz: $* failed"; exit 1; }; \
	echo "fuzz: $*, $$(grep -o 'Done [0-9]* runs' $(FUZZ)/$*.log)"

$(FUZZ)/.installed: requirements/fuzz.txt
	@rm -rf $(FUZZ)
	@$(PYTHON) -m venv $(FUZZ)
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/fuzz.txt
	@touch $@
