"""What is no chart of ours is said to be none, and never read as something else."""

from __future__ import annotations

import pytest

from svc.targets.helm.read import read_objects
from svc.targets.helm.sprig import TemplateError
from svc.targets.helm.template import parse_template

FILES = {
    "c/Chart.yaml": "name: c\nversion: 1.0.0\nappVersion: 1.0.0\n",
    "c/values.yaml": '"on": true\n',
    "c/values-p.yaml": "",
    "c/templates/_helpers.tpl": "",
    "c/templates/a.yaml": "kind: Secret\nmetadata:\n  name: a\n",
}


def objects(**texts: str) -> list[tuple[str, str]]:
    files = {**FILES, **{f"c/templates/{name}.yaml": text for name, text in texts.items()}}
    return list(read_objects(files, "c/", "values-p.yaml", "c", "n"))


def test_objects_are_known_by_kind_and_name() -> None:
    assert objects(b="{{- if .Values.on }}\nkind: Job\nmetadata:\n  name: a\n{{- end }}\n") == [
        ("Secret", "a"),
        ("Job", "a"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("metadata:\n  name: b\n", "without a kind or a name"),
        ("kind: Job\n", "without a kind or a name"),
        ("- kind: Job\n", "without a kind or a name"),
        ("kind: Job\nmetadata: [name]\n", "without a kind or a name"),
        ("kind: Secret\nmetadata:\n  name: a\n", "rendered twice"),
    ],
)
def test_what_is_no_object_of_its_own_is_said(text: str, why: str) -> None:
    with pytest.raises(TemplateError, match=why):
        objects(b=text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ if .Values.on }}a{{ else }}b{{ else }}c{{ end }}",
        "{{ define `a` }}a{{ else }}b{{ end }}",
        "{{ if false }}{{ toYamlx .Values }}{{ end }}",
        '{{ define "a" }}{{ .Values.a | }}{{ end }}',
        "{{ else }}",
        "{{ if .Values.on }}",
        "{{ end }}",
    ],
)
def test_blocks_that_helm_refuses_are_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(text)
