"""Secrets that a called workflow reads and does not ask for: only a caller that passes all of its own gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Severity, Within
from svc.suggest import nearest
from svc.tree import mapping, walk
from svc.workflows.contexts import triggers
from svc.workflows.expression import OPEN, ExpressionError, find, parse
from svc.workflows.nodes import paths

_GIVEN = ("github_token", "actions_step_debug", "actions_runner_debug")


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    events = triggers(data)
    if list(events) != ["workflow_call"] or "secrets" not in events["workflow_call"]:
        return
    asked = mapping(events["workflow_call"], "secrets")
    known = {one.lower() for one in asked} | set(_GIVEN)
    for route, value in walk(data):
        if not isinstance(value, str) or OPEN not in value or "secrets" not in value.lower():
            continue
        if len(route) > 1 and "environment" in mapping(data, "jobs", str(route[1])):
            continue  # an environment has secrets of its own
        for name, within in dict(reversed(list(_read(value)))).items():
            if name not in known:
                message = f"the secret `{name}` is not among those that the workflow asks for{nearest(name, asked)}"
                help_ = "add it to `on.workflow_call.secrets`"
                yield Problem(
                    "workflow-secret-unasked", route, message, help_, severity=Severity.WARNING, within=within
                )


def _read(text: str) -> Iterator[tuple[str, Within]]:
    try:
        for one in find(text):
            for path in paths(parse(one.text)):
                if path.count(".") and path[:8] == "secrets.":
                    yield path.split(".")[1], one.within
    except ExpressionError:
        return
