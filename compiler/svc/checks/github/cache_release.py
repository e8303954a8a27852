"""A workflow that publishes restores a cache, which a run of less trust may have filled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._github import Found, action, is_false
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Step, Workflow

CACHES = frozenset({"actions/cache", "actions/cache/restore", "mozilla-actions/sccache-action"})
BY_INPUT = {
    "actions/setup-node": "cache",
    "actions/setup-python": "cache",
    "actions/setup-java": "cache",
    "actions/setup-dotnet": "cache",
    "ruby/setup-ruby": "bundler-cache",
    "pnpm/action-setup": "cache",
}
UNLESS = {
    "actions/setup-go": "cache",
    "astral-sh/setup-uv": "enable-cache",
    "gradle/actions/setup-gradle": "cache-disabled",
    "swatinem/rust-cache": "lookup-only",
    "docker/setup-buildx-action": "cache-binary",
}
"""Actions that cache unless told otherwise: the input and, for those that begin with `cache-disabled` or `lookup`, true."""


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    if not _releases(workflow.triggers):
        return
    for step in workflow.steps:
        if _caches(step):
            yield (*step.route, "uses"), f"`{action(step)}` restores a cache in a workflow that publishes"


def _releases(triggers: Any) -> bool:
    return "release" in triggers or bool(triggers.get("push", {}).get("tags"))


def _caches(step: Step) -> bool:
    name, inputs = action(step), step.inputs
    if name in CACHES:
        return str(inputs.get("lookup-only", "")).lower() != "true"
    if name in BY_INPUT:
        value = inputs.get(BY_INPUT[name])
        return bool(value) and not is_false(value)
    if name in ("swatinem/rust-cache", "gradle/actions/setup-gradle"):
        return str(inputs.get(UNLESS[name], "")).lower() != "true"
    return name in ("actions/setup-go", "astral-sh/setup-uv") and not is_false(inputs.get(UNLESS[name]))
