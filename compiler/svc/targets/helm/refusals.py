"""What a chart's checks say of values, worked out from the checks alone: no template language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from svc.quantities import amount
from svc.targets.helm.checks import message
from svc.targets.helm.types import Apart, AtMost, Check, Once, Path, Within
from svc.targets.helm.values import at, holds


def refusal(checks: Sequence[Check], values: Mapping[str, Any]) -> str:
    """What Helm says instead of rendering; empty when nothing is wrong."""
    return next((said for check in checks for said in refused(check, values)), "")


def refused(check: Check, values: Mapping[str, Any]) -> Iterator[str]:
    match check:
        case AtMost():
            low, high = at(values, check.low), at(values, check.high)
            if all(holds(when, values) for when in check.whens) and not isinstance(low, str) and low + check.gap > high:
                yield _said(check, low, high)
        case Apart():
            one, other = at(values, check.one), at(values, check.other)
            if one == other:
                yield _said(check, one)
        case Within():
            requests, limits = (at(values, (*check.path, part)) or {} for part in ("requests", "limits"))
            for name, request in sorted(requests.items()):
                if limits.get(name) and _amount(request) > _amount(limits[name]):
                    yield _said(check, name, request, name, limits[name])
        case Once():
            names = [item["name"] for item in at(values, check.path) or ()]
            yield from (_said(check, name) for at_, name in enumerate(names) if name in names[:at_])


def paths(check: Check) -> tuple[Path, ...]:
    """The values that a check looks at."""
    match check:
        case AtMost():
            return (check.low, check.high, *(path for when in check.whens for path in (when.path, when.also) if path))
        case Apart():
            return (check.one, check.other)
    return (check.path,)


def _said(check: Check, *values: Any) -> str:
    text = message(check)
    for value in values:
        text = text.replace("%v", str(value), 1)
    return text


def _amount(text: Any) -> Fraction:
    return _counted(str(text))


@lru_cache(maxsize=1024)
def _counted(text: str) -> Fraction:
    """What is no quantity counts as nothing, as in the chart: the schema refuses it."""
    try:
        return amount(text)
    except ValueError:
        return Fraction(0)
