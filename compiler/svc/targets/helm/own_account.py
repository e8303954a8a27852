"""A role is given to the service's own account, never to `default`, which every pod of the namespace has."""

from __future__ import annotations

from typing import Any

from svc.targets.helm.checks import entry_of, inside
from svc.targets.helm.types import Chart, Entry, Helper, Items, Path, Template

_BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})
_OWN: dict[str, Any] = {
    "properties": {"name": {"not": {"const": "default"}}},
    "if": {"properties": {"create": {"const": False}}, "required": ["create"]},
    "then": {"properties": {"name": {"minLength": 1}}, "required": ["name"]},
}
"""An account that the chart does not make has to be named."""


def own_account(chart: Chart) -> list[dict[str, Any]]:
    """What the values have to be to each other, as JSON Schema, where a binding names the chart's account."""
    demand = {"properties": {"serviceAccount": _OWN}}
    whens = {one.when for one in chart.templates if one.key[0] in _BINDINGS and _names_account(one)}
    if None in whens:
        return [demand]
    switches = sorted(when.path for when in whens if when is not None and when.kind == "if")
    return [{"if": _on(path), "then": demand} for path in switches]


def _names_account(binding: Template) -> bool:
    subjects = inside(binding.body, "subjects")
    entries = subjects.entries if isinstance(subjects, Items) else ()
    named = [entry_of(one.node, "name") for one in entries if isinstance(one, Entry)]
    return any(one is not None and one.node == Helper("serviceAccountName") for one in named)


def _on(switch: Path) -> dict[str, Any]:
    made: dict[str, Any] = {"const": True}
    for part in reversed(switch):
        made = {"properties": {part: made}, "required": [part]}
    return made
