"""Patches of the spec on lowered data: merges (RFC 7386) and JSON Patch (RFC 6902), for whatever target has the data."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from svc.diagnostics import Problem, Route, shown
from svc.resolve.types.delivery import Patch
from svc.scalars import digits
from svc.suggest import nearest
from svc.tree import Data, Tree, walk

SURFACES = ("compose", "github", "kubernetes")
"""What can be patched."""
_INSTEAD = {
    "docker": "write your own Dockerfile and name it with `build.dockerfile`",
    "helm": "patch the objects, `kubernetes/<Kind>`: the chart follows",
    "terraform": "put a .tf file of your own beside the generated ones, or write the module yourself: `own: [terraform]`",
}

Errors = Callable[[Data], Iterable[tuple[Route, str]]]
"""What a target's schema says against data."""


class PatchError(ValueError):
    """A JSON Patch operation that does not fit the data; `at` is the operation's route."""

    at: Route = ()


def surface(patch: Patch) -> tuple[str, str]:
    """`kubernetes/Deployment` as its surface and its kind."""
    name, _, kind = patch.target.partition("/")
    return name, kind


def unknown_surface(patch: Patch) -> Problem | None:
    """A patch of something that has none, with what to do instead."""
    name, _ = surface(patch)
    if name in SURFACES:
        return None
    can = f"what can: {', '.join(SURFACES)}, such as kubernetes/Deployment{nearest(name, SURFACES)}"
    message = f"`{patch.target}` cannot be patched; {can}"
    return Problem("patch-target-unknown", (*patch.at, "target"), message, _INSTEAD.get(name, ""))


def document(
    tree: Tree, patches: Sequence[Patch], wanted: str, parts: dict[str, str], errors: Errors
) -> tuple[Tree, tuple[Problem, ...]]:
    """A file with the patches of a surface applied in order, and what is wrong with them.

    A patch without a kind changes the whole file; `parts` are the kinds of which there are several, by the key that
    holds them: `compose/service`.
    """
    problems: list[Problem] = []
    for patch in patches:
        name, kind = surface(patch)
        if name != wanted:
            continue
        at, missing = _chosen(tree, patch, wanted, kind, parts)
        problems += [missing] if missing is not None else []
        for base in at:
            what = f"{wanted} {kind} {base[-1]}" if base else f"the {wanted} file"
            try:
                made = applied(tree, patch, base)
            except PatchError as error:
                problems.append(
                    Problem("patch-does-not-fit", error.at or patch.at, f"the patch does not fit {what}: {error}")
                )
                continue
            problems += broken(tree, made, patch, what, errors)
            tree = made
    return tree, tuple(problems)


def _chosen(
    tree: Tree, patch: Patch, wanted: str, kind: str, parts: dict[str, str]
) -> tuple[tuple[Route, ...], Problem | None]:
    """The routes that a patch is about, or why there is none."""
    at = (*patch.at, "target")
    if not kind:
        message = f"`{patch.target}` is one file: `name` goes with {', '.join(f'{wanted}/{one}' for one in parts)}"
        wrong = Problem("patch-matches-nothing", (*patch.at, "name"), message)
        return ((), wrong) if patch.name else (((),), None)
    if kind not in parts:
        known = [wanted, *(f"{wanted}/{one}" for one in parts)]
        message = f"there is no `{patch.target}`; there are {', '.join(known)}{nearest(patch.target, known)}"
        return (), Problem("patch-matches-nothing", at, message)
    names = list(tree.get(parts[kind], default={}) or {})
    if not names or (patch.name and patch.name not in names):
        there = ", ".join(sorted(names)) or "none"
        message = f"no {kind} {patch.name} is generated; there are {there}{nearest(patch.name, names)}"
        return (), Problem("patch-matches-nothing", at, " ".join(message.split()))
    return tuple((parts[kind], name) for name in names if patch.name in ("", name)), None


def broken(before: Tree, after: Tree, patch: Patch, what: str, errors: Errors) -> list[Problem]:
    """What the patch breaks: it was right before."""
    known = set(errors(before.data))
    problems = []
    for route, message in errors(after.data):
        if (route, message) in known:
            continue
        origin = after.origin(route)
        at = origin if origin[: len(patch.at)] == patch.at else patch.at
        text = f"the patch makes {what} invalid at {shown(route) or 'its root'}: {message}"
        problems.append(Problem("patch-invalid-object", at, text, anchor="key"))
    return problems


def applied(tree: Tree, patch: Patch, base: Route = ()) -> Tree:
    """The tree with the part at `base` patched. Raises PatchError."""
    origins = dict(tree.origins)
    data = copy.deepcopy(tree.data)
    part = _at(data, base)
    if patch.merge is not None:
        part = _merge(part, patch.merge, base, (*patch.at, "merge"), origins)
    for index, operation in enumerate(patch.json_patch):
        at = (*patch.at, "json_patch", index)
        try:
            part = _operate(part, operation, base, at, origins)
        except PatchError as error:
            error.at = at
            raise
    if not base:
        return Tree(part, origins)
    _at(data, base[:-1])[base[-1]] = part
    return Tree(data, origins)


def _at(data: Data, route: Route) -> Any:
    for part in route:
        data = data[part]
    return data


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
            if key not in made:
                origins[(*route, key)] = (*at, key)
            made[key] = _merge(made.get(key), value, (*route, key), (*at, key), origins)
    return made


def _mark(value: Data, route: Route, at: Route, origins: dict[Route, Route]) -> None:
    for inner, _ in walk(value, route):
        origins[inner] = at if "json_patch" in at else (*at, *inner[len(route) :])


def _operate(data: Data, operation: Any, base: Route, at: Route, origins: dict[Route, Route]) -> Data:
    if not isinstance(operation, dict) or operation.get("op") not in ("add", "replace", "remove", "test"):
        raise PatchError("an operation has op (add, replace, remove, test), path and value")
    if operation["op"] != "remove" and "value" not in operation:
        raise PatchError(f"`{operation['op']}` needs a value")
    path = str(operation.get("path", ""))
    if not path.startswith("/"):
        raise PatchError(f"the path {path!r} does not begin with /")
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]
    node: Any = data
    route: Route = base
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
    if digits(part) and int(part) < size:
        return int(part)
    raise PatchError(f"there is no item {part}")
