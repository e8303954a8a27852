"""What checks of surface `service` share: paths such as `workloads[*].scale.min` into the view of a service.

`*` is every item or key, `**` any number of parts. A key with dots stands in brackets: `labels["example.com/team"]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, Protocol

from svc.diagnostics import Route, shown
from svc.resolve.view import View
from svc.routes import parse_route

Found = tuple[Route, str]
Node = tuple[Route, Any]
EMPTY: tuple[Any, ...] = (None, "", [], {})


class Chosen(Protocol):
    """Parameters that say where a check looks. Empty: everywhere."""

    @property
    def key(self) -> str: ...

    @property
    def environments(self) -> tuple[str, ...]:
        """Names or globs of environments."""
        ...

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles of workloads and processes on the way: server, worker, job, main, init, sidecar."""
        ...


def applies(view: View, params: Chosen) -> bool:
    name = str(view.tree.get("environment", default=""))
    return not params.environments or any(fnmatchcase(name, one) for one in params.environments)


def values(view: View, params: Chosen) -> Iterator[Node]:
    """Everything that the path means, but for null and empty text: that something is said, `service_required` demands."""
    if applies(view, params):
        yield from (node for node in nodes(view, parse_route(params.key), params) if node[1] not in (None, ""))


def nodes(view: View, path: Route, params: Chosen) -> Iterator[Node]:
    """What is there at a path, each once, in order."""
    found = dict(_match((), view.tree.data, path))
    for route, value in found.items():
        if _has_role(view, route, params.roles):
            yield route, value


def called(view: View, route: Route) -> str:
    """A part in words: its keys below the nearest list item that has a name, and that name."""
    for length in range(len(route) - 1, 0, -1):
        owner = view.tree.get(*route[:length])
        if isinstance(route[length - 1], int) and isinstance(owner, dict) and owner.get("name"):
            return f"`{shown(route[length:])}` of `{owner['name']}`"
    return f"`{shown(route)}`"


def wrong(params: Chosen) -> Iterator[tuple[str, str]]:
    """Parameters that would judge nothing, each with a message."""
    from svc.resolve.view_shape import problem

    message = problem(parse_route(params.key)) if params.key else "a path is needed, such as workloads[*].scale.min"
    if message:
        yield "key", f"`key`: {message}"
    roles = ("server", "worker", "job", "main", "init", "sidecar")
    for role in params.roles:
        if role not in roles:
            yield "roles", f"there is no role `{role}`; roles are {', '.join(roles)}"


def _match(route: Route, node: Any, path: Route) -> Iterator[Node]:
    if not path:
        yield route, node
        return
    if path[0] == "**":
        yield from _match(route, node, path[1:])
        for key, value in _items(node):
            yield from _match((*route, key), value, path)
        return
    for key, value in _items(node):
        if path[0] in ("*", key):
            yield from _match((*route, key), value, path[1:])


def _items(node: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(node, dict):
        yield from node.items()
    elif isinstance(node, list):
        yield from enumerate(node)


def _has_role(view: View, route: Route, roles: tuple[str, ...]) -> bool:
    """Every workload or process on the way that has a role has one of these, of its own kind, when any is named."""
    for kind in (("server", "worker", "job"), ("main", "init", "sidecar")):
        wanted = [role for role in roles if role in kind]
        had = [view.tree.get(*route[:length], "role") for length in range(1, len(route) + 1)]
        if wanted and not any(role in wanted for role in had):
            return False
    return True
