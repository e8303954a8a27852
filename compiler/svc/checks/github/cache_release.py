"""A job that publishes restores a cache, which a run of less trust may have filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.checks._expressions import condition_tree
from svc.checks._github import Found, version
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.records import dataclass
from svc.targets.github.types import Job, Step, Workflow
from svc.workflows.nodes import paths


@dataclass(frozen=True, slots=True)
class _Switch:
    """An input that decides whether an action caches. `off`: true switches the cache off. `only`: what switches it on."""

    name: str
    by_default: bool = False
    off: bool = False
    only: tuple[str, ...] = ()
    first: int = 0
    last: int = 0
    """The major versions that it is so in, where only some have it."""


_ALWAYS = frozenset(
    ("awalsh128/cache-apt-pkgs-action", "mozilla-actions/sccache-action", "nix-community/cache-nix-action")
)
_SWITCHES = {
    "actions-rust-lang/setup-rust-toolchain": (_Switch("cache", True),),
    "actions/cache": (_Switch("lookup-only", True, off=True),),
    "actions/cache/restore": (_Switch("lookup-only", True, off=True),),
    "actions/setup-dotnet": (_Switch("cache"),),
    "actions/setup-go": (_Switch("cache", True),),
    "actions/setup-java": (_Switch("cache"),),
    "actions/setup-node": (_Switch("cache"), _Switch("package-manager-cache", True, first=5)),
    "actions/setup-python": (_Switch("cache"),),
    "astral-sh/setup-uv": (_Switch("enable-cache", only=("true",)), _Switch("enable-cache", True, last=9)),
    "determinatesystems/magic-nix-cache-action": (_Switch("use-gha-cache", True),),
    "graalvm/setup-graalvm": (_Switch("cache"),),
    "gradle/actions/setup-gradle": (_Switch("cache-disabled", True, off=True),),
    "jdx/mise-action": (_Switch("cache", True),),
    "mlugg/setup-zig": (_Switch("use-cache", True),),
    "oven-sh/setup-bun": (_Switch("no-cache", True, off=True),),
    "pnpm/action-setup": (_Switch("cache"),),
    "pnpm/setup": (_Switch("cache"),),
    "pyo3/maturin-action": (_Switch("sccache"),),
    "ramsey/composer-install": (_Switch("ignore-cache", True, off=True),),
    "ruby/setup-ruby": (_Switch("bundler-cache"),),
    "swatinem/rust-cache": (_Switch("lookup-only", True, off=True),),
}
_PUBLISH = frozenset(
    (
        "aws-actions/amazon-ecs-deploy-task-definition", "aws-actions/aws-cloudformation-github-deploy",
        "azure/aci-deploy", "azure/container-apps-deploy-action", "azure/functions-action", "azure/sql-action",
        "cloudflare/wrangler-action", "google-github-actions/deploy-appengine",
        "google-github-actions/deploy-cloud-functions", "google-github-actions/deploy-cloudrun",
        "goreleaser/goreleaser-action", "jreleaser/release-action", "pypa/gh-action-pypi-publish",
        "redhat-actions/push-to-registry", "rubygems/release-gem", "softprops/action-gh-release",
    )
)  # fmt: skip
"""Actions that publish or deploy, whatever starts the workflow."""
_DANGEROUS = ("pull_request_target", "workflow_run", "issue_comment")
_ALL = frozenset(("*", "**"))
"""Patterns of every tag."""
_ABOUT = regex(r"github\.(ref|ref_name|ref_type|event_name|head_ref)")


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    released = _releases(workflow.triggers)
    for job in workflow.jobs:
        mode, route = _mode(workflow, job)
        danger = next((one for one in _DANGEROUS if one in workflow.triggers), "")
        if mode in ("write", "write-only") and danger:
            yield route, f"runs that `{danger}` starts may fill the cache of everybody"
        if mode == "none" or not (released or any(_publishes(step) for step in job.steps)):
            continue
        for step in job.steps:
            if _caches(step, version(workflow, step)):
                yield (*step.route, "uses"), f"`{step.action}` restores a cache in a workflow that publishes"


def _mode(workflow: Workflow, job: Job) -> tuple[str, tuple[str | int, ...]]:
    if "cache-mode" in job.data:
        return str(job.data["cache-mode"]), (*job.route, "cache-mode")
    return str(workflow.data.get("cache-mode", "")), ("cache-mode",)


def _releases(triggers: Mapping[str, Mapping[str, Any]]) -> bool:
    push = triggers.get("push", {})
    named = any(isinstance(one, str) and "release" in one.lower() for one in _listed(push.get("branches")))
    left = "tags-ignore" in push and _ALL.isdisjoint(map(str, _listed(push["tags-ignore"])))
    return "release" in triggers or "tags" in push or left or named


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _publishes(step: Step) -> bool:
    if step.action == "docker/build-push-action":
        return str(step.inputs.get("push", "")).lower() == "true"
    return step.action in _PUBLISH


def _caches(step: Step, major: int) -> bool:
    name = step.action
    if name == "docker/setup-buildx-action":
        return bool(step.inputs.get("version")) and _on(_Switch("cache-binary", True), step.inputs)
    switches = [one for one in _SWITCHES.get(name, ()) if _has(one, major)]
    return name in _ALWAYS or any(_on(one, step.inputs) for one in switches)


def _has(switch: _Switch, major: int) -> bool:
    """Whether a major version has a switch; where it is not known, only what all of them have."""
    if switch.first:
        return major >= switch.first
    return not switch.last or major <= switch.last


def _on(switch: _Switch, inputs: Mapping[str, Any]) -> bool:
    value = inputs.get(switch.name)
    if value is None:
        return switch.by_default
    text = str(value).strip().lower()
    if "${{" in text:
        return not _left_out(text)
    if switch.only:
        return text in switch.only
    if switch.off:
        return text not in ("true", "yes", "1")
    return text not in ("", "false")


def _left_out(text: str) -> bool:
    """Whether an expression asks what started the run: it is there to leave the cache out of releases."""
    node = condition_tree(text)
    found = list(paths(node)) if node is not None else []
    return any(_ABOUT.fullmatch(one) for one in found) and ("!" in text or "release" in text)
