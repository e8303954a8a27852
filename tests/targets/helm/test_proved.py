"""A template is proved once for all services that have it but for names and texts, and for no other."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from benchmarks import workspace

from generated.mutants import mutants
from svc.pipeline import Request, compile_
from svc.targets.helm import checked, proved, template, verify
from svc.targets.helm.read import engine_of
from svc.targets.helm.sprig import TemplateError
from svc.targets.helm.types import Chart
from svc.targets.helm.values import merged
from svc.targets.protocol import Files
from svc.tree import encoded

HELPERS = '{{- define "%s.fullname" -}}\n{{ .Release.Name }}\n{{- end }}\n'
OBJECT = 'kind: A\nmetadata:\n  name: {{ include "%s.fullname" . | quote }}\n'


def _gives(name: str, text: str, wanted: Any, values: Mapping[str, Any] | None = None, space: str = "here") -> bool:
    files = {
        "c/Chart.yaml": f"name: {json.dumps(name)}\n",
        "c/templates/_helpers.tpl": HELPERS % name,
        "c/t.yaml": text,
    }
    engine = engine_of(files, "c/", values or {}, name, space)
    return proved.proved([text], engine, [encoded(wanted)], (name, space))


def _object(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "A", "metadata": {"name": name}, **more}


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    proved._gives.cache_clear()


def _proofs() -> int:
    return proved._gives.cache_info().misses


def test_names_and_quoted_texts_are_proved_for_all_others() -> None:
    text = OBJECT + "a: {{ .Values.a | quote }}\nb: x-%s.svc.local\nc: {{ .Release.Namespace }}\n"
    for name, said, space in [
        ("shop-api", "x: #", "shop"),
        ("going", "true", "other-place"),
        ("kk", "{{ on", "spaces"),
    ]:
        wanted = _object(name, a=said, b=f"x-{name}.svc.local", c=space)
        assert _gives(name, text % (name, name), wanted, {"a": said}, space)
    assert _proofs() == 1
    for key, wrong in [("a", "y"), ("b", "x-kk.svc.loca"), ("c", "space"), ("d", 1)]:
        wanted = {**_object("kk", a="x", b="x-kk.svc.local", c="spaces"), key: wrong}
        assert not _gives("kk", text % ("kk", "kk"), wanted, {"a": "x"}, "spaces")


@pytest.mark.parametrize("name", ["on", "null", "no", "true", "0x1f", "1"])
def test_a_name_that_yaml_takes_for_something_else_is_proved_as_it_is(name: str) -> None:
    text = OBJECT % name + f"a: {name}\n"
    assert _gives("shop", (OBJECT + "a: %s\n") % ("shop", "shop"), _object("shop", a="shop"))
    assert not _gives(name, text, _object(name, a=name))
    assert _gives(name, OBJECT % name, _object(name))


@pytest.mark.parametrize(
    ("line", "of_one", "of_other"),
    [
        ('a: {{ include "%s.fullname" . | trunc 4 | quote }}', "shop", "plac"),
        ('a: {{ hasSuffix "op" .Release.Name }}', True, False),
        ('a: {{ .Release.Name | replace "s" "z" | quote }}', "zhop", "place"),
        ("a: {{ .Release.Name | sha256sum }}", None, None),
        ("a: {{ dict .Release.Name 1 | toRawJson | sha256sum }}", None, None),
    ],
)
def test_what_looks_into_a_name_is_proved_for_that_name_alone(line: str, of_one: Any, of_other: Any) -> None:
    for name, found in (("shop", of_one), ("places", of_other)):
        if found is None:
            said = json.dumps({name: 1}, separators=(",", ":")) if "dict" in line else name
            found = hashlib.sha256(said.encode()).hexdigest()
        found = "placez" if found == "place" else found
        more = line % name if "%s" in line else line
        assert _gives(name, OBJECT % name + more + "\n", _object(name, a=found))
        assert not _gives(name, OBJECT % name + more + "\n", _object(name, a="shopp"))
    assert not _gives(
        "shoo", OBJECT % "shoo" + (line % "shoo" if "%s" in line else line) + "\n", _object("shoo", a=of_one)
    )


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("{{ .Values.a }}", "yes #"),
        ("{{ .Values.a }}", "yes"),
        ("'{{ .Values.a | quote }}'", "x"),
        ('"{{ .Values.a }}"', "a\\tb"),
        ("{{ .Values.a | quote }}", "<no value>"),
    ],
)
def test_a_text_that_is_not_quoted_alone_is_no_other(line: str, value: str) -> None:
    for known in ("plain", "yes", 'a: "b'):
        assert _gives("shop", OBJECT % "shop" + "a: {{ .Values.a | quote }}\n", _object("shop", a=known), {"a": known})
        _gives("shop", OBJECT % "shop" + f"a: {line}\n", _object("shop", a=known), {"a": known})
    assert not _gives("shop", OBJECT % "shop" + f"a: {line}\n", _object("shop", a=value), {"a": value})


def test_letters_that_somebody_writes_stand_for_nothing() -> None:
    assert _gives("shop", OBJECT % "shop" + "a: \ua500\n", _object("shop", a="\ua500"))
    assert not _gives("shop", OBJECT % "shop" + "a: \ua500\n", _object("shop", a="shop"))
    assert not _gives("shop", OBJECT % "shop" + "a: shop\n", _object("shop", a="\ua500"))
    assert not _gives("shop", OBJECT % "shop" + "a: {{ .Values.a }}\n", _object("shop", a="shop"), {"a": "\ua500"})


def test_a_description_is_text_and_no_expression() -> None:
    said = "metadata:\n  annotations:\n    kubernetes.io/description: %s\nkind: A\n"
    for text in ("Takes what people pay.", "Sells things (all of them)", "Says hello: no", "No # more", "null"):
        wanted = {"kind": "A", "metadata": {"annotations": {"kubernetes.io/description": text}}}
        plain = not any(part in text for part in (": ", " #")) and text != "null"
        assert _gives("shop", said % text, wanted) == plain
        assert _gives("shop", said % f'"{text}"', wanted)
        assert not _gives("shop", said % text + f"b: {{{{ .Values.{text} }}}}\n", {**wanted, "b": None})


def test_what_a_branch_asks_for_is_part_of_the_proof() -> None:
    text = (
        OBJECT % "shop"
        + "{{- if .Values.a }}\n{{- with .Values.b }}\nb: {{ .c }}{{ $.Values.d }}\n{{- end }}\n{{- end }}\n"
    )
    assert _gives("shop", text, _object("shop"), {"a": False})
    assert _gives("shop", text, _object("shop", b=12), {"a": True, "b": {"c": 1}, "d": 2})
    assert not _gives("shop", text, _object("shop", b=12), {"a": True, "b": {"c": 1}, "d": 3})
    assert not _gives("shop", text, _object("shop", b=12), {"a": True, "b": {"c": 2}, "d": 2})
    assert not _gives("shop", text, _object("shop"), {"a": True, "b": {"c": 1}, "d": 2})
    assert not _gives("shop", text, _object("shop", b=12), {"a": True, "b": {"c": 1}, "d": True})


@pytest.mark.parametrize(
    "text", ["{{ . }}", "{{ toYaml $ }}", '{{ include "shop.fullname" .Values }}', "{{ index . 1 }}"]
)
def test_what_may_ask_for_anything_is_not_proved(text: str) -> None:
    assert not _gives("shop", OBJECT % "shop" + f"a: {text}\n", _object("shop", a="shop"))


SPEC = """apiVersion: svc/v1
name: %s
description: %s
build: {language: go, version: "1.26"}
ports: {http: 8080}
health: /healthz
env: {LEVEL: %s, PORT: "${ports.http}"}
needs: {db: {type: postgres}}
environments: {staging: {scale: 1}, production: {scale: {min: 2, max: 6}, env: {LEVEL: warn}}}
"""
SERVICES = (("shop-api", "Sells what people want.", "info"), ("places", "Knows (all) places.", '"debug: #2"'))


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Chart, Files]]:
    """Two services that differ by a name, a description and what a variable says."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "svc-workspace.yaml").write_text(workspace.WORKSPACE)
    for service in SERVICES:
        file = folder / "services" / service[0] / "service.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(SPEC % service)
    made = compile_(Request(paths=(folder,), shown=str, targets=("helm",), today=date(2026, 1, 1)))
    assert not made.failed, made.diagnostics
    return [(one.artifact, dict(one.target.render(one.artifact).files)) for one in made.pieces]


