"""An IAM statement allows everything, or everything of a service."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._terraform import Found, listed, mentions, resources, statements
from svc.diagnostics import Route
from svc.records import dataclass
from svc.targets.terraform.types import Module

IDENTITIES = ("aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy")
_EVERY = ("*", "*:*")


@dataclass(frozen=True, slots=True)
class Params:
    service: bool = False


def check(module: Module, params: Params) -> Iterator[Found]:
    for route, within, statement in statements(module):
        if statement.get("Effect", "Allow") != "Allow" or ("Principal" in statement and not _given(module, route)):
            continue
        actions, targets = listed(statement.get("Action")), listed(statement.get("Resource"))
        if not params.service and (every := next((one for one in actions if one in _EVERY), None)):
            yield route, f"the statement allows every action (`{every}`)", within
        elif not params.service and "NotAction" in statement:
            yield route, "the statement allows every action but a few (NotAction)", within
        elif params.service and "*" in targets:
            wide = [one for one in actions if isinstance(one, str) and one.endswith(":*") and one not in _EVERY]
            for action in wide:
                yield route, f"the statement allows `{action}` on every resource", within


def _given(module: Module, route: Route) -> bool:
    """Whether the document is given to a role or user, where its principals mean nothing."""
    name = ".".join(str(one) for one in route[:3])
    return route[0] == "data" and any(mentions(one.get("policy"), name) for one in resources(module, *IDENTITIES))
