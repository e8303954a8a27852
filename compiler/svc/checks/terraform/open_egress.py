"""A security group lets everything out to the whole internet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, at_argument, everywhere, resources, rules, title
from svc.targets.terraform.types import Block, Module

APART = True


def about(_: Params) -> Iterable[str]:
    return ("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_egress_rule")


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in resources(module, "aws_security_group"):
        for route, rule in rules(block, "egress"):
            if _whatever(rule) and (name := everywhere(rule)):
                yield at_argument(route, name), f"`{title(block)}` lets everything out to the whole internet"
    for block in resources(module, "aws_security_group_rule", "aws_vpc_security_group_egress_rule"):
        egress = block.labels[0] != "aws_security_group_rule" or block.get("type") == "egress"
        if egress and _whatever(block) and (name := everywhere(block)):
            yield (*block.address, name), f"`{title(block)}` lets everything out to the whole internet"


def _whatever(rule: Block) -> bool:
    """Whether it is of every protocol, and so of every port."""
    protocols = {str(one) for one in (rule.get("protocol"), rule.get("ip_protocol")) if one is not None}
    return not protocols or bool(protocols & {"-1", "all"})
