"""Variables that the rules share. A policy gets those that its expressions name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svc.checks.kubernetes.cel.text import at, has, items, value
from svc.checks.pods import TEMPLATE_METADATA
from svc.diagnostics import Route
from svc.kubernetes.types import POD_TEMPLATES
from svc.patterns import regex

_USED = regex(r"\bvariables\.([A-Za-z]+)")
_POD = "variables.pod"


def _by_kind(routes: Mapping[str, Route], usual: Route) -> str:
    """What each kind keeps at its own route."""
    special = [(kind, route) for kind, route in routes.items() if route != usual]
    cases = [f'object.kind == "{kind}" ? {_optional(route)}' for kind, route in special]
    return " : ".join([*cases, _optional(usual)])


def _optional(route: Route) -> str:
    return value("dyn(object)", *map(str, route), default="{}")


SHARED: Mapping[str, str] = {
    "pod": _by_kind(POD_TEMPLATES, ("spec", "template", "spec")),
    "metadata": _by_kind(TEMPLATE_METADATA, ("spec", "template", "metadata")),
    "annotations": value("variables.metadata", "annotations", default="{}"),
    "main": items(_POD, "containers"),
    "containers": f"{items(_POD, 'initContainers')} + variables.main + {items(_POD, 'ephemeralContainers')}",
    "running": (
        f'{items(_POD, "initContainers")}.filter(c, {value("c", "restartPolicy")} == "Always") + variables.main'
    ),
    "holders": f"([variables.pod] + variables.containers).filter(c, {has('c', 'securityContext')})",
    "windows": f'{at(_POD, "os", "name")}.orValue("") == "windows"',
    "userNamespace": f"{at(_POD, 'hostUsers')}.orValue(true) == false",
}
"""`holders`: the pod and the containers that have a security context. `running`: containers that keep running."""


def used(*expressions: str) -> Iterator[tuple[str, str]]:
    """The shared variables that expressions need, in an order in which each knows those before it."""
    wanted: set[str] = set()
    queue = [name for one in expressions for name in _USED.findall(one)]
    while queue:
        name = queue.pop()
        if name in SHARED and name not in wanted:
            wanted.add(name)
            queue += _USED.findall(SHARED[name])
    return ((name, text) for name, text in SHARED.items() if name in wanted)
