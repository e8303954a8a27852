"""Reusable workflows that are called: what they are given against what they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.suggest import nearest
from svc.tree import mapping
from svc.workflows.beyond import OWN, Beyond, path
from svc.workflows.contexts import triggers
from svc.workflows.expression import OPEN


def problems(data: Mapping[str, Any], beyond: Beyond) -> Iterator[Problem]:
    for name, job in mapping(data, "jobs").items():
        uses = mapping(job).get("uses")
        if isinstance(uses, str):
            yield from _call(mapping(job), uses, ("jobs", name), beyond)


def _call(job: Mapping[str, Any], uses: str, route: Route, beyond: Beyond) -> Iterator[Problem]:
    at = (*route, "uses")
    secrets = job.get("secrets")
    if isinstance(secrets, str) and secrets != "inherit" and OPEN not in secrets:
        message = f"`secrets` is a mapping or `inherit`, not `{secrets}`"
        yield Problem("workflow-call", (*route, "secrets"), message, "list the secrets that it needs")
    if OPEN in uses:
        return
    if not uses.startswith(OWN) and "@" not in uses:
        message = f"`{uses}` names no version"
        yield Problem("workflow-call", at, message, "write owner/repository/.github/workflows/file.yaml@ref")
        return
    if uses.startswith(OWN) and "@" in uses:
        help_ = "remove the `@` and what follows it"
        yield Problem("workflow-call", at, f"`{uses}` is of this repository and has no version", help_)
        return
    if not uses.partition("@")[0].endswith((".yml", ".yaml")) or "/.github/workflows/" not in uses:
        help_ = "a job calls a file in .github/workflows; an action is called by a step"
        yield Problem("workflow-call", at, f"`{uses}` is no workflow", help_)
        return
    own = path(uses)
    if own and beyond.missing(own):
        help_ = "name a file of this repository by its path from the root"
        yield Problem("workflow-call", at, f"there is no file `{own}`", help_)
    called = beyond.workflow(own) if own else None
    if called is None:
        return
    events = triggers(called)
    if "workflow_call" not in events:
        yield Problem("workflow-call", at, f"`{uses}` cannot be called", "add `workflow_call` to its `on`")
        return
    asked = events["workflow_call"]
    yield from _given("input", mapping(asked, "inputs"), job.get("with"), (*route, "with"), at, uses)
    if job.get("secrets") != "inherit":
        yield from _given("secret", mapping(asked, "secrets"), job.get("secrets"), (*route, "secrets"), at, uses)


def _given(what: str, asked: Mapping[str, Any], given: Any, route: Route, at: Route, uses: str) -> Iterator[Problem]:
    names = {name.lower(): name for name in asked}
    for name, value in mapping(given).items():
        if name.lower() not in names:
            words = f"; it has {', '.join(f'`{one}`' for one in sorted(asked))}" if asked else "; it has none"
            message = f"`{uses}` has no {what} `{name}`{words}{nearest(name, asked)}"
            yield Problem("workflow-call", (*route, name), message, f"name one of its {what}s", "key")
        elif what == "input" and not _fits(value, mapping(asked, names[name.lower()]).get("type")):
            kind = mapping(asked, names[name.lower()]).get("type")
            message = f"input `{name}` is `{value}`, and must be a {kind}"
            advice = "write true or false, without quotes" if kind == "boolean" else "write a number, without quotes"
            yield Problem("workflow-call", (*route, name), message, advice)
    lower = {name.lower() for name in mapping(given)}
    for name, ask in asked.items():
        if mapping(ask).get("required") is True and "default" not in mapping(ask) and name.lower() not in lower:
            yield Problem(
                "workflow-call", at, f"`{uses}` needs the {what} `{name}`", f"write `{name}` in `{route[-1]}`"
            )


def _fits(value: Any, kind: Any) -> bool:
    if isinstance(value, str) and OPEN in value:
        return True
    if kind == "boolean":
        return isinstance(value, bool)
    return kind != "number" or (isinstance(value, int | float) and not isinstance(value, bool))
