"""What an object lacks is only told where others are deployed with it: lessons beside each other are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

_WEB = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\nspec:\n  selector: {matchLabels: {app: %s}}\n"
    "  template: {metadata: {labels: {app: %s}}, spec: {containers: [{name: a, image: 'a:1'}]}}\n"
)
_POD = _WEB.replace("%s", "web")
_API = _WEB.replace("%s", "api")
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {selector: {%s}, ports: [{port: 80}]}\n"
_LOST = _SERVICE % ("lost", "app: lost")
_SCALER = (
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: lost}\n"
    "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: lost}}\n"
)


def _found(folder: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], *about: str) -> list[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    main(["lint", str(folder), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [one["message"] for one in found if one["policy"] in about]


_FOLDERS = [
    ({"one/a.yaml": _POD, "two/b.yaml": "it"}, 0),
    ({"one/a.yaml": _POD, "one/b.yaml": "it"}, 1),
    ({"one/a.yaml": _POD, "one/more/b.yaml": "it"}, 1),
    ({"a.yaml": _POD, "two/b.yaml": "it"}, 1),
    ({"deployments/a.yaml": _POD, "services/b.yaml": "it"}, 1),
    ({"k8s/one/a.yaml": _POD, "k8s/svc/b.yaml": "it"}, 1),
    ({"one/deploy/a.yaml": _POD, "two/deploy/b.yaml": "it"}, 0),
    ({"one/a.yaml": _POD, "two/b.yaml": "it", "two/c.yaml": _SERVICE % ("web", "app: web")}, 1),
    ({"one/a.yaml": _POD, "two/b.yaml": "it", "three/kustomization.yaml": "resources: [../one/a.yaml, ../two]\n"}, 0),
    (
        {
            "one/a.yaml": _POD,
            "one/kustomization.yaml": "resources: [a.yaml]\n",
            "two/b.yaml": "it",
            "two/kustomization.yaml": "resources: [b.yaml]\n",
            "three/kustomization.yaml": "resources: [../one, ../two]\n",
        },
        1,
    ),
]


@pytest.mark.parametrize(("files", "found"), _FOLDERS)
def test_pods_of_the_same_deployment(
    files: dict[str, str], found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = "service-selects-nothing"
    files = {name: _LOST if text == "it" else text for name, text in files.items()}
    assert len(_found(tmp_path, capsys, files, about)) == found


def test_what_is_scaled_in_the_same_deployment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    about = "autoscaler-target-missing"
    assert _found(tmp_path, capsys, {"one/a.yaml": _API, "two/b.yaml": _SCALER}, about) == []
    assert len(_found(tmp_path, capsys, {"two/c.yaml": _API}, about)) == 1


@pytest.mark.parametrize(
    ("selector", "more", "found"),
    [
        ("app: ray", "", 1),
        (
            "app: ray",
            (
                "---\napiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {name: b}\n"
                "spec: {headGroupSpec: {template: {metadata: {labels: {app: ray, x: y}}, spec: {containers: []}}}}\n"
            ),
            0,
        ),
        ("istio: ingressgateway", "", 0),
        ("istio: ingressgatewy", "", 1),
    ],
)
def test_pods_that_operators_make(
    selector: str, more: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = _POD + "---\n" + _SERVICE % ("a", selector) + more
    assert len(_found(tmp_path, capsys, {"a.yaml": text}, "service-selects-nothing")) == found


def test_a_kustomization_that_puts_all_into_one_namespace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = (_SERVICE % ("web", "app: web")).replace("name: web}", "name: web, namespace: one}")
    files = {
        "a.yaml": _POD.replace("{name: web}", "{name: web, namespace: two}") + "---\n" + service,
        "kustomization.yaml": "resources: [a.yaml]\nnamespace: three\n",
    }
    assert _found(tmp_path, capsys, files, "service-selects-nothing") == []
    files["kustomization.yaml"] = "resources: [a.yaml]\n"
    assert len(_found(tmp_path, capsys, files, "service-selects-nothing")) == 1
