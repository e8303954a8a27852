"""Workflow commands that let any output set variables."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found, scripts
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.github.types import Workflow

COMMANDS = regex(r"::(set-output|save-state|set-env|add-path)\b", needs=("::",))


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for route, text in scripts(workflow):
        found = COMMANDS.search(text)
        if found is not None:
            message = "a workflow command that GitHub has removed; write to $GITHUB_OUTPUT or $GITHUB_ENV"
            yield route, message, found.span()
    places = [(("env",), workflow.env), *(((*job.route, "env"), job.env) for job in workflow.jobs)]
    places += [((*step.route, "env"), step.env) for step in workflow.steps]
    for route, env in places:
        if "ACTIONS_ALLOW_UNSECURE_COMMANDS" in env and str(env["ACTIONS_ALLOW_UNSECURE_COMMANDS"]).lower() == "true":
            yield (*route, "ACTIONS_ALLOW_UNSECURE_COMMANDS"), "any output may set variables of later steps"
