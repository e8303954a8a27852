"""A security group lets everything out to the whole internet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, resources, rules, texts, title
from svc.networks import is_everywhere
from svc.targets.terraform.types import Block, Module

APART = True


def about(_: Params) -> Iterable[str]:
    return ("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_egress_rule")


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in resources(module, "aws_security_group"):
        for route, rule in rules(block, "egress"):
            if _is_wide(rule):
                yield route, f"`{title(block)}` lets everything out to the whole internet"
    for block in resources(module, "aws_security_group_rule", "aws_vpc_security_group_egress_rule"):
        egress = block.labels[0] != "aws_security_group_rule" or block.get("type") == "egress"
        if egress and _is_wide(block):
            yield block.address, f"`{title(block)}` lets everything out to the whole internet"


def _is_wide(rule: Block) -> bool:
    names = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
    protocols = {str(one) for one in (rule.get("protocol"), rule.get("ip_protocol")) if one is not None}
    everything = not protocols or bool(protocols & {"-1", "all"})
    return everything and any(is_everywhere(cidr) for name in names for cidr in texts(rule.get(name)))
