"""A resource's own policy allows every action on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, statements
from svc.targets.terraform.types import Module

APART = True


def check(module: Module, _: Params) -> Iterator[Found]:
    for route, within, statement in statements(module):
        if statement.get("Effect", "Allow") != "Allow" or "Principal" not in statement or route[1] == "aws_kms_key":
            continue
        actions = statement.get("Action")
        listed: list[Any] = actions if isinstance(actions, list) else [actions]
        for action in listed:
            if action == "*" or str(action).lower() in ("sqs:*", "sns:*", "s3:*", "ecr:*", "secretsmanager:*"):
                yield route, f"the statement allows `{action}` to those it lets in", within
