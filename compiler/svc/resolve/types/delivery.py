"""Delivery, the cloud, and objects and changes of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from svc.diagnostics import Route
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Ci:
    """`repository` is `owner/name`; commands are shell lines run in the Dockerfile's test stage or on the runner."""

    provider: Literal["github", "none"]
    repository: str
    branch: str
    test: str
    test_services: tuple[str, ...]
    """Names of needs that must run beside the tests."""
    paths: tuple[str, ...]
    """Path filters, relative to the repository root."""
    runner: str
    scan_severity: tuple[str, ...]
    reusable_workflow: str
    at: Route = ()
    submodules: bool = False
    """Whether git submodules are among the sources."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where the environment runs. Empty strings: not known, so the target asks for a variable instead."""

    provider: Literal["aws", "none"]
    region: str
    account: str
    cluster: str
    state_bucket: str
    permissions: tuple[Permission, ...]
    """What the workload may do in the cloud besides using its needs."""
    log_retention_days: int
    alarms: bool
    alarm_topic: str
    dns_zone: str
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Permission:
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Patch:
    """The typed escape hatch: a merge or a JSON Patch on the artifacts that `target` names (`kubernetes/Deployment`)."""

    target: str
    name: str
    merge: object
    json_patch: tuple[object, ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class RawObject:
    """A Kubernetes object of the user's own; `at` followed by a route within it is a route with an origin."""

    data: Mapping[str, Any]
    at: Route = ()
