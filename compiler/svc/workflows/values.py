"""Every expression of a workflow or composite action: its syntax, and its names and types where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route
from svc.tree import walk
from svc.workflows import contexts, places
from svc.workflows.expression import OPEN, ExpressionError, find, parse
from svc.workflows.typing import Kind, Reading

_SYNTAX, _TYPE = "workflow-expression-syntax", "workflow-expression"


def problems(data: Any, *, action: bool = False) -> Iterator[Problem]:
    """What GitHub would refuse, or what is certainly empty, in the expressions of a file."""
    for route, value in walk(data):
        if not isinstance(value, str) or route[:1] in (("name",), ("description",)):
            continue
        condition = _is_condition(route, action=action)
        if OPEN in value or (condition and value.strip()):
            yield from _value(data, route, value, whole=condition and OPEN not in value, action=action)


def _is_condition(route: Route, *, action: bool) -> bool:
    if route[-1:] != ("if",):
        return False
    return route[:2] == ("runs", "steps") if action else route[:1] == ("jobs",) and len(route) in (3, 5)


def _value(data: Any, route: Route, value: str, *, whole: bool, action: bool) -> Iterator[Problem]:
    room = places.room_in_action(route) if action else places.room(route)
    try:
        texts = (
            [(value.strip(), True)] if whole else [(one.text, _alone(value, one.start, one.end)) for one in find(value)]
        )
    except ExpressionError as error:
        yield Problem(_SYNTAX, route, str(error), "close it, or write `${{ '${{' }}` for the text itself")
        return
    if not room.contexts:
        where = f"`{route[-1]}`" if route and isinstance(route[-1], str) else "this place"
        yield Problem(_TYPE, route, f"no expression may stand in {where}", "write the value itself")
        return
    known = contexts.in_action(data, route) if action else contexts.at(data, route)
    for text, alone in texts:
        yield from _expression(route, text, places.Room(room.contexts, room.functions), known, alone=alone)


def _expression(
    route: Route, text: str, room: places.Room, known: dict[str, Kind], *, alone: bool
) -> Iterator[Problem]:
    quoted = " ".join(text.split())
    quoted = quoted if len(quoted) <= 60 else f"{quoted[:57]}..."
    try:
        node = parse(text)
    except ExpressionError as error:
        yield Problem(_SYNTAX, route, f"`{quoted}` is no expression: {error}", "see GitHub's expression syntax")
        return
    reading = Reading(room, known)
    kind = reading.kind(node)
    for fault in dict.fromkeys(reading.faults):
        yield Problem(_TYPE, route, f"in `{quoted}`: {fault}")
    if not reading.faults and kind.name in ("object", "array") and (not alone or _is_text(route)):
        message = f"`{quoted}` is an {kind.name}, of which no text can be made"
        yield Problem(_TYPE, route, message, f"write toJSON({quoted})")


def _alone(value: str, start: int, end: int) -> bool:
    return not value[:start].strip() and not value[end:].strip()


def _is_text(route: Route) -> bool:
    step = route[4:] if route[:1] == ("jobs",) and route[2:3] == ("steps",) else ()
    return step[:1] in (("run",), ("name",), ("working-directory",)) or (len(step) == 2 and step[0] in ("env", "with"))
