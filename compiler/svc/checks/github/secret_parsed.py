"""A secret is taken apart: its parts are no secrets for the log."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._expressions import calls, expressions, tree
from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow
from svc.workflows.nodes import paths


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for route, text in workflow.templated:
        for one in expressions(text) if "fromjson" in text.lower() else ():
            node = tree(one.text)
            for call in calls(node, "fromjson") if node is not None else ():
                if any(path.startswith("secrets.") for arg in call.args for path in paths(arg)):
                    yield route, f"`{one.text}` takes a secret apart, and the log does not hide the parts", one.within
