"""Services, teams and namespaces named like what YAML reads as something else: labels stay text for the real Helm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from judges import real
from svc.pipeline import Request, compile_
from svc.write import execute, plan

SPEC = """apiVersion: svc/v1
name: "{name}"
team: "{name}"
image: ghcr.io/acme/shop:1.4.2@sha256:4f3bfd1ab2a6b2a0d2d7d5c1cb3f4d1e7a5d9a0b8f1c2d3e4f5a6b7c8d9e0f1a
ports: {{http: 8080}}
health: /healthz
"""


@pytest.mark.tools
@pytest.mark.parametrize("name", ["y", "n", "on", "null", "true"])
def test_a_name_stays_a_text(name: str, tmp_path: Path) -> None:
    real.located("helm")
    real.located("kubeconform")
    (tmp_path / "service.yaml").write_text(SPEC.format(name=name), "utf-8")
    made = compile_(Request(paths=(tmp_path,), targets=("helm",), shown=str, today=date(2026, 1, 1)))
    assert not made.failed, [one.message for one in made.diagnostics]
    assert made.faults == ()
    execute(plan(tmp_path / "out", made.outputs, ()))
    (piece,) = made.pieces
    for one in piece.target.judge([piece.artifact], tmp_path / "out", real.box()):
        assert (one.faults, one.skipped) == ((), "")


@pytest.mark.parametrize(
    "labels",
    [
        '{app.kubernetes.io/version: "7", helm.sh/chart: x}',
        "{app.kubernetes.io/managed-by: x, app.kubernetes.io/part-of: y}",
        '{"on": "on", "y": "1e3", team: "off"}',
    ],
)
def test_labels_that_the_chart_prints_itself_may_be_ones_own(labels: str, tmp_path: Path) -> None:
    """The chart is verified for values of nobody's, too."""
    spec = SPEC.format(name="shop") + f"labels: {labels}\nenvironments: {{staging: {{labels: {{team: b}}}}}}\n"
    (tmp_path / "service.yaml").write_text(spec, "utf-8")
    made = compile_(Request(paths=(tmp_path,), targets=("helm",), shown=str, today=date(2026, 1, 1)))
    assert not made.failed, [one.message for one in made.diagnostics]
    assert made.faults == ()


def test_needs_of_nearly_the_same_name_have_values_of_their_own(tmp_path: Path) -> None:
    needs = "".join(f"  {name}: {{type: redis, realise: in-cluster}}\n" for name in ("cache1", "cache-1"))
    (tmp_path / "service.yaml").write_text(f"{SPEC.format(name='shop')}needs:\n{needs}", "utf-8")
    made = compile_(Request(paths=(tmp_path,), targets=("helm",), shown=str, today=date(2026, 1, 1)))
    assert not made.failed, [one.message for one in made.diagnostics]
    texts = {one.path.rpartition("/")[2]: one.text for one in made.outputs}
    assert ".Values.needs.cache1.replicaCount" in texts["statefulset-cache1.yaml"]
    assert ".Values.needs.cache12.replicaCount" in texts["statefulset-cache-1.yaml"]


LONG = ".".join(["x" * 20] * 9)
TRIGGER = "{type: kafka, metadata: {topic: a, bootstrapServers: 'k:9092', consumerGroup: g}, authentication: {secrets: {password: KEY}}}"


@pytest.mark.parametrize(
    "more",
    [
        f"needs: {{{'q' * 63}: queue}}\n",
        f"volumes: {{/{'v' * 60}: {{size: 1Gi, access: many}}}}\n",
        f"secrets: {{KEY: a/b}}\njobs: {{{'j' * 11}: {{run: before-deploy, command: [x]}}}}\n",
        f"secrets: {{KEY: a/b}}\nscale: {{min: 1, max: 3, triggers: {{{'t' * 63}: {TRIGGER}}}}}\n",
        f"account: {{name: NAME-{LONG}, rules: [{{resources: [pods], verbs: [list]}}]}}\n",
        f"manifests: {{a: {{inline: {{apiVersion: v1, kind: ResourceQuota, metadata: {{name: NAME-{LONG}}}, spec: {{hard: {{pods: '9'}}}}}}}}}}\n",
    ],
)
def test_the_longest_name_of_a_service_stays_whole(more: str, tmp_path: Path) -> None:
    """However long the names of its parts are, and of what is not named after it."""
    name = "s" * 40
    (tmp_path / "service.yaml").write_text(SPEC.format(name=name) + more.replace("NAME", name), "utf-8")
    made = compile_(Request(paths=(tmp_path,), targets=("helm",), shown=str, today=date(2026, 1, 1)))
    assert not made.failed, [one.message for one in made.diagnostics]
    assert made.faults == ()
