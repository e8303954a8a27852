"""All secrets at once, in one value."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._expressions import expressions
from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.github.types import Workflow

DUMP = regex(r"to[jJ][sS][oO][nN]\(\s*secrets\s*\)|secrets\[(?!['\"])")


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for route, text in workflow.templated:
        if "secrets" in text and any(DUMP.search(expression) for expression in expressions(text)):
            yield route, "all secrets at once are put into one value"
