"""A security group lets the whole internet in, to ports that are not for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._terraform import Found, at_argument, everywhere, resources, rules, title
from svc.records import dataclass
from svc.targets.terraform.types import Block, Expr, Module

APART = True


@dataclass(frozen=True, slots=True)
class Params:
    public: tuple[int, ...] = (80, 443)


def about(_: Params) -> Iterable[str]:
    return ("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule")


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in resources(module, "aws_security_group"):
        for route, rule in rules(block, "ingress"):
            if (name := everywhere(rule)) and not _public(rule, params):
                yield at_argument(route, name), _message(block, rule)
    for block in resources(module, "aws_security_group_rule", "aws_vpc_security_group_ingress_rule"):
        if block.labels[0] == "aws_security_group_rule" and block.get("type") != "ingress":
            continue
        if (name := everywhere(block)) and not _public(block, params):
            yield (*block.address, name), _message(block, block)


def _public(rule: Block, params: Params) -> bool:
    start, end = rule.get("from_port"), rule.get("to_port")
    if isinstance(start, Expr) or isinstance(end, Expr):
        return True
    all_traffic = "-1" in (str(rule.get("protocol")), str(rule.get("ip_protocol")))
    return not all_traffic and start == end and start in params.public


def _message(block: Block, rule: Block) -> str:
    first, last = rule.get("from_port"), rule.get("to_port")
    everything = first is None or "-1" in (str(rule.get("protocol")), str(rule.get("ip_protocol")))
    ports = "all ports" if everything else f"port {first}" if first == last else f"ports {first} to {last}"
    return f"`{title(block)}` opens {ports} to the whole internet"
