"""The chart gives the judged objects: proved by our own reader for every sample, by the real Helm where it is there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
from svc import tools
from svc.resolve.types.process import Literal_, Variable
from svc.resolve.types.whole import Resolved
from svc.targets.helm import target as helm
from svc.targets.helm.read import read_objects
from svc.targets.helm.types import Chart
from svc.tree import walk

Make = Callable[[str], Resolved]


def _chart(make: Make) -> Chart:
    lowered = helm.lower(samples.unit(make))
    assert isinstance(lowered.artifact, Chart), lowered.problems
    return lowered.artifact


def _written(chart: Chart, folder: Path) -> Path:
    for path, text in helm.render(chart).files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder / chart.path("")


def _helm() -> tools.Located:
    try:
        return tools.find("helm", tools.toolbox(os.environ))
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.mark.parametrize("make", samples.SERVICES)
def test_the_templates_read_back_are_the_judged_objects(make: Make) -> None:
    chart = _chart(make)
    assert helm.verify(chart, helm.render(chart).files) == ()


@pytest.mark.tools
@pytest.mark.parametrize("make", samples.SERVICES)
def test_the_real_helm_renders_the_judged_objects(make: Make, tmp_path: Path) -> None:
    _helm()
    chart = _chart(make)
    _written(chart, tmp_path)
    judgements = helm.judge([chart], tmp_path, tools.toolbox(os.environ))
    assert [one.tool for one in judgements if one.skipped] == []
    assert [fault for one in judgements for fault in one.faults] == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("values.yaml", "replicaCount: 1", "replicaCount: 4"),
        ("values.yaml", "LOG_LEVEL: debug", "LOG_LEVEL: trace"),
        ("values.yaml", "cpu: 250m", "cpu: 251m"),
        ("values-production.yaml", "LOG_LEVEL: info", "LOG_LEVEL: trace"),
        ("values.schema.json", '"maximum": 65535', '"maximum": 65534'),
        ("Chart.yaml", "apiVersion: v2", "apiVersion: v1"),
        (".helmignore", "*~", "*"),
        ("templates/deployment.yaml", "enableServiceLinks: false", "enableServiceLinks: true"),
        ("templates/validate.yaml", "if gt ", "if ge "),
        ("templates/NOTES.txt", ".Release.Name", ".Chart.Name"),
        ("templates/_helpers.tpl", 'include "checkout.sharedLabels"', 'include "checkout.commonLabels"'),
        ("templates/service.yaml", 'include "checkout.fullname"', 'include "checkout.\\d"'),
        ("templates/_helpers.tpl", 'include "checkout.sharedLabels"', 'include "checkout.\\d"'),
    ],
)
def test_a_changed_value_is_found(name: str, old: str, new: str) -> None:
    chart = _chart(samples.web)
    files = dict(helm.render(chart).files)
    path = chart.path(name)
    assert old in files[path]
    files[path] = files[path].replace(old, new, 1)
    assert helm.verify(chart, files) != ()


def test_a_dropped_template_line_is_found() -> None:
    chart = _chart(samples.web)
    files = dict(helm.render(chart).files)
    path = chart.path("templates/deployment.yaml")
    files[path] = files[path].replace("      enableServiceLinks: false\n", "", 1)
    assert any("enableServiceLinks" in fault.message for fault in helm.verify(chart, files))


def _with_variables(*texts: str) -> Make:
    """The first is HOSTILE, the others have a number."""
    env = tuple(Variable(f"HOSTILE_{at}" if at else "HOSTILE", Literal_(text)) for at, text in enumerate(texts))

    def make(environment: str = "production") -> Resolved:
        base = samples.worker_only(environment)
        assert base.server is not None
        process = replace(base.server.main, env=env, args=texts)
        return replace(base, server=replace(base.server, main=process))

    return make


HOSTILE = (
    "{{ .Values.x }}",
    "{{",
    "}}",
    "a\n{{ end }}\n",
    '"quoted"',
    "it's",
    "# no comment",
    "---",
    "$(X)",
    "${X}",
    "`x`",
    "\t",
    " a ",
    "yes",
    "1.10",
    "é\u2028",
    "\\",
    "- a",
    "a: b",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_exactly(text: str) -> None:
    chart = _chart(_with_variables(text))
    assert helm.verify(chart, helm.render(chart).files) == ()


PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(("{{", "}}", "${", "$$", "\\", '"', "'")) | PRINTED, max_size=6).map("".join))
def test_any_text_arrives_exactly(text: str) -> None:
    chart = _chart(_with_variables(text))
    files = helm.render(chart).files
    objects = read_objects(files, chart.path(""), "values-production.yaml", chart.name, "payments-production")
    container = objects[("Deployment", "indexer")]["spec"]["template"]["spec"]["containers"][0]
    assert container["env"] == [{"name": "HOSTILE", "value": text}]
    assert container["args"] == [text]


@pytest.mark.tools
def test_the_real_helm_passes_hostile_text_on(tmp_path: Path) -> None:
    _helm()
    chart = _chart(_with_variables(*HOSTILE))
    _written(chart, tmp_path)
    judgements = helm.judge([chart], tmp_path, tools.toolbox(os.environ))
    assert [one.tool for one in judgements if one.skipped] == []
    assert [fault for one in judgements for fault in one.faults] == []


REFUSED: tuple[tuple[str, ...], ...] = (
    ("--set", "image.tag=latest"),
    ("--set", "image.digest="),
    ("--set-string", "image.digest=sha256:abc"),
    ("--set", "resources.limits.memory=0"),
    ("--set", "resources.requests=null"),
    ("--set", "resources.requests.cpu=null"),
    ("--set", "resources.limits.memory=null"),
    ("--set", "podDisruptionBudget.minAvailable=100%"),
    ("--set", "fullnameOverride=Other_Name"),
    ("--set-json", 'tolerations=[{"operator": "Exists", "value": "a"}]'),
    ("--set", "autoscaling.minReplicas=0"),
    ("--set", "unknown=1"),
)


@pytest.mark.tools
@pytest.mark.parametrize("override", REFUSED, ids=lambda one: one[1])
def test_helm_refuses_what_would_break_a_policy(override: tuple[str, ...], tmp_path: Path) -> None:
    located = _helm()
    folder = _written(_chart(samples.web), tmp_path)
    options = ["template", "checkout", ".", "--values", "values-production.yaml"]
    assert tools.run(located, options, cwd=folder).returncode == 0
    done = tools.run(located, [*options, *override], cwd=folder)
    assert done.returncode != 0
    assert "values don't meet the specifications of the schema" in done.stderr


def test_every_finding_has_a_generated_line() -> None:
    chart = _chart(samples.web)
    rendered = helm.render(chart)
    for subject in helm.subjects(chart):
        if subject.surface == "kubernetes":
            place: Any = rendered.line(subject.key, ("metadata", "name"))
            assert place is not None
            path, line = place
            assert "name:" in rendered.files[path].splitlines()[line - 1]
            nowhere = [
                route for route, _ in walk(subject.artifact.tree.data) if rendered.line(subject.key, route) is None
            ]
            assert nowhere == []
