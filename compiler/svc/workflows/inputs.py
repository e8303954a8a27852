"""Inputs that a workflow asks for, and what a called one gives back: types, options and defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route, Severity
from svc.tree import mapping
from svc.workflows.contexts import triggers
from svc.workflows.expression import OPEN


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    for event in ("workflow_dispatch", "workflow_call"):
        for name, given in mapping(triggers(data).get(event, {}), "inputs").items():
            yield from _input(("on", event, "inputs", name), name, mapping(given))
    call = mapping(triggers(data).get("workflow_call", {}))
    for key, wanted in (("inputs", "type"), ("outputs", "value")):
        for name, given in mapping(call, key).items():
            if given is None:  # whose shape is not judged, as it is nothing
                at: Route = ("on", "workflow_call", key, name)
                yield Problem("workflow-key-missing", at, f"`{name}` has no `{wanted}`", f"write `{wanted}`", "key")
    for name, given in mapping(call, "inputs").items():
        if mapping(given).get("required") is True and "default" in mapping(given):
            at = ("on", "workflow_call", "inputs", name, "default")
            message = f"input `{name}` is required, so that its default is never used"
            yield Problem("workflow-input", at, message, "remove one of them", severity=Severity.WARNING)


def _input(route: Route, name: str, given: Mapping[str, Any]) -> Iterator[Problem]:
    kind, default = str(given.get("type", "string")), given.get("default")
    options = given.get("options")
    if kind == "choice" and not options:
        yield Problem("workflow-input", route, f"input `{name}` is a choice without options", "list them in `options`")
    if kind != "choice" and options:
        yield Problem(
            "workflow-input", route, f"input `{name}` has options and is no choice", "write `type: choice`", "key"
        )
    if kind == "choice" and options and isinstance(options, str | int | float):
        message = f"`options` is `{_text(options)}`, and must be a list"
        yield Problem("workflow-type", (*route, "options"), message, f"write `[{_text(options)}]`")
    listed = [_text(one) for one in options] if isinstance(options, list) else []
    if kind == "choice" and isinstance(options, list) and default is not None and _text(default) not in listed:
        words = ", ".join(f"`{one}`" for one in listed)
        message = f"the default `{_text(default)}` is none of the options {words}"
        yield Problem("workflow-input", (*route, "default"), message, "write one of them")
    for index, one in enumerate(listed):
        if one in listed[:index]:
            yield Problem("workflow-input", (*route, "options", index), f"option `{one}` stands twice", "remove one")
    fits = {"boolean": _truth, "number": _number}.get(kind)
    if fits and default is not None and OPEN not in str(default) and not fits(default):
        message = f"the default `{default}` of input `{name}` is no {kind}"
        yield Problem("workflow-input", (*route, "default"), message, f"write a {kind}")


def _text(value: Any) -> str:
    """What GitHub makes of a value where it wants a text: `1.0` is `1`."""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value).lower() if isinstance(value, bool) else str(value)


def _truth(value: Any) -> bool:
    return str(value).lower() in ("true", "false")


def _number(value: Any) -> bool:
    """A text of digits is one, too."""
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, bool)
