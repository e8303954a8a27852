"""`a && '' || b`: what stands in the middle counts as false, so it is never chosen."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._expressions import expressions, nodes
from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow
from svc.workflows.nodes import Binary, Literal, begin


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for route, text in workflow.templated:
        for expression in expressions(text):
            for one in nodes(expression.text):
                if (
                    isinstance(one, Binary)
                    and one.sign == "||"
                    and isinstance(one.left, Binary)
                    and one.left.sign == "&&"
                ):
                    middle = one.left.right
                    if isinstance(middle, Literal) and not middle.value:
                        message = f"`{expression.text}` never gives the value after `&&`, which counts as false"
                        at = expression.at + begin(middle)
                        yield route, message, (at, expression.within[1])
