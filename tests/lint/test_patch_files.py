"""Files that a kustomization lays over others have several parts of one object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

_TWICE = "---\n".join(
    f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  {key}: b\n" for key in ("a", "b")
)


def _found(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    main(["lint", str(folder), "--no-cache", "--select", "object-twice", "--format", "json"])
    return [Path(one["file"]).name for one in json.loads(capsys.readouterr().out)["findings"]]


@pytest.mark.parametrize(
    "named", ["patchesStrategicMerge:\n- ../parts/patch.yaml\n", "patches:\n- path: ./../parts/patch.yaml\n"]
)
def test_a_file_of_patches_may_have_several_of_one_object(
    named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("live", "parts"):
        (tmp_path / folder).mkdir()
    for name in ("patch.yaml", "other.yaml"):
        (tmp_path / "parts" / name).write_text(_TWICE)
    (tmp_path / "live" / "kustomization.yaml").write_text(f"resources: [../parts/other.yaml]\n{named}")
    assert _found(tmp_path, capsys) == ["other.yaml"]


def test_odd_lists_of_patches_name_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(_TWICE)
    inline = "patchesStrategicMerge:\n- |-\n  kind: ConfigMap\npatches:\n- patch: '[]'\n  target: {kind: ConfigMap}\n"
    (tmp_path / "kustomization.yaml").write_text(f"resources: [a.yaml]\n{inline}")
    assert _found(tmp_path, capsys) == ["a.yaml"]


@pytest.mark.parametrize("file", ["patch.yaml", "parts/patch.yaml"])
def test_a_file_of_patches_is_known_alone(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As hooks hand it over; what the kustomization itself lacks is not said."""
    (tmp_path / "parts").mkdir()
    (tmp_path / file).write_text(_TWICE)
    (tmp_path / "kustomization.yaml").write_text(f"patches:\n- path: {file}\nimagess: []\n")
    assert _found(tmp_path / file, capsys) == []
    (tmp_path / "kustomization.yaml").write_text(f"resources: [{file}]\n")
    assert _found(tmp_path / file, capsys) == ["patch.yaml"]


def test_what_a_kustomization_lays_over_others_lacks_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: a\n"
    (tmp_path / "more.yaml").write_text(f"{head}spec:\n  maxReplicas: 9\n")
    said = []
    for text in ("patches:\n- path: more.yaml\n", "resources: [more.yaml]\n"):
        (tmp_path / "kustomization.yaml").write_text(text)
        chosen = ["--select", "manifest-key-missing", "--format", "json"]
        main(["lint", str(tmp_path / "more.yaml"), "--no-cache", *chosen])
        said.append([(one["line"], one["message"]) for one in json.loads(capsys.readouterr().out)["findings"]])
    assert said == [[], [(5, "`spec` has no `scaleTargetRef`")]]


_DEPLOYMENT = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {%sselector: {}, template: {spec: {containers: [%s]}}}}"
_SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {%sports: [{port: 80}]}}"
_PATCH = "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {a: b}%s}}"
_SECRET = "{apiVersion: v1, kind: Secret, metadata: {name: a}%s}"
_ROLE = "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}%s}"


@pytest.mark.parametrize(
    ("many", "found"),
    [
        ([_DEPLOYMENT % ("", "{name: a, image: b}"), _DEPLOYMENT % ("replicas: 2, ", "{name: a, image: b}")], 1),
        ([_DEPLOYMENT % ("replicas: 2, ", "{name: a, image: b}"), _DEPLOYMENT % ("", "{name: a, image: b}")], 1),
        ([_DEPLOYMENT % ("replicas: 2, ", "{name: a, image: b}"), _DEPLOYMENT % ("", "{name: a, resources: {}}")], 0),
        ([_DEPLOYMENT % ("", ""), _DEPLOYMENT % ("", "{name: a, image: b}"), _DEPLOYMENT % ("", "")], 0),
        ([_SERVICE % "selector: {a: b}, ", _SERVICE % "selector: {a: b}, type: NodePort, "], 1),
        ([_SERVICE % "selector: {a: b}, ", _SERVICE % ""], 0),
        ([_PATCH % "", _PATCH % ", type: NodePort"], 0),
        ([_SECRET % ", data: {}", _SECRET % ", data: {}, type: Opaque", _SECRET % ", data: {}"], 2),
        ([_SECRET % ", data: {}", _SECRET % ""], 0),
        ([_SECRET.replace("Secret", "ConfigMap") % one for one in (", data: {}", ", data: {}, binaryData: {}")], 1),
        (
            [
                _SECRET.replace("Secret", "ConfigMap") % one
                for one in (", binaryData: {}", ", data: {}, binaryData: {}")
            ],
            1,
        ),
        ([_ROLE % ", rules: []", _ROLE % ", rules: [], aggregationRule: {}", _ROLE % ", rules: []"], 1),
        ([_ROLE % ", rules: []", _ROLE % ", rules: [], aggregationRule: {}"], 0),
    ],
)
def test_only_what_may_be_a_patch_is_no_second_object(
    many: list[str], found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("\n---\n".join(many))
    assert len(_found(tmp_path, capsys)) == found


_OVER = {
    "ingress.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations: {b: c}\n",
    "cron.yaml": "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  jobTemplate: {spec: {template: {spec: "
    "{restartPolicy: Never, containers: [{name: a, image: 'b:1'}]}}}}\n",
    "service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {externalIPs: [192.0.2.1]}\n",
}


def test_what_a_kustomization_lays_over_others_is_not_judged_by_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it brings is: addresses that are meant for others."""
    for name, text in _OVER.items():
        (tmp_path / name).write_text(text)
    said = []
    for text in ("patches:\n%s", "resources:\n%s"):
        entry = "- path: %s\n" if "patches" in text else "- %s\n"
        (tmp_path / "kustomization.yaml").write_text(text % "".join(entry % name for name in _OVER))
        main(["lint", str(tmp_path), "--no-cache", "--format", "json"])
        found = json.loads(capsys.readouterr().out)["findings"]
        said.append(sorted({Path(one["file"]).name for one in found} & _OVER.keys()))
        assert "external-ips" in {one["policy"] for one in found}
    assert said == [["service.yaml"], ["cron.yaml", "ingress.yaml", "service.yaml"]]
