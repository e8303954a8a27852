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
        for one in expressions(text) if "secrets" in text else ():
            if DUMP.search(one.text):
                yield route, "all secrets at once are put into one value", one.within
