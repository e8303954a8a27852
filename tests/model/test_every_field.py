"""No field of the language is without effect: set in a spec, it changes an output of some target or gives a diagnostic."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from model.every_model import models
from svc.diagnostics import Diagnostic, Problem, Severity
from svc.model.mapped import Field, Mapped, fields_of
from svc.parse import parse
from svc.resolve import resolve
from svc.source import Source
from svc.specs import find
from svc.targets.table import TARGET_NAMES, target

FILES = {
    "config.yaml": "a: b\n",
    "Dockerfile": "FROM busybox AS build\nFROM scratch AS final\n",
    "go.mod": "module a\n\ngo 1.26\n",
    "go.sum": "",
    "pyproject.toml": '[project]\nname = "a"\nversion = "1"\n',
    "uv.lock": "",
    "requirements.txt": "",
    "package.json": "{}",
    "package-lock.json": "{}",
    "k8s/agent.yaml": "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: quota}\nspec: {hard: {pods: '10'}}\n",
}
Spec = dict[str, Any]
Result = tuple[dict[str, str], list[Diagnostic | Problem]]


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    before: Spec
    after: Spec


def _data() -> dict[str, Any]:
    path = Path(__file__).with_name("parts.yaml")
    (document,) = parse(Source(path.name, path.read_text("utf-8"))).documents
    assert isinstance(document.data, dict)
    return document.data


PARTS = _data()


def _part(spec: Spec, at: list[str | int]) -> Spec:
    """The mapping at a route, made where it is not there."""
    node: Any = spec
    for key in at:
        node = node.setdefault(key, {}) if isinstance(node, dict) else node[key]
    assert isinstance(node, dict)
    return node


def _another(info: Field) -> Any:
    """A value that is not the default: the other switch, or the example."""
    return not info.default if isinstance(info.default, bool) else (info.examples or [None])[0]


def _cases(model: type[Mapped]) -> Iterator[Case]:
    """Every field of a part, and again in every other situation in which it means something, or nothing."""
    part = PARTS[model.__name__]
    for info in fields_of(model).values():
        key = info.key
        how = (part.get("fields") or {}).get(key, {})
        if "nothing" in part or "nothing" in how:
            continue
        value = how["is"] if "is" in how else _another(info)
        for said in ({"is": value, **how}, *({"is": value, **more} for more in how.get("also", ()))):
            assert said["is"] is not None, f"{model.__name__}.{key} has no example: write `is` in parts.yaml"
            yield _case(model.__name__, key, part, said)


def _case(name: str, key: str, part: dict[str, Any], how: dict[str, Any]) -> Case:
    head = {"apiVersion": "svc/v1", "name": "web", "team": "shop"}
    before, after = ({**head, **copy.deepcopy(part["spec"]), **copy.deepcopy(how.get("and", {}))} for _ in range(2))
    left, right = _part(before, part["at"]), _part(after, part["at"])
    for side in (left, right):
        for other in how.get("without", ()):
            side.pop(other, None)
        side.update(copy.deepcopy(how.get("with", {})))
    for other in how.get("instead", ()):
        right.pop(other)
    if left.get(key) == how["is"]:
        del left[key]
    right[key] = copy.deepcopy(how["is"])
    where = ",".join(f"{one}={value}" for one, value in {**how.get("and", {}), **how.get("with", {})}.items())
    return Case(f"{name}.{key}{'/' + where[:60] if where else ''}", before, after)


CASES = [case for model in models() for case in _cases(model)]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Spec], Result]:
    """The files of all targets, and everything that stages before the policies have to say."""
    folder = tmp_path_factory.mktemp("spec")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")

    @functools.cache
    def result(text: str) -> Result:
        path = folder / "service.yaml"
        path.write_text(text, "utf-8")
        return _result(path)

    return lambda spec: result(json.dumps(spec))


def _result(path: Path) -> Result:
    found = find((path,), (), lambda one: one.name)
    (wanted,) = found.wanted
    drafts, diagnostics = resolve.drafts(wanted, found.workspace)
    said: list[Diagnostic | Problem] = [*found.diagnostics, *diagnostics]
    if any(one.severity == Severity.ERROR for one in said):
        return {}, said
    unit, problems = resolve.unit(wanted, found.workspace, drafts, {})
    said += problems
    files: dict[str, str] = {}
    for name in TARGET_NAMES if unit is not None else ():
        assert unit is not None
        lowered = target(name).lower(unit)
        said += lowered.problems
        files |= target(name).render(lowered.artifact).files
    return files, said


def _words(said: list[Diagnostic | Problem]) -> list[tuple[str, str]]:
    return sorted((one.id, one.message) for one in said)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_a_field_has_an_effect(case: Case, compiled: Callable[[Spec], Result]) -> None:
    (before, said_before), (after, said_after) = compiled(case.before), compiled(case.after)
    all_said = (*said_before, *said_after)
    errors = [one.message for one in all_said if one.severity == Severity.ERROR and one.id != "no-effect"]
    assert not errors, "the specs of parts.yaml are wrong"
    assert (before, _words(said_before)) != (after, _words(said_after)), f"{case.name} is dropped silently"


def test_every_part_and_no_other_is_listed() -> None:
    fields = {model.__name__: {info.key for info in fields_of(model).values()} for model in models()}
    assert set(PARTS) == set(fields) | {"Overrides"}
    for name, part in PARTS.items():
        unknown = set(part.get("fields") or {}) - fields.get(name, set())
        assert not unknown, f"{name} has no {sorted(unknown)}"
