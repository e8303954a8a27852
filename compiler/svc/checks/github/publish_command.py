"""A package is published by a command whose index would trust the workflow itself, and the job asks for no such trust."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from svc.checks._github import Found, commands
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.github.types import Job, Workflow

_PUBLISHES: dict[str, tuple[tuple[str, ...], ...]] = {
    "bun": (("publish",),),
    "bundle": (("exec", "gem", "push"),),
    "bunx": (("npm", "publish"),),
    "cargo": (("publish",),),
    "dotnet": (("nuget", "push"),),
    "gem": (("push",),),
    "hatch": (("publish",),),
    "npm": (("publish",),),
    "nuget": (("push",),),
    "nuget.exe": (("push",),),
    "pdm": (("publish",),),
    "pipx": (("run", "twine", "upload"),),
    "pnpm": (("publish",),),
    "poetry": (("publish",),),
    "python": (("-m", "twine", "upload"),),
    "twine": (("upload",),),
    "uv": (("publish",), ("run", "twine", "upload")),
    "uvx": (("twine", "upload"),),
    "yarn": (("publish",), ("npm", "publish")),
}
"""Program -> the words that follow in this order when it publishes."""
_ELSEWHERE = regex(r"--(registry|repository|repository-url|index-url|source|host|index|publish-url|key)\b|-[rsi]$")
_LOCAL = regex(
    r"pkg\.github\.com|GITHUB_TOKEN|github\.token",
    re.IGNORECASE,
    needs=("pkg.github.com", "github_token", "github.token"),
)


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    trusted = {job.id for job in workflow.jobs if _asks(workflow, job)}
    for step, command in commands(workflow):
        name = re.sub(r"^python[\d.]*$", "python", command.name)
        if step.job in trusted or name not in _PUBLISHES:
            continue
        words = [re.sub(r"(?<=\w)(==|@).*", "", word) for word in command.words[1:]]
        if _LOCAL.search(f"{step.env} {workflow.env}"):
            continue
        if any(_follows(words, wanted) for wanted in _PUBLISHES[name]) and not _elsewhere(command.words):
            yield (
                (*step.route, "run"),
                f"`{command.text[:60]}` publishes with a credential that somebody keeps",
                command.at,
            )
    for step in workflow.steps:
        inputs = step.inputs
        if step.action == "rubygems/release-gem" and str(inputs.get("setup-trusted-publisher", "")).lower() == "false":
            yield (*step.route, "with", "setup-trusted-publisher"), "the index is not asked to trust the workflow"
        if step.action != "actions/setup-node":
            continue
        npm = str(inputs.get("registry-url", "")).rstrip("/") in ("", "https://registry.npmjs.org")
        if npm and str(inputs.get("always-auth", "")).lower() == "true":
            yield (*step.route, "with", "always-auth"), "npm gets a token that somebody keeps"


def _asks(workflow: Workflow, job: Job) -> bool:
    """Whether the job may prove who it is, or says that it publishes to a registry of its own repository."""
    given = job.permissions if "permissions" in job.data else workflow.permissions
    return given == "write-all" or (isinstance(given, dict) and given.get("id-token") == "write")


def _follows(words: Sequence[str], wanted: Sequence[str]) -> bool:
    rest = iter(words)
    return all(any(word == one for word in rest) for one in wanted)


def _elsewhere(words: Sequence[str]) -> bool:
    """A trial, or another index than the public one."""
    return any(word in ("--dry-run", "-n", "--help") or _ELSEWHERE.match(word) for word in words)
