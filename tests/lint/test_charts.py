"""Charts that people wrote: their files, their values, and what the real Helm makes of their templates."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from judges import real
from lint.linted_charts import HEAD, POD, ROOT, judged, said, written
from svc import tools
from svc.diagnostics import Severity
from svc.report import text
from svc.report.form import Run
from svc.targets.helm import source_values

FAULTY = ROOT / "fixtures" / "lint" / "charts" / "faulty"


@pytest.fixture
def helm() -> None:
    real.located("helm")


@pytest.mark.usefixtures("helm")
def test_everything_wrong_with_a_chart_is_said_at_its_line() -> None:
    linted, found = judged(FAULTY)
    report = text.render(Run(found, linted.sources))
    expected = FAULTY.with_suffix(".out")
    if os.environ.get("SVC_UPDATE"):
        expected.write_text(report, "utf-8")
    assert report == expected.read_text("utf-8")


@pytest.mark.usefixtures("helm")
def test_what_helm_prints_and_others_refuse_is_said(tmp_path: Path) -> None:
    twice = (POD % "true").replace("metadata:", "apiVersion: v1\nmetadata:")
    written(tmp_path, **{"values.yaml": "{}\n", "templates/pod.yaml": twice})
    found = judged(tmp_path)[1]
    (refused,) = [one for one in found if one.id == "chart-not-rendered"]
    assert refused.severity == Severity.ERROR
    assert refused.place.file == "templates/pod.yaml"
    assert "`apiVersion`" in refused.message


@pytest.mark.usefixtures("helm")
def test_the_line_is_the_templates_and_findings_of_every_values_file_count(tmp_path: Path) -> None:
    template = "{{- with .Values }}\n" + POD % "{{ .host }}" + "{{- end }}\n"
    files = {"values.yaml": "host: false\n", "values-prod.yaml": "host: true\n", "templates/pod.yaml": template}
    written(tmp_path, **files)
    assert ("host-namespace", "templates/pod.yaml", 7) in said(tmp_path)
    (tmp_path / "values-prod.yaml").unlink()
    assert "host-namespace" not in {name for name, _, _ in said(tmp_path)}


@pytest.mark.usefixtures("helm")
def test_lists_that_a_loop_writes_are_placed_at_their_key(tmp_path: Path) -> None:
    template = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        {{- range .Values.all }}
        - name: {{ . }}
          image: {{ . }}
        {{- end }}
        - name: fixed
          securityContext: {privileged: true}
"""
    written(tmp_path, **{"values.yaml": "all: [a, b]\n", "templates/web.yaml": template})
    lines = {(name, line) for name, _, line in said(tmp_path, "recommended")}
    assert ("privileged-container", 14) in lines
    assert ("manifest-selector-missing", 5) in lines
    assert [line for name, line in sorted(lines) if name == "manifest-key-missing"] == [13], "of the image alone"
    assert ("image-not-pinned", 8) in lines or ("image-latest", 8) in lines


@pytest.mark.usefixtures("helm")
def test_values_that_must_be_given_are_given_by_a_values_file(tmp_path: Path) -> None:
    written(tmp_path, **{"values.yaml": "{}\n", "templates/pod.yaml": POD % '{{ required "say it" .Values.host }}'})
    failed = [one for one in judged(tmp_path)[1] if one.id == "chart-not-rendered"]
    assert [(one.severity, one.place.file, one.place.span and one.place.span.line) for one in failed] == [
        (Severity.ERROR, "templates/pod.yaml", 6)
    ]
    assert "say it" in failed[0].message
    written(tmp_path, **{"ci/test-values.yaml": "host: false\n"})
    assert not [one for one in said(tmp_path) if one[0] == "chart-not-rendered"]


