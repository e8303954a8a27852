"""The objects of all environments woven into one template each: what people set, and what differs, become holes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from svc.kubernetes.types import Manifest
from svc.resolve.types import Resolved
from svc.targets.helm.conventions import Place, convention
from svc.targets.helm.labels import labels
from svc.targets.helm.types import Const, Entry, Extra, Fields, Helper, Hole, Items, Node, Path, Spread, When
from svc.targets.helm.values import MISSING, Cases, Missing, alike, put

_WORD = re.compile(r"[^A-Za-z0-9]+")
_REFERENCES: dict[str, str] = {
    "serviceAccountName": "ServiceAccount",
    "serviceName": "Service",
    "claimName": "PersistentVolumeClaim",
    "secretName": "Secret",
}
"""Key -> kind of the object that its value names."""
_HOLDERS: dict[str, str] = {
    "configMap": "ConfigMap",
    "configMapRef": "ConfigMap",
    "configMapKeyRef": "ConfigMap",
    "secretRef": "Secret",
    "secretKeyRef": "Secret",
    "scaleTargetRef": "",
    "roleRef": "Role",
    "subjects": "ServiceAccount",
    "service": "Service",
    "backendRefs": "Service",
}
"""Key of a mapping (or list of mappings) whose `name` names an object of a kind; "" for any."""


class Weaver:
    """Collects the values of every environment while templates are woven."""

    def __init__(self, environments: Sequence[Resolved], created: Mapping[str, frozenset[str]]) -> None:
        self.environments = tuple(environments)
        self.name = environments[0].name
        self.created = created
        self.values: list[dict[str, Any]] = [{} for _ in environments]
        self.docs: dict[Path, tuple[str, Mapping[str, Any]]] = {}
        self.taken: dict[Path, Cases] = {}

    # --- holes ---------------------------------------------------------------------------------------------------

    def hole(
        self, path: Path, cases: Cases, doc: str = "", schema: Mapping[str, Any] | None = None, form: str = ""
    ) -> Hole:
        """A hole with its value in every environment; the same path with other values gets a number."""
        base, number = path, 1
        while path in self.taken and not _same(self.taken[path], cases):
            number += 1
            path = (*base[:-1], f"{base[-1]}{number}")
        self.taken[path] = cases
        for values, case in zip(self.values, cases, strict=True):
            if not isinstance(case, Missing):
                put(values, path, case)
            elif len(path) > 1:
                put_parents(values, path)
        present = [case for case in cases if not isinstance(case, Missing)]
        self.docs[path] = (doc, schema if schema is not None else schema_of(present))
        return Hole(path, form or form_of(present))  # type: ignore[arg-type]

    def flag(self, path: Path, cases: Sequence[bool], doc: str) -> When:
        self.hole(path, tuple(cases), doc, {"type": "boolean"})
        return When(path, "if")

    # --- trees ---------------------------------------------------------------------------------------------------

    def weave(self, cases: Cases, place: Place) -> Node:
        special = convention(self, cases, place)
        if special is not None:
            return special
        helper = self.reference(cases, place)
        if helper is not None:
            return helper
        present = [case for case in cases if not isinstance(case, Missing)]
        complete = len(present) == len(cases)
        if complete and all(isinstance(case, dict) and case for case in cases):
            return self.mapping(cases, place)
        if complete and all(isinstance(case, list) and case for case in cases):
            return self.listing(cases, place)
        if complete and alike(cases):
            return Const(cases[0])
        return self.hole(place.generic(), cases)

    def mapping(self, cases: Cases, place: Place) -> Fields:
        keys = list(dict.fromkeys(key for case in cases for key in case))
        if place.key in {"labels", "matchLabels"}:
            spread, rest = labels(self.environments, cases)
            if spread:
                kept = tuple({key: value for key, value in case.items() if key in rest} for case in cases)
                return Fields((Spread(spread), *(self.entry(key, kept, place) for key in rest)))
        extras = place.extras(self, cases)
        entries: list[Entry | Spread | Extra] = [
            extras.pop(key) if key in extras else self.entry(key, cases, place) for key in keys
        ]
        return Fields((*entries, *extras.values()))

    def entry(self, key: str, cases: Cases, place: Place) -> Entry:
        inner = tuple(case.get(key, MISSING) for case in cases)
        at = place.child(key)
        if key == "replicas" and place.replicas():
            present = next((case for case in inner if not isinstance(case, Missing)), 1)
            node = self.hole(
                place.section_path("replicaCount"),
                tuple(present if isinstance(case, Missing) else case for case in inner),
                "Number of replicas, when no autoscaler decides it.",
                {"type": "integer", "minimum": min(1, *_whole(inner))},
            )
            scaled = place.section_path("autoscaling", "enabled")
            return Entry(key, node, When(scaled, "unless") if scaled in self.taken else None)
        node_ = self.weave(inner, at)
        missing = any(isinstance(case, Missing) for case in inner)
        return Entry(key, node_, When(node_.path, "has") if missing and isinstance(node_, Hole) else None)

    def listing(self, cases: Cases, place: Place) -> Node:
        named = all(isinstance(item, dict) and "name" in item for case in cases for item in case)
        if named and all(len({item["name"] for item in case}) == len(case) for case in cases):
            return self.named(cases, place)
        if len({len(case) for case in cases}) == 1:
            nodes = [
                self.weave(tuple(items), place.child(index)) for index, items in enumerate(zip(*cases, strict=True))
            ]
            return Items(tuple(Entry("", node) for node in nodes))
        return self.hole(place.generic(), cases)

    def named(self, cases: Cases, place: Place) -> Node:
        """A list whose items have names: one entry a name, in an order that every environment has."""
        order = list(dict.fromkeys(item["name"] for case in cases for item in case))
        if any(
            [item["name"] for item in case] != [name for name in order if any(item["name"] == name for item in case)]
            for case in cases
        ):
            return self.hole(place.generic(), cases)
        entries = []
        for index, name in enumerate(order):
            inner = tuple(next((item for item in case if item["name"] == name), MISSING) for case in cases)
            node = self.weave(inner, place.child(index, str(name)))
            missing = any(isinstance(case, Missing) for case in inner)
            when = When(node.path, "has") if missing and isinstance(node, Hole) else None
            entries.append(Entry("", node, when))
        return Items(tuple(entries))

    def reference(self, cases: Cases, place: Place) -> Helper | None:
        """The name of an object of this chart, through the fullname helper."""
        if not all(isinstance(case, str) for case in cases) or not alike(cases):
            return None
        text = cases[0]
        kind = self.named_kind(place)
        known = frozenset().union(*self.created.values()) if kind == "" else self.created.get(kind or "", frozenset())
        if kind is None or text not in known or not (text == self.name or text.startswith(f"{self.name}-")):
            return None
        return Helper("fullname", text[len(self.name) :])

    def named_kind(self, place: Place) -> str | None:
        """The kind of the object that a string at this place names; "" any, None when it names nothing."""
        if place.route == ("metadata", "name"):
            return ""
        if place.key in _REFERENCES:
            return _REFERENCES[place.key]
        if place.key == "name":
            if place.kind == "ExternalSecret" and place.route[-2:] == ("target", "name"):
                return "Secret"
            holder = next((part for part in reversed(place.route[:-1]) if isinstance(part, str)), "")
            return _HOLDERS.get(holder)
        return None


def _whole(cases: Cases) -> list[int]:
    return [case for case in cases if isinstance(case, int)] or [1]


def _same(one: Cases, other: Cases) -> bool:
    return all(alike(pair) for pair in zip(one, other, strict=True))


def put_parents(values: dict[str, Any], path: Path) -> None:
    """The mappings above a path, so that a template can ask whether it is there."""
    node = values
    for part in path[:-1]:
        node = node.setdefault(part, {})


def form_of(present: Sequence[Any]) -> str:
    if all(isinstance(case, str) for case in present):
        return "string"
    return "scalar" if all(isinstance(case, bool | int | float) for case in present) else "block"


def schema_of(present: Sequence[Any]) -> dict[str, Any]:
    """The JSON type of a value, from what it is in the environments."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    found = sorted({names[type(case)] for case in present if type(case) in names})
    return {"type": found[0] if len(found) == 1 else found} if found else {}


def camel(*parts: str) -> str:
    words = [word for part in parts for word in _WORD.split(part) if word]
    return "".join(word if index == 0 else word[:1].upper() + word[1:] for index, word in enumerate(words))


def place_of(manifest: Manifest, section: Path) -> Place:
    return Place(manifest.kind, manifest.name, section, ())
