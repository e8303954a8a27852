"""After any override that values.schema.json allows, the objects that the real Helm renders break no error-level policy.

Those of a few charts are tried with every run, those of all charts, and of every environment, with SVC_OVERRIDES=all.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from judges import real
from judges.schemas import ecma_pattern
from svc import tools
from svc.kubernetes import schema
from svc.pipeline import Request, compile_
from svc.targets.helm.refusals import refusal
from svc.targets.helm.types import Chart, Environment
from svc.targets.helm.values import merged
from svc.targets.helm.verify import differences
from svc.write import execute, plan
from targets.helm.allowed import changes, nested
from targets.helm.rendered import errors
from targets.helm.umbrella import Umbrella

EVERY = os.environ.get("SVC_OVERRIDES", "")
SAMPLED = ("orders", "accounts-db", "podinfo", "prisoner-profile", "sentry-cleanup")
"""A Deployment with all about it, a StatefulSet with volumes, and a CronJob among them."""
OK = real.FIXTURES.parent / "ok"
OTHERS = tuple(sorted(path.stem for path in OK.glob("*.yaml")))
NAMES = (*real.NAMES, *OTHERS)
Charts = Mapping[str, tuple[Chart, Path]]
REFUSED = 45
"""Overrides that the schema refuses of which a sample asks Helm."""
TOGETHER, FEW = 150, 40
"""Draws of several overrides at once for an environment of a chart: all night, and always."""
PER_CHECK = 3
"""Overrides that a sample has for each thing that a chart's checks say."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Validator: type[Validator] = extend(Draft7Validator, {"pattern": ecma_pattern})  # type: ignore[no-untyped-call]

pytestmark = [pytest.mark.tools, pytest.mark.slow]
"""Slow: the real Helm renders hundreds of times."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> real.Built:
    real.located("helm")
    return real.build(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def every(built: real.Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Chart, Path]]:
    """The charts of the real services, and with SVC_OVERRIDES of the specs that show what the language says."""
    found = {chart.name: (chart, built.root / chart.path("")) for chart, _ in built.charts()}
    for name in OTHERS if EVERY else ():
        root = tmp_path_factory.mktemp(name)
        shutil.copy(OK / f"{name}.yaml", root / "service.yaml")
        compiled = compile_(Request((root / "service.yaml",), shown=lambda path: path.name, today=date(2026, 1, 1)))
        assert not compiled.failed, compiled.diagnostics
        execute(plan(root, compiled.outputs, ()))
        (chart,) = (piece.artifact for piece in compiled.pieces if piece.name == "helm")
        found[name] = (chart, root / chart.path(""))
    return found


class Tried:
    """A chart with the values of an environment, and every override of it, allowed by the schema or not."""

    def __init__(self, made: tuple[Chart, Path], one: Environment) -> None:
        self.chart, self.folder = made
        self.schema = json.loads((self.folder / "values.schema.json").read_text("utf-8"))
        self.own = yaml.safe_load((self.folder / f"values-{one.name}.yaml").read_text("utf-8")) or {}
        self.values = merged(yaml.safe_load((self.folder / "values.yaml").read_text("utf-8")), self.own)
        self.whole = _Validator({key: one for key, one in self.schema.items() if key in ("allOf", "definitions")})
        self.parts = {key: self._part(key) for key in (*self.schema["properties"], "unknown")}
        found = {
            json.dumps(nested(path, value), sort_keys=True): None for path, value in changes(self.schema, self.values)
        }
        self.texts = list(found)
        self.draw = random.Random(self.chart.name)
        self.allowed: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        for over in map(json.loads, self.texts):
            (self.allowed if self._fits(over) else self.refused).append(over)

    def _part(self, key: str) -> Validator:
        """What is said of one value at the top: the others are the chart's own."""
        known = {at: one for at, one in self.schema["properties"].items() if at == key}
        required = [at for at in self.schema.get("required", ()) if at == key]
        rest = {at: one for at, one in self.schema.items() if at != "allOf"}
        return _Validator({**rest, "properties": known, "required": required})

    def _fits(self, over: Mapping[str, Any]) -> bool:
        (key,) = over
        values = _with(self.values, over, drop=True)
        alone = {key: values[key]} if key in values else {}
        return bool(self.parts[key].is_valid(alone) and self.whole.is_valid(values))

    def over(self, change: Mapping[str, Any]) -> dict[str, Any]:
        return _with(self.own, change, drop=False)

    def refusal(self, change: Mapping[str, Any]) -> str:
        """What the chart's checks are to say of an override."""
        return refusal(self.chart.checks, _with(self.values, change, drop=True))

    def together(self, many: int) -> Iterator[dict[str, Any]]:
        """Several overrides at once, each of which is allowed, and which no check refuses together."""
        done = 0
        while done < many:
            over: dict[str, Any] = {}
            for one in self.draw.sample(self.allowed, self.draw.randint(2, 8)):
                over = merged(over, one)
            alone = all(self._fits({key: value}) for key, value in over.items())
            if alone and self.whole.is_valid(_with(self.values, over, drop=True)) and not self.refusal(over):
                yield over
                done += 1

    def checked(self) -> list[tuple[dict[str, Any], str]]:
        """Overrides that the schema allows and a check refuses, with its words; a few of each check as a sample."""
        said = ((over, self.refusal(over)) for over in map(json.loads, self.texts) if self._fits(over))
        known = [(over, words) for over, words in said if words]
        if EVERY:
            return known
        alike: dict[str, list[tuple[dict[str, Any], str]]] = {}
        for over, words in known:
            alike.setdefault(words.partition(" is ")[0], []).append((over, words))
        return [one for few in alike.values() for one in self.draw.sample(few, min(PER_CHECK, len(few)))]


