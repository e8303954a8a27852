"""Fixes of workflows and compose files: changes at routes of the file."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.edit.changes import Change, Delete, Keyed, Set
from svc.edit.types import RefusedError
from svc.tree import Data, Tree


def timeout(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*route, "timeout-minutes"), 360),)


def no_credentials(_data: Data, route: Route) -> tuple[Change, ...]:
    at = route if route[-1] == "persist-credentials" else (*route, "with", "persist-credentials")
    return (Set(at, False),)


def permissions(_data: Data, route: Route) -> tuple[Change, ...]:
    at: Route = ("permissions",) if route == ("jobs",) else (*route, "permissions")
    return (Set(at, {"contents": "read"}),)


def no_insecure_commands(_data: Data, route: Route) -> tuple[Change, ...]:
    if route[-1] != "ACTIONS_ALLOW_UNSECURE_COMMANDS":
        raise RefusedError("the script has to be rewritten by hand")
    return (Set(route, False),)


def one_run(_data: Data, _route: Route) -> tuple[Change, ...]:
    return (Set(("concurrency",), {"group": "${{ github.workflow }}-${{ github.ref }}"}),)


def gone(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Delete(route),)


def healthy(data: Data, route: Route) -> tuple[Change, ...]:
    """The list of dependencies spelled out: those that say when they are healthy are waited for."""
    at = route[:-1]
    names = Tree(data).get(*at)
    if not isinstance(names, list) or len(set(map(str, names))) != len(names):
        raise RefusedError("the dependencies are not a list of names")

    def condition(name: str) -> str:
        check = Tree(data).get("services", name, "healthcheck")
        return "service_healthy" if isinstance(check, dict) and check else "service_started"

    return (Keyed(at, tuple({"condition": condition(str(name))} for name in names)),)
