"""What workflow checks share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from svc.checks._once import once
from svc.diagnostics import Route, Within
from svc.patterns import regex
from svc.shell import Command, parse
from svc.targets.github.types import Step, Workflow

Found = tuple[Route, str] | tuple[Route, str, Within]

_PROGRAMS: dict[str, tuple[str, ...]] = {
    "8398a7/action-slack": ("custom_payload",),
    "actions/github-script": ("script",),
    "amadevus/pwsh-script": ("script",),
    "appleboy/ssh-action": ("script",),
    "azure/cli": ("inlineScript",),
    "azure/powershell": ("inlineScript",),
    "devorbitus/yq-action-output": ("cmd",),
    "gautamkrishnar/blog-post-workflow": ("item_exec",),
    "imjohnbo/issue-bot": ("body", "linked-comments-previous-issue-text", "linked-comments-new-issue-text"),
    "jannekem/run-python-script-action": ("script",),
    "lucasbento/auto-close-issues": ("issue-close-message",),
    "mikefarah/yq": ("cmd",),
    "roots/issue-closer-action": ("issue-close-message", "pr-close-message"),
    "sergeysova/jq-action": ("cmd",),
    "skitionek/notify-microsoft-teams": ("overwrite",),
    "tibdex/backport": ("body_template", "head_template", "labels_template", "title_template"),
}
"""Inputs that actions run as a program or evaluate as a template: GitHub's CodeQL models of actions (MIT), and zizmor's."""


@once
def scripts(workflow: Workflow) -> Iterator[tuple[Route, str]]:
    """Every text that runs as a program: `run`, and inputs of actions that run them."""
    for step in workflow.steps:
        if step.run:
            yield (*step.route, "run"), step.run
        for name in _PROGRAMS.get(step.action, ()):
            if isinstance(step.inputs.get(name), str):
                yield (*step.route, "with", name), step.inputs[name]


@once
def joined(workflow: Workflow) -> Iterator[tuple[Route, str]]:
    """The scripts with lines that go on as one."""
    return ((route, text.replace("\\\n", " ")) for route, text in scripts(workflow))


@once
def environments(workflow: Workflow) -> Iterator[tuple[Route, Mapping[str, Any]]]:
    """The variables of the workflow, of its jobs and of its steps, where there are any."""
    holders = [*((one.route, one.env) for one in workflow.jobs), *((one.route, one.env) for one in workflow.steps)]
    return (((*route, "env"), env) for route, env in [((), workflow.env), *holders] if env)


def unjoined(text: str, within: Within) -> Within:
    """Where a part of a text of `joined` stands in the script."""
    start, end = within
    for count, match in enumerate(_CONTINUED.finditer(text)):
        at = match.start() - count
        start, end = start + (at < within[0]), end + (at < within[1])
    return start, end


_CONTINUED = regex(r"\\\n")
_VERSION = regex(r"^v?(\d{1,18})(\.\d+)*\b")


def version(workflow: Workflow, step: Step) -> int:
    """The major version of the step's action, by its tag or by the comment beside its commit; 0 when neither says it."""
    if step.uses is None:
        return 0
    match = _VERSION.match(step.uses.ref if not step.uses.pinned else workflow.notes.get(step.uses.route, ""))
    return int(match[1]) if match else 0


@once
def commands(workflow: Workflow) -> Iterator[tuple[Step, Command]]:
    """Every command of the scripts in `run`; PowerShell and others are read as far as they look alike."""
    for step in workflow.steps:
        if step.run:
            text = step.run.replace("`\n", "\\\n") if "pwsh" in str(step.data.get("shell", "")) else step.run
            yield from ((step, one) for one in parse(text) if one.words)


def is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.lower() == "false")


_WORDS = regex(r"(?:[A-Za-z]+|[0-9]{1,4})(?:[-_ .:/]+(?:[A-Za-z]+|[0-9]{1,4}))*")
_FOR_TESTS = frozenset(
    [
        "changeit",
        "changeme",
        "dummy",
        "example",
        "fake",
        "foo",
        "foobar",
        "insecure",
        "localstack",
        "minioadmin",
        "mock",
        "notasecret",
        "sample",
        "test",
        "testing",
        "tests",
        "throwaway",
        "unsafe",
    ]
)
_NO_SECRET = regex(r"(?i)\bnot[-_ ]?(?:a[-_ ]?)?(?:real[-_ ]?)?secret\b", needs=("not",))


def for_tests(value: str) -> bool:
    """Whether a value says of itself that nothing is behind it: `test`, `dummy-token`, `not-a-secret`; plain words alone."""
    if not _WORDS.fullmatch(value):
        return False
    return not _FOR_TESTS.isdisjoint(re.split(r"[^a-z]+", value.lower())) or _NO_SECRET.search(value) is not None
