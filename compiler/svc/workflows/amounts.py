"""Numbers and keys that the published schema leaves open and GitHub does not: limits, credentials and snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex
from svc.suggest import nearest
from svc.tree import mapping
from svc.workflows.contexts import triggers
from svc.workflows.expression import OPEN

MOST_INPUTS = 25
"""Inputs that GitHub lets somebody fill in by hand."""
_CREDENTIALS = ("username", "password")
_VERSION = regex(r"\d+(\.(\d+|\*))?")
_SNAPSHOT = ("if", "image-name", "version")


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    inputs = mapping(triggers(data).get("workflow_dispatch", {}), "inputs")
    if len(inputs) > MOST_INPUTS:
        message = f"`workflow_dispatch` has {len(inputs)} inputs; GitHub takes {MOST_INPUTS}"
        yield Problem("workflow-input", ("on", "workflow_dispatch"), message, "put several into one", "key")
    for name, value in mapping(data, "jobs").items():
        job = mapping(value)
        at: Route = ("jobs", name)
        yield from _positive(job, "timeout-minutes", at, whole=False)
        yield from _positive(mapping(job, "strategy"), "max-parallel", (*at, "strategy"), whole=True)
        fast = mapping(job, "strategy").get("fail-fast")
        if fast is not None and not isinstance(fast, bool) and OPEN not in str(fast):
            message = f"`fail-fast` is `{fast}`, and must be true or false"
            yield Problem("workflow-type", (*at, "strategy", "fail-fast"), message, "write true or false")
        yield from _snapshot(job, at)
        yield from _credentials(mapping(job, "container"), (*at, "container"))
        for service, container in mapping(job, "services").items():
            yield from _credentials(mapping(container), (*at, "services", service))
        steps = job.get("steps")
        for index, step in enumerate(steps if isinstance(steps, list) else ()):
            route = (*at, "steps", index)
            if step is None:
                yield Problem("workflow-empty", route, "the step is empty", "write `run` or `uses`, or remove it")
            if "run" in mapping(step) and "uses" in mapping(step):
                yield Problem("workflow-step", route, "a step has both `run` and `uses`", "write one of them")
            yield from _positive(mapping(step), "timeout-minutes", route, whole=False)


def _positive(given: Mapping[str, Any], key: str, route: Route, *, whole: bool) -> Iterator[Problem]:
    value = given.get(key)
    if value is None or (isinstance(value, str) and OPEN in value):
        return
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or value <= 0:
        what = "a whole number" if whole else "a number"
        message = f"`{key}` is `{value}`, and must be {what} above 0"
        yield Problem("workflow-value", (*route, key), message, f"write {what}, such as 10")


def _snapshot(job: Mapping[str, Any], at: Route) -> Iterator[Problem]:
    snapshot = job.get("snapshot")
    route = (*at, "snapshot")
    if isinstance(snapshot, list):
        yield Problem(
            "workflow-type",
            (*route, 0),
            "`snapshot` is a list, and must be a text or a mapping",
            "write the name of the image",
        )
    if not isinstance(snapshot, dict):
        return
    version = snapshot.get("version")
    if isinstance(version, str) and version and OPEN not in version and not _VERSION.fullmatch(version):
        message = f"the version `{version}` of a snapshot is a number, and `.*` or `.` and a number behind it"
        yield Problem("workflow-value", (*route, "version"), message)
    for key in snapshot:
        if key not in _SNAPSHOT:
            message = f"`snapshot` has no key `{key}`{nearest(key, _SNAPSHOT)}"
            yield Problem("workflow-key-unknown", (*route, key), message, "remove it", "key")
    if not snapshot.get("image-name"):
        yield Problem("workflow-key-missing", route, "`snapshot` has no `image-name`", "name the image", "key")


def _credentials(container: Mapping[str, Any], at: Route) -> Iterator[Problem]:
    """A registry asks for both; a text is an expression that gives both."""
    given = container.get("credentials")
    if (isinstance(given, str) and OPEN in given) or "credentials" not in container:
        return
    route = (*at, "credentials")
    if given is not None and not isinstance(given, dict):
        message = f"`credentials` is `{given}`, and must be a mapping"
        yield Problem("workflow-type", route, message, "write `username` and `password` below it")
        return
    for key in given or {}:
        if key not in _CREDENTIALS:
            message = f"`credentials` has no key `{key}`{nearest(key, _CREDENTIALS)}"
            yield Problem("workflow-key-unknown", (*route, key), message, "remove it", "key")
    for key in _CREDENTIALS:
        if not (given or {}).get(key):
            yield Problem("workflow-key-missing", route, f"`credentials` has no `{key}`", "give both", "key")
