"""A role is given to the service's own account, never to `default`, which every pod of the namespace has."""

from __future__ import annotations

from typing import Any

from svc.targets.helm.checks import entry_of, inside, items_of
from svc.targets.helm.types import Chart, Entry, Helper, Path, Template

_BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})
_SHARED = "default"
_OWN: dict[str, Any] = {
    "properties": {"name": {"not": {"const": _SHARED}}},
    "if": {"properties": {"create": {"const": False}}, "required": ["create"]},
    "then": {"properties": {"name": {"minLength": 1}}, "required": ["name"]},
}
"""An account that the chart does not make has to be named."""
_NAMED: dict[str, Any] = {
    "properties": {"serviceAccount": {"properties": {"name": {"minLength": 1}}, "required": ["name"]}},
    "required": ["serviceAccount"],
}
_ACCOUNT, _NAME = Helper("serviceAccountName"), Helper("fullname")


def own_account(chart: Chart) -> list[dict[str, Any]]:
    """What the values have to be to each other, as JSON Schema, where a binding names an account of the chart."""
    full = _full_name(chart.room)
    demands = {_ACCOUNT: {"properties": {"serviceAccount": _OWN}, "if": _NAMED, "else": full}, _NAME: full}
    made: list[dict[str, Any]] = []
    for helper, demand in demands.items():
        whens = {one.when for one in chart.templates if one.key[0] in _BINDINGS and helper in _subjects(one)}
        if None in whens:
            made.append(demand)
        else:
            switches = sorted(when.path for when in whens if when is not None and when.kind == "if")
            made += [{"if": _on(path), "then": demand} for path in switches]
    return made


def _subjects(binding: Template) -> list[Any]:
    subjects = items_of(inside(binding.body, "subjects"))
    named = [entry_of(one.node, "name") for one in subjects if isinstance(one, Entry)]
    return [one.node for one in named if one is not None]


def _full_name(room: int) -> dict[str, Any]:
    """That names of objects are not `default`, where they are cut after `room` characters and lose a dash there."""
    end = {len(_SHARED): "", len(_SHARED) + 1: "(-|$)"}.get(room, "-?$")
    known: dict[str, Any] = {"properties": {"fullnameOverride": {"not": {"pattern": f"^{_SHARED}{end}"}}}}
    if room > len(_SHARED) + 1:
        return known
    known["properties"]["fullnameOverride"]["minLength"] = 1  # else the release's name stands at the beginning
    return {**known, "required": ["fullnameOverride"]}


def _on(switch: Path) -> dict[str, Any]:
    made: dict[str, Any] = {"const": True}
    for part in reversed(switch):
        made = {"properties": {part: made}, "required": [part]}
    return made