@pytest.mark.usefixtures("helm")
def test_objects_of_one_chart_are_judged_together_and_apart_from_others(tmp_path: Path) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {selector: {app: %s}, ports: [{port: 80}]}\n"
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: %s}}\nspec: {containers: [{name: a}]}\n"
    for name in ("one", "two"):
        files = {"templates/service.yaml": service % (name, "{{ .Chart.Name }}"), "templates/pod.yaml": pod % "web"}
        written(tmp_path / name, **files)
    written(tmp_path / "two", **{"templates/pod.yaml": pod % "other"})
    assert [one for one in said(tmp_path) if one[0] == "service-selects-nothing"] == [
        ("service-selects-nothing", "two/templates/service.yaml", 4)
    ]


def test_without_helm_it_is_said_that_nobody_judged_the_templates(tmp_path: Path) -> None:
    files = {"templates/a.yaml": POD % "{{ .Values.a }}", "templates/b.yaml": POD % "true"}
    written(tmp_path, **files)
    found = judged(tmp_path, machine=tools.Toolbox({}, (), {}))[1]
    assert [(one.id, one.place.file) for one in found] == [
        ("chart-template-skipped", "templates/a.yaml"),
        ("host-namespace", "templates/b.yaml"),
    ]
    assert "helm 4" in found[0].message


def test_a_schema_that_refers_elsewhere_is_not_followed(tmp_path: Path) -> None:
    schema = '{"properties": {"a": {"$ref": "https://example.com/schema.json"}}}'
    written(tmp_path, **{"values.yaml": "a: 1\n", "values.schema.json": schema})
    found = judged(tmp_path, machine=tools.Toolbox({}, (), {}))[1]
    assert [(one.id, one.severity) for one in found] == [("chart-schema-reference", Severity.INFO)]
    written(tmp_path, **{"values.schema.json": '{"type": "objekt"}'})
    assert [name for name, _, _ in said(tmp_path)][:1] == ["chart-schema-invalid"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ('{"$ref": "#"}', "without an end"),
        ('{"properties": {"a": {"$ref": "#/properties/a"}}}', "without an end"),
        ('{"$schema": 3}', "`$schema` is the address"),
        ('{"$schema": []}', "`$schema` is the address"),
        ('{"$id": "http://[", "$ref": "b"}', "cannot be applied"),
        ('{"$ref": "#/a/b", "a": []}', "cannot be applied"),
        ('{"$ref": "#/a/b", "a": 3}', "cannot be applied"),
        ('{"$ref": "#/a", "a": "x"}', "cannot be applied"),
        ('{"$ref": "#/a", "a": null}', "cannot be applied"),
        ('{"properties": {"b": {"multipleOf": 0.5}}}', "cannot be applied"),
    ],
)
def test_a_schema_that_no_values_can_be_judged_by(schema: str, words: str, tmp_path: Path) -> None:
    written(tmp_path, **{"values.yaml": "a: 1\nb: .nan\n", "values.schema.json": schema})
    found = [one for one in judged(tmp_path, machine=tools.Toolbox({}, (), {}))[1] if one.id.startswith("chart-schema")]
    assert [(one.id, one.place.file) for one in found] == [("chart-schema-invalid", "values.schema.json")]
    assert words in found[0].message


def test_a_schema_that_never_comes_to_an_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that tries every way to cut a text, and references that double at every step."""
    monkeypatch.setattr(source_values, "_SECONDS", 0.2)
    steps = {f"s{one}": {"allOf": [{"$ref": f"#/$defs/s{one + 1}"}] * 2} for one in range(40)}
    doubled = {"$ref": "#/$defs/s0", "$defs": {**steps, "s40": {}}}
    for schema in ({"properties": {"a": {"pattern": "^(a+)+$"}}}, doubled):
        written(tmp_path, **{"values.yaml": f"a: {'a' * 60}!\n", "values.schema.json": json.dumps(schema)})
        found = judged(tmp_path, machine=tools.Toolbox({}, (), {}))[1]
        assert [(one.id, one.severity) for one in found if one.id.startswith("chart-schema")] == [
            ("chart-schema-slow", Severity.WARNING)
        ]


def test_values_are_no_compose_file_and_links_are_not_followed(tmp_path: Path) -> None:
    written(tmp_path / "chart", **{"values.yaml": "services: {web: {image: nginx, privileged: true}}\n"})
    (tmp_path / "secret.yaml").write_text("a: 1\n", "utf-8")
    (tmp_path / "chart" / "values-link.yaml").symlink_to(tmp_path / "secret.yaml")
    linted, found = judged(tmp_path, machine=tools.Toolbox({}, (), {}))
    assert found == ()
    (chart,) = [one.artifact for one in linted.subjects if one.surface == "helm"]
    assert chart.paths == ("Chart.yaml", "values.yaml")


INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: {{ .Chart.Name }}}
spec:
  rules:
    - host: {{ .Values.host }}
      http: {paths: [{path: /, pathType: Prefix}]}
"""


