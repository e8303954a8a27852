"""The changes themselves: every kind of them happens, each changes the text, and the table adds up."""

from __future__ import annotations

import pytest

from generated.mutants import mutants
from generated.parsers import of_dockerfile, of_hcl, of_json, of_patterns, of_text, of_yaml, parser_of
from generated.scores import table

TEXTS = {
    "Dockerfile": '# syntax=docker/dockerfile:1\nFROM alpine:3.20 AS base\nCMD ["a", "b"]\n',
    "compose.yaml": 'services:\n  web:\n    command:\n      - a: "1"\n        b: on\n      - c\n    ports: [80, 81]\n',
    "deployment.yaml": "{{- if .Values.a }}\nname: {{ .Values.b | quote }}\nlabels:\n  {{- with .Values.c }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}\n"
    'x: {{ toJson .Values.d }}\ny: {{ if not .Values.e }}{{ .Release.Name }}{{ else }}{{ .Values.f | trimSuffix "-" }}{{ end -}}\n'
    'z: {{ .Values.g | int64 }}\n{{- range .Values.h }}{{ end }}\n{{- if (or .Values.i .Values.j) }}{{ end }}{{ if hasKey .Values "a" }}{{ end }}\n{{- end }}\n',
}
OPERATORS = {
    "line dropped", "line doubled", "lines swapped", "indented more", "indented less", "item dropped", "item doubled", "inline item",
    "word changed", "number off by one", "case of a key", "quotes dropped", "quotes added", "directive in a comment",
    "another value", "nindent changed", "condition negated", "| quote changed", "| int64 changed", "toJson changed", "not changed",
    "{{- changed", "-}} changed", '| trimSuffix "-" changed', "else changed", "with changed", "range changed", ".Release. changed",
    "or changed", "hasKey changed",
}  # fmt: skip


def test_every_kind_of_change_happens() -> None:
    seen = set()
    for text in TEXTS.values():
        lines = tuple(text.splitlines(keepends=True))
        for at in range(len(lines)):
            made = list(mutants(lines, at))
            assert text not in [changed for _, changed in made]
            assert len({changed for _, changed in made}) == len(made)
            seen |= {operator for operator, _ in made}
    assert seen == OPERATORS


@pytest.mark.parametrize(
    ("path", "parser"),
    [
        ("web/Dockerfile", of_dockerfile),
        ("web/.dockerignore", of_patterns),
        ("web/main.tf", of_hcl),
        ("web/values.yaml", of_yaml),
        ("web/values.schema.json", of_json),
        ("web/README.md", None),
    ],
)
def test_every_file_has_its_parser(path: str, parser: object) -> None:
    assert parser_of("docker", path) is parser
    assert parser_of("compose", "web/else.txt") is of_text


def test_the_table_adds_up() -> None:
    parts = [
        {"target": "helm", "tried": 1200, "equivalent": 200, "found": 999, "missed": 1},
        {"target": "docker", "tried": 2, "equivalent": 2, "missed": 0},
    ]
    assert table(parts) == [
        "target  tried  equivalent  found  missed  score",
        "docker  2      2           0      0       -",
        "helm    1,200  200         999    1       99.90 %",
        "all     1,202  202         999    1       99.90 %",
    ]
