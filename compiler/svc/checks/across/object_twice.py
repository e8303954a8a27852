"""An object that a file of manifests has twice: the second is laid over the first, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects
from svc.checks._params import NoParams as Params
from svc.checks._pods import mapping
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject

_HOOK = "helm.sh/hook"
"""Objects of a chart that come and go: one may follow another of its name."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    """Files are not compared: a base and what is laid over it have the same objects. Nor is a part of an object one."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    for subject, one in objects(subjects):
        file = subject.key.rpartition("#")[0]
        if not one.name or "${" in one.name or _HOOK in mapping(one.tree.data, "metadata", "annotations"):
            continue
        identity = (file, _group(one), one.kind, one.namespace or "", one.name)
        keys = _keys(one)
        first = known.setdefault(identity, keys)
        if first is not keys and not first < keys and not keys < first:
            yield subject, ("metadata", "name"), f"a second {one.kind} is named `{one.name}` in this file"


def _keys(one: Manifest) -> frozenset[str]:
    """What is said of an object: a patch says less than the whole."""
    spec = one.tree.get("spec")
    return frozenset([*map(str, one.tree.data), *(f"spec.{key}" for key in (spec if isinstance(spec, dict) else ()))])


def _group(one: Manifest) -> str:
    group, slash, _ = str(one.tree.get("apiVersion") or "").partition("/")
    return group if slash else ""
