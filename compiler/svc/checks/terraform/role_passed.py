"""An IAM statement allows to pass any role to a service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, statements
from svc.targets.terraform.types import Module

APART = True


def check(module: Module, _: Params) -> Iterator[Found]:
    for route, statement in statements(module):
        if statement.get("Effect", "Allow") != "Allow" or statement.get("Condition"):
            continue
        actions = [str(one).lower() for one in _list(statement.get("Action"))]
        if "iam:passrole" in actions and "*" in _list(statement.get("Resource")):
            yield route, "the statement allows to pass every role to every service"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
