"""Whoever starts the workflow by hand writes any text into it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    inputs = workflow.triggers.get("workflow_dispatch", {}).get("inputs")
    for name, given in inputs.items() if isinstance(inputs, dict) else ():
        if not isinstance(given, dict) or given.get("type", "string") == "string":
            yield ("on", "workflow_dispatch", "inputs", name), f"input `{name}` takes any text"