@pytest.mark.usefixtures("helm")
def test_two_charts_of_one_place_do_not_share_a_host(tmp_path: Path) -> None:
    """The example host of the default values is in half of all charts; that of production is not."""
    for name in ("one", "two"):
        written(
            tmp_path / name,
            **{
                "Chart.yaml": HEAD.replace("web", name),
                "values.yaml": "host: chart-example.local\n",
                "values-prod.yaml": "host: www.example.com\n",
                "templates/ingress.yaml": INGRESS,
            },
        )
    found = [one for one in judged(tmp_path)[1] if one.id == "duplicate-host"]
    assert [(one.place.file, "www.example.com" in one.message) for one in found] == [
        ("two/templates/ingress.yaml", True)
    ]


@pytest.mark.usefixtures("helm")
def test_a_chart_is_held_against_the_dockerfile_of_its_image(tmp_path: Path) -> None:
    pod = "spec:\n  containers:\n    - name: web\n      image: {{ .Values.image }}:1\n      ports:\n        - containerPort: 8080\n"
    head = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
    written(tmp_path / "chart", **{"values.yaml": "image: ghcr.io/acme/web\n", "templates/pod.yaml": head + pod})
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.29\nEXPOSE 3000\n", "utf-8")
    (tmp_path / "compose.yaml").write_text("services: {web: {image: ghcr.io/acme/web, build: .}}\n", "utf-8")
    place = ("port-not-exposed", "chart/templates/pod.yaml", 9)
    assert place in said(tmp_path, "recommended")
    (tmp_path / "compose.yaml").write_text("services: {web: {image: ghcr.io/acme/other, build: .}}\n", "utf-8")
    assert place not in said(tmp_path, "recommended")


@pytest.mark.usefixtures("helm")
def test_a_chart_of_an_unknown_kind_is_said_and_not_rendered(tmp_path: Path) -> None:
    """Helm 4.2 crashes on `apiVersion: v3`."""
    head = HEAD.replace("v2", "v3") + "dependencies:\n  - {name: a, version: 1.0.0}\n"
    written(tmp_path, **{"Chart.yaml": head, "templates/pod.yaml": POD % "{{ .Values.host }}"})
    assert said(tmp_path) == [("chart-invalid", "Chart.yaml", 1)]


@pytest.mark.usefixtures("helm")
def test_a_version_that_helm_takes_is_a_warning(tmp_path: Path) -> None:
    for version, severity in (("v1.2", Severity.WARNING), ("one", Severity.ERROR)):
        written(tmp_path, **{"Chart.yaml": HEAD.replace("1.0.0", version)})
        found = [one.severity for one in judged(tmp_path)[1] if one.id == "chart-invalid"]
        assert found == [severity]


@pytest.mark.usefixtures("helm")
def test_a_chart_of_the_first_version_is_judged_without_what_is_not_there(tmp_path: Path) -> None:
    files = {
        "Chart.yaml": HEAD.replace("v2", "v1"),
        "requirements.yaml": "dependencies:\n- {name: db, version: 1.2.0, repository: https://charts.example.com}\n",
        "templates/pod.yaml": POD % "true",
    }
    written(tmp_path, **files)
    assert said(tmp_path) == [("chart-dependency-absent", "Chart.yaml", 1), ("host-namespace", "templates/pod.yaml", 6)]
    written(tmp_path, **{"requirements.yaml": "dependencies: 7\n"})
    assert ("chart-not-rendered", "Chart.yaml", 1) in said(tmp_path)
