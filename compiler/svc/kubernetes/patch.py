"""Patches of the spec on the lowered objects, before the policies judge: merges (RFC 7386) and JSON Patch (RFC 6902)."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from svc.diagnostics import Problem, Route, shown
from svc.kubernetes.types import Manifest
from svc.resolve.types.delivery import Patch
from svc.tree import Data, Tree, walk

SURFACE = "kubernetes"


class PatchError(ValueError):
    """A JSON Patch operation that does not fit the object; `at` is the operation's route."""

    at: Route = ()


def patched(
    manifests: Sequence[Manifest], patches: Sequence[Patch]
) -> tuple[tuple[Manifest, ...], tuple[Problem, ...]]:
    """The objects with the patches applied in order, and the patches that fit nothing."""
    found = list(manifests)
    problems: list[Problem] = []
    for patch in patches:
        surface, _, kind = patch.target.partition("/")
        if surface != SURFACE:
            message = f"`{patch.target}` cannot be patched; what can: {SURFACE}/<Kind>, such as {SURFACE}/Deployment"
            problems.append(Problem("patch-target-unknown", (*patch.at, "target"), message))
            continue
        chosen = [index for index, one in enumerate(found) if one.kind == kind and patch.name in ("", one.name)]
        if not chosen:
            known = ", ".join(sorted({f"{one.kind} {one.name}" for one in manifests}))
            problems.append(
                Problem(
                    "patch-matches-nothing",
                    (*patch.at, "target"),
                    f"no {' '.join(filter(None, (kind, patch.name)))} is generated; there are {known}",
                )
            )
        for index in chosen:
            try:
                made = Manifest(_apply(found[index].tree, patch))
            except PatchError as error:
                message = f"the patch does not fit {kind} {found[index].name}: {error}"
                problems.append(Problem("patch-does-not-fit", error.at or patch.at, message))
                continue
            problems += _invalid(found[index], made, patch)
            found[index] = made
    return tuple(found), tuple(problems)


def _invalid(before: Manifest, after: Manifest, patch: Patch) -> list[Problem]:
    """What the patch breaks: no API server would take the object, and it did before."""
    from svc.kubernetes.schema import MINORS, check

    known = set(check(before, MINORS[-1]))
    problems = []
    for route, message in check(after, MINORS[-1]):
        if (route, message) in known:
            continue
        origin = after.tree.origin(route)
        at = origin if origin[: len(patch.at)] == patch.at else patch.at
        text = f"the patch makes {before.kind} {before.name} invalid at {shown(route) or 'its root'}: {message}"
        problems.append(Problem("patch-invalid-object", at, text, anchor="key"))
    return problems


def _apply(tree: Tree, patch: Patch) -> Tree:
    origins = dict(tree.origins)
    if patch.merge is not None:
        return Tree(_merge(tree.data, patch.merge, (), (*patch.at, "merge"), origins), origins)
    data = copy.deepcopy(tree.data)
    for index, operation in enumerate(patch.json_patch):
        at = (*patch.at, "json_patch", index)
        try:
            data = _operate(data, operation, at, origins)
        except PatchError as error:
            error.at = at
            raise
    return Tree(data, origins)


def _merge(target: Data, change: Any, route: Route, at: Route, origins: dict[Route, Route]) -> Data:
    """RFC 7386: maps merge, null removes, everything else replaces."""
    if not isinstance(change, dict):
        _mark(change, route, at, origins)
        return change
    made = dict(target) if isinstance(target, dict) else {}
    for key, value in change.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = _merge(made.get(key), value, (*route, key), (*at, key), origins)
    return made


def _mark(value: Data, route: Route, at: Route, origins: dict[Route, Route]) -> None:
    for inner, _ in walk(value, route):
        origins[inner] = at if "json_patch" in at else (*at, *inner[len(route) :])


def _operate(data: Data, operation: Any, at: Route, origins: dict[Route, Route]) -> Data:
    if not isinstance(operation, dict) or operation.get("op") not in {"add", "replace", "remove", "test"}:
        raise PatchError("an operation has op (add, replace, remove, test), path and value")
    if operation["op"] != "remove" and "value" not in operation:
        raise PatchError(f"`{operation['op']}` needs a value")
    path = str(operation.get("path", ""))
    if not path.startswith("/"):
        raise PatchError(f"the path {path!r} does not begin with /")
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]
    node: Any = data
    route: Route = ()
    for part in parents:
        key = _key(node, part)
        node, route = node[key], (*route, key)
    word, value = operation["op"], operation.get("value")
    if word == "add" and isinstance(node, list):
        position = len(node) if last == "-" else int(_index(last, len(node) + 1))
        node.insert(position, value)
        _mark(value, (*route, position), at, origins)
    elif word == "add" and isinstance(node, dict):
        node[last] = value
        _mark(value, (*route, last), at, origins)
    else:
        key = _key(node, last)
        if word == "test" and node[key] != value:
            raise PatchError(f"the value at {path} is not the tested one")
        if word == "remove":
            del node[key]
        if word == "replace":
            node[key] = value
            _mark(value, (*route, key), at, origins)
    return data


def _key(node: Data, part: str) -> Any:
    if isinstance(node, list):
        return _index(part, len(node))
    if isinstance(node, dict) and part in node:
        return part
    raise PatchError(f"there is no `{part}`")


def _index(part: str, size: int) -> int:
    if part.isdigit() and int(part) < size:
        return int(part)
    raise PatchError(f"there is no item {part}")
