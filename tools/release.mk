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

# Read from a fresh environment with the wheel and exactly the locked dependencies: what a user gets, not what we think.
sbom: release-tools
	rm -rf $(DIST).env
	$(PYTHON) -m venv --without-pip $(DIST).env
	$(RELEASE)/bin/python -m pip --python $(DIST).env/bin/python install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/runtime.txt
	$(RELEASE)/bin/python -m pip --python $(DIST).env/bin/python install --quiet --disable-pip-version-check --no-deps $(DIST)/*.whl
	$(RELEASE)/bin/cyclonedx-py environment $(DIST).env/bin/python --pyproject pyproject.toml --output-reproducible --output-format JSON --output-file $(DIST)/svc.cdx.json
	rm -rf $(DIST).env

audit: release-tools
	$(RELEASE)/bin/pip-audit --require-hashes --disable-pip --strict -r requirements/runtime.txt
