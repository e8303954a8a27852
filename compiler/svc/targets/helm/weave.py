"""The objects of all environments woven into one template each: what people set, and what differs, become holes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from operator import or_
from typing import Any

from svc.diagnostics import shown
from svc.resolve.types.whole import Resolved
from svc.targets.helm.accounts import account_annotations
from svc.targets.helm.conventions import (
    CLAIMS,
    POD_VALUES,
    PULL_SECRETS,
    TEST_KEYS,
    convention,
    pod_extras,
    rules,
)
from svc.targets.helm.exposed import EXPOSING, secret_entry
from svc.targets.helm.fixed import untouched
from svc.targets.helm.forms import SCALARS, form_of, schema_of
from svc.targets.helm.labels import labels, tables
from svc.targets.helm.network_rules import network_rules
from svc.targets.helm.place import Place, distinct
from svc.targets.helm.references import NAMING, reference
from svc.targets.helm.replicas import REPLICATED, replicas, scaled_kind, unscaled
from svc.targets.helm.types import (
    Added,
    Builtin,
    Const,
    Entry,
    Extra,
    Fields,
    Hole,
    Items,
    Node,
    Path,
    Spot,
    Spread,
    When,
)
from svc.targets.helm.values import MISSING, Cases, Missing, alike, at, common_order, equal, joint, put, put_parents

_LEAVES = frozenset({str, int, bool})
_ROUTED = frozenset(
    {
        "annotations",
        "containers",
        "egress",
        "ingress",
        "labels",
        "matchLabels",
        "metadata",
        "selector",
        "spec",
        "template",
    }
)
"""Keys below which a rule here speaks of the whole mapping or list: by its route, or by what is not in it."""


class Weaver:
    """Collects the values of every environment while templates are woven."""

    def __init__(self, environments: Sequence[Resolved], created: Mapping[str, frozenset[str]]) -> None:
        self.environments = tuple(environments)
        self.name = environments[0].name
        self.created = created
        self.values: list[dict[str, Any]] = [{} for _ in environments]
        self.docs: dict[Path, tuple[str, Mapping[str, Any]]] = {}
        self.taken: dict[Path, Cases] = {}
        self.above: set[Path] = set()
        """What lies around the paths that are taken."""
        self.spots: dict[Path, Spot] = {}
        self.forms: dict[Path, str] = {}
        self.said: dict[Path, tuple[bool, ...]] = {}
        """The environments in which an object that they have says the value."""
        self.there = (True,) * len(self.values)
        """The environments that have the object that is being woven."""
        self.whole: set[Path] = set()
        """Values of which environments have other keys: each says it whole, so that no two of them come together."""
        self.annotations: tuple[Mapping[str, str], ...] = ()
        """What environments say of the account themselves, as a value."""
        self.version: Node = Builtin("Chart.AppVersion")
        self.tables = tables(environments)
        self.spoken: frozenset[str] = frozenset()
        self.untouched: set[int] = set()
        """Of the object that is being woven: the keys that rules are about, and what they leave alone."""

    def hole(
        self,
        path: Path,
        cases: Cases,
        doc: str = "",
        schema: Mapping[str, Any] | None = None,
        form: str = "",
        spot: Spot | None = None,
    ) -> Hole:
        """A hole with its value in every environment; the same path with other values gets a number.

        `spot`: where in an object of the API the value stands.
        """
        path, cases = self.free(path, cases, form, schema)
        self.taken[path] = cases
        self.said[path] = tuple(map(or_, self.said.get(path, self.there), self.there))
        self.above.update([path[:length] for length in range(len(path))])
        for values, case in zip(self.values, cases, strict=True):
            if not isinstance(case, Missing):
                put(values, path, case)
            elif len(path) > 1:
                put_parents(values, path)
        self.forms[path], said = _form_and_schema(cases, form, schema)
        self.docs[path] = (doc or self.docs.get(path, ("",))[0], said)
        if spot is not None:
            self.spots[path] = spot
        return Hole(path, self.forms[path])  # type: ignore[arg-type]

    def free(self, path: Path, cases: Cases, form: str, schema: Mapping[str, Any] | None) -> tuple[Path, Cases]:
        """The path itself, or with a number where it is taken by other values, lies within one or around one; and the
        values there."""
        base, number = path, 1
        while True:
            shared = self.shared(path, cases, form, schema) if path in self.taken else None
            if shared is not None:
                return path, shared
            at = next((length for length in range(1, len(path) + 1) if path[:length] in self.taken), 0)
            if not at and path not in self.above:
                return path, cases
            number += 1
            at = at or len(path)
            path = (*base[: at - 1], f"{base[at - 1]}{number}", *base[at:])

    def shared(self, path: Path, cases: Cases, form: str, schema: Mapping[str, Any] | None) -> Cases | None:
        """The values at a path that is taken, where they can be these as well: an object says nothing about environments
        that lack it."""
        if equal(self.taken[path], cases):
            return cases
        found = joint((self.taken[path], self.said[path]), (cases, self.there))
        known = (self.forms[path], self.docs[path][1])
        return found if found is not None and _form_and_schema(found, form, schema) == known else None

    def differing(self, cases: Cases, place: Place) -> Hole:
        """A value because environments differ, without a conventional name: it is told by where it stands."""
        hole = self.hole(place.generic(), cases, spot=place.spot())
        doc, said = self.docs[hole.path]
        self.docs[hole.path] = (doc or f"{shown(place.route)} of the {place.kind}.", said)
        return hole

    def flag(self, path: Path, cases: Sequence[bool], doc: str) -> When:
        return When(self.hole(path, tuple(cases), doc, {"type": "boolean"}).path, "if")

    def object(self, cases: Cases, place: Place, there: Sequence[bool]) -> Fields:
        """A whole object in all environments; another's stands in where it is not there."""
        self.spoken = known_keys(place.kind in EXPOSING)
        self.untouched = untouched(cases[0], self.spoken)
        self.there, everywhere = tuple(there), self.there
        made = self.mapping(cases, place)
        self.there = everywhere
        return made

    def weave(self, cases: Cases, place: Place) -> Node:
        if id(cases[0]) in self.untouched and place.key not in self.spoken and alike(cases):
            return Const(cases[0])
        special = convention(self, cases, place) or reference(self, cases, place)
        if special is not None:
            return special
        if type(cases[0]) in SCALARS:
            return Const(cases[0]) if alike(cases) else self.differing(cases, place)
        if all([isinstance(case, dict) and case for case in cases]):  # noqa: C419
            return self.mapping(cases, place)
        if all([isinstance(case, list) and case for case in cases]):  # noqa: C419
            return self.listing(cases, place)
        if MISSING not in cases and alike(cases):
            return Const(cases[0])
        return self.differing(cases, place)

    def mapping(self, cases: Cases, place: Place) -> Fields:
        every = dict(cases[0])
        for case in cases[1:]:
            every.update(case)
        keys = list(every)
        if place.key in {"labels", "matchLabels"} or (place.kind == "Service" and place.route == ("spec", "selector")):
            spread, rest = labels(self.tables, cases, self.there)
            if spread:
                left = dict.fromkeys([key for case in rest for key in case])
                return Fields((Spread(spread), *(self.entry(key, rest, place) for key in left)))
        entries: list[Entry | Spread | Extra | Added] = [self.entry(key, cases, place) for key in keys]
        if place.kind == "ServiceAccount" and place.own and place.route == ("metadata",) and "annotations" not in keys:
            entries.append(Extra("annotations", ("serviceAccount", "annotations")))
        if place.route == ("spec",) and place.kind in REPLICATED and "replicas" not in keys:
            entries = [*unscaled(self, place), *entries]
        return Fields((*entries, *pod_extras(self, keys, place)))

    def entry(self, key: str, cases: Cases, place: Place) -> Entry | Extra:
        inner = tuple([case.get(key, MISSING) for case in cases])
        if key == "kind" and place.route == ("spec", "scaleTargetRef"):
            return Entry(key, scaled_kind(self, inner, place.child(key)) or Const(inner[0]))
        if key not in self.spoken:
            if _leaf(inner):
                return Entry(key, Const(inner[0]))
            if id(inner[0]) in self.untouched and alike(inner):
                return Entry(key, Const(inner[0]))
        at = place.child(key)
        if key == "replicas" and at.route == ("spec", "replicas") and place.kind in REPLICATED:
            return replicas(self, inner, place)
        if at.own and at.in_pod[:1] == ("spec",) and len(at.in_pod) == 2 and key in POD_VALUES:
            doc, schema = POD_VALUES[key]
            return self.optional(key, inner, place.path(key), doc, schema, at.spot())
        if at.own and at.in_pod == ("spec", PULL_SECRETS[0]):
            return self.optional(key, inner, PULL_SECRETS[:1], *PULL_SECRETS[1:], at.spot())
        if at.own and at.in_pod == ("metadata", "annotations") and MISSING in inner:
            return self.optional(key, inner, at.generic(), "", {})
        if place.kind == "ServiceAccount" and at.own and at.route == ("metadata", "annotations"):
            return account_annotations(self, inner, at)
        if MISSING not in inner:
            return Entry(key, self.weave(inner, at))
        if all(case is MISSING or (case and isinstance(case, dict | list)) for case in inner):
            return self.optional(key, inner, at.generic(), "", None, at.spot())
        node = self.weave(inner, at)
        return Entry(key, node, When(node.path, "has") if isinstance(node, Hole) else None)

    def optional(
        self,
        key: str,
        cases: Cases,
        path: Path,
        doc: str,
        schema: Mapping[str, Any] | None,
        spot: Spot | None = None,
    ) -> Extra:
        """A mapping or list that an environment may lack: empty then."""
        listed = any(isinstance(case, list) for case in cases)
        filled = tuple(([] if listed else {}) if isinstance(case, Missing) else case for case in cases)
        return Extra(key, self.hole(path, filled, doc, schema, "block", spot).path)

    def listing(self, cases: Cases, place: Place) -> Node:
        if place.kind == "NetworkPolicy" and place.own and place.route in {("spec", "ingress"), ("spec", "egress")}:
            return network_rules(self, cases, place)
        by = "secretKey" if place.kind == "ExternalSecret" else "name"
        named = all(isinstance(item, dict) and by in item for case in cases for item in case)
        account = place.key == "subjects" and all(len(case) == 1 for case in cases)  # it may be called otherwise
        if named and not account and all(len({item[by] for item in case}) == len(case) for case in cases):
            return self.named(cases, place, by)
        if len({len(case) for case in cases}) == 1:
            rows = list(zip(*cases, strict=True))
            claims = [_claim(items) if place.key == CLAIMS else "" for items in rows]
            called = distinct(claims)
            nodes = [
                self.weave(items, place.child(index, called[claim]))
                for index, (items, claim) in enumerate(zip(rows, claims, strict=True))
            ]
            return Items(tuple(Entry("", node) for node in nodes))
        return self.differing(cases, place)

    def named(self, cases: Cases, place: Place, by: str) -> Node:
        """A list whose items have names: one entry a name, in an order that every environment has."""
        order = common_order([[item[by] for item in case] for case in cases])
        if order is None:
            return self.differing(cases, place)
        entries = []
        for index, name in enumerate(order):
            inner = tuple(next((item for item in case if item[by] == name), MISSING) for case in cases)
            missing = any(isinstance(case, Missing) for case in inner)
            if missing and by == "secretKey":
                entries.append(secret_entry(self, inner, place, str(name)))
                continue
            node = self.weave(inner, place.child(index, str(name)))
            when = When(node.path, "has") if missing and isinstance(node, Hole) else None
            entries.append(Entry("", node, when))
        return Items(tuple(entries))


@cache
def known_keys(exposing: bool) -> frozenset[str]:
    """The keys that a rule here or a convention is about, wherever they stand; `exposing`: in an object of such a kind."""
    return frozenset({"replicas", PULL_SECRETS[0], *NAMING, *POD_VALUES, *rules(exposing), *TEST_KEYS, *_ROUTED})


def _form_and_schema(cases: Cases, form: str, schema: Mapping[str, Any] | None) -> tuple[str, Mapping[str, Any]]:
    """As given, or from what the values are."""
    present = [case for case in cases if not isinstance(case, Missing)]
    said = schema if schema is not None else schema_of(present)
    return form or form_of(present, said), said


def _claim(cases: Cases) -> str:
    """The name of a claim that is the same everywhere."""
    names = [at(case, ("metadata", "name")) for case in cases]
    return names[0] if isinstance(names[0], str) and alike(names) else ""


def _leaf(cases: Cases) -> bool:
    """Whether a value is a scalar and the same everywhere."""
    first = cases[0]
    kind = type(first)
    return kind in _LEAVES and all([type(case) is kind and case == first for case in cases])  # noqa: C419
