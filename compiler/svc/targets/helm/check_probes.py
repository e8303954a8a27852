"""Values that a chart's checks just take and just refuse: what the rendered checks say of them is what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.targets.helm.refusals import refused, share
from svc.targets.helm.types import (
    Apart,
    AtMost,
    Chart,
    Check,
    Devices,
    Distinct,
    Inside,
    Once,
    Opened,
    Path,
    Upward,
    When,
    Within,
)
from svc.targets.helm.values import at

QUANTITIES: Mapping[str, float] = {
    **{f"3{suffix}": 3 * 1024.0**power for power, suffix in enumerate(("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"))},
    **{f"7{suffix}": 7 * 10.0**power for power, suffix in zip((3, 6, 9, 12, 15, 18), "kMGTPE", strict=True)},
    "7m": 0.007,
    "7u": 0.000007,
    "7n": 0.000000007,
    "0.5": 0.5,
    "1.5e3": 1500.0,
    "2E2": 200.0,
}
"""A quantity of every suffix -> what it is."""

ADDRESSES: Mapping[str, str] = {
    "10.200.0.7/8": "4" + "".join(f"{one:08b}" for one in (10, 200, 0, 7)),
    "::/0": "6" + "0" * 128,
    "FD00:0:1::a/64": "6" + "".join(f"{one:016b}" for one in (0xFD00, 0, 1, 0, 0, 0, 0, 0xA)),
    "1:2:3:4:5:6:7:8/128": "6" + "".join(f"{one:016b}" for one in range(1, 9)),
}
"""A range of each form -> the bits of its address, behind the number of its protocol."""


def settled(chart: Chart, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with those raised that a check finds too low: just as much as it takes."""
    made = dict(values)
    for _ in chart.checks:
        low = False
        for check in chart.checks:
            if any(refused(check, made)):
                made, low = _put(made, check, fits=True), True
        if not low:
            break
    return made


def check_probes(chart: Chart, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """For each check values at its border and values past it; `values`: some that every check takes."""
    for check in chart.checks:
        made = dict(values)
        for when in check.whens if isinstance(check, AtMost) else ():
            made = _met(made, when)
        for start in _starts(made, check):
            fine = settled(chart, _put(start, check, fits=True))
            yield fine
            yield _put(fine, check, fits=False)


def _starts(values: Mapping[str, Any], check: Check) -> Iterator[Mapping[str, Any]]:
    """The values, and with a share where a number may be one."""
    yield values
    if isinstance(check, AtMost) and check.gap:
        yield _instead(values, check.low, "67%")


def _put(values: Mapping[str, Any], check: Check, *, fits: bool) -> dict[str, Any]:
    match check:
        case AtMost():
            low = at(values, check.low)
            least = _of_share(low) if isinstance(low, str) else low + check.gap
            return _instead(values, check.high, least - (0 if fits else 1))
        case Apart():
            one = at(values, check.one)
            return _instead(values, check.other, one + 1 if fits else one)
        case Distinct():
            return _ports(values, check, fits=fits)
        case Opened():
            made = _instead(values, check.type, "NodePort" if fits else "ClusterIP")
            known = {**(at(made, check.path) or {}), check.key: 30080} if not check.each else [{check.key: 30080}]
            return _instead(made, check.path, known)
        case Within():
            cpu = "1e3" if fits else "1000001m"
            return _instead(values, check.path, {"requests": {"cpu": cpu}, "limits": {"cpu": 1000}})
        case Devices():
            devices = {"requests": {"a.example.com/b": 2}, "limits": {"a.example.com/b": "2e0" if fits else 3}}
            return _instead(values, check.path, devices)
        case Upward():
            return _instead(values, check.path, [{"ports": [{"port": 8, "endPort": 8 if fits else 7}]}])
        case Inside():
            block = {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16" if fits else "11.1.0.0/16"]}
            return _instead(values, check.path, [{check.peers: [{"ipBlock": block}]}])
        case Once():
            names = ("first", "second") if fits else ("second", "second")
            return _instead(values, check.path, [{"name": name} for name in names])


def _ports(values: Mapping[str, Any], check: Distinct, *, fits: bool) -> dict[str, Any]:
    """Each port with a number of its own; or one that is a value as a whole with that of another one."""
    made = dict(values)
    for number, one in enumerate(check.ports, 1000):
        whole = {"name": f"p{number}", "port": number, "protocol": "TCP"}
        if one.path:
            found: Any = {"number": number, "whole": whole, "list": [whole]}[one.form]
            made = _instead(made, one.path, found)
    if fits:
        return made
    last = next(one for one in reversed(check.ports) if one.form != "number")
    other = next((one for one in check.ports if one is not last), last)
    taken = (at(made, other.path) if other.path else other.number) if other.form == "number" else 1000
    twin = {"name": "twin", "port": taken, "protocol": other.protocol}
    return _instead(made, last.path, [twin, {**twin, "name": "other"}] if last.form == "list" else twin)


def _of_share(text: str) -> int:
    """The fewest of which a share leaves one; of all of them there are none."""
    rest = 100 - share(text)
    return -(-100 // rest) if rest > 0 else 1


def _instead(values: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The values with another one at a path."""
    first, *rest = path
    return {**values, first: _instead(values[first], tuple(rest), value) if rest else value}


def _met(values: Mapping[str, Any], when: When) -> dict[str, Any]:
    made = dict(values)
    for path in (when.path, when.also) if when.also else (when.path,):
        if bool(at(values, path)) != (when.kind == "if"):
            made = _instead(made, path, when.kind == "if")
    return made
