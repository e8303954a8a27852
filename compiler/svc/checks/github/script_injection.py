"""Text that anybody can write becomes part of a program."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._expressions import unproven, untrusted
from svc.checks._github import Found, scripts
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    untrusted: bool = True


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for route, text in scripts(workflow):
        found = untrusted(text) if params.untrusted else unproven(text)
        for expression in dict.fromkeys(found):
            yield route, f"`{expression}` is pasted into the program before it runs"
