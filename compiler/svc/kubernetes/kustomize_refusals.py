"""What Kustomize ends with although the keys and types of a kustomization are right, as far as the file itself tells.

From `kusttarget.go`, `kvpair` and the transformers of `kubernetes-sigs/kustomize`.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath
from typing import Any

from svc.diagnostics import Route
from svc.tree import items, mappings

Refused = tuple[Route, str, str]
"""Where, what is wrong, what to write instead."""
_GENERATORS = ("configMapGenerator", "secretGenerator")


def refusals(data: Any) -> Iterator[Refused]:
    for key in _GENERATORS:
        yield from _generators(data, key)
    for index, one in mappings(data, "replicas"):
        if not one.get("name"):
            yield ("replicas", index), "an entry of `replicas` has no `name`", "write the name of the workload"
    for index, one in mappings(data, "patches"):
        yield from _patch(one, ("patches", index))
    for index, one in mappings(data, "replacements"):
        yield from _replacement(one, ("replacements", index))
    yield from _twice(data)


def _replacement(one: dict[str, Any], at: Route) -> Iterator[Refused]:
    if one.get("path"):
        return
    if one.get("source") is not None and one.get("sourceValue") is not None:
        yield at, "the replacement has a `source` and a `sourceValue`", "keep one of them"
    lacking = [key for key in ("source", "targets") if one.get(key) is None]
    for key in lacking if one.get("sourceValue") is None else [key for key in lacking if key == "targets"]:
        yield at, f"the replacement has no `{key}`", "it has `source` or `sourceValue`, and `targets`, or a `path`"


def _generators(data: Any, key: str) -> Iterator[Refused]:
    for index, one in mappings(data, key):
        if not one.get("name"):
            yield (key, index), f"an entry of `{key}` has no `name`", "name the object that it makes"
        for number, literal in enumerate(items(one, "literals")):
            if isinstance(literal, str) and not literal.partition("=")[1] and "$" not in literal:
                yield (key, index, "literals", number), f"`{literal}` is no key and value", f"write `{literal}=...`"


def _patch(one: dict[str, Any], at: Route) -> Iterator[Refused]:
    text, path = one.get("patch"), one.get("path")
    if text and path:
        yield at, "the patch has a `patch` and a `path`", "keep one of them"
    elif not text and not path:
        yield at, "the patch has neither a `patch` nor a `path`", "write what it changes, or the file that says it"
    elif isinstance(text, str) and text.lstrip().startswith(("- ", "[")) and one.get("target") is None:
        yield (*at, "patch"), "operations do not say which object they are for", "add `target: {kind: ..., name: ...}`"


def _twice(data: Any) -> Iterator[Refused]:
    seen: set[str] = set()
    for key in ("resources", "bases"):
        for index, one in enumerate(items(data, key)):
            name = normpath(one) if isinstance(one, str) and "://" not in one and "\n" not in one else one
            if isinstance(name, str) and name in seen:
                yield (key, index), f"`{one}` is there twice, and every object may be added once", "remove one of them"
            seen.add(str(name))
