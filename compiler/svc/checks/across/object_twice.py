"""An object that a file of manifests has twice: the second is laid over the first, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects
from svc.checks._params import NoParams as Params
from svc.checks._patched import directed, file_of, patched
from svc.checks._pods import mapping
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.targets.protocol import Subject

_HOOKS = frozenset({"helm.sh/hook", "argocd.argoproj.io/hook"})
"""Annotations of objects that come and go: one may follow another of its name."""
_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
"""Workloads that the API refuses without a selector."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    """Files are not compared: a base and what is laid over it have the same objects. Nor is a part of an object one."""
    known: dict[tuple[str, ...], Manifest] = {}
    patches = patched(subjects)
    for subject, one in objects(subjects):
        file = file_of(subject)
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


def _hooked(one: Manifest) -> bool:
    return not _HOOKS.isdisjoint(mapping(one.tree.data, "metadata", "annotations"))


def _is_part(one: Manifest) -> bool:
    """Whether an object is a patch: it says so, or it is a workload that lacks what the API demands."""
    if one.kind in _SELECTING and one.tree.get("spec", "selector") is None:
        return True
    return (one.kind in POD_TEMPLATES and not any(one.containers("containers"))) or directed(one.tree.data)


def _keys(one: Manifest) -> frozenset[str]:
    """What is said of an object: a patch says less than the whole."""
    spec = one.tree.get("spec")
    return frozenset([*map(str, one.tree.data), *(f"spec.{key}" for key in (spec if isinstance(spec, dict) else ()))])


def _group(one: Manifest) -> str:
    group, slash, _ = str(one.tree.get("apiVersion") or "").partition("/")
    return group if slash else ""
