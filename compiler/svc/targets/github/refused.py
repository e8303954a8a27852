"""Names that GitHub cannot carry: refused at the spec, since no quoting helps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.delivery import types as delivery
from svc.diagnostics import Problem, Route
from svc.targets.github.expressions import OPEN

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_JOB = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def refused(made: delivery.Pipeline) -> tuple[Problem, ...]:
    return tuple(_refused(made))


def _refused(made: delivery.Pipeline) -> Iterator[Problem]:
    ci = made.at
    if not _NAME.fullmatch(made.name):
        yield _problem(("name",), "the service's name", made.name, "letters, digits, `.`, `_` and `-`")
    if not _BRANCH.fullmatch(made.branch):
        yield _problem((*ci, "branch"), "the branch", made.branch, "letters, digits, `.`, `_`, `/` and `-`")
    if not made.runner or OPEN in made.runner or not made.runner.isprintable():
        yield _problem((*ci, "runner"), "the runner", made.runner, "a runner's label")
    for index, path in enumerate(made.paths):
        if OPEN in path or not path.isprintable() or not path.strip():
            yield _problem((*ci, "paths", index), "the path filter", path, "a glob on one line")
    for job in made.jobs:
        yield from _job(job)


def _job(job: delivery.Job) -> Iterator[Problem]:
    if not _JOB.fullmatch(job.id):
        yield _problem(job.at, "the name of the job", job.id, "letters, digits, `_` and `-`")
    if job.delegate and OPEN in job.delegate.reference:
        yield _problem(job.at, "the reusable workflow", job.delegate.reference, "a path at a commit")
    for secret in job.secrets:
        if not _VARIABLE.fullmatch(secret) or secret.upper().startswith("GITHUB_"):
            yield _problem(job.at, "the secret", secret, "a variable's name that does not begin with GITHUB_")
    for service in job.services:
        if not _JOB.fullmatch(service.name):
            yield _problem(service.at, "the service container", service.name, "letters, digits, `_` and `-`")
    for step in job.steps:
        yield from _step(job.at, step)


def _step(at: Route, step: delivery.Step) -> Iterator[Problem]:
    if isinstance(step, delivery.RunTests):
        for name, _ in step.env:
            if not _VARIABLE.fullmatch(name):
                yield _problem(at, "the variable", name, "letters, digits and `_`")
    if isinstance(step, delivery.BuildImage):
        for name, value in step.args:
            if value != value.strip() or not f"{name}{value}".isprintable():
                yield _problem(at, f"the value of build argument {name}", value, "one line without spaces around it")
        for value in (step.context, step.dockerfile, step.target):
            if not value.isprintable() or value != value.strip():
                yield _problem(at, "the path", value, "one line without spaces around it")


def _problem(at: Route, what: str, text: str, allowed: str) -> Problem:
    return Problem("github-inexpressible", at, f"{what} {text!r} cannot stand in a workflow", f"write {allowed}")
