"""An object that a file of manifests has twice: the second is laid over the first, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath
from typing import Any

from svc.checks._objects import Found, objects
from svc.checks._params import NoParams as Params
from svc.checks._pods import items, mapping, mappings
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.targets.protocol import Subject

_HOOKS = frozenset({"helm.sh/hook", "argocd.argoproj.io/hook"})
"""Annotations of objects that come and go: one may follow another of its name."""
_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
"""Workloads that the API refuses without a selector."""
_DIRECTIVE = "$patch"


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    """Files are not compared: a base and what is laid over it have the same objects. Nor is a part of an object one."""
    known: dict[tuple[str, ...], Manifest] = {}
    patches = _patches(subjects)
    for subject, one in objects(subjects):
        file = _file(subject)
        if not one.name or file in patches or "$" in one.name or "{{" in one.name or _hooked(one):
            continue
        identity = (file, _group(one), one.kind, one.namespace or "", one.name)
        first = known.setdefault(identity, one)
        if first is one or _is_part(one):
            continue
        if _is_part(first):
            known[identity] = one
        elif not _keys(first) < _keys(one) and not _keys(one) < _keys(first):
            yield subject, ("metadata", "name"), f"a second {one.kind} is named `{one.name}` in this file"


def _file(subject: Subject) -> str:
    return normpath(subject.key.rpartition("#")[0].replace("\\", "/"))


def _patches(subjects: Sequence[Subject]) -> frozenset[str]:
    """The files that a kustomization lays over others: one object may have several of them."""
    found: set[str] = set()
    for subject, one in objects(subjects, *sorted(KUSTOMIZATIONS)):
        data = one.tree.data
        named = [*items(data, "patchesStrategicMerge"), *(each.get("path") for _, each in mappings(data, "patches"))]
        folder = dirname(_file(subject))
        found.update(normpath(join(folder, path)) for path in named if isinstance(path, str))
    return frozenset(found)


def _hooked(one: Manifest) -> bool:
    return not _HOOKS.isdisjoint(mapping(one.tree.data, "metadata", "annotations"))


def _is_part(one: Manifest) -> bool:
    """Whether an object is a patch: it says so, or it is a workload that lacks what the API demands."""
    if one.kind in _SELECTING and one.tree.get("spec", "selector") is None:
        return True
    return (one.kind in POD_TEMPLATES and not any(one.containers("containers"))) or _directed(one.tree.data)


def _directed(node: Any) -> bool:
    if isinstance(node, dict):
        return _DIRECTIVE in node or any(_directed(value) for value in node.values())
    return isinstance(node, list) and any(_directed(value) for value in node)


def _keys(one: Manifest) -> frozenset[str]:
    """What is said of an object: a patch says less than the whole."""
    spec = one.tree.get("spec")
    return frozenset([*map(str, one.tree.data), *(f"spec.{key}" for key in (spec if isinstance(spec, dict) else ()))])


def _group(one: Manifest) -> str:
    group, slash, _ = str(one.tree.get("apiVersion") or "").partition("/")
    return group if slash else ""
