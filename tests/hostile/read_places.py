"""Every place where svc reads a file: what stands beside it, and the commands that come to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DIGEST = "sha256:" + "4f3b" * 16
SPEC = f"apiVersion: svc/v1\nname: shop\nteam: shop\nimage: a/b:1@{DIGEST}\nports: {{http: 8080}}\nhealth: /healthz\n"
BUILT = "apiVersion: svc/v1\nname: shop\nteam: shop\nbuild: {dockerfile: Dockerfile}\nports: {http: 8080}\nhealth: /healthz\n"
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "chart/values.yaml": "a: 1\n",
    "chart/values-prod.yaml": "a: 2\n",
    "chart/values.schema.json": '{"type": "object"}\n',
    "chart/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    "chart/templates/_helpers.tpl": '{{ define "a" }}{{ end }}\n',
    "chart/.helmignore": "*.txt\n",
}
POLICY = """\
title: Images come from our registry
severity: error
surface: kubernetes
check: image_registry
params: {registries: [ghcr.io]}
profiles: [recommended, strict]
why: Nobody else's images.
help: use ghcr.io
since: "1.0"
pass: []
fail: []
"""
COMPOSE = "include: [more.yaml]\nservices:\n  shop:\n    image: a/b:1\n    env_file: shop.env\n    extends: {file: base.yaml, service: shop}\n"
CALLS = "on: push\njobs:\n  a:\n    uses: ./.github/workflows/called.yaml\n  b:\n    runs-on: ubuntu-24.04\n    steps: [{uses: ./.github/actions/own}]\n"


@dataclass(frozen=True, slots=True)
class Place:
    """A file that svc reads, what stands beside it, and the commands that come to it. `named`: the user asked for it."""

    file: str
    beside: Mapping[str, str]
    commands: tuple[str, ...]
    named: bool = True


OUT = "compile --out out --target helm"
READ = "show service.yaml|policies input service.yaml|explain service.yaml:1|lint .|compile --out out ."
PLACES: tuple[Place, ...] = (
    Place(
        "service.yaml", {}, (*READ.split("|"), "fmt service.yaml", "fmt --check .", "lint service.yaml", "lint --fix .")
    ),
    Place(
        "service.yaml",
        {},
        ("import service.yaml", "import .", "lint --write-baseline b.json .", "lint --changed-since x ."),
    ),
    Place(
        "b/service.yaml", {"service.yaml": SPEC}, (f"{OUT} service.yaml", f"{OUT} .", "show service.yaml"), named=False
    ),
    Place("svc-workspace.yaml", {"service.yaml": SPEC}, (*READ.split("|"), "fmt .", "policies export --to admission")),
    Place(
        "Dockerfile",
        {"service.yaml": BUILT},
        ("lint Dockerfile", "lint --fix --unsafe-fixes .", f"{OUT} .", "init --defaults"),
    ),
    *(Place(name, CHART, ("lint --no-render chart",)) for name in CHART),
    Place("compose.yaml", {}, ("lint .", "import compose.yaml", "lint --fix .")),
    *(
        Place(
            name,
            {
                "compose.yaml": COMPOSE,
                "shop.env": "A=b\n",
                "base.yaml": "services: {shop: {image: a/b:1}}\n",
                "more.yaml": "services: {}\n",
            },
            ("import compose.yaml", "lint ."),
            named=False,
        )
        for name in ("more.yaml", ".env", "shop.env", "base.yaml")
    ),
    Place("score.yaml", {}, ("import score.yaml",)),
    Place("main.tf", {"variables.tf": 'variable "a" {}\n'}, ("lint .", "lint --fix --unsafe-fixes .", "lint main.tf")),
    Place("terraform.tfvars", {"main.tf": 'variable "a" {}\n'}, ("lint .",), named=False),
    Place("m/main.tf", {"main.tf": 'module "m" {\n  source = "./m"\n}\n'}, ("lint main.tf",), named=False),
    Place(".github/workflows/ci.yaml", {}, ("lint .github",)),
    Place(
        ".github/workflows/called.yaml",
        {".github/workflows/ci.yaml": CALLS},
        ("lint .github/workflows/ci.yaml",),
        named=False,
    ),
    Place(
        ".github/actions/own/action.yml",
        {".github/workflows/ci.yaml": CALLS},
        ("lint .github/workflows/ci.yaml",),
        named=False,
    ),
    Place(
        "config.txt",
        {"service.yaml": SPEC + "files: {/etc/a: {source: config.txt}}\n"},
        (f"{OUT} .", "lint .", "show service.yaml"),
    ),
    Place("agent.yaml", {"service.yaml": SPEC + "manifests: {agent: agent.yaml}\n"}, (f"{OUT} .", "lint .")),
    Place("w.yaml", {"service.yaml": SPEC}, ("lint --waivers w.yaml .", f"{OUT} --waivers w.yaml .")),
    Place("b.json", {"service.yaml": SPEC}, ("lint --baseline b.json .", f"{OUT} --baseline b.json .")),
    Place(
        "pack/own.yaml",
        {"service.yaml": SPEC, "svc-workspace.yaml": "apiVersion: svc/v1\npolicy: {packs: [pack]}\n"},
        ("lint .", f"{OUT} .", "policies test pack", "policies list pack", "policies show own pack"),
    ),
    Place(".svc-outputs.json", {"service.yaml": SPEC}, (f"{OUT}/.. .", f"{OUT}/.. --check ."), named=False),
    Place(
        "out/chart/values.yaml",
        {"service.yaml": SPEC},
        (f"{OUT} .", f"{OUT} --check .", f"{OUT} --diff .", f"{OUT} --force --diff ."),
    ),
    Place(
        "r.json",
        {"service.yaml": SPEC},
        ("lint --format json=r.json .", f"{OUT} --format sarif=r.json .", "lint --write-baseline r.json ."),
        named=False,
    ),
    *(
        Place(
            name,
            {"go.mod": "module shop\n\ngo 1.26\n", "main.go": "package main\n"},
            ("init --defaults --name shop --dry-run",),
            named=False,
        )
        for name in (
            "go.mod",
            "package.json",
            "pyproject.toml",
            "pom.xml",
            "Gemfile",
            "composer.json",
            "shop.csproj",
            ".nvmrc",
            "Procfile",
            "main.go",
            "compose.yaml",
        )
    ),
    Place(
        "service.yaml",
        {"go.mod": "module shop\n\ngo 1.26\n"},
        ("init --defaults --name shop", "init --defaults --name shop --force"),
        named=False,
    ),
)
