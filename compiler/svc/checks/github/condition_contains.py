"""`contains('a b c', x)`: a part of a word is enough."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._expressions import condition_nodes, conditions, in_condition
from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow
from svc.workflows.nodes import Call, Literal, paths

ANYBODYS = (
    "github.actor",
    "github.base_ref",
    "github.head_ref",
    "github.ref",
    "github.ref_name",
    "github.triggering_actor",
)
"""Contexts whose value somebody else chooses, so that a part of the text can be chosen; besides `github.event` and `inputs`."""


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for route, text in conditions(workflow):
        for call in condition_nodes(text):
            if not isinstance(call, Call) or call.name != "contains":
                continue
            first = call.args[0] if len(call.args) == 2 else None
            if not isinstance(first, Literal) or not isinstance(first.value, str):
                continue
            chosen = [
                one
                for one in paths(call.args[1])
                if one.replace("env.github_", "github.") in ANYBODYS or one.startswith(("github.event.", "inputs."))
            ]
            if chosen:
                message = f"`contains('{first.value}', {chosen[0]})` is true for every part of the text as well"
                yield route, message, in_condition(text, call)
