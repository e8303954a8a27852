"""What a kustomization, a controller or another environment changes is not held against what stands in the manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

_WEB = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: %s\n  selector: {matchLabels: {app: web}}\n"
    "  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: 'a:1'}]}}\n"
)
_BUDGET = (
    "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n"
    "spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}\n"
)
_PATCH = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {%s: 3}\n"
_BASE = {"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": _WEB % 1, "prod/b.yaml": _BUDGET}
_OVER = "resources: [../base, b.yaml]\n"


def _found(folder: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], about: str) -> list[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    main(["lint", str(folder), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [one["message"] for one in found if one["policy"] == about]


@pytest.mark.parametrize(
    ("files", "few"),
    [
        ({"prod/kustomization.yaml": _OVER}, True),
        ({"prod/kustomization.yaml": _OVER + "replicas: [{name: web, count: 3}]\n"}, False),
        ({"prod/kustomization.yaml": _OVER + "replicas: [{name: web, count: 2}]\n"}, True),
        ({"prod/kustomization.yaml": _OVER + "replicas: [{name: other, count: 3}]\n"}, True),
        ({"prod/kustomization.yaml": _OVER + "patches: [{path: p.yaml}]\n", "prod/p.yaml": _PATCH % "replicas"}, False),
        ({"prod/kustomization.yaml": _OVER + "patches: [{path: p.yaml}]\n", "prod/p.yaml": _PATCH % "paused"}, True),
        (
            {
                "prod/kustomization.yaml": _OVER
                + "patches: [{target: {kind: Deployment}, patch: '[{op: replace, path: /spec/replicas, value: 3}]'}]\n"
            },
            False,
        ),
        ({"prod/c.yaml": _WEB % 3, "base/a.yaml": _WEB % 1}, False),
    ],
)
def test_replicas_of_a_budgets_pods(
    files: dict[str, str], few: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bool(_found(tmp_path, capsys, {**_BASE, **files}, "disruption-budget-too-tight")) is few


_POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'a:1', env: "
    "[{name: A, valueFrom: {%s: {name: it, key: token}}}]}]}\n"
)
_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: it%s}\n%s"
_SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: it%s}\n%s"
_IN_MAP, _IN_SECRET = _POD % "configMapKeyRef", _POD % "secretKeyRef"


@pytest.mark.parametrize(
    ("pod", "source", "missing"),
    [
        (_IN_MAP, _MAP % ("", "data: {a: b}\n"), 1),
        (_IN_MAP, _MAP % ("", ""), 0),
        (_IN_MAP, _MAP % (", labels: {config.openshift.io/inject-trusted-cabundle: 'true'}", "data: {a: b}\n"), 0),
        (_IN_SECRET, _SECRET % ("", "type: kubernetes.io/service-account-token\n"), 0),
        (_IN_SECRET, _SECRET % ("", "type: Opaque\nstringData: {a: b}\n"), 1),
        (
            _IN_SECRET,
            _SECRET % (", annotations: {secret-generator.v1.mittwald.de/autogenerate: token}", "data: {a: YQ==}\n"),
            0,
        ),
    ],
)
def test_keys_that_others_put_in(
    pod: str, source: str, missing: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(_found(tmp_path, capsys, {"a.yaml": pod, "b.yaml": source}, "config-key-missing")) == missing


def test_keys_that_a_generator_adds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"a.yaml": _IN_MAP + "---\n" + _MAP % ("", "data: {a: b}\n")}
    adds = "resources: [a.yaml]\nconfigMapGenerator: [{name: %s, behavior: merge, literals: [token=1]}]\n"
    assert _found(tmp_path, capsys, {**files, "kustomization.yaml": adds % "it"}, "config-key-missing") == []
    assert len(_found(tmp_path, capsys, {"kustomization.yaml": adds % "other"}, "config-key-missing")) == 1


@pytest.mark.parametrize(("release", "found"), [("grafana", 0), ("loki", 1)])
def test_what_a_release_brings_is_scaled_and_scraped(
    release: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "---\n".join((
        f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: {release}}}\n",
        _WEB % 3,
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n",
        ("apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"
        "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: grafana}}\n"),
        ("apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: b}\n"
        "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: '${APP}'}}\n"),
        ("apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a}\n"
        "spec: {selector: {matchLabels: {app.kubernetes.io/name: grafana}}, endpoints: [{port: http}]}\n"),
    ))  # fmt: skip
    for about in ("autoscaler-target-missing", "monitor-selects-nothing"):
        assert len(_found(tmp_path, capsys, {"a.yaml": text}, about)) == found


_PROXY = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n"
    "      - {name: proxy, image: 'p:1', ports: [{containerPort: 8443, name: %s}]}\n      - {name: a, args: [x]}\n"
)
_METRICS = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
    "spec: {selector: {app: web}, ports: [{port: 8443, targetPort: https}]}\n"
)


@pytest.mark.parametrize(("port", "found"), [("https", 0), ("other", 1)])
def test_a_port_that_a_patch_brings(port: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "rbac/kustomization.yaml": "resources: [s.yaml]\n",
        "rbac/s.yaml": _METRICS,
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "base/a.yaml": _WEB % 1,
        "default/kustomization.yaml": "resources: [../rbac, ../base]\npatchesStrategicMerge: [p.yaml]\n",
        "default/p.yaml": _PROXY % port,
    }
    assert len(_found(tmp_path, capsys, files, "service-port-unknown")) == found


def test_a_port_of_a_service_is_none_of_its_pods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    patch = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 8443, name: https}]}\n"
    files = {
        "a.yaml": _WEB % 1 + "---\n" + _METRICS,
        "kustomization.yaml": "resources: [a.yaml]\npatches: [{path: p.yaml}]\n",
        "p.yaml": patch,
    }
    assert len(_found(tmp_path, capsys, files, "service-port-unknown")) == 1


@pytest.mark.parametrize(("volume", "found"), [("tmp", 0), ("other", 1)])
def test_a_volume_that_a_patch_brings(
    volume: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    patch = f"[{{op: add, path: /spec/template/spec/volumes, value: [{{name: {volume}, emptyDir: {{}}}}]}}]"
    web = _WEB.replace("image: 'a:1'", "image: 'a:1', volumeMounts: [{name: tmp, mountPath: /tmp}]") % 1
    files = {
        "a.yaml": web,
        "kustomization.yaml": f"resources: [a.yaml]\npatches: [{{target: {{kind: Deployment}}, patch: '{patch}'}}]\n",
    }
    assert len(_found(tmp_path, capsys, files, "object-refused")) == found


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("commonLabels: {env: prod, odd: [a]}\n", 0),
        ("labels: [{pairs: {env: prod}, includeSelectors: true}]\n", 0),
        ("labels: [{pairs: {env: prod}, includeTemplates: true}]\n", 0),
        ("labels: [{pairs: {env: prod}}]\n", 1),
        ("commonLabels: {env: dev}\n", 1),
    ],
)
def test_labels_that_a_kustomization_adds(
    more: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
        "spec: {podSelector: {matchLabels: {app: web, env: prod}}}\n"
    )
    files = {
        "a.yaml": _WEB % 1 + "---\n" + policy,
        "kustomization.yaml": "resources: [a.yaml]\n" + more,
    }
    assert len(_found(tmp_path, capsys, files, "network-policy-selects-nothing")) == found


def test_what_the_chart_around_it_may_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = "apiVersion: v2\nname: %s\nversion: 1.0.0\n"
    cm = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: {{ .Values.%s.x | quote }}}\n"
    files = {
        "Chart.yaml": head % "top",
        "values.yaml": "global: {x: a}\n",
        "charts/sub/Chart.yaml": head % "sub",
        "charts/sub/values.yaml": "b: c\n",
        "charts/sub/templates/a.yaml": cm % "global",
    }
    assert _found(tmp_path, capsys, files, "chart-value-missing") == []
    assert len(_found(tmp_path, capsys, {"charts/sub/templates/a.yaml": cm % "d"}, "chart-value-missing")) == 1


@pytest.mark.parametrize(
    ("path", "found"), [("/metadata/name", 0), ("/metadata/labels", 1), ("/metadata/namespace", 1)]
)
def test_a_patch_that_renames(path: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    patch = f"[{{op: replace, path: {path}, value: other}}]"
    files = {
        "a.yaml": _WEB % 1,
        "p.yaml": (_PATCH % "replicas").replace("web", "other"),
        "kustomization.yaml": (
            f"resources: [a.yaml]\npatches: [{{target: {{kind: Deployment}}, patch: '{patch}'}}, {{path: p.yaml}}]\n"
        ),
    }
    assert len(_found(tmp_path, capsys, files, "kustomization-matches-nothing")) == found


@pytest.mark.parametrize(("affix", "found"), [("nameSuffix: -prod", 0), ("namePrefix: prod-", 2)])
def test_names_that_a_kustomization_makes(
    affix: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "---\n".join((
        _WEB % 1,
        _METRICS,
        ("apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"
        "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: web-prod}}\n"),
        ("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\n"
        "spec: {defaultBackend: {service: {name: web-prod, port: {number: 8443}}}}\n"),
    ))  # fmt: skip
    files = {"a.yaml": text, "kustomization.yaml": f"resources: [a.yaml]\n{affix}\n"}
    about = ("autoscaler-target-missing", "ingress-backend-missing")
    assert sum(len(_found(tmp_path, capsys, files, one)) for one in about) == found


@pytest.mark.parametrize(("target", "found"), [("targetPort: 0", 0), ("targetPort: 81", 1)])
def test_a_target_of_0_is_the_port_itself(
    target: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = _WEB.replace("image: 'a:1'", "image: 'a:1', ports: [{containerPort: 8443}]") % 1
    text = web + "---\n" + _METRICS.replace("targetPort: https", target)
    assert len(_found(tmp_path, capsys, {"a.yaml": text}, "service-port-undeclared")) == found


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("commonLabels: {env: prod}\n", 0),
        ("labels: [{pairs: {env: prod}, includeSelectors: true}]\n", 0),
        ("labels: [{pairs: {env: prod}}]\n", 1),
    ],
)
def test_a_selector_that_a_kustomization_fills(
    more: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "a.yaml": _WEB.replace("selector: {matchLabels: {app: web}}", "selector: {}") % 1,
        "kustomization.yaml": "resources: [a.yaml]\n" + more,
    }
    assert len(_found(tmp_path, capsys, files, "object-refused")) == found
