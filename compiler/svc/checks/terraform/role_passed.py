"""An IAM statement allows to pass any role to a service."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, listed, statements
from svc.targets.terraform.types import Module

APART = True


def check(module: Module, _: Params) -> Iterator[Found]:
    for route, within, statement in statements(module):
        if statement.get("Effect", "Allow") != "Allow" or statement.get("Condition"):
            continue
        actions = [str(one).lower() for one in listed(statement.get("Action"))]
        if "iam:passrole" in actions and "*" in listed(statement.get("Resource")):
            yield route, "the statement allows to pass every role to every service", within