def _with(values: Mapping[str, Any], over: Mapping[str, Any], *, drop: bool) -> dict[str, Any]:
    """Helm's merge; of a second values file (`drop` false), whose nulls are still to be merged."""
    made = dict(values)
    for key, one in over.items():
        if one is None and drop:
            made.pop(key, None)
        elif isinstance(one, dict) and isinstance(made.get(key), dict):
            made[key] = _with(made[key], one, drop=drop)
        else:
            made[key] = one
    return made


@pytest.mark.parametrize("name", NAMES if EVERY else SAMPLED)
def test_what_the_chart_allows_breaks_no_policy(name: str, every: Charts, tmp_path: Path) -> None:
    """Nothing is beyond the schema and the checks together."""
    environments = every[name][0].environments
    for one in environments if EVERY else environments[:1]:
        tried = Tried(every[name], one)
        assert len(tried.allowed) > 100
        overrides = [{}, *(over for over in tried.allowed if not tried.refusal(over))]
        umbrella = Umbrella(real.located("helm"), tried.folder, tmp_path / one.name)
        made = umbrella.made([tried.over(over) for over in overrides], "--namespace", "elsewhere")
        rendered = [(over, found) for over, found in zip(overrides, made, strict=True) if not isinstance(found, str)]
        failed = [(over, said) for over, said in zip(overrides, made, strict=True) if isinstance(said, str)]
        assert [one for one in failed if "specifications of the schema" not in one[1]] == []
        found = errors([documents for _, documents in rendered])
        before = next(found)
        new = [(over, said - before) for (over, _), said in zip(rendered[1:], found, strict=True) if said - before]
        assert new == []


@pytest.mark.parametrize("name", NAMES if EVERY else SAMPLED[:1])
def test_several_that_the_chart_allows_break_no_policy_together(name: str, every: Charts, tmp_path: Path) -> None:
    for one in every[name][0].environments if EVERY else every[name][0].environments[-1:]:
        tried = Tried(every[name], one)
        overrides = [{}, *tried.together(TOGETHER if EVERY else FEW)]
        umbrella = Umbrella(real.located("helm"), tried.folder, tmp_path / one.name)
        made = umbrella.made([tried.over(over) for over in overrides], "--namespace", "elsewhere")
        failed = [(over, said) for over, said in zip(overrides, made, strict=True) if isinstance(said, str)]
        assert [one for one in failed if "specifications of the schema" not in one[1]] == []
        rendered = [(over, found) for over, found in zip(overrides, made, strict=True) if not isinstance(found, str)]
        assert len(rendered) > len(overrides) / 2
        found = errors([documents for _, documents in rendered])
        before = next(found)
        new = [(over, said - before) for (over, _), said in zip(rendered[1:], found, strict=True) if said - before]
        assert new == []


