"""Annotations of accounts: the service's own are a value of the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svc.targets.helm.place import Place
from svc.targets.helm.types import Added, Entry, Extra, Fields, When
from svc.targets.helm.values import Cases, Missing
from svc.tree import bare

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

_STRINGS = {"type": "object", "additionalProperties": {"type": "string"}}


def account_annotations(weaver: Weaver, cases: Cases, place: Place) -> Entry | Extra:
    """The account's own ones are a value, the rest stands in the template."""
    path = ("serviceAccount", "annotations")
    known = [dict(one.account.annotations) for one in weaver.environments]
    others = {pair for one in known for pair in one.items()}  # where an object is missing, another's stands in
    rest = tuple(
        {}
        if isinstance(case, Missing)
        else {key: value for key, value in case.items() if key not in own and (key, bare(value)) not in others}
        for case, own in zip(cases, known, strict=True)
    )
    if not any(rest):
        return Extra("annotations", path)
    if {key for one in known for key in one} & {key for one in rest for key in one}:
        return weaver.optional(
            "annotations", cases, path, "", _STRINGS
        )  # under one name in the template they would clash
    if not all(rest):
        more = weaver.hole(("serviceAccount", "moreAnnotations"), rest, "Further ones.", _STRINGS, "block").path
        return Entry("annotations", Fields((Added(more), Added(path))), When(path, "if", more))
    return Entry("annotations", Fields((*weaver.mapping(rest, place).entries, Added(path))))
