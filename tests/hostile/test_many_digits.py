"""Numbers of more digits than Python converts are judged as any other number, in specs and in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.cli.main import main

N = "9" * 5000
SPEC = "apiVersion: svc/v1\nname: shop\nimage: ghcr.io/acme/shop:1.4.2@sha256:" + "a" * 64 + "\n"
SPECS = {
    "ports": f'ports: ["{N}:80", 8080]\n',
    "access": f'ports: {{http: 8080}}\naccess: {{to: ["10.0.0.0/8:{N}", "other:{N}"]}}\n',
    "amounts": f"ports: {{http: 8080}}\nresources: {{memory: {N}Mi, cpu: {N}m}}\nhealth: {{http: /x, period: {N}s}}\n",
    "cron": f'jobs: {{a: {{schedule: "{N} */{N} * * *", command: [x]}}}}\n',
    "needs": f'ports: {{http: 8080}}\nneeds: {{db: {{type: postgres, version: "{N}"}}}}\n',
}
FILES = {
    "workload.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {a: b}}\n"
    f"  strategy: {{rollingUpdate: {{maxSurge: {N}%}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:\n"
    f"      containers: [{{name: a, image: b, resources: {{requests: {{memory: {N}Mi}}, limits: {{memory: {N}Mi}}}}}}]\n",
    "compose.yaml": f'services:\n  a:\n    image: nginx:1.27\n    user: "{N}:{N}"\n    ports: ["{N}:80", "80:{N}"]\n'
    f"    healthcheck: {{test: [CMD, x], interval: {N}s, retries: {N}}}\n    mem_limit: {N}m\n",
    "Dockerfile": f"FROM alpine:3.20\nEXPOSE {N}\nCOPY --from={N} /a /b\nUSER {N}\nHEALTHCHECK --interval={N}s CMD x\n",
    "budget.yaml": "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n"
    f"spec: {{minAvailable: {N}%, selector: {{matchLabels: {{a: b}}}}}}\n",
    "cron.yaml": 'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  schedule: "'
    f'{N}-{N}/{N} * * * *"\n  jobTemplate: {{spec: {{template: {{spec: {{containers: [{{name: a, image: b}}]}}}}}}}}\n',
    ".github/workflows/x.yml": f"on: {{schedule: [{{cron: '{N} */{N} * * *'}}, {{cron: '*/{N} * * * *'}}]}}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
    f"      - uses: actions/checkout@v{N}\n      - run: echo ${{{{ {N} > 0x{N} }}}}\n"
    f"      - run: echo ${{{{ format('{{{N}}}', 1) }}}}\n",
    "main.tf": f"locals {{\n  a = {N}\n  b = [1][{N}]\n}}\n",
}


@pytest.mark.parametrize("key", SPECS)
def test_specs(key: str, tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC + SPECS[key])
    assert main(["lint", str(tmp_path / "service.yaml")]) in (0, 1, 2)


def test_files(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert main(["lint", str(tmp_path)]) in (1, 2)


def test_import(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(FILES["compose.yaml"])
    assert main(["import", str(tmp_path / "compose.yaml"), "--out", str(tmp_path / "service.yaml")]) in (0, 1, 2)
