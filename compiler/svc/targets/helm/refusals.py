"""What a chart's checks say of values, worked out from the checks alone: no template language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from svc.kubernetes.devices import never_shared
from svc.patterns import regex
from svc.quantities import nanos
from svc.targets.helm.checks import message
from svc.targets.helm.types import Apart, AtMost, Check, Devices, Distinct, Inside, Once, Opened, Path, Upward, Within
from svc.targets.helm.values import at, holds

_SHARE = regex(r"([0-9]+)%?")
MISSING = "missing"


def refusal(checks: Sequence[Check], values: Mapping[str, Any]) -> str:
    """What Helm says instead of rendering; empty when nothing is wrong."""
    return next((said for check in checks for said in refused(check, values)), "")


def refused(check: Check, values: Mapping[str, Any]) -> Iterator[str]:
    """The messages with which a check ends a rendering with these values."""
    match check:
        case AtMost():
            low, high = at(values, check.low), at(values, check.high)
            if all(holds(when, values) for when in check.whens) and above(low, high, check.gap):
                yield _said(check, low, high)
        case Apart():
            one, other = at(values, check.one), at(values, check.other)
            if one == other:
                yield _said(check, one)
        case Distinct():
            yield from (_said(check, port, name) for name, port in _twice(check, values))
        case Opened():
            found = at(values, check.path) or {}
            for one in found if check.each else [found]:
                if at(values, check.type) == "ClusterIP" and one.get(check.key):
                    yield _said(check, one[check.key])
        case Within():
            requests, limits = (at(values, (*check.path, part)) or {} for part in ("requests", "limits"))
            for name, request in sorted(requests.items()):
                if limits.get(name) and _amount(request) > _amount(limits[name]):
                    yield _said(check, name, request, name, limits[name])
        case Devices():
            requests, limits = (at(values, (*check.path, part)) or {} for part in ("requests", "limits"))
            for name, request in sorted(requests.items()):
                limit = limits.get(name) or MISSING
                if never_shared(name) and _amount(request) != _amount(limit):
                    yield _said(check, name, request, name, limit)
        case Upward():
            for rule in at(values, check.path) or ():
                for one in rule.get("ports") or ():
                    if one.get("endPort") and one["port"] > one["endPort"]:
                        yield _said(check, one["port"], one["endPort"])
        case Inside():
            yield from (_said(check, *pair) for pair in _outside(check, values))
        case Once():
            names = [item["name"] for item in at(values, check.path) or ()]
            yield from (_said(check, name) for at_, name in enumerate(names) if name in names[:at_])


def _outside(check: Inside, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Ranges that are excepted of one that they are no part of."""
    for rule in at(values, check.path) or ():
        for peer in rule.get(check.peers) or ():
            block = peer.get("ipBlock") or {}
            yield from ((one, block["cidr"]) for one in block.get("except") or () if not _inside(one, block["cidr"]))


def _inside(one: str, around: str) -> bool:
    """Whether a range of addresses is a smaller part of another; what is none, which the schema refuses, is not."""
    from ipaddress import ip_network

    try:
        inner, outer = ip_network(one, strict=False), ip_network(around, strict=False)
    except ValueError:
        return False
    return inner.version == outer.version and inner.prefixlen > outer.prefixlen and inner.network_address in outer


def _twice(check: Distinct, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and numbers of ports of which one stands before."""
    seen: set[str] = set()
    for name, port in _ports(check, values):
        if not seen.isdisjoint((name, port)):
            yield name, port
        seen |= {name, port}


def _ports(check: Distinct, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The name of each port that is there, and its number with the protocol."""
    for one in check.ports:
        found: Any = at(values, one.path) if one.path else one.number
        if one.form == "number":
            yield one.name, f"{found}/{one.protocol}"
            continue
        for port in (found if one.form == "list" else [found]) if found else ():
            yield port.get("name") or "", f"{port['port']}/{port.get('protocol') or 'TCP'}"


def above(low: Any, high: int, gap: int) -> bool:
    """Whether a number, or with a gap a share of `high` as the API rounds it, is more than may be."""
    if isinstance(low, str):
        return bool(gap) and (100 - share(low)) * high < 100
    return bool(low + gap > high)


def share(text: str) -> int:
    """`50%` -> 50; what is none counts as nothing, as in the chart."""
    found = _SHARE.fullmatch(text)
    return int(found[1]) if found else 0


def paths(check: Check) -> tuple[Path, ...]:
    """The values that a check looks at."""
    match check:
        case AtMost():
            return (check.low, check.high, *(path for when in check.whens for path in (when.path, when.also) if path))
        case Apart():
            return (check.one, check.other)
        case Distinct():
            return tuple([one.path for one in check.ports if one.path])
        case Opened():
            return (check.type, check.path)
    return (check.path,)


def _said(check: Check, *values: Any) -> str:
    text = message(check)
    for value in values:
        text = text.replace("%v", str(value), 1)
    return text


def _amount(text: Any) -> int:
    return _counted(str(text))


@lru_cache(maxsize=1024)
def _counted(text: str) -> int:
    """What is no quantity counts as nothing, as in the chart: the schema refuses it."""
    try:
        return nanos(text)
    except ValueError:
        return 0
