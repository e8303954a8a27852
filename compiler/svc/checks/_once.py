"""What several policies ask of a workflow is worked out once, and kept with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TypeVar

from svc.targets.github.types import Workflow

T = TypeVar("T")


def once(work: Callable[[Workflow], Iterable[T]]) -> Callable[[Workflow], Sequence[T]]:
    """The same answer for the same workflow, as a tuple."""

    @wraps(work)
    def known(workflow: Workflow) -> Sequence[T]:
        if work not in workflow.found:
            workflow.found[work] = tuple(work(workflow))
        found: Sequence[T] = workflow.found[work]
        return found

    return known
