"""An IAM statement allows everything, or everything of a service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._terraform import Found, statements
from svc.records import dataclass
from svc.targets.terraform.types import Module


@dataclass(frozen=True, slots=True)
class Params:
    service: bool = False


def check(module: Module, params: Params) -> Iterator[Found]:
    for route, statement in statements(module):
        if statement.get("Effect", "Allow") != "Allow" or "Principal" in statement:
            continue
        actions, targets = _list(statement.get("Action")), _list(statement.get("Resource"))
        if not params.service and "*" in actions:
            yield route, "the statement allows every action (`*`)"
        elif not params.service and "NotAction" in statement:
            yield route, "the statement allows every action but a few (NotAction)"
        elif params.service and "*" in targets:
            wide = [action for action in actions if isinstance(action, str) and action.endswith(":*")]
            for action in wide:
                yield route, f"the statement allows `{action}` on every resource"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
