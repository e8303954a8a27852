"""Subjects seen together, with what the across checks look up in them: made once for all of them, and only when asked for.

Everything keeps the order of the subjects. A thousand services beside a thousand workloads are two thousand look-ups,
not a million comparisons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

from svc.checks.pods import TEMPLATE_METADATA
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import mapping

Object = tuple[Subject, Manifest]
Labelled = tuple[Subject, Manifest, dict[str, Any]]
"""An object with labels of its own, or of the pods that it makes."""

T = TypeVar("T")


class Seen(Sequence[Subject]):
    """A sequence of subjects that does not change. `known`: what a check has worked out of all, by the function that did."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self.subjects = tuple(subjects)
        self.known: dict[Callable[[Seen], Any], Any] = {}

    @overload
    def __getitem__(self, index: int) -> Subject: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Subject, ...]: ...
    def __getitem__(self, index: int | slice) -> Subject | tuple[Subject, ...]:
        return self.subjects[index]

    def __len__(self) -> int:
        return len(self.subjects)

    def __iter__(self) -> Iterator[Subject]:
        return iter(self.subjects)

    @cached_property
    def objects(self) -> list[Object]:
        return [(one, one.artifact) for one in self.subjects if isinstance(one.artifact, Manifest)]

    @cached_property
    def by_kind(self) -> dict[str, list[Object]]:
        return _grouped(self.objects, lambda one: one[1].kind)

    @cached_property
    def by_name(self) -> dict[tuple[str, object], list[Object]]:
        """Kind and name -> the objects, of whatever namespace."""
        return _grouped(self.objects, lambda one: (one[1].kind, one[1].name))

    @cached_property
    def by_path(self) -> dict[str, list[Subject]]:
        return _grouped(self.subjects, lambda one: one.name)

    @cached_property
    def spaces(self) -> dict[str, set[str]]:
        """Kind -> the namespaces of its objects; "" for those that may live in any."""
        return {kind: {one.namespace for _, one in found} for kind, found in self.by_kind.items()}

    @cached_property
    def pods(self) -> Labels:
        """Everything that makes pods, custom kinds with a pod template included."""
        found = []
        for subject, manifest in self.objects:
            route = TEMPLATE_METADATA.get(manifest.kind, ("spec", "template", "metadata"))
            metadata = manifest.tree.get(*route)
            template = isinstance(manifest.tree.get(*route[:-1], "spec", "containers"), list)
            if template and (metadata is None or isinstance(metadata, dict)):
                found.append((subject, manifest, mapping(metadata, "labels")))
        return Labels(found)

    @cached_property
    def services(self) -> Labels:
        """The Services, by their own labels."""
        found = self.by_kind.get("Service", ())
        return Labels([(subject, one, mapping(one.tree.data, "metadata", "labels")) for subject, one in found])


class Labels:
    """Objects that label selectors may match."""

    def __init__(self, every: Sequence[Labelled]) -> None:
        self.every = every

    @cached_property
    def spaces(self) -> frozenset[str]:
        return frozenset(one.namespace for _, one, _ in self.every)

    @cached_property
    def values(self) -> dict[str, dict[str, set[str]]]:
        """Key -> value -> the namespaces in which something has it."""
        found: dict[str, dict[str, set[str]]] = {}
        for _, one, labels in self.every:
            for key, value in labels.items():
                found.setdefault(key, {}).setdefault(str(value), set()).add(one.namespace)
        return found

    @cached_property
    def _having(self) -> dict[tuple[str, Any], list[Labelled]]:
        found: dict[tuple[str, Any], list[Labelled]] = {}
        for one in self.every:
            for label in one[2].items():
                if _plain(label[1]):
                    found.setdefault(label, []).append(one)
        return found

    def candidates(self, selector: Any) -> Sequence[Labelled]:
        """Those among which everything is that a selector matches."""
        best = self.every
        for label in mapping(selector, "matchLabels").items():
            if _plain(label[1]):
                having = self._having.get(label, [])
                best = having if len(having) < len(best) else best
        return best


class Selectors:
    """Objects that select by labels, found from what they select."""

    def __init__(self, objects: Iterable[Object], selector: Callable[[Manifest], Any]) -> None:
        self._found: dict[tuple[str, Any] | None, dict[str, list[tuple[int, Manifest]]]] = {}
        for number, (_, one) in enumerate(objects):
            wanted = ((key, value) for key, value in mapping(selector(one), "matchLabels").items() if _plain(value))
            spaces = self._found.setdefault(next(wanted, None), {})
            spaces.setdefault(one.namespace, []).append((number, one))

    def near(self, owner: Manifest, labels: Mapping[str, Any]) -> list[Manifest]:
        """Those, in their order, among which everything is that selects these labels of an object."""
        found: list[tuple[int, Manifest]] = []
        for label in (None, *(one for one in labels.items() if _plain(one[1]))):
            spaces = self._found.get(label, {})
            for name in ({"", owner.namespace} & spaces.keys()) if owner.namespace else spaces:
                found += spaces[name]
        return [one for _, one in sorted(found, key=lambda one: one[0])]


def seen(subjects: Sequence[Subject]) -> Seen:
    return subjects if isinstance(subjects, Seen) else Seen(subjects)


def once(subjects: Sequence[Subject], work: Callable[[Seen], T]) -> T:
    """`work(subjects)`, done once for all checks that ask for it."""
    together = seen(subjects)
    if work not in together.known:
        together.known[work] = work(together)
    found: T = together.known[work]
    return found


def reaches(spaces: Iterable[str], owner: Manifest) -> bool:
    """Whether an object of one of these namespaces may be in an object's own."""
    known = spaces if isinstance(spaces, set | frozenset) else set(spaces)
    return bool(known) and (not owner.namespace or "" in known or owner.namespace in known)


def _grouped(found: Iterable[Any], by: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    made: dict[Any, list[Any]] = {}
    for one in found:
        made.setdefault(by(one), []).append(one)
    return made


def _plain(value: Any) -> bool:
    """Whether a wanted value can be looked up. None is what a missing label is as well."""
    return value is not None and not isinstance(value, (dict, list))
