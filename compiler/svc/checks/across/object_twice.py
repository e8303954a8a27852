"""An object that a file of manifests has twice: the second is laid over the first, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, objects
from svc.checks._params import NoParams as Params
from svc.checks.kustomized import file_of
from svc.checks.patched import patched
from svc.checks.seen import Object, once
from svc.kubernetes.parts import is_part, is_whole
from svc.kubernetes.syntax import filled_in_later
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.targets.protocol import Subject
from svc.tree import mapping

_HOOKS = frozenset({"helm.sh/hook", "argocd.argoproj.io/hook"})
"""Annotations of objects that come and go: one may follow another of its name."""
_VALUES = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}
"""What says all that there is to say of an object, be it much or little."""
_Said = tuple[frozenset[str], bool]
"""The keys of an object, and whether it is whole for sure."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    """Files are not compared: a base and what is laid over it have the same objects. Nor is a part of an object one."""
    alike: dict[tuple[str, ...], list[Object]] = {}
    patches = once(subjects, patched)
    for subject, one in objects(subjects):
        file = file_of(subject)
        if one.name and file not in patches and not filled_in_later(one.name) and not _hooked(one):
            identity = (file, _group(one), one.kind, one.namespace or "", one.name)
            alike.setdefault(identity, []).append((subject, one))
    for many in alike.values():
        known: set[_Said] = set()
        for subject, one in many if len(many) > 1 else ():
            if is_part(one):
                continue
            said = _keys(one), _is_whole(one)
            if any(_is_second(said, other) for other in known):
                yield subject, ("metadata", "name"), f"a second {one.kind} is named `{one.name}` in this file"
            known.add(said)


def _is_second(one: _Said, other: _Said) -> bool:
    """Of two objects that may be patches, the one that says less than the other is one."""
    if one[1] and other[1]:
        return True
    return not one[0] < other[0] and not other[0] < one[0]


def _hooked(one: Manifest) -> bool:
    return not _HOOKS.isdisjoint(mapping(one.tree.data, "metadata", "annotations"))


def _is_whole(one: Manifest) -> bool:
    """Whether an object that is no part is none for sure."""
    if one.kind == "Service":
        return bool(one.tree.get("spec", "ports")) and bool(one.tree.get("spec", "selector"))
    if one.kind in POD_TEMPLATES:
        return is_whole(one)
    return any(one.tree.get(key) is not None for key in _VALUES.get(one.kind, ()))


def _keys(one: Manifest) -> frozenset[str]:
    """What is said of an object: a patch says less than the whole."""
    spec = one.tree.get("spec")
    return frozenset([*map(str, one.tree.data), *(f"spec.{key}" for key in (spec if isinstance(spec, dict) else ()))])


def _group(one: Manifest) -> str:
    group, slash, _ = str(one.tree.get("apiVersion") or "").partition("/")
    return group if slash else ""
