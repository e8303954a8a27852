# How a release is made: packages whose bytes depend on the commit alone, a list of what they bring (SBOM), and a question
# about known vulnerabilities. The release workflow calls these three; only `audit` needs a network.

RELEASE := $(TOOLS_ROOT)/release
DIST ?= dist

.PHONY: dist sbom audit release-tools

release-tools: $(RELEASE)/.installed

$(RELEASE)/.installed: requirements/release.txt
	@rm -rf $(RELEASE)
	@$(PYTHON) -m venv $(RELEASE)
	@$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/release.txt
	@touch $@

dist: release-tools
	rm -rf $(DIST)
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(RELEASE)/bin/python -m build --no-isolation --outdir $(DIST) .

# Made of the lock, the licences, the vendored schemas and the packages, and judged by CycloneDX's published schema.
sbom: release-tools
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(RELEASE)/bin/python tools/release/sbom.py $(DIST)
	$(RELEASE)/bin/python tools/release/check_sbom.py $(DIST)/svc.cdx.json

# Fails with a line that says so when the index cannot be asked: what was not audited has not passed.
audit: release-tools
	$(RELEASE)/bin/python tools/release/audit.py requirements/runtime.txt requirements/release.txt
