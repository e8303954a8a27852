"""A number of a service, or how many items a list or mapping has, is below or above what is allowed.

Bounds are text: `2`, `4`, `500m` (of CPU), `8Gi` (of memory).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from svc.checks._service import Found, called, values
from svc.checks._service import wrong as path_wrong
from svc.records import dataclass
from svc.resolve.quantities import amount
from svc.resolve.view import View


@dataclass(frozen=True, slots=True)
class Params:
    key: str = ""
    at_least: str = ""
    at_most: str = ""
    environments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def check(view: View, params: Params) -> Iterator[Found]:
    for route, value in values(view, params):
        counted = isinstance(value, list | dict)
        number = _number(value)
        if number is None:
            continue
        said = f"{called(view, route)} has {len(value)}" if counted else f"{called(view, route)} is {_text(value)}"
        if params.at_least and number < amount(params.at_least):
            yield route, f"{said}; at least {params.at_least} is demanded"
        elif params.at_most and number > amount(params.at_most):
            yield route, f"{said}; at most {params.at_most} is allowed"


def wrong(params: Params) -> Iterator[tuple[str, str]]:
    yield from path_wrong(params)
    if not params.at_least and not params.at_most:
        yield "at_least", "`at_least` or `at_most` must say a bound"
    for name, bound in (("at_least", params.at_least), ("at_most", params.at_most)):
        try:
            amount(bound or "0")
        except ValueError:
            yield name, f"`{name}` is no number or quantity: `{bound}`"


def _number(value: Any) -> Fraction | None:
    if isinstance(value, list | dict):
        return Fraction(len(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Fraction(str(value))
    return None


def _text(value: float) -> str:
    """A number as people write it: whole binary multiples by their unit."""
    for unit, size in (("Gi", 2**30), ("Mi", 2**20)):
        if isinstance(value, int) and value >= size and value % size == 0:
            return f"{value // size}{unit}"
    return str(value)
