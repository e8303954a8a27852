"""What is wrong with a manifest or a chart comes with what to write instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

_CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
_BINDING = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: %s\nmetadata: {name: a}\n"
    "roleRef: {apiGroup: rbac.authorization.k8s.io%s, kind: %s, name: a}\n"
)
_POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b, %s}]}\n"
_CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {%s}\n"


def _found(folder: Path, name: str, text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, str]]:
    (folder / name).write_text(text)
    main(["lint", str(folder / name), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return {one["policy"]: (one["message"], one.get("help", "")) for one in found}


@pytest.mark.parametrize(
    ("name", "text", "rule", "help_"),
    [
        ("a.yaml", _POD % "imagePullPolicy: always", "manifest-value", "write `Always`"),
        (
            "a.yaml",
            _POD % "terminationMessagePolicy: x",
            "manifest-value",
            "write `FallbackToLogsOnError` or `File`",
        ),
        ("a.yaml", _POD % "tty: 'true'", "manifest-type", "write it without quotes: true"),
        ("a.yaml", "apiVersion: apps/v1\nkind: deployment\n", "manifest-value", "write `Deployment`"),
        ("a.yaml", "apiversion: v1\nkind: ConfigMap\n---\n" + _CLAIM % "accessModes: [ReadWriteOnce]", "manifest-kind-missing", "write `apiVersion` instead of `apiversion`"),
        ("a.yaml", "metadata: {name: a}\n---\n" + _CLAIM % "accessModes: [ReadWriteOnce]", "manifest-kind-missing", "write both, such as `apiVersion: v1` and `kind: ConfigMap`"),
        ("a.yaml", "apiVersion: rbac.authorization.k8s.io\nkind: Role\n", "manifest-not-served", "write `apiVersion: rbac.authorization.k8s.io/v1`"),
        ("a.yaml", "apiVersion: cert-manager.io/v1alpha2\nkind: Issuer\n", "manifest-not-served", "write `apiVersion: cert-manager.io/v1`"),
        ("a.yaml", "apiVersion: external-secrets.io/v1beta1\nkind: SecretStore\n", "manifest-not-served", "write `apiVersion: external-secrets.io/v1`"),
        ("a.yaml", _BINDING % ("RoleBinding", "/v1", "Role"), "manifest-value", "write `rbac.authorization.k8s.io`"),
        ("a.yaml", _BINDING % ("ClusterRoleBinding", "", "Role"), "manifest-value", "write `ClusterRole`"),
        ("Chart.yaml", _CHART + "type: aplication\n", "chart-invalid", "write `application`"),
        ("Chart.yaml", _CHART + "appVersion: 1.10\n", "chart-invalid", "put it between quotes, as it stands"),
        ("Chart.yaml", _CHART.replace("web", "a b"), "chart-invalid", "write `a-b`"),
        ("Chart.yaml", _CHART.replace("version: 1.0.0\n", ""), "chart-invalid", "write `version: 0.1.0`"),
        ("Chart.yaml", _CHART + "home: example.com\n", "chart-invalid", "write the whole address, or remove it"),
        ("Chart.yaml", _CHART + "keyword: []\n", "chart-key-unknown", "write `keywords`"),
        ("kustomization.yaml", "patches: [p.yaml]\n", "manifest-type", "write `path: p.yaml`"),
        (
            "kustomization.yaml",
            "patches: [{patch: '[{op: set, path: /a}]'}]\n",
            "kustomization-patch",
            "an operation is such as `{op: replace, path: /spec/replicas, value: 3}`",
        ),
    ],
)  # fmt: skip
def test_a_finding_says_what_to_write(
    name: str, text: str, rule: str, help_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _found(tmp_path, name, text, capsys)[rule][1] == help_


@pytest.mark.parametrize(
    ("schema", "value", "help_"),
    [
        ('{"enum": ["a", "b"]}', "c", "write `a` or `b`"),
        ('{"const": "a"}', "c", "write `a`"),
        ('{"type": "integer"}', "c", "write a value of type integer"),
        ('{"type": ["integer", "null"]}', "c", "write a value of type integer or null"),
        ('{"required": ["a"]}', "{}", "set it, or take it out of `required`"),
        ('{"additionalProperties": false, "properties": {"a": {}}}', "{b: 1}", "it knows `a`"),
        ('{"additionalProperties": false}', "{b: 1}", "remove it, or let the schema have it"),
        ('{"maximum": 2}', "3", "the schema says `maximum: 2`"),
    ],
)
def test_values_say_what_their_schema_takes(
    schema: str, value: str, help_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "values.yaml").write_text(f"key: {value}\n")
    (tmp_path / "values.schema.json").write_text(f'{{"properties": {{"key": {schema}}}}}')
    assert _found(tmp_path, "Chart.yaml", _CHART, capsys)["chart-values-invalid"][1] == help_


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        (_CLAIM % "accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}", ""),
        (_CLAIM % "resources: {requests: {storage: 1Gi}}", "accessModes"),
        (_CLAIM % "accessModes: [ReadWriteOnce]", "resources.requests.storage"),
        (_CLAIM % "accessModes: [ReadWriteOnce], resources: {requests: {storage: 0}}", ""),
        (_BINDING % ("ClusterRoleBinding", "", "ClusterRole") + "subjects: [{kind: ServiceAccount, name: a}]\n", "namespace"),
        (_BINDING % ("RoleBinding", "", "ClusterRole") + "subjects: [{kind: ServiceAccount, name: a}]\n", ""),
        (_BINDING % ("ClusterRoleBinding", "", "ClusterRole") + "subjects: [{kind: User, name: a}]\n", ""),
    ],
)  # fmt: skip
def test_what_no_schema_demands_is_missing(
    text: str, lacking: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _found(tmp_path, "a.yaml", text, capsys).get("manifest-key-missing", ("", ""))[0]
    assert said.endswith(f"has no `{lacking}`") if lacking else not said
    (tmp_path / "kustomization.yaml").write_text("resources: [a.yaml]\nnamespace: b\n")
    again = _found(tmp_path, "a.yaml", text, capsys).get("manifest-key-missing", ("", ""))[0]
    assert again == ("" if lacking == "namespace" else said)


def test_two_ports_of_one_name_are_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = _POD % "ports: [{name: a, containerPort: 1}, {name: a, containerPort: 2}]"
    found = _found(tmp_path, "a.yaml", text, capsys)
    assert "object-refused" in found
    assert "duplicate-port" not in found