def test_the_second_service_needs_no_proof(pieces: list[tuple[Chart, Files]]) -> None:
    (one, files), (other, others) = pieces
    assert verify.verify(one, files) == ()
    proofs = _proofs()
    assert verify.verify(other, others) == ()
    assert _proofs() == proofs


def test_nothing_is_not_what_cannot_be_asked_for(pieces: list[tuple[Chart, Files]]) -> None:
    chart, files = pieces[0]
    values = merged(chart.values, chart.environments[0].overrides)
    there = {**values, "resources": {}}
    absent = {key: value for key, value in values.items() if key != "resources"}
    assert checked.quiet(chart, files, engine_of(files, chart.path(""), there, "a", "b"))
    with pytest.raises(TemplateError):
        checked.quiet(chart, files, engine_of(files, chart.path(""), absent, "a", "b"))


def test_changes_are_found_and_told_as_without_what_is_known(
    pieces: list[tuple[Chart, Files]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (one, files), (other, others) = pieces
    assert verify.verify(one, files) == ()
    dice = random.Random(7)
    validations = other.path("templates/validate.yaml")
    changed = [
        {**others, validations: others[validations].replace(old, new)}
        for old, new in (("{{- if gt", "{{- if ge"), ("{{- fail", "{{- print"), ("request above", "request beyond"))
    ]
    for path in sorted(path for path in others if "/templates/" in path or path.endswith("values.yaml")):
        lines = tuple(others[path].splitlines(keepends=True))
        for at in dice.sample(range(len(lines)), min(2, len(lines))):
            changed += [{**others, path: text} for _, text in dice.sample(list(mutants(lines, at)), 1)]
    told = [verify.verify(other, each) for each in changed]
    monkeypatch.setattr(verify, "proved", lambda *_: False)
    monkeypatch.setattr(checked, "_key", lambda *_: "")
    monkeypatch.setattr(verify, "_schemas", lambda *_: ())
    assert told == [verify.verify(other, each) for each in changed]
    assert sum(map(bool, told)) > len(told) / 3


@pytest.mark.parametrize(
    "name", ["shop", "with", "range", "quote", "printf", "w", "g", "low", "big", "name", "values", "h"]
)
def test_helpers_are_the_same_whatever_the_chart_is_called(name: str) -> None:
    text = """{{- define "%s.fullname" -}}
{{- $low := .Values.nameOverride -}}{{- $big := 1 -}}
{{- with $low }}{{ printf "%%s-w" . | quote }}{{ else }}{{ include "%s.name" $ | trunc 63 }}{{ end }}
{{- range $key, $w := .Values.g }} {{ $key }}: {{ $w }}{{ end -}}
{{- end }}
""".replace("%s", name)
    assert template._defined(text, name) == template._defined(text, "")
    assert [*template._defined(text, name)] == [f"{name}.fullname"]
