"""What a chart gives for values, worked out from its trees alone: no template language, no YAML.

What the types of a chart only imply is said here: a tree that asks values for what they do not hold is `Unsound`.
A mapping or list of which nothing is left is nothing (None), as in the printed YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from svc.targets.helm.reached import REACHED
from svc.targets.helm.release import Release, Unsound, at, builtin, digest, filled, holds
from svc.targets.helm.types import (
    Added,
    Builtin,
    Checksum,
    Const,
    Current,
    Each,
    Entry,
    Extra,
    Fields,
    Helper,
    Hole,
    Items,
    Node,
    Spread,
)

_LONGEST = 63


def objects(release: Release) -> dict[tuple[str, str], Any]:
    """(kind, name) -> object."""
    return by_key(each(release))


def each(release: Release) -> tuple[Any, ...]:
    """What each template gives; None for nothing."""
    return tuple(
        _node(release, template.body, None) if template.when is None or holds(release, template.when) else None
        for template in release.chart.templates
    )


def by_key(objects: Iterable[Any]) -> dict[tuple[str, str], Any]:
    """(kind, name) -> object, of what each template gives."""
    found: dict[tuple[str, str], Any] = {}
    for data in objects:
        if data is not None:
            key = (data["kind"], data["metadata"]["name"])
            if key in found:
                raise Unsound(f"two templates give {key[0]} {key[1]}")
            found[key] = data
    return found


def notes(release: Release) -> str:
    """What `helm install` says."""
    chart, values = release.chart, release.values
    said = [f"{helper(release, 'fullname')} is released in the namespace {helper(release, 'namespace')}."]
    if chart.built and values["image"]["digest"].endswith("00000000"):
        said += [
            "",
            "The image has no digest yet, so no pod will start: the deploy sets it with",
            "  --set-string image.digest=sha256:<digest of the image that CI has built>",
        ]
    if REACHED.issubset(slot.path for slot in chart.slots) and values["ingress"]["enabled"]:
        said += ["", "It is reached at:", *(f"  https://{host}" for host in values["ingress"]["hosts"])]
    if any(template.file.startswith("tests/") for template in chart.templates):
        said += ["", "Test it:", f"  helm test {release.name} --namespace {release.namespace}"]
    return "\n".join(said) + "\n"


# --- helpers ---------------------------------------------------------------------------------------------------------


def helper(release: Release, name: str) -> str:
    """The text of a helper that is one."""
    if name not in release.known:
        release.known[name] = _helper(release, name)
    text: str = release.known[name]
    return text


def _helper(release: Release, name: str) -> str:
    chart, values = release.chart, release.values
    match name:
        case "name":
            return _cut(values["nameOverride"] or chart.name)
        case "fullname":
            return _cut(values["fullnameOverride"] or f"{release.name}-{helper(release, 'name')}", chart.room)
        case "namespace":
            return str(values["namespaceOverride"] or release.namespace)
        case "chart":
            return _cut(f"{chart.name}-{chart.version}".replace("+", "_"))
        case "serviceAccountName":
            account = values["serviceAccount"]
            return str(account["name"] or (helper(release, "fullname") if account["create"] else "default"))
        case "image":
            image = values["image"]
            tag, digest = image.get("tag"), image.get("digest")
            return f"{image['repository']}{f':{tag}' if tag else ''}{f'@{digest}' if digest else ''}"
    raise Unsound(f"there is no helper {name}")


def labels(release: Release, name: str) -> dict[str, Any]:
    """The entries of a helper that is a mapping; not to be changed."""
    if name not in release.known:
        release.known[name] = _labels(release, name)
    entries: dict[str, Any] = release.known[name]
    return entries


def _labels(release: Release, name: str) -> dict[str, Any]:
    match name:
        case "selectorLabels":
            return {"app.kubernetes.io/name": helper(release, "name"), "app.kubernetes.io/instance": release.name}
        case "sharedLabels":
            part_of = _node(release, release.chart.part_of, None)
            shared = {"app.kubernetes.io/part-of": part_of, "app.kubernetes.io/managed-by": "Helm"}
            return _joined(shared, release.values.get("commonLabels") or {})
        case "commonLabels":
            version = _node(release, release.chart.version_label, None)
            return _joined({"app.kubernetes.io/version": version}, labels(release, "sharedLabels"))
        case "podLabels":
            return _joined(labels(release, "selectorLabels"), labels(release, "commonLabels"))
        case "labels":
            return _joined({"helm.sh/chart": helper(release, "chart")}, labels(release, "podLabels"))
    raise Unsound(f"there is no helper {name}")


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text[:longest].removesuffix("-")


# --- trees -----------------------------------------------------------------------------------------------------------


def _node(release: Release, node: Node, current: Any) -> Any:
    if type(node) is Const:
        return node.value
    if type(node) is Fields:
        return _fields(release, node, current) or None
    match node:
        case Hole():
            return filled(release, node)
        case Helper():
            return helper(release, node.name) + node.suffix
        case Builtin():
            return builtin(release, node.name)
        case Checksum():
            return digest(node.name, at(release, node.path))
        case Current():
            return current
        case Each():
            return [_node(release, node.node, item) for item in at(release, node.path) or ()] or None
        case Items():
            return _items(release, node, current) or None


def _fields(release: Release, node: Fields, current: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in node.entries:
        if type(entry) is Entry:
            if entry.when is None or holds(release, entry.when):
                inner, key = entry.node, entry.key
                value = inner.value if type(inner) is Const else _node(release, inner, current)
                if not key and isinstance(inner, Hole):
                    _join(made, value)
                elif key in made:
                    _put(made, key, value)
                else:
                    made[key] = value
        elif type(entry) is Spread:
            _join(made, labels(release, entry.helper))
        elif type(entry) is Extra:
            value = at(release, entry.path)
            if value:
                _put(made, entry.key, value)
        elif type(entry) is Added:
            _join(made, at(release, entry.path) or {})
    return made


def _items(release: Release, node: Items, current: Any) -> list[Any]:
    instead = at(release, node.instead) if node.instead else None
    if instead:
        return list(instead)
    made: list[Any] = []
    for entry in node.entries:
        if isinstance(entry, Added):
            made.extend(at(release, entry.path) or ())
        elif entry.when is None or holds(release, entry.when):
            made.append(_node(release, entry.node, current))
    return made


def _put(made: dict[str, Any], key: str, value: Any) -> None:
    if key in made:
        raise Unsound(f"{key} would stand there twice")
    made[key] = value


def _join(made: dict[str, Any], other: Any) -> None:
    if not isinstance(other, (dict, Mapping)):
        raise Unsound(f"{other!r} is added to a mapping")
    twice = sorted(made.keys() & other.keys())
    if twice:
        raise Unsound(f"{', '.join(twice)} would stand there twice")
    made.update(other)


def _joined(one: Mapping[str, Any], other: Any) -> dict[str, Any]:
    made = dict(one)
    _join(made, other)
    return made
