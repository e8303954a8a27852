from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from svc.emit import emit
from svc.parse import parse
from svc.source import Source
from svc.tree import walk
from svc.yaml_holes import Block, Group, Guarded, Raw, Splice

AWKWARD = [
    "on", "NO", "y", "12:30", "1.10", "1.10.3", "0x1F", "0o17", "017", "1_000", "1e3", "2024-01-01", "2024-1-1 10:00:00",
    "null", "~", "", " ", " lead", "trail ", "a # b", "a: b", "a:", "#", "- a", "-", "--flag=1", "---", "...", "--- a",
    "? a", ":a", "*a", "&a", "!a", "%a", "@a", "`a`", "|", ">", "<<", "=", "{a}", "[a]", "{{ .Values.x }}", "it's",
    'say "x"', "\\d", "tab\there", "\tlead", "bell\a", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\u00a0", "\u200b", "\U0001f600",
    "a\nb", "a\nb\n", "a\n\n", "\n", "\na", " a\nb", "a\n b\n", "a\n\tb", "a \nb", "a\n \n", "a\r\nb", "x" * 3000,
    "#!/bin/sh\nset -e\necho hi\n", ".inf", "-.INF", ".nan", "+1", "0b1", "190:20:30.15", "1:2", "8080:80", "é", "ٱ", "٣",
]  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.text(alphabet=" \n\t:#-'\"{}[]ab1.\u2028", max_size=12),
    st.sampled_from(AWKWARD),
)
KEYS = st.one_of(st.text(max_size=6), st.sampled_from(AWKWARD))
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


def read(text: str) -> Any:
    parsed = parse(Source("x.yaml", text))
    assert parsed.problems == (), text
    assert len(parsed.documents) == 1, text
    return parsed.documents[0].data


@given(DATA)
def test_two_readers_give_back_what_was_emitted(data: Any) -> None:
    text = emit(data).text
    assert read(text) == data
    assert yaml.safe_load(text) == data


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_strings_survive_everywhere(text: str) -> None:
    data: Any = {"key": text, text: "value", "list": [text, {text: text}], "after": 1}
    for blank in ((), (("after",), ("list",))):
        emitted = emit(data, blank_before=blank).text
        assert read(emitted) == data
        assert yaml.safe_load(emitted) == data


def test_types_survive() -> None:
    data: Any = [1, 1.0, True, None, "1", "true", 1e16, math.inf, -math.inf, -0.0, {}, []]
    back = read(emit(data).text)
    assert [(type(value), value) for value in back] == [(type(value), value) for value in data]
    assert math.isnan(read(emit(math.nan).text))


@given(DATA)
def test_every_route_has_the_line_of_its_key_or_dash(data: Any) -> None:
    emitted = emit(data)
    document = parse(Source("x.yaml", emitted.text)).documents[0]
    assert set(emitted.lines) == {route for route, _ in walk(data)}
    for route, line in emitted.lines.items():
        if route and isinstance(route[-1], str):
            assert document.span(route, "key").line == line


def test_layout() -> None:
    data: Any = {
        "on": {"push": None},
        "jobs": {"test": {"steps": [{"uses": "actions/checkout@0123", "with": {"depth": 0}}, {"run": "a\nb\n"}]}},
        "empty": {},
        "none": [],
    }
    emitted = emit(
        data,
        header="Generated",
        comments={("jobs",): "What runs.\n\nTwice.", ("jobs", "test", "steps", 0, "uses"): "first"},
        trailing={("jobs", "test", "steps", 0, "uses"): "v5.0.0"},
        blank_before=[("jobs",)],
        plain_keys={"on"},
        null="",
    )
    assert emitted.text == (
        "# Generated\n"
        "on:\n"
        "  push:\n"
        "\n"
        "# What runs.\n"
        "#\n"
        "# Twice.\n"
        "jobs:\n"
        "  test:\n"
        "    steps:\n"
        "      # first\n"
        "      - uses: actions/checkout@0123  # v5.0.0\n"
        "        with:\n"
        "          depth: 0\n"
        "      - run: |\n"
        "          a\n"
        "          b\n"
        "empty: {}\n"
        "none: []\n"
    )
    assert emitted.lines[("jobs",)] == 8
    assert emitted.lines[("jobs", "test", "steps", 0, "with", "depth")] == 14
    assert read(emitted.text) == data


def test_holes_of_a_template() -> None:
    data: Any = {
        "metadata": {"labels": {"": Splice(lambda n: [f'{{{{- include "x.labels" . | nindent {n} }}}}']), "app": "x"}},
        "replicas": Guarded("{{- if not .Values.hpa }}", Raw("{{ .Values.replicas }}"), "{{- end }}"),
        "spec": {
            "nodeSelector": Guarded(
                "{{- with .Values.nodeSelector }}",
                Block(lambda n: [f"{{{{- toYaml . | nindent {n} }}}}"]),
                "{{- end }}",
            ),
            "items": ["a", Guarded("{{- if .b }}", {"name": "b", "value": "{{ }}"}, "{{- end }}")],
            "": Guarded("{{- if .c }}", Group({"min": 1, "max": 2}), "{{- end }}"),
        },
    }
    assert emit(data, template=True).text == (
        "metadata:\n"
        "  labels:\n"
        '    {{- include "x.labels" . | nindent 4 }}\n'
        "    app: x\n"
        "{{- if not .Values.hpa }}\n"
        "replicas: {{ .Values.replicas }}\n"
        "{{- end }}\n"
        "spec:\n"
        "  {{- with .Values.nodeSelector }}\n"
        "  nodeSelector:\n"
        "    {{- toYaml . | nindent 4 }}\n"
        "  {{- end }}\n"
        "  items:\n"
        "    - a\n"
        "    {{- if .b }}\n"
        "    - name: b\n"
        '      value: "{{ "{{" }} }}"\n'
        "    {{- end }}\n"
        "  {{- if .c }}\n"
        "  min: 1\n"
        "  max: 2\n"
        "  {{- end }}\n"
    )


def test_a_whole_document_can_be_guarded() -> None:
    assert emit(Guarded("{{- if .x }}", {"a": 1}, "{{- end }}")).text == "{{- if .x }}\na: 1\n{{- end }}\n"
