"""A resource policy lets everybody in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, statements
from svc.targets.terraform.types import Module

APART = True


def check(module: Module, _: Params) -> Iterator[Found]:
    for route, within, statement in statements(module):
        if statement.get("Effect", "Allow") != "Allow" or statement.get("Condition"):
            continue
        if _everybody(statement.get("Principal")):
            yield route, "the statement lets everybody in: its principal is `*`, without a condition", within


def _everybody(principal: Any) -> bool:
    if isinstance(principal, dict):
        return any(_everybody(value) for value in principal.values())
    if isinstance(principal, list):
        return any(_everybody(one) for one in principal)
    return isinstance(principal, str) and (principal == "*" or principal.startswith("arn:aws:iam::*:"))
