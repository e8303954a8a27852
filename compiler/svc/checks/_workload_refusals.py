"""What an API server refuses of workloads, and of what goes with them: claims, budgets and autoscalers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._refused_values import at_least, filled_in, no_quantity, shown
from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.parts import is_whole
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.suggest import nearest
from svc.tree import mapping, mappings

_SOURCES = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
"""What each type of a metric is told in."""
_AT_LEAST_0 = (
    *("activeDeadlineSeconds", "backoffLimit", "completions", "failedJobsHistoryLimit", "minReadySeconds"),
    *("parallelism", "revisionHistoryLimit", "startingDeadlineSeconds", "successfulJobsHistoryLimit"),
    "ttlSecondsAfterFinished",
)
_STORAGE = ("resources", "requests", "storage")
_NOTHING = regex(r"-.*|[+]?0*(\.0*)?([eE][0-9]+|[A-Za-z]*)")
"""Amounts that are no size of a volume."""


def numbers(manifest: Manifest) -> Iterator[Found]:
    for at in (("spec",), ("spec", "jobTemplate", "spec")):
        for key in _AT_LEAST_0:
            yield from at_least(0, manifest.tree.get(*at, key), (*at, key))
    ready, late = (manifest.tree.get("spec", key) for key in ("minReadySeconds", "progressDeadlineSeconds"))
    if type(ready) is int and type(late) is int and late <= ready:
        message = f"`progressDeadlineSeconds` is {late}: more than minReadySeconds {ready}"
        yield ("spec", "progressDeadlineSeconds"), message


def replicas(manifest: Manifest) -> Iterator[Found]:
    yield from at_least(0, manifest.tree.get("spec", "replicas"), ("spec", "replicas"))


def strategy(manifest: Manifest) -> Iterator[Found]:
    strategy = mapping(manifest.tree.data, "spec", "strategy")
    rolling = mapping(strategy, "rollingUpdate")
    if strategy.get("type") == "Recreate" and rolling:
        yield ("spec", "strategy", "rollingUpdate"), "Recreate takes no `rollingUpdate`"
    if all(rolling.get(key) in (0, "0", "0%") for key in ("maxSurge", "maxUnavailable")):
        yield ("spec", "strategy", "rollingUpdate"), "`maxSurge` and `maxUnavailable` cannot both be 0"
    for key in ("maxSurge", "maxUnavailable"):
        yield from _share(rolling.get(key), ("spec", "strategy", "rollingUpdate", key), more=key == "maxSurge")


def by_hand(manifest: Manifest) -> Iterator[Found]:
    strategy = mapping(manifest.tree.data, "spec", "updateStrategy")
    if strategy.get("type") == "OnDelete" and strategy.get("rollingUpdate"):
        yield ("spec", "updateStrategy", "rollingUpdate"), "OnDelete takes no `rollingUpdate`"


def job(manifest: Manifest) -> Iterator[Found]:
    spec = mapping(manifest.tree.data, "spec")
    if spec.get("podFailurePolicy") and mapping(manifest.pod).get("restartPolicy") == "OnFailure":
        yield ("spec", "podFailurePolicy"), "`podFailurePolicy` needs pods with `restartPolicy: Never`"
    if spec.get("completionMode") == "Indexed" and spec.get("completions") is None and is_whole(manifest):
        yield ("spec", "completionMode"), "`completionMode: Indexed` needs `completions`: how many indexes there are"


def schedule(manifest: Manifest) -> Iterator[Found]:
    schedule = manifest.tree.get("spec", "schedule")
    if isinstance(schedule, str) and "$" not in schedule:
        wrong = syntax.cron(schedule)
        if wrong:
            yield ("spec", "schedule"), f"`{schedule}` is no schedule: {wrong}"


def time_zone(manifest: Manifest) -> Iterator[Found]:
    zone = manifest.tree.get("spec", "timeZone")
    if not isinstance(zone, str) or filled_in(zone):
        return
    from svc.model.zones import names

    if zone not in names():
        hint = f"there is no time zone `{zone}`{nearest(zone, names())}" if zone else "the time zone is empty"
        yield ("spec", "timeZone"), hint


def claims(manifest: Manifest) -> Iterator[Found]:
    """A claim of a StatefulSet stands as a whole, even in a patch."""
    for index, one in mappings(manifest.tree.data, "spec", "volumeClaimTemplates"):
        at: Route = ("spec", "volumeClaimTemplates", index)
        spec = mapping(one, "spec")
        if spec.get("accessModes") in (None, []):
            yield (*at, "spec"), "the claim has no `accessModes`, such as `[ReadWriteOnce]`"
        if mapping(spec, "resources", "requests").get("storage") is None:
            yield (*at, "spec"), "the claim has no size: `resources: {requests: {storage: 10Gi}}`"
        yield from _size(one, at)


def claim(manifest: Manifest) -> Iterator[Found]:
    yield from _size(manifest.tree.data, ())


def _size(claim: Any, route: Route) -> Iterator[Found]:
    at, size = (*route, "spec", *_STORAGE), mapping(claim, "spec", *_STORAGE[:-1]).get(_STORAGE[-1])
    if no_quantity(size):
        yield at, f"{shown(size)} is no quantity, such as 10Gi"
    elif not filled_in(size) and _NOTHING.fullmatch(str(size)):
        yield at, f"`{size}` is no size of a volume: more than 0"


def budget(manifest: Manifest) -> Iterator[Found]:
    spec = mapping(manifest.tree.data, "spec")
    if all(spec.get(key) is not None for key in ("minAvailable", "maxUnavailable")):
        yield ("spec", "maxUnavailable"), "a budget has `minAvailable` or `maxUnavailable`, not both"
    for key in ("minAvailable", "maxUnavailable"):
        yield from _share(spec.get(key), ("spec", key))


def autoscaler(manifest: Manifest) -> Iterator[Found]:
    low, high = manifest.tree.get("spec", "minReplicas"), manifest.tree.get("spec", "maxReplicas")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield ("spec", "maxReplicas"), f"minReplicas {low} is more than maxReplicas {high}"
    else:
        yield from at_least(1, high, ("spec", "maxReplicas"))
    for index, one in mappings(manifest.tree.data, "spec", "metrics"):
        kind = one.get("type")
        source = _SOURCES.get(kind) if isinstance(kind, str) else None
        given = [key for key in _SOURCES.values() if one.get(key) is not None]
        if source is not None and given != [source]:
            had = " and ".join(f"`{key}`" for key in given) or "nothing"
            message = f"a metric of type `{kind}` has `{source}` and nothing else; this has {had}"
            yield ("spec", "metrics", index), message


def _share(given: Any, route: Route, *, more: bool = False) -> Iterator[Found]:
    """`ValidatePositiveIntOrPercent` and `IsNotMoreThan100Percent` of the API's validation. `more`: than all of them."""
    if filled_in(given) or isinstance(given, bool):
        return
    if isinstance(given, str) and not syntax.percent(given):
        yield route, f"`{given}` is neither a number of pods, without quotes, nor a share of them, such as 50%"
    elif isinstance(given, str) and not more and len(given.lstrip("0")) > 3 and given.lstrip("0") != "100%":
        yield route, f"`{given}` is more than 100%"
    yield from at_least(0, given, route)
