"""Which layers a spec has in an environment, lowest first, and what is wrong with what they remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svc.by_identity import ByIdentity
from svc.diagnostics import Problem, Route, Severity
from svc.model.load import keys_of, model_at
from svc.model.service import Service
from svc.model.spelled import Spelled
from svc.parse import Document
from svc.resolve.overlay import SERVICE, Layer, Merged, annotated, layer_of, merge
from svc.resolve.override import OPTION, Override, put
from svc.resolve.unit import LOCAL
from svc.suggest import nearest

_annotated: ByIdentity[Document, Any] = ByIdentity(8)
"""Of the documents that the last services had: every environment has the same ones, and all services the workspace's."""
EMPTY = "key-without-value"


def layered(
    spec: Document, workspace: Document | None, environment: str, overrides: Sequence[Override]
) -> tuple[Merged, tuple[Problem, ...]]:
    """The spec as it is in an environment, and the overrides and removals that do not fit it."""
    merged = merge(_layers(spec, workspace, environment, overrides))
    found = [put(merged, one) for one in overrides]
    problems = [one for one in found if one is not None]
    return merged, (*problems, *_idle(merged, environment))


def _layers(spec: Document, workspace: Document | None, environment: str, overrides: Sequence[Override]) -> list[Layer]:
    base = _annotated.get(spec, annotated)
    shared = _annotated.get(workspace, annotated) if workspace is not None else {}
    layers: list[Layer] = []
    if workspace is not None and isinstance(shared, dict):
        layers += _part(shared, workspace, ("defaults",), "workspace defaults")
        profile = _profile(base, shared, overrides)
        if isinstance(profile, str):
            layers += _part(shared, workspace, ("profiles", profile), f"profile {profile}")
    own = {key: value for key, value in base.items() if key != "environments"}
    layers.append(layer_of(SERVICE, spec, (), own))
    if workspace is not None:
        route = ("environments", environment, "defaults")
        layers += _part(shared, workspace, route, f"workspace, environment {environment}")
    return [*layers, *_part(base, spec, ("environments", environment), f"environment {environment}")]


def _profile(base: Any, shared: Any, overrides: Sequence[Override]) -> Any:
    """The profile must be known before its layer can be merged: the last of --set, service, workspace defaults."""
    for one in reversed(overrides):
        if one.route == ("profile",):
            return one.value
    defaults = shared.get("defaults")
    return base.get("profile") or (defaults.get("profile") if isinstance(defaults, dict) else None)


def _part(data: Any, document: Document, route: tuple[str, ...], name: str) -> list[Layer]:
    node = data
    for part in route:
        node = node.get(part) if isinstance(node, dict) else None
    return [layer_of(name, document, route, node)] if isinstance(node, dict) else []


def certain(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Without keys that have no value, which lost indents may have caused: they wait until the shape is right."""
    return tuple(one for one in problems if one.id != EMPTY)


def _idle(merged: Merged, environment: str) -> list[Problem]:
    """A null that removes nothing: an unknown key is left for the model to refuse, the rest is only a doubt."""
    problems = []
    for route, origin in merged.idle.items():
        owner = model_at(Service, route[:-1])
        parent = _parent(merged.data, route)
        if owner is not None and parent is not None and route[-1] not in keys_of(owner):
            parent[str(route[-1])] = Spelled(None, "null")
            merged.origins[route] = origin
            merged.keys[route] = origin.place
        elif origin.layer.startswith((OPTION, "environment ")):
            problems.append(_removes_nothing(route, parent))
            merged.origins.setdefault(route, origin)
            merged.keys.setdefault(route, origin.place)
        elif origin.layer == SERVICE and _forgotten(merged, route) and environment != LOCAL:
            problems.append(_says_nothing(route))
            merged.origins[route] = origin
            merged.keys[route] = origin.place
    return problems


def _forgotten(merged: Merged, route: Route) -> bool:
    """Whether nothing above gives the key a value. In objects of the user's own a null is as good as no key."""
    return route not in merged.origins and route[0] != "manifests"


def _parent(data: dict[str, Any], route: Route) -> dict[str, Any] | None:
    node: Any = data
    for part in route[:-1]:
        node = node.get(part) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None


def _says_nothing(route: Route) -> Problem:
    """A key without a value in the spec itself: most often something was forgotten."""
    text = (
        f'write `{route[-1]}: ""` for an empty text, or'
        if route[0] in ("env", "labels", "annotations")
        else "write a value, or"
    )
    message = f"`{route[-1]}` has no value, so it is left out"
    return Problem(EMPTY, route, message, f"{text} remove this line", "key", Severity.WARNING)


def _removes_nothing(route: Route, parent: dict[str, Any] | None) -> Problem:
    name, known = str(route[-1]), sorted(parent or ())
    where = f"`{'.'.join(str(part) for part in route[:-1])}` has" if len(route) > 1 else "there are"
    message = f"null removes `{name}`, but no layer below sets it; {where} {', '.join(known) or 'nothing'}"
    return Problem(
        "removes-nothing", route, f"{message}{nearest(name, known)}", "remove this line", "key", Severity.WARNING
    )
