"""Where weaving is, and how a value is called that has no conventional name."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.targets.helm.types import Path, Spot

TEST: Path = ("helmTest",)
"""The section of the objects of `helm test`, of which nothing is a value."""

_OTHERS = frozenset({*TEST, "needs"})
_WORD = regex(r"[^A-Za-z0-9]+")
_PODS = (("spec", "template"), ("spec", "jobTemplate", "spec", "template"))
_NOISE = frozenset({"spec", "metadata", "template", "jobTemplate", "data"})
WORKLOADS = frozenset({"Deployment", "StatefulSet", "Job", "CronJob"})
_GROUPS = {
    "HorizontalPodAutoscaler": "autoscaling",
    "ScaledObject": "keda",
    "PodDisruptionBudget": "podDisruptionBudget",
    "PersistentVolumeClaim": "persistence",
    "ExternalSecret": "externalSecrets",
    "Role": "rbac",
    "RoleBinding": "rbac",
    "HTTPRoute": "httpRoute",
}
"""Where the values of a kind stand, when that is not the kind itself."""


class Place(NamedTuple):
    """The object, its section of the values, the route within it, and the same route in words.

    `rest` is the object's name without the service's; copies for jobs before a deploy have the original's. `words` has the name of an item for its index, and nothing
    for the main container and for items without a name. `key`: the last part of the route, when it is one. `pod`: the
    route of the pod template, when the place is within one; `in_pod` the route in it, () outside of one. `called`: the
    word of the values for `rest`.
    """

    kind: str
    name: str
    rest: str
    section: Path
    route: Route = ()
    words: tuple[str, ...] = ()
    key: str = ""
    pod: Route | None = None
    in_pod: Route = ()
    api_version: str = ""
    called: str = ""

    def child(self, part: str | int, name: str = "") -> Place:
        words, route = self.words, (*self.route, part)
        if isinstance(part, str):
            words, key = (*words, name or part), part
        else:
            key = ""
            if self.key == "containers":
                words = (*words[:-1], "sidecars", name) if part else words[:-1]
            elif name:
                words = (*words, name)
        pod = self.pod
        in_pod: Route = ()
        if pod is not None:
            in_pod = (*self.in_pod, part)
        elif key == "template" and route in _PODS and self.kind in WORKLOADS:
            pod = route
        known = (self.kind, self.name, self.rest, self.section)
        return Place(*known, route, words, key, pod, in_pod, self.api_version, self.called)

    def path(self, *parts: str) -> Path:
        """A value of the workload that the object belongs to."""
        return (*self.section, *parts)

    @property
    def group(self) -> Path:
        """Where the values of the object itself stand: `networkPolicy`, `externalSecrets.db`, `workers.mailer.service`."""
        if self.kind in WORKLOADS and (self.section or not self.rest):
            return self.section
        word = _GROUPS.get(self.kind, self.kind[:1].lower() + self.kind[1:])
        if word == "rbac" or not self.rest or self.section:
            return (*self.section, word)
        return (word, self.called)

    def spot(self, *without: str) -> Spot:
        return Spot(self.api_version, self.kind, self.route, without)

    def generic(self) -> Path:
        """A value for what differs and has no name of its own."""
        words = [camel(word) for word in self.words if word not in _NOISE]
        return (*self.group, *(words or ["value"]))

    # --- the pod -------------------------------------------------------------------------------------------------

    @property
    def own(self) -> bool:
        """Of the service itself: neither a need in the cluster nor a test."""
        return not self.section or self.section[0] not in _OTHERS

    def container(self, key: str) -> Path | None:
        """The section of the container whose `key` this is: the workload's own for the main one."""
        if self.key != key:
            return None
        route = self.in_pod
        if len(route) != 4 or route[0] != "spec" or route[1] not in {"containers", "initContainers"}:
            return None
        if route[1] == "containers" and route[2] == 0:
            return self.section
        return (*self.section, *(camel(word) for word in self.words[-3:-1]))


def place_of(manifest: Manifest, section: Path, service: str, names: Collection[str] = ()) -> Place:
    """`names`: of all objects of the kind."""
    rest = rest_of(manifest.name, service)
    called = distinct({rest, *(rest_of(name, service) for name in names)})[rest]
    if section[:1] in {("workers",), ("jobs",), ("needs",)}:
        rest = "-".join(part for part in rest.split("-") if camel(part) != section[1])
    return Place(manifest.kind, manifest.name, rest, section, api_version=manifest.api_version, called=called)


def rest_of(name: str, service: str) -> str:
    """The name of an object without that of its service."""
    return name.removesuffix("-predeploy").removeprefix(service).strip("-")


def distinct(names: Collection[str]) -> dict[str, str]:
    """A word of the values for each name, no two of them the same: of `data1` and `data-1` the former keeps its own."""
    found = {name: name for name in names if camel(name) == name}
    taken = set(found)
    for name in sorted(set(names) - taken):
        word = base = camel(name)
        number = 1
        while word in taken:
            number += 1
            word = f"{base}{number}"
        taken.add(word)
        found[name] = word
    return found


def camel(*parts: str) -> str:
    words = [word for part in parts for word in _WORD.split(part) if word]
    return "".join(word if index == 0 else word[:1].upper() + word[1:] for index, word in enumerate(words))
