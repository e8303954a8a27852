"""Objects of the user's own: in the chart of the environments that ask for them, word for word, at their own places."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svc import tools
from svc.pipeline import Compiled, Request, compile_, verify
from svc.write import execute, plan

SPEC = """\
apiVersion: svc/v1
name: shop
team: retail
image: ghcr.io/acme/shop:1.4.2@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
ports: {http: 8080}
health: /healthz
manifests:
  mixed: k8s/mixed.yaml
  quota:
    inline:
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: quota, labels: {stage: "${environment.name}"}}
      spec: {hard: {pods: "20"}}
environments:
  staging: {manifests: {mixed: null, quota: {inline: {spec: {hard: {pods: "5", services: "3"}}}}}}
  production: {namespace: live}
"""
MIXED = """\
# of our own
apiVersion: v1
kind: ConfigMap
metadata:
  name: hostile
data:
  a-b: "{{ .Values.x }} {{- end }}"
  text: |
    ${not.a.reference}
      deeper

  yes: "no"
  gone: null
---
---
apiVersion: v1
kind: List
items:
  - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: "acme:reader"}, rules: []}
  - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: acme-reader}, rules: []}
---
apiVersion: acme.example.com/v1
kind: Widget
metadata: {name: widget}
spec: {"x{{y": "z{{", size: 9000000, ratio: 0.5, on: true, list: [], map: {}}
"""


def _compiled(folder: Path, spec: str = SPEC, **files: str) -> Compiled:
    (folder / "k8s").mkdir(exist_ok=True)
    (folder / "service.yaml").write_text(spec, "utf-8")
    for name, text in {"mixed": MIXED, **files}.items():
        (folder / f"k8s/{name}.yaml").write_text(text, "utf-8")
    shown = lambda path: path.absolute().relative_to(folder).as_posix()  # noqa: E731
    return compile_(Request((folder / "service.yaml",), shown, date(2026, 11, 24), targets=("helm",)))


def _objects(compiled: Compiled, environment: str) -> dict[tuple[str, str], Any]:
    chart = compiled.pieces[0].artifact
    manifests = next(one.manifests for one in chart.environments if one.name == environment)
    return {(one.kind, one.name): one.tree.data for one in manifests}


def test_objects_are_there_word_for_word(tmp_path: Path) -> None:
    compiled = _compiled(tmp_path)
    assert (compiled.faults, [one for one in compiled.diagnostics if one.severity.word == "error"]) == ((), [])
    found = _objects(compiled, "production")
    assert found["ConfigMap", "hostile"]["data"] == {
        "a-b": "{{ .Values.x }} {{- end }}",
        "text": "${not.a.reference}\n  deeper\n",
        "yes": "no",
    }
    assert found["ConfigMap", "hostile"]["metadata"] == {"namespace": "live", "name": "hostile"}
    assert "namespace" not in found["ClusterRole", "acme:reader"]["metadata"]
    widget = {"x{{y": "z{{", "size": 9000000, "ratio": 0.5, "on": True, "list": [], "map": {}}
    assert found["Widget", "widget"]["spec"] == widget


def test_environments_differ_as_their_overlays_say(tmp_path: Path) -> None:
    compiled = _compiled(tmp_path)
    staging, production = (_objects(compiled, name) for name in ("staging", "production"))
    assert ("ConfigMap", "hostile") not in staging
    assert staging["ResourceQuota", "quota"]["spec"]["hard"] == {"pods": "5", "services": "3"}
    assert production["ResourceQuota", "quota"]["spec"]["hard"] == {"pods": "20"}
    assert staging["ResourceQuota", "quota"]["metadata"]["labels"] == {"stage": "staging"}


@pytest.mark.tools
def test_the_real_helm_renders_them(tmp_path: Path) -> None:
    box = tools.toolbox(os.environ)
    try:
        tools.find("helm", box)
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    compiled = _compiled(tmp_path)
    out = tmp_path / "out"
    execute(plan(out, compiled.outputs, ()))
    judged = verify(compiled, out, box)
    assert [fault for one in judged for fault in one.faults] == []
    assert (out / "chart/templates/manifests/clusterrole-acme-reader-2.yaml").is_file()


def test_a_patch_changes_them_too(tmp_path: Path) -> None:
    patch = "patches: [{target: kubernetes/ResourceQuota, merge: {spec: {hard: {pods: '7'}}}}]\n"
    compiled = _compiled(tmp_path, SPEC + patch)
    assert _objects(compiled, "production")["ResourceQuota", "quota"]["spec"]["hard"]["pods"] == "7"


def test_a_name_is_taken_across_environments(tmp_path: Path) -> None:
    """One template would have to be both: the generated autoscaler of production and the own one of staging."""
    spec = SPEC.replace("production: {", "production: {scale: {min: 2, max: 4, cpu: 70%}, ").replace(
        "staging: {manifests: {", "staging: {scale: 2, manifests: {own: k8s/own.yaml, "
    )
    target = "{apiVersion: apps/v1, kind: Deployment, name: shop}"
    own = (
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: shop}\n"
        f"spec: {{maxReplicas: 3, scaleTargetRef: {target}}}\n"
    )
    compiled = _compiled(tmp_path, spec, own=own)
    assert [(one.id, one.place.file) for one in compiled.diagnostics] == [("manifest-clash", "k8s/own.yaml")]
    assert compiled.diagnostics[0].related[0].place.file == "service.yaml"


WORKLOAD = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostNetwork: true%s
      containers: [{name: agent, image: ghcr.io/acme/agent}]
"""


def _host(compiled: Compiled) -> tuple[str, int, bool]:
    found = next(one for one in compiled.diagnostics if one.id == "host-namespace")
    assert found.place.span is not None
    return found.place.file, found.place.span.line, found.waived is not None


def test_findings_are_in_the_file_and_waivers_of_both_files_count(tmp_path: Path) -> None:
    spec = SPEC.replace("  mixed: k8s/mixed.yaml\n", "  mixed: k8s/mixed.yaml\n  agent: k8s/agent.yaml\n")
    assert _host(_compiled(tmp_path, spec, agent=WORKLOAD % "")) == ("k8s/agent.yaml", 9, False)
    comment = "  # svc: ignore=host-namespace reason=the agent of the node"
    assert _host(_compiled(tmp_path, spec, agent=WORKLOAD % comment)) == ("k8s/agent.yaml", 9, True)
    waiver = "waivers: [{policy: host-namespace, at: manifests.agent, reason: the agent of the node}]\n"
    compiled = _compiled(tmp_path, spec + waiver, agent=WORKLOAD % "")
    assert _host(compiled) == ("k8s/agent.yaml", 9, True)
    assert [one.id for one in compiled.diagnostics if one.id == "waiver-unused"] == []
