"""A secret in plain text in a workflow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from typing import Any

from svc.checks._github import Found, environments, for_tests, scripts
from svc.checks._params import NoParams as Params
from svc.checks.secrets import holds_secret, is_secret, secret_at
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.github.types import Workflow
from svc.tree import mapping

THROWAWAY = frozenset(("POSTGRES_PASSWORD", "MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD", "PGPASSWORD"))
"""Passwords of databases that live as long as the job."""
_ADDRESS = regex(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://[^\s/:@]{0,64}:[^\s/:@]{1,64}@([\w.-]{1,253}|\[::1\])(?![\w.-])(?:[:/?][^\s\"']*)?",
    needs=("://",),
)
_RUNNER = frozenset(("localhost", "127.0.0.1", "[::1]"))


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for job in workflow.jobs:
        for route, container in _containers(job.data, job.route):
            credentials = container.get("credentials")
            password = credentials.get("password") if isinstance(credentials, dict) else None
            if isinstance(password, str) and "${{" not in password:
                yield (*route, "credentials", "password"), "a registry password in plain text"
    near = _RUNNER | {name for job in workflow.jobs for name in mapping(job.data, "services")}
    inputs = (((*step.route, "with"), step.inputs) for step in workflow.steps if step.inputs)
    for route, values in (*environments(workflow), *inputs):
        for name, value in values.items():
            if isinstance(value, str) and _secret(name, value) and not _at(value, near):
                yield (*route, name), f"`{name}` holds a secret in plain text"
    for route, text in scripts(workflow):
        if holds_secret(text) and holds_secret(left := _without(text, near)):
            yield route, "a secret in plain text", secret_at(left)


@lru_cache(maxsize=4096)
def _secret(name: str, value: str) -> bool:
    own = name in THROWAWAY or value == "inherit" or for_tests(value)
    return is_secret(name.removeprefix("INPUT_"), value) and not own


def _without(script: str, near: Set[str]) -> str:
    """A script whose addresses of the same are blank, so that all else stands where it stood."""
    return _ADDRESS.sub(lambda one: " " * len(one[0]) if one[1] in near else one[0], script)


def _at(value: str, near: Set[str]) -> bool:
    """Whether a value is an address of what lives as long as the job, on the runner itself or as a service of it."""
    match = _ADDRESS.fullmatch(value)
    return match is not None and match[1] in near


def _containers(job: Mapping[str, Any], route: Route) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    container = job.get("container")
    if isinstance(container, dict):
        yield (*route, "container"), container
    services = job.get("services")
    for name, service in services.items() if isinstance(services, dict) else ():
        if isinstance(service, dict):
            yield (*route, "services", name), service
