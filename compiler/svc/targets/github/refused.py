"""Names that GitHub cannot carry: refused at the spec, since no quoting helps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.delivery import types as delivery
from svc.diagnostics import Problem, Route
from svc.patterns import regex
from svc.targets.github.expressions import OPEN

_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_JOB = regex(r"[A-Za-z_][A-Za-z0-9_-]*")
_BRANCH = regex(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
_VARIABLE = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_ADDRESS = regex(r"[%,:\"]", needs=tuple('%,:"'))
"""What splits a name or makes an address of it where Helm reads `--values` (a list as CSV, of URLs)."""
_OURS = ("NETWORK", "TEST_COMMAND", "TEST_IMAGE")
_CONTROL = regex(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def refused(made: delivery.Pipeline) -> tuple[Problem, ...]:
    return tuple(_refused(made)) if made.jobs else ()


def _refused(made: delivery.Pipeline) -> Iterator[Problem]:
    ci = made.at
    if not _NAME.fullmatch(made.name):
        yield _problem(("name",), "the service's name", made.name, "letters, digits, `.`, `_` and `-`")
    if not _BRANCH.fullmatch(made.branch):
        yield _problem((*ci, "branch"), "the branch", made.branch, "letters, digits, `.`, `_`, `/` and `-`")
    if not made.runner or OPEN in made.runner or not made.runner.isprintable():
        yield _problem((*ci, "runner"), "the runner", made.runner, "a runner's label")
    for index, path in enumerate((*made.paths, *made.beside)):
        if OPEN in path or not path.isprintable() or not path.strip():
            asked = index < made.asked
            at, allowed = ((*ci, "paths", index), "a glob") if asked else (ci, "names of folders and files")
            yield _problem(at, "the path filter", path, f"{allowed} on one line, without `{OPEN}`")
    yield from _line(("image",), "the image", made.image)
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
        yield from _values(service.at, service.env)
        yield from _line(service.at, "the image", service.image)
        if any(not part.isprintable() for part in service.health):
            yield _problem(service.at, "the health check", " ".join(service.health), "a command on one line")
    if job.environment:
        yield from _line(job.at, "the environment", job.environment.name)
        yield from _line(job.at, "the address", job.environment.url or "-")
    for step in job.steps:
        yield from _step(job.at, step)


def _step(at: Route, step: delivery.Step) -> Iterator[Problem]:
    if isinstance(step, delivery.RunTests):
        for name, _ in step.env:
            if not _VARIABLE.fullmatch(name) or name in _OURS:
                yield _problem(at, "the variable", name, f"letters, digits and `_`, and none of {', '.join(_OURS)}")
        yield from _values(at, (*step.env, ("the test command", step.command)))
        yield from _path(at, "the folder", step.folder or ".")
    if isinstance(step, delivery.Deploy):
        for value in (step.namespace, step.chart, step.values):
            yield from _path(at, "the name", value)
        if _ADDRESS.search(step.values):
            yield _problem(
                at, "the folder", step.chart, "a name without `%`, `,`, `:` and quotes: Helm reads addresses"
            )
    if isinstance(step, delivery.ClusterLogin):
        for value in (step.cluster.account, step.cluster.region, step.cluster.name):
            yield from _line(at, "the name", value or "-")
    if isinstance(step, delivery.CheckSpec):
        yield from _path(at, "the path", step.spec)
    if isinstance(step, delivery.Scan):
        yield from _line(at, "the image", step.reference or "-")
    if isinstance(step, delivery.BuildImage):
        for name, value in step.args:
            yield from _line(at, f"the value of build argument {name}", value or "-")
        for value in (step.context, step.dockerfile, step.target or "."):
            yield from _path(at, "the path", value)


def _line(at: Route, what: str, text: str) -> Iterator[Problem]:
    """Inputs of actions are trimmed, and some are lists of lines."""
    if not text or text != text.strip() or not text.isprintable():
        yield _problem(at, what, text, "one line without spaces around it")


def _path(at: Route, what: str, text: str) -> Iterator[Problem]:
    """Programs take what begins with a hyphen for an option of theirs."""
    if text.startswith("-"):
        yield _problem(at, what, text, "a name that does not begin with `-`")
    yield from _line(at, what, text)


def _values(at: Route, values: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    for name, value in values:
        if _CONTROL.search(value):
            yield _problem(at, f"the value of {name}", value, "text without control characters")


def _problem(at: Route, what: str, text: str, allowed: str) -> Problem:
    return Problem("github-inexpressible", at, f"{what} {text!r} cannot stand in a workflow", f"write {allowed}")
