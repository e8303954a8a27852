"""Annotations of accounts: the service's own are a value of the chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from svc.kubernetes.types import Manifest
from svc.targets.helm.place import Place
from svc.targets.helm.types import Added, Entry, Extra, Fields
from svc.targets.helm.values import Cases, Missing
from svc.tree import bare

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

_STRINGS = {"type": "object", "additionalProperties": {"type": "string"}}


def account_values(weaver: Weaver, name: str, objects: Sequence[Sequence[Manifest]]) -> None:
    """What every chart says of the account of the service `name`."""
    accounts = [one.account for one in weaver.environments]
    own = [one.create and one.name == name for one in accounts]
    create = tuple(one.create for one in accounts)
    weaver.hole(("serviceAccount", "create"), create, "Make a ServiceAccount.", {"type": "boolean"})
    weaver.hole(
        ("serviceAccount", "name"),
        tuple("" if its else one.name for its, one in zip(own, accounts, strict=True)),
        "Its name; the service's when empty.",
        {"type": "string"},
    )
    known = tuple(dict(one.annotations) for one in accounts)
    found = tuple(
        next((_annotations(each) for each in made if (each.kind, each.name) == ("ServiceAccount", one.name)), its)
        for made, one, its in zip(objects, accounts, known, strict=True)
    )
    weaver.annotations = found
    if not any(create):
        return  # what is made elsewhere has its annotations there
    doc = "Its annotations, such as a workload identity."
    weaver.hole(("serviceAccount", "annotations"), weaver.annotations, doc, _STRINGS)


def _annotations(account: Manifest) -> dict[str, str]:
    return {key: bare(value) for key, value in account.tree.get("metadata", "annotations", default={}).items()}


def account_annotations(weaver: Weaver, cases: Cases, place: Place) -> Entry | Extra:
    """The account's own ones are a value, the rest stands in the template."""
    path = ("serviceAccount", "annotations")
    known = weaver.annotations
    others = {pair for one in known for pair in one.items()}  # where an object is missing, another's stands in
    rest = tuple(
        {}
        if isinstance(case, Missing)
        else {key: value for key, value in case.items() if key not in own and (key, bare(value)) not in others}
        for case, own in zip(cases, known, strict=True)
    )
    if not any(rest):
        return Extra("annotations", path)
    lacking = [own.keys() - case.keys() for case, own, has in zip(cases, known, weaver.there, strict=True) if has]
    if any(lacking) or {key for one in known for key in one} & {key for one in rest for key in one}:
        path, doc = ("serviceAccount", "predeployAnnotations"), "Annotations of the account of jobs before a deploy."
        return weaver.optional("annotations", cases, path, doc, _STRINGS)  # with the account's they would clash
    return Entry("annotations", Fields((*weaver.mapping(rest, place).entries, Added(path))))
