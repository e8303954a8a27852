"""A role that everybody in an account may take, without a condition."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, listed, mentions, resources, statements
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.terraform.types import Module

_ACCOUNT = regex(r"[0-9]{12}|arn:aws[a-z-]*:iam::[0-9]{12}:root")


def check(module: Module, _: Params) -> Iterator[Found]:
    for route, within, statement in statements(module):
        if not _is_trust(module, route) or statement.get("Effect", "Allow") != "Allow" or statement.get("Condition"):
            continue
        principal = statement.get("Principal")
        for one in listed(principal.get("AWS") if isinstance(principal, dict) else None):
            if _ACCOUNT.fullmatch(str(one)):
                yield route, f"everybody in account `{one}` may take the role, without a condition", within


def _is_trust(module: Module, route: Route) -> bool:
    if route[0] == "resource":
        return route[-1] == "assume_role_policy"
    name = ".".join(str(one) for one in route[:3])
    return any(mentions(one.get("assume_role_policy"), name) for one in resources(module, "aws_iam_role"))
