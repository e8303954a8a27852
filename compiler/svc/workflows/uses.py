"""Actions that steps use: their form, and their inputs as far as the actions are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route, Severity
from svc.patterns import regex
from svc.suggest import alike, close, nearest
from svc.tree import mapping
from svc.workflows.beyond import Beyond, path
from svc.workflows.contexts import popular
from svc.workflows.expression import OPEN

_COMMIT = regex(r"[0-9a-f]{40}")


def problems(step: Mapping[str, Any], route: Route, beyond: Beyond) -> Iterator[Problem]:
    yield from _form(step, route)
    yield from _inputs(step, route, beyond)


def _form(step: Mapping[str, Any], route: Route) -> Iterator[Problem]:
    uses = step.get("uses")
    if "with" in step and "uses" not in step and "run" in step:
        message = "a step that runs a script has no `with`"
        yield Problem("workflow-step", (*route, "with"), message, "write its variables in `env`", "key")
    if not isinstance(uses, str) or OPEN in uses or uses.startswith(("./", "$/", "../", "docker://")):
        return
    name, at, ref = uses.partition("@")
    if not at or not ref or "/" not in name.strip("/"):
        message = f"`{uses}` is no action: it is owner/repository@ref"
        yield Problem("workflow-uses", (*route, "uses"), message, "write the commit or tag after `@`")


def _inputs(step: Mapping[str, Any], route: Route, beyond: Beyond) -> Iterator[Problem]:
    """Inputs that an action of this repository, or a popular one at a major version, does not know, or needs."""
    uses, given = step.get("uses"), mapping(step, "with")
    if not isinstance(uses, str) or any(OPEN in name for name in given):
        return
    yield from _broken(uses, route, beyond)
    known = _asked(uses, beyond)
    if known is None:
        yield from _slips(uses, given, route)
        return
    inputs = {name.lower(): name for name in known}
    for name in given:
        asked = inputs.get(name.lower())
        if asked is None:
            listed = ", ".join(f"`{one}`" for one in sorted(inputs.values()))
            message = f"`{uses}` has no input `{name}`{nearest(name, inputs.values())}"
            help_ = f"it has {listed}" if listed else "it has none"
            yield Problem("workflow-action-input", (*route, "with", name), message, help_, "key")
        elif isinstance(known[asked], str):
            message = f"input `{name}` of `{uses}` is deprecated: {known[asked]}"
            at = (*route, "with", name)
            yield Problem(
                "workflow-action-input-old",
                at,
                message,
                "write what it names instead, or remove it",
                "key",
                Severity.WARNING,
            )
    lower = {name.lower() for name in given}
    missing = sorted(name for name, required in known.items() if required == 1 and name.lower() not in lower)
    if missing:
        words = ", ".join(f"`{one}`" for one in missing)
        yield Problem("workflow-action-input", (*route, "uses"), f"`{uses}` needs {words} in `with`", f"write {words}")


def _slips(uses: str, given: Mapping[str, Any], route: Route) -> Iterator[Problem]:
    """Of an action at a commit, whose version is not known: a slip of what one of its versions has, and that is not given."""
    name, _, ref = uses.partition("@")
    if _COMMIT.fullmatch(ref) is None:
        return
    versions = [one for spec, one in popular()["actions"].items() if spec.partition("@")[0] == name.lower()]
    inputs = {each for one in versions for each in one.get("inputs", {})}
    lower = {one.lower() for one in given}
    left = {one for one in inputs if one.lower() not in lower}
    for asked in given if not any(one.get("open") for one in versions) else ():
        meant = close(asked, left) if asked.lower() not in {one.lower() for one in inputs} else ""
        if meant and alike(asked, meant):
            message = f"`{name}` has no input `{asked}`; did you mean `{meant}`?"
            yield Problem("workflow-action-input", (*route, "with", asked), message, f"write `{meant}`", "key")


def _asked(uses: str, beyond: Beyond) -> Mapping[str, int | str] | None:
    """The inputs of an action: 1 for one that it needs, 0, or why it is deprecated; None where they are not known."""
    if path(uses):
        own = beyond.action(path(uses))
        return None if own is None else _own(own)
    known = popular()["actions"].get(uses.lower())
    if known is None or known.get("open"):
        return None
    found: Mapping[str, int | str] = known["inputs"]
    return found


def _broken(uses: str, route: Route, beyond: Beyond) -> Iterator[Problem]:
    """An action of this repository that GitHub refuses. One in the same run is judged for itself."""
    from svc.workflows import action

    own = beyond.action(path(uses)) if path(uses) else None
    first = next(iter(action.problems(own, beyond)), None) if own is not None and not beyond.judged(own) else None
    if first is not None and first.severity is Severity.ERROR:
        message = f"`{uses}` is no action that runs: {first.message}"
        yield Problem("workflow-uses", (*route, "uses"), message, "see what `svc lint` says of its own file")


def _own(action: Mapping[str, Any]) -> Mapping[str, int | str]:
    found: dict[str, int | str] = (
        {"args": 0, "entrypoint": 0} if mapping(action, "runs").get("using") == "docker" else {}
    )
    for name, value in mapping(action, "inputs").items():
        asked = mapping(value)
        old = asked.get("deprecationMessage")
        warned = "deprecationMessage" in asked
        found[name] = (
            str(old or "do not use it") if warned else int(asked.get("required") is True and "default" not in asked)
        )
    return found
