"""What an API server refuses of values that stand in many places: addresses, ports, amounts, numbers, names given twice.

What some other program fills in is never one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.patterns import regex
from svc.tree import mappings

_PLACE_HELD = regex(r"[<>{}%@\[\]]|://|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^__\w+__$")
"""What some other program puts a value for: `<path:...>`, `{{ }}`, `%X%`, `@X@`, `ENC[...]`, `ref+vault://...`,
`DB_PASSWORD`, `__x__`."""


def filled_in(value: Any) -> bool:
    """Whether something else puts a value there, or nothing is there."""
    return value is None or (isinstance(value, str) and syntax.filled_in_later(value))


def place_held(value: str) -> bool:
    """Whether some other program puts a value there, for all that it looks like."""
    return filled_in(value) or _PLACE_HELD.search(value) is not None


def shown(value: Any) -> str:
    return "an empty text" if value == "" else f"`{value}`"


def no_quantity(value: Any) -> bool:
    """Whether an amount is none; of a list or a mapping in its place, the schema says so."""
    if filled_in(value) or isinstance(value, list | dict) or syntax.quantity(value):
        return False
    return not syntax.stands_in(str(value))


def address(value: Any, route: Route) -> Iterator[Found]:
    """`None` and an empty text are words of their own."""
    if isinstance(value, str) and value not in ("", "None") and not place_held(value):
        try:
            ip_address(value)
        except ValueError:
            yield route, f"`{value}` is no address, such as 192.0.2.1"


def port_number(number: Any, route: Route) -> Iterator[Found]:
    if isinstance(number, int) and not isinstance(number, bool) and not 1 <= number <= 65535:
        yield route, f"{number} is no port: 1 to 65535"


def port_name(name: Any, route: Route) -> Iterator[Found]:
    if isinstance(name, str) and not syntax.port_name(name) and not syntax.stands_in(name):
        yield route, f"`{name}` is no port name: at most 15 of a-z, 0-9 and `-`, with a letter"


def at_least(least: int, number: Any, route: Route) -> Iterator[Found]:
    if isinstance(number, int) and number < least:
        yield route, f"`{route[-1]}` is {number}: at least {least}"


def twice(node: dict[str, Any], route: Route, part: str, key: str, what: str) -> Iterator[Found]:
    """Entries of a list that have a key in common, by which they are told apart."""
    seen: set[str] = set()
    for index, one in mappings(node, part):
        name = one.get(key)
        if isinstance(name, str) and "$patch" not in one:
            if name in seen:
                yield (*route, part, index, key), f"a second {what} has `{key}: {name}`"
            seen.add(name)
