"""Annotations of accounts: the service's own are a value of the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svc.targets.helm.place import Place
from svc.targets.helm.types import Added, Entry, Extra, Fields
from svc.targets.helm.values import Cases, Missing
from svc.tree import bare

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver


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
    return Entry("annotations", Fields((*weaver.mapping(rest, place).entries, Added(path))))
