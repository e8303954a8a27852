"""Every expression of a workflow or composite action: its syntax, and its names and types where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Anchor, Problem, Route
from svc.records import replace
from svc.tree import walk
from svc.workflows import contexts, places
from svc.workflows.beyond import Beyond
from svc.workflows.expression import OPEN, ExpressionError, find, parse
from svc.workflows.kinds import Kind
from svc.workflows.typing import Reading, an

_SYNTAX, _TYPE = "workflow-expression-syntax", "workflow-expression"


def problems(data: Any, beyond: Beyond, *, action: bool = False) -> Iterator[Problem]:
    """What GitHub would refuse, or what is certainly empty, in the expressions of a file."""
    steps = contexts.Steps(beyond)
    for route, value in walk(data):
        if isinstance(value, dict) and route[-1:] == ("env",):
            for key in value:
                if OPEN in key:
                    yield from _value(data, steps, (*route, key), key, whole=False, action=action, anchor="key")
        if not isinstance(value, str) or route[:1] in (("name",), ("description",)):
            continue
        condition = _is_condition(route, action=action)
        if OPEN in value or (condition and value.strip()):
            whole = condition and OPEN not in value
            yield from _value(data, steps, route, value, whole=whole, action=action)


def _is_condition(route: Route, *, action: bool) -> bool:
    if route[-1:] != ("if",):
        return False
    return route[:2] == ("runs", "steps") if action else route[:1] == ("jobs",) and len(route) in (3, 5)


def _value(
    data: Any, steps: contexts.Steps, route: Route, value: str, *, whole: bool, action: bool, anchor: Anchor = "value"
) -> Iterator[Problem]:
    room = places.room_in_action(route) if action else places.room(route)
    try:
        texts = [(value.strip(), len(value) - len(value.lstrip()), True)] if whole else list(_texts(value))
    except ExpressionError as error:
        advice = "close it, or write `${{ '${{' }}` for the text itself"
        yield Problem(_SYNTAX, route, str(error), advice, within=(error.at, error.at + len(OPEN)))
        return
    if room == places.NOWHERE:
        where = f"`{route[-1]}`" if route and isinstance(route[-1], str) else "this place"
        message = f"no expression may stand in {where}"
        within = (texts[0][1], texts[0][1] + len(texts[0][0])) if texts else None
        yield Problem(_TYPE, route, message, "write the value itself", within=within)
        return
    known = contexts.in_action(data, route, steps) if action else contexts.at(data, route, steps)
    for text, at, alone in texts:
        for one in _expression(data, route, text, room, known, alone=alone):
            start, end = one.within or (0, 0)
            yield replace(one, anchor=anchor, within=(start + at, end + at))


def _texts(value: str) -> Iterator[tuple[str, int, bool]]:
    """The expressions of a text, where each begins, and whether nothing stands beside it."""
    for one in find(value):
        yield one.text, one.at, _alone(value, one.start, one.end)


def _expression(
    data: Any, route: Route, text: str, room: places.Room, known: dict[str, Kind], *, alone: bool
) -> Iterator[Problem]:
    quoted = " ".join(text.split())
    quoted = quoted if len(quoted) <= 60 else f"{quoted[:57]}..."
    try:
        node = parse(text)
    except ExpressionError as error:
        message, at = f"`{quoted}` is no expression: {error}", min(error.at, max(len(text) - 1, 0))
        yield Problem(_SYNTAX, route, message, "see GitHub's expression syntax", within=(at, len(text)))
        return
    reading = Reading(room, known)
    kind = reading.kind(node)
    for fault, (at, advice) in reading.faults.items():
        yield Problem(_TYPE, route, f"in `{quoted}`: {fault}", advice, within=(at, len(text)))
    if reading.faults:
        return
    wanted = (places.wanted(route) or contexts.wanted(data, route)) if alone else ()
    if kind.name in ("object", "array") and (not alone or _is_text(route)):
        message = f"`{quoted}` is an {kind.name}, of which no text can be made"
        yield Problem(_TYPE, route, message, f"write toJSON({quoted})", within=(0, len(text)))
    elif wanted and kind.name not in (*wanted, "any", "null"):
        message = f"`{quoted}` is {an(kind.name)}, and `{route[-1]}` must be {' or '.join(an(one) for one in wanted)}"
        advice = f"write fromJSON({quoted})" if kind.name == "string" else f"write {an(wanted[0])}"
        yield Problem(_TYPE, route, message, advice, within=(0, len(text)))


def _alone(value: str, start: int, end: int) -> bool:
    return not value[:start].strip() and not value[end:].strip()


def _is_text(route: Route) -> bool:
    if route[-2:-1] == ("env",) and route[0] in ("env", "jobs") and len(route) in (2, 4):
        return True
    step = route[4:] if route[:1] == ("jobs",) and route[2:3] == ("steps",) else ()
    return step[:1] in (("run",), ("name",), ("working-directory",)) or (len(step) == 2 and step[0] in ("env", "with"))
