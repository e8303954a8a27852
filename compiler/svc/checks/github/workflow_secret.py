"""A secret in plain text in a workflow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from svc.checks._github import Found, environments, scripts
from svc.checks._params import NoParams as Params
from svc.checks.secrets import holds_secret, is_secret, secret_at
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.github.types import Workflow

THROWAWAY = frozenset(("POSTGRES_PASSWORD", "MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD", "PGPASSWORD"))
"""Passwords of databases that live as long as the job."""
_LOCAL = regex(
    r"[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s/:@]+@(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/?]\S*)?", needs=("://",)
)


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for job in workflow.jobs:
        for route, container in _containers(job.data, job.route):
            credentials = container.get("credentials")
            password = credentials.get("password") if isinstance(credentials, dict) else None
            if isinstance(password, str) and "${{" not in password:
                yield (*route, "credentials", "password"), "a registry password in plain text"
    inputs = (((*step.route, "with"), step.inputs) for step in workflow.steps if step.inputs)
    for route, values in (*environments(workflow), *inputs):
        for name, value in values.items():
            if isinstance(value, str) and _secret(name, value):
                yield (*route, name), f"`{name}` holds a secret in plain text"
    for route, text in scripts(workflow):
        if holds_secret(text):
            yield route, "a secret in plain text", secret_at(text)


@lru_cache(maxsize=4096)
def _secret(name: str, value: str) -> bool:
    """A password in the address of a database on the runner itself lives as long as the job, too."""
    own = name in THROWAWAY or value == "inherit" or _LOCAL.fullmatch(value) is not None
    return is_secret(name.removeprefix("INPUT_"), value) and not own


def _containers(job: Mapping[str, Any], route: Route) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    container = job.get("container")
    if isinstance(container, dict):
        yield (*route, "container"), container
    services = job.get("services")
    for name, service in services.items() if isinstance(services, dict) else ():
        if isinstance(service, dict):
            yield (*route, "services", name), service