@pytest.mark.parametrize("name", NAMES if EVERY else SAMPLED)
def test_what_the_checks_refuse_helm_refuses(name: str, every: Charts, tmp_path: Path) -> None:
    """With those words; what they refuse would break a policy."""
    one = every[name][0].environments[-1]
    tried = Tried(every[name], one)
    known = tried.checked()
    assert known or not tried.chart.checks
    for over, words in known:
        (tmp_path / "over.json").write_text(f"{json.dumps(tried.over(over))}\n", "utf-8")
        options = [
            "template",
            name,
            ".",
            "--values",
            f"values-{one.name}.yaml",
            "--values",
            str(tmp_path / "over.json"),
        ]
        done = tools.run(real.located("helm"), options, cwd=tried.folder)
        assert done.returncode != 0
        assert words.partition(" is ")[0] in done.stderr  # Go writes large numbers with an exponent


@pytest.mark.parametrize("name", NAMES if EVERY else SAMPLED[:2])
def test_what_the_schema_refuses_helm_refuses(name: str, every: Charts, tmp_path: Path) -> None:
    tried = Tried(every[name], every[name][0].environments[0])
    refused = tried.refused if EVERY else tried.draw.sample(tried.refused, REFUSED)
    made = Umbrella(real.located("helm"), tried.folder, tmp_path / "all").made([tried.over(one) for one in refused])
    assert [over for over, one in zip(refused, made, strict=True) if not isinstance(one, str)] == []


RELEASES: tuple[tuple[str, ...], ...] = (
    ("--is-upgrade",),
    ("--api-versions", "monitoring.coreos.com/v1", "--api-versions", "policy/v1beta1"),
)


@pytest.mark.parametrize("options", RELEASES, ids=" ".join)
def test_rendered_is_judged_however_helm_is_called(options: tuple[str, ...], built: real.Built) -> None:
    for chart, one in _charts(built):
        assert list(differences(chart, one, _objects(_template(built, chart, one, chart.name, *options)), "helm")) == []


def test_every_fixture_environment_and_minor(built: real.Built) -> None:
    """Without SVC_OVERRIDES a part, in which every fixture, environment and minor has its turn."""
    pairs = sorted(built.charts(), key=lambda pair: (pair[0].name, pair[1].name))
    every = [(chart, one, minor) for chart, one in pairs for minor in schema.MINORS]
    assert len(every) == len(real.NAMES) * len(real.ENVIRONMENTS) * len(schema.MINORS)
    tried = every if EVERY else every[:: len(schema.MINORS) * 2 - 1]
    for chart, one, minor in tried:
        text = _template(built, chart, one, chart.name, "--kube-version", f"{minor}.0")
        assert list(differences(chart, one, _objects(text), f"helm {minor}")) == []
        assert [found for manifest in one.manifests for found in schema.check(manifest, minor)] == []
    assert {chart.name for chart, _, _ in tried} == set(real.NAMES)
    assert {(one.name, minor) for _, one, minor in tried} == {(a, b) for a in real.ENVIRONMENTS for b in schema.MINORS}


@pytest.mark.parametrize("release", ["other-name", "a" * 53])
def test_releases_of_other_names(release: str, built: real.Built) -> None:
    """Also where the chart is to make the names of the objects itself."""
    for chart, one in _charts(built):
        plain = _template(built, chart, one, chart.name)
        other = _template(built, chart, one, release, "--namespace", "elsewhere", "--set", "fullnameOverride=")
        before, after = ({(said[0], said[2]) for said in each} for each in errors([_parts(plain), _parts(other)]))
        assert after - before == set(), chart.name


def _charts(built: real.Built) -> Iterator[tuple[Chart, Environment]]:
    for chart, one in built.charts():
        if EVERY or chart.name in SAMPLED:
            yield chart, one


def _template(built: real.Built, chart: Chart, one: Environment, release: str, *options: str) -> str:
    wanted = ("--values", f"values-{one.name}.yaml", "--namespace", one.namespace)
    done = tools.run(
        real.located("helm"), ["template", release, ".", *wanted, *options], cwd=built.root / chart.path("")
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _objects(text: str) -> dict[tuple[str, str], Any]:
    found = yaml.load_all(text, _Loader)
    return {(data["kind"], data["metadata"]["name"]): data for data in found if data}


def _parts(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(("rendered.yaml", one) for one in text.split("\n---\n"))
