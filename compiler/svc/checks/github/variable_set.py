"""A variable has a value that it should not have, at any level."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found, environments
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for route, env in environments(workflow):
        for name in sorted(set(params.names) & set(env)):
            if str(env[name]).lower() in params.values:
                yield (*route, name), f"`{name}` is `{str(env[name]).lower()}`"
