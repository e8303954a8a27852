"""Numbers of more digits than Python converts, and signs that it calls digits and does not convert, are judged as any
other text, in specs and in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.cli.main import main

N = "9" * 5000
GIVEN = {"many digits": N, "raised": "²", "ringed": "0④"}
SPEC = "apiVersion: svc/v1\nname: shop\nimage: ghcr.io/acme/shop:1.4.2@sha256:" + "a" * 64 + "\n"
SPECS = {
    "ports": f'ports: ["{N}:80", 8080]\n',
    "access": f'ports: {{http: 8080}}\naccess: {{to: ["10.0.0.0/8:{N}", "other:{N}"]}}\n',
    "amounts": f"ports: {{http: 8080}}\nresources: {{memory: {N}Mi, cpu: {N}m}}\nhealth: {{http: /x, period: {N}s}}\n",
    "cron": f'jobs: {{a: {{schedule: "{N} */{N} * * *", command: [x]}}}}\n',
    "patches": "ports: {http: 8080}\nhealth: {tcp: http}\npatches:\n  - target: kubernetes/Deployment\n    json_patch:\n"
    f"      - {{op: remove, path: /spec/template/spec/containers/{N}/image}}\n",
    "unknown operation": "ports: {http: 8080}\nhealth: {tcp: http}\npatches:\n  - target: kubernetes/Deployment\n    json_patch:\n"
    "      - {op: {a: b}, path: /spec, value: 1}\n",
    "budget": f'ports: {{http: 8080}}\nrollout: {{max_surge: "{N}", min_available: "{N}%"}}\nscale: {{min: 1, max: 3, target: "{N}%"}}\n',
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


MANIFESTS = """apiVersion: batch/v1
kind: Job
metadata: {name: a, annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "--%(n)s"}}
spec:
  backoffLimit: "%(n)s"
  template:
    spec:
      containers: [{name: a, image: "b:1", ports: [{containerPort: "%(n)s"}], volumeMounts: [{name: c, mountPath: /c}]}]
      volumes: [{name: c, configMap: {name: d, defaultMode: "0%(n)s"}}, {name: e, secret: {secretName: f, defaultMode: 0899}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: d}
data: {a: b}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: s}
spec:
  scaleTargetRef: {name: w}
  triggers: [{type: cpu, metricType: Utilization, metadata: {value: "%(n)s"}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: w}
spec: {replicas: "%(n)s", template: {spec: {containers: [{name: w, image: "w:1"}]}}}
"""


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("key", SPECS)
def test_specs(key: str, given: str, tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC + SPECS[key].replace(N, GIVEN[given]))
    assert main(["lint", str(tmp_path / "service.yaml")]) in (0, 1, 2)


@pytest.mark.parametrize("given", GIVEN)
def test_files(given: str, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace(N, GIVEN[given]))
    assert main(["lint", str(tmp_path)]) in (1, 2)


@pytest.mark.parametrize("given", GIVEN)
def test_import(given: str, tmp_path: Path) -> None:
    for name, text in (("compose.yaml", FILES["compose.yaml"]), ("manifests.yaml", MANIFESTS % {"n": N})):
        (tmp_path / name).write_text(text.replace(N, GIVEN[given]))
        out = str(tmp_path / name / "service.yaml").replace(".yaml/", "/")
        assert main(["import", str(tmp_path / name), "--out", out]) in (0, 1, 2)
