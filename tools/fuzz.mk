# Coverage-guided fuzzing of every reader, by atheris. `make fuzz FUZZ_SECONDS=600` for a long look; CI takes a short one.
# What reaches new code is kept in .tools/fuzz-corpus, what makes svc fail in tests/fuzz/corpus (commit it with the repair).

FUZZ := $(TOOLS_ROOT)/fuzz
FUZZ_SECONDS ?= 5
FUZZ_TARGETS ?= compose dockerfile documents manifest spec terraform workflow

.PHONY: fuzz
fuzz: $(FUZZ)/.installed
	@for target in $(FUZZ_TARGETS); do \
		$(FUZZ)/bin/python tests/fuzz/fuzz_seeds.py $$target $(TOOLS_ROOT)/fuzz-corpus/$$target && \
		PYTHONPATH=compiler $(FUZZ)/bin/python tests/fuzz/run.py $$target $(TOOLS_ROOT)/fuzz-corpus/$$target \
			-dict=$(TOOLS_ROOT)/fuzz-corpus/$$target.dict -max_total_time=$(FUZZ_SECONDS) >$(FUZZ)/$$target.log 2>&1 \
		|| { tail -40 $(FUZZ)/$$target.log; echo "fuzz: $$target failed"; exit 1; }; \
		echo "fuzz: $$target, $$(grep -o 'Done [0-9]* runs' $(FUZZ)/$$target.log)"; \
	done

$(FUZZ)/.installed: requirements/fuzz.txt
	@rm -rf $(FUZZ)
	@$(PYTHON) -m venv $(FUZZ)
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/fuzz.txt
	@touch $@
