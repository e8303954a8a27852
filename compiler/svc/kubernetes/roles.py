"""What a rule of a role names, and no request ever has: the API takes it, and the rule allows nothing by it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Problem, Route, Severity
from svc.kubernetes.served import HOME, is_core, plural
from svc.kubernetes.syntax import filled_in_later
from svc.kubernetes.types import Manifest
from svc.tree import items, mappings

_VERBS = frozenset(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"])
_ROLES = ("ClusterRole", "Role")
_PLURALS = {kind.lower(): plural(kind) for kind in HOME}


def check(manifest: Manifest) -> Iterator[Problem]:
    if manifest.kind not in _ROLES or not is_core(manifest.api_version):
        return
    for index, rule in mappings(manifest.tree.data, "rules"):
        for key, meant in (("apiGroups", _group), ("resources", _resource), ("verbs", _verb)):
            for number, one in enumerate(items(rule, key)):
                right = meant(one) if isinstance(one, str) and not filled_in_later(one) else None
                if right is not None and right != one:
                    yield _problem(("rules", index, key, number), one, right)


def _problem(route: Route, one: str, right: str) -> Problem:
    message = f"no request has `{one}` in its {route[2]}, so that the rule allows nothing by it"
    written = f"`{right}`" if right else '""'
    return Problem("role-matches-nothing", route, message, f"write {written}", severity=Severity.WARNING)


def _group(name: str) -> str:
    """A group comes without its version, and that of pods and secrets has no name."""
    return "" if name in ("core", "v1", "core/v1") else name.partition("/")[0]


def _resource(name: str) -> str:
    """Resources are the plural in small letters, with a part of theirs behind a slash."""
    word, slash, part = name.partition("/")
    return f"{_PLURALS.get(word.lower(), word.lower())}{slash}{part}"


def _verb(name: str) -> str:
    return "*" if name == "all" else name.lower() if name.lower() in _VERBS else name
