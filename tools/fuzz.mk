# Coverage-guided fuzzing of every reader, of the whole lint and of the compile, by atheris. `make fuzz` is the short look that CI
# takes, at all targets in one process, from the corpus that is kept in tests/fuzz/corpus and a few seeds.
# `make fuzz-long FUZZ_SECONDS=600` looks at each for so long, `make fuzz-chart` at one.
# What reaches new code goes to .tools/fuzz-corpus, what makes svc fail to tests/fuzz/corpus (name it, commit it with the repair).
# `make fuzz-keep` then leaves in tests/fuzz/corpus what reaches code that the files of the repository do not.

FUZZ := $(TOOLS_ROOT)/fuzz
FUZZ_SECONDS ?= 40
FUZZ_TARGETS ?= action baseline chart compose cue dependabot detect dockerfile documents edited folder import-compose \
	import-kubernetes import-score kustomization manifest overrides policy printed spec terraform terraform-json waivers \
	workflow workspace

FUZZ_RUNS := $(addprefix fuzz-,every $(FUZZ_TARGETS))
FUZZ_KEPT := $(addprefix fuzz-keep-,$(FUZZ_TARGETS))

.PHONY: fuzz fuzz-long fuzz-keep $(FUZZ_RUNS) $(FUZZ_KEPT)
fuzz: fuzz-every
fuzz-long: $(filter-out fuzz-every,$(FUZZ_RUNS))
fuzz-keep: $(FUZZ_KEPT)

$(FUZZ_RUNS): fuzz-%: $(FUZZ)/.installed
	@PYTHONPATH=compiler $(FUZZ)/bin/python tests/fuzz/fuzz_seeds.py $* $(TOOLS_ROOT)/fuzz-corpus/$*
	@PYTHONPATH=compiler $(FUZZ)/bin/python tests/fuzz/run.py $* $(TOOLS_ROOT)/fuzz-corpus/$* \
		-dict=$(TOOLS_ROOT)/fuzz-corpus/$*.dict -max_total_time=$(FUZZ_SECONDS) >$(FUZZ)/$*.log 2>&1 \
	|| { tail -40 $(FUZZ)/$*.log; echo "fuzz: $* failed"; exit 1; }; \
	echo "fuzz: $*, $$(grep -o 'Done [0-9]* runs' $(FUZZ)/$*.log)"

$(FUZZ_KEPT): fuzz-keep-%: $(FUZZ)/.installed
	@PYTHONPATH=compiler $(FUZZ)/bin/python tests/fuzz/keep.py $* $(TOOLS_ROOT)/fuzz-corpus/$*

$(FUZZ)/.installed: requirements/fuzz.txt
	@rm -rf $(FUZZ)
	@$(PYTHON) -m venv $(FUZZ)
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/fuzz.txt
	@touch $@
