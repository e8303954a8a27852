"""Secrets planted in every place that looks like one come out nowhere: no report, no message, no file of a cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from hostile.bounded import Ran, svc
from hostile.canaries import kept

FORMS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab")
WORD = "Zq7canary"
"""Every planted secret holds it."""
KEY = "AKIA" + "ZQ7CANARY0123456"
FILES = {
    "manifests/deployment.yaml": f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: shop}}
spec:
  selector: {{matchLabels: {{app: shop}}}}
  template:
    metadata: {{labels: {{app: shop}}}}
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1
          args: [--password={WORD}arg]
          env:
            - name: DB_PASSWORD
              value: {WORD}block
            - {{name: API_TOKEN, value: "{WORD}flow"}}
            - {{name: DATABASE_URL, value: "postgres://shop:{WORD}url@db/shop"}}
            - {{name: AWS, value: {KEY}}}
""",
    "manifests/secret.yaml": f"""apiVersion: v1
kind: Secret
metadata: {{name: shop, unknown: 1}}
stringData:
  anything: {WORD}secret
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: shop}}
data:
  password: {WORD}config
""",
    "compose.yaml": f"""services:
  shop:
    image: ghcr.io/acme/shop:1
    environment:
      DB_PASSWORD: {WORD}map
  cart:
    image: ghcr.io/acme/cart:1
    environment:
      - API_TOKEN={WORD}list
""",
    ".env": f"DB_PASSWORD={WORD}dotenv\n",
    "image/Dockerfile": f"""FROM alpine:3.20
ARG API_TOKEN={WORD}arg
ENV DB_PASSWORD={WORD}env
ENV SECRET_KEY {WORD}spaced
RUN curl https://shop:{WORD}run@example.com
""",
    ".github/workflows/ci.yaml": f"""on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    env:
      API_TOKEN: {WORD}job
    steps:
      - run: curl https://shop:{WORD}step@example.com
        env: {{DB_PASSWORD: {WORD}env}}
""",
    "infra/main.tf": f"""variable "db_password" {{
  default = "{WORD}default"
}}
resource "aws_db_instance" "shop" {{
  password = "{WORD}resource"
}}
""",
    "infra/terraform.tfvars": f'db_password = "{WORD}tfvars"\n',
    "shop/service.yaml": f"""apiVersion: svc/v1
name: shop
team: shop
image: ghcr.io/acme/shop:1.4.2
ports: {{http: 8080}}
health: /healthz
env:
  DB_PASSWORD: {WORD}spec
  DATABASE_URL: postgres://shop:{WORD}url@db/shop
""",
}


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def environ(folder: Path) -> dict[str, str]:
    return {
        "AWS_SECRET_ACCESS_KEY": f"{WORD}process",
        "GITHUB_TOKEN": f"{WORD}process",
        "XDG_CACHE_HOME": str(folder.parent / "cache"),
    }


def silent(ran: Ran) -> None:
    for text in (ran.out, ran.err):
        at = text.lower().find(WORD.lower())
        assert at < 0, f"a secret came out: ...{text[max(0, at - 200) : at + 100]}"


@pytest.mark.parametrize("form", FORMS)
def test_no_report_of_a_lint_holds_one(form: str, planted: Path) -> None:
    ran = svc("lint", "--deep", "--format", form, ".", ".github", cwd=planted, environ=environ(planted))
    assert ran.code in (1, 2)
    assert "literal" in ran.out or "secret" in ran.out
    silent(ran)
    assert not [one for one in kept(planted.parent / "cache") if WORD.lower() in one.lower()]


@pytest.mark.parametrize("form", FORMS)
def test_no_report_of_a_compile_holds_one(form: str, planted: Path) -> None:
    ran = svc("compile", "--format", form, "shop", cwd=planted, environ=environ(planted))
    assert ran.code in (1, 2)
    silent(ran)
    given = ("--set", f"env.DB_PASSWORD={WORD}given", "--set", f"env.API_TOKEN={WORD}given")
    silent(svc("compile", *given, "--format", form, "shop", cwd=planted, environ=environ(planted)))


@pytest.mark.parametrize("file", ["compose.yaml", "manifests/deployment.yaml", "manifests/secret.yaml"])
def test_no_account_of_an_import_holds_one(file: str, planted: Path) -> None:
    path = planted / file
    path.write_text(
        path.read_text().replace(f"          args: [--password={WORD}arg]\n", "")
    )  # command lines are copied
    for form in ("text", "json"):
        silent(svc("import", file, "--report", form, cwd=planted, environ=environ(planted)))


def test_the_place_and_the_name_are_still_shown(planted: Path) -> None:
    ran = svc("lint", "image", cwd=planted)
    assert "ENV DB_PASSWORD=" + "*" * len(WORD + "env") in ran.out, ran.out
    assert "image/Dockerfile:3" in ran.out
