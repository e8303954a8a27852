"""Fixes of Kubernetes objects: changes at routes of the object."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.edit.changes import Append, Change, Delete, Rename, Set
from svc.tree import Data, Tree


def _context(route: Route) -> Route:
    """The security context that a finding about a container, or a part of its context, is about."""
    if "securityContext" in route:
        return route[: route.index("securityContext") + 1]
    return (*route, "securityContext")


def no_escalation(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*_context(route), "allowPrivilegeEscalation"), False),)


def drop_all(data: Data, route: Route) -> tuple[Change, ...]:
    at = (*_context(route), "capabilities", "drop")
    present = Tree(data).get(*at)
    return (Append(at, "ALL"),) if isinstance(present, list) else (Set(at, ["ALL"]),)


def seccomp(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*_context(route), "seccompProfile", "type"), "RuntimeDefault"),)


def confined(_data: Data, route: Route) -> tuple[Change, ...]:
    """A profile's `type`, or the annotation that says the same."""
    return (Set(route, "runtime/default" if "annotations" in route else "RuntimeDefault"),)


def default_proc(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set(route, "Default"),)


def non_root(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*_context(route), "runAsNonRoot"), True),)


def read_only(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*_context(route), "readOnlyRootFilesystem"), True),)


def off(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set(route, False),)


def gone(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Delete(route),)


def account_name(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Rename(route, "serviceAccountName"),)


def no_token(_data: Data, route: Route) -> tuple[Change, ...]:
    at = route if route[-1] == "automountServiceAccountToken" else (*route, "automountServiceAccountToken")
    return (Set(at, False),)


def job_restart(_data: Data, route: Route) -> tuple[Change, ...]:
    at = route if route[-1] == "restartPolicy" else (*route, "restartPolicy")
    return (Set(at, "OnFailure"),)
