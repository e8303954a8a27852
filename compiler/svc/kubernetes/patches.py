"""What a kustomization lays over its objects: patches, written out in it or in files of their own.

Operations of a JSON patch: RFC 6902. A strategic patch is a part of the object that it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Route
from svc.kubernetes.syntax import filled_in_later
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.suggest import nearest

_NEEDED = {"add": "value", "remove": "", "replace": "value", "move": "from", "copy": "from", "test": "value"}
"""The operations of a JSON patch, and what each has besides a path."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch of a kustomization: its text, or else the path of its file. `target`: what it says it is for."""

    route: Route
    text: str = ""
    path: str = ""
    target: Mapping[str, Any] | None = None
    renames: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """What of a patch others ask for: the images that it brings, kind and name of the objects that it is a part of,
    what is wrong with its operations, whether it says something of replicas, and what it names: ports, volumes."""

    images: tuple[str, ...] = ()
    objects: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()
    scales: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kustomization(Manifest):
    """`laid`: what its files of patches say, by their paths."""

    laid: tuple[tuple[str, Laid], ...] = ()


def patches(data: Any) -> Iterator[Patch]:
    """The patches that a kustomization names, where they stand."""
    for key in ("patches", "patchesJson6902"):
        for index, one in enumerate(_listed(data, key)):
            if not isinstance(one, dict):
                continue
            text, path, target, options = (one.get(each) for each in ("patch", "path", "target", "options"))
            target = target if isinstance(target, dict) else None
            renames = isinstance(options, dict) and options.get("allowNameChange") is True
            if isinstance(text, str) and text:
                yield Patch((key, index, "patch"), text=text, target=target, renames=renames)
            elif isinstance(path, str) and path:
                yield Patch((key, index, "path"), path=path, target=target, renames=renames)
    for index, one in enumerate(_listed(data, "patchesStrategicMerge")):
        if isinstance(one, str) and one:
            text = one if "\n" in one or ": " in one else ""
            yield Patch(("patchesStrategicMerge", index), text=text, path="" if text else one)


def laid(text: str) -> Laid | None:
    """What a patch says; None where nobody can read it."""
    from svc.parse import parse
    from svc.source import Source

    parsed = parse(Source("patch", text))
    if parsed.problems:
        return None
    found = [one.data for one in parsed.documents]
    faults = () if filled_in_later(text) or len(found) > 1 else tuple(_faults(found[0] if found else None))
    named = (_named(one) for one in found if isinstance(one, dict))
    objects = tuple(one for one in named if one is not None)
    return Laid(tuple(_brought(found)), objects, faults, "replicas" in text, _names(found))


def of_object(data: Any) -> Laid:
    """As above, of a patch that was read already."""
    named = _named(data) if isinstance(data, dict) else None
    objects = () if named is None else (named,)
    return Laid(tuple(images(data)), objects, scales="replicas" in str(data), names=_names(data))


def _names(node: Any) -> tuple[str, ...]:
    """What something in a list is called, anywhere below; ports of a Service are not those of its pods."""
    found: set[str] = set()
    left = [node]
    for one in left:
        if isinstance(one, dict):
            left += one.values() if one.get("kind") != "Service" else ()
        elif isinstance(one, list):
            left += one
            found |= {each["name"] for each in one if isinstance(each, dict) and isinstance(each.get("name"), str)}
            values = (each.get("value") for each in one if isinstance(each, dict) and "op" in each)
            found |= {each["name"] for each in values if isinstance(each, dict) and isinstance(each.get("name"), str)}
    return tuple(sorted(found))


def images(node: Any) -> Iterator[str]:
    """Images anywhere in an object."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "image" and isinstance(value, str):
                yield value
            else:
                yield from images(value)
    elif isinstance(node, list):
        for one in node:
            yield from images(one)


def patch_faults(data: Any) -> Iterator[tuple[Route, str]]:
    """What is wrong with JSON patches that are written out."""
    for patch in patches(data):
        found = laid(patch.text) if patch.text else None
        yield from ((patch.route, message) for message in (found.faults if found else ()))


def _brought(documents: list[Any]) -> Iterator[str]:
    for one in documents:
        yield from images(one)
        for operation in one if isinstance(one, list) else ():
            path, value = (operation.get(key) for key in ("path", "value")) if isinstance(operation, dict) else ("", "")
            if isinstance(value, str) and str(path).endswith("/image"):
                yield value


def _named(data: Mapping[str, Any]) -> tuple[str, str] | None:
    kind, metadata = data.get("kind"), data.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return (kind, name) if isinstance(kind, str) and isinstance(name, str) else None


def _faults(data: Any) -> Iterator[str]:
    for number, one in enumerate(data if isinstance(data, list) else (), 1):
        if not isinstance(one, dict):
            yield f"operation {number} of the patch is no mapping"
            continue
        verb, path = one.get("op"), one.get("path")
        needed = _NEEDED.get(verb) if isinstance(verb, str) else None
        if needed is None:
            known = ", ".join(f"`{each}`" for each in sorted(_NEEDED))
            said = f"has the `op` `{verb}`, which is none of {known}" if "op" in one else f"has no `op`: one of {known}"
            yield f"operation {number} of the patch {said}{nearest(str(verb), _NEEDED) if 'op' in one else ''}"
        elif needed and needed not in one:
            yield f"operation {number} of the patch is `{verb}` and has no `{needed}`"
        if "path" not in one:
            yield f"operation {number} of the patch has no `path`"
        elif not isinstance(path, str) or (path and not path.startswith("/")):
            yield f"operation {number} of the patch has the path `{path}`, which does not begin with `/`"


def _listed(data: Any, key: str) -> list[Any]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []
