"""Environments differ in many ways; whatever it is, the chart gives each one its own judged objects."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import samples
from svc import tools
from svc.resolve.types.process import Literal_, SecretKey, Variable
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Unit
from svc.targets.helm import conventions, weave
from svc.targets.helm import target as helm
from svc.targets.helm.types import Chart, Const, Each, Entry, Fields, Items
from targets.helm.helm_variants import VARIANTS, env, main


def _chart(name: str) -> Chart:
    unit = samples.unit(samples.web)
    changes = VARIANTS[name]
    environments = tuple(
        change(one) if change is not None else one for change, one in zip(changes, unit.environments, strict=True)
    )
    return _lowered(replace(unit, environments=environments))


def _lowered(unit: Unit) -> Chart:
    lowered = helm.lower(unit)
    assert isinstance(lowered.artifact, Chart), lowered.problems
    return lowered.artifact


@pytest.mark.parametrize("name", VARIANTS)
def test_every_environment_gets_its_own_objects(name: str) -> None:
    chart = _chart(name)
    faults = helm.verify(chart, helm.render(chart).files)
    assert [one for one in faults if one.tool == "read-back"] == []


class _Everything:
    def __contains__(self, _: object) -> bool:
        return True

    def isdisjoint(self, _: object) -> bool:
        return False


def _joined(chart: Chart) -> Chart:
    """With one constant for each tree of nothing else."""
    return replace(chart, templates=tuple(replace(one, body=_whole(one.body)) for one in chart.templates))


def _whole(node: Any) -> Any:
    if isinstance(node, Each):
        return replace(node, node=_whole(node.node))
    if not isinstance(node, (Fields, Items)) or not node.entries:
        return node
    entries: list[Any] = [
        replace(one, node=_whole(one.node)) if isinstance(one, Entry) else one for one in node.entries
    ]
    plain = [
        (one.key, one.node.value)
        for one in entries
        if isinstance(one, Entry) and one.when is None and isinstance(one.node, Const)
    ]
    if len(plain) < len(entries) or (isinstance(node, Items) and node.instead):
        return replace(node, entries=tuple(entries))
    return Const([value for _, value in plain] if isinstance(node, Items) else dict(plain))


@pytest.mark.parametrize("name", VARIANTS)
def test_every_convention_is_found_by_its_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that is asked about keys of its own only gives what it gives when it is asked about every place."""
    chart = _chart(name)
    every = tuple(dict.fromkeys(rule for rules in conventions.rules(exposing=True).values() for rule in rules))
    monkeypatch.setattr(conventions, "rules", lambda _: SimpleNamespace(get=lambda *_: every))
    monkeypatch.setattr(weave, "known_keys", lambda _: _Everything())
    again = _chart(name)
    assert _joined(again) == _joined(chart)
    assert helm.render(again).files == helm.render(chart).files


@pytest.mark.tools
@pytest.mark.parametrize("name", VARIANTS)
def test_the_real_helm_agrees(name: str, tmp_path: Path) -> None:
    """Helm alone: some variants are no objects that a cluster would take."""
    box = tools.toolbox(os.environ)
    if not tools.available(["helm"], box):
        pytest.skip("helm is not there")
    alone = replace(box, explicit={"helm": str(tools.find("helm", box).path)}, folders=())
    chart = _chart(name)
    for path, text in helm.render(chart).files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    judged, *skipped = helm.judge([chart], tmp_path, alone)
    assert (judged.tool, judged.faults, judged.skipped) == ("helm", (), "")
    assert all(one.skipped for one in skipped)


@pytest.mark.parametrize("make", samples.SERVICES)
def test_one_environment_is_enough(make: Callable[[str], Resolved]) -> None:
    unit = samples.unit(make)
    chart = _lowered(replace(unit, environments=unit.environments[:1]))
    assert helm.verify(chart, helm.render(chart).files) == ()


def test_values_of_an_environment_say_only_what_differs() -> None:
    chart = _chart("nothing")
    production = next(one for one in chart.environments if one.name == "production")
    assert production.overrides["env"] == {"LOG_LEVEL": "info"}
    assert production.overrides["namespaceOverride"] == "payments-production"
    assert "image" not in production.overrides


@pytest.mark.parametrize("name", VARIANTS)
def test_a_line_with_a_name_is_of_the_item_with_that_name(name: str) -> None:
    """Items that only other environments have do not shift what is said about a line."""
    chart = _chart(name)
    rendered = helm.render(chart)
    objects = {
        f"{environment.name}/{one.kind}/{one.name}": one
        for environment in chart.environments
        for one in environment.manifests
    }
    checked = 0
    for (key, route), (path, line) in rendered.lines.items():
        written = re.search(r"- name: ([\w.-]+)$", rendered.files[path].split("\n")[line - 1])
        if key in objects and route and isinstance(route[-1], int) and written is not None:
            assert objects[key].tree.get(*route, "name") == written[1], (key, route)
            checked += 1
    assert checked > 10


def test_only_the_variable_that_differs_is_in_the_values_of_an_environment() -> None:
    """A variable more in one environment, in the middle, leaves the others where they are."""
    before, after = (Variable(name, Literal_("x")) for name in ("A", "B"))
    secret = Variable("S", SecretKey("checkout-db", "password"))
    unit = samples.unit(samples.web)
    staging, production = unit.environments
    made = _lowered(replace(unit, environments=(env(before, after)(staging), env(before, secret, after)(production))))
    overrides = next(one.overrides for one in made.environments if one.name == production.environment)
    assert "env" not in overrides
    assert list(overrides["envSources"]) == ["S"]
    assert helm.verify(made, helm.render(made).files) == ()


def test_only_the_target_that_differs_is_in_the_values_of_an_environment() -> None:
    chart = _chart("another target of the autoscaler")
    differing = [one.overrides["autoscaling"] for one in chart.environments if "autoscaling" in one.overrides]
    assert differing == [{"targetCPUUtilizationPercentage": 90}]


@pytest.mark.parametrize(
    ("label", "common"),
    [("app.kubernetes.io/owner", True), ("app.kubernetes.io/part-of", False), ("helm.sh/chart", False)],
)
def test_common_labels_are_a_value_where_objects_have_them_from_there(label: str, common: bool) -> None:
    """Labels that the helpers print, said by the spec itself, would be printed twice: objects spell theirs then."""
    unit = samples.unit(samples.web)
    environments = tuple(replace(one, labels=((label, "retail"),)) for one in unit.environments)
    chart = _lowered(replace(unit, environments=environments))
    files = helm.render(chart).files
    assert helm.verify(chart, files) == ()
    assert ("commonLabels" in chart.values) is common
    assert ('include "checkout.labels"' in files["chart/templates/deployment.yaml"]) is common


@pytest.mark.parametrize("key", ["args", "command"])
def test_a_command_with_another_word_is_one_value(key: str) -> None:
    unit = samples.unit(samples.web)
    said = (("serve", "--workers", str(number)) for number in range(1, 9))
    environments = tuple(main(**{key: words})(one) for one, words in zip(unit.environments, said, strict=False))
    chart = _lowered(replace(unit, environments=environments))
    assert helm.verify(chart, helm.render(chart).files) == ()
    assert chart.values[key] == ["serve", "--workers", "1"]
    assert [one.overrides.get(key) for one in chart.environments][1:] == [["serve", "--workers", "2"]]
