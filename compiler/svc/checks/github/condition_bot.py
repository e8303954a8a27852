"""A bot is known by the actor, which is whoever caused the last event and not who wrote the change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from svc.checks._expressions import condition_nodes, conditions, in_condition
from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.diagnostics import Within
from svc.targets.github.types import Workflow
from svc.workflows.nodes import Binary, Literal, path

EVENTS = ("pull_request_target", "workflow_run", "issue_comment", "pull_request")
ACTORS = ("github.actor", "github.triggering_actor", "github.event.sender.login", "github.actor_id")
IDS = ("29110", "49699333", "27856297", "29139614")
"""Numbers of dependabot and renovate."""


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    if not any(event in workflow.triggers for event in EVENTS):
        return
    for route, text in conditions(workflow):
        for actor, within in _actors(text):
            yield route, f"`{actor}` is whoever caused the last event, not who wrote the change", within


@lru_cache(maxsize=1024)
def _actors(text: str) -> tuple[tuple[str, Within], ...]:
    """The actors that a condition takes for a bot, and where."""
    found = []
    for one in condition_nodes(text):
        if isinstance(one, Binary) and one.sign == "==":
            sides = (one.left, one.right)
            value = next((_text(side.value) for side in sides if isinstance(side, Literal)), "")
            actor = next((path(side) for side in sides if path(side) in ACTORS), "")
            if actor and (value.endswith("[bot]") or value in IDS):
                found.append((actor, in_condition(text, one)))
    return tuple(found)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
