"""A role is given a policy of AWS that allows everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._terraform import Found, resources, texts, title
from svc.records import dataclass
from svc.targets.terraform.types import Module

APART = True

ATTACHED = {
    "aws_iam_role_policy_attachment": "policy_arn",
    "aws_iam_user_policy_attachment": "policy_arn",
    "aws_iam_group_policy_attachment": "policy_arn",
    "aws_iam_policy_attachment": "policy_arn",
    "aws_iam_role": "managed_policy_arns",
}


@dataclass(frozen=True, slots=True)
class Params:
    policies: tuple[str, ...] = ()


def about(_: Params) -> Iterable[str]:
    return ATTACHED


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in resources(module, *ATTACHED):
        argument = ATTACHED[block.labels[0]]
        for arn in texts(block.get(argument)):
            if arn.startswith("arn:") and arn.rpartition("/")[2] in params.policies:
                yield (*block.address, argument), f"`{title(block)}` gives `{arn.rpartition('/')[2]}`"
