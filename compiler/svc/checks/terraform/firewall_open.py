"""A firewall rule of Google Cloud or Azure lets the whole internet in, to ports that are not for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._terraform import Found, resources, texts, title
from svc.networks import is_everywhere
from svc.records import dataclass
from svc.targets.terraform.types import Block, Expr, Module

APART = True

_GOOGLE = "google_compute_firewall"
_AZURE = "azurerm_network_security_rule"
_AZURE_GROUP = "azurerm_network_security_group"
_ANYONE = frozenset({"*", "internet", "any"})
"""Words that Azure has for everywhere."""
_PORTLESS = {
    "icmp": "ICMP",
    "1": "ICMP",
    "58": "ICMPv6",
    "esp": "ESP",
    "50": "ESP",
    "ah": "AH",
    "51": "AH",
    "ipip": "IPIP",
}
"""Protocols that have no ports, as the clouds name them."""


@dataclass(frozen=True, slots=True)
class Params:
    public: tuple[str, ...] = ("80", "443")


def about(_: Params) -> Iterable[str]:
    return (_GOOGLE, _AZURE, _AZURE_GROUP)


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in resources(module, _GOOGLE):
        inward = str(block.get("direction")).upper() != "EGRESS"
        off = block.get("disabled") in (True, "true")
        if inward and not off and (name := _anywhere(block, "source_ranges")):
            for allow in block.blocks("allow"):
                yield from _ports(block, allow, (*block.address, name), _said(allow, "ports"), params)
    for block in resources(module, _AZURE):
        yield from _azure(block, block, block.address, params)
    for block in resources(module, _AZURE_GROUP):
        for index, rule in enumerate(block.blocks("security_rule")):
            yield from _azure(block, rule, (*block.address, "security_rule", index), params)


def _azure(block: Block, rule: Block, route: tuple[str | int, ...], params: Params) -> Iterator[Found]:
    if str(rule.get("direction")).lower() != "inbound" or str(rule.get("access")).lower() != "allow":
        return
    if name := _anywhere(rule, "source_address_prefix", "source_address_prefixes"):
        ports = _said(rule, "destination_port_range", "destination_port_ranges")
        yield from _ports(block, rule, (*route, name), ports, params)


def _anywhere(rule: Block, *names: str) -> str:
    """The argument that lets everybody in; an empty text where none does."""
    said = ((name, text.lower()) for name in names for text in texts(rule.get(name)))
    return next((name for name, text in said if text in _ANYONE or is_everywhere(text)), "")


def _said(rule: Block, *names: str) -> list[str] | None:
    """The ports of a rule; None where they are known only later."""
    values = [rule.get(name) for name in names]
    if any(
        isinstance(one, Expr) or (isinstance(one, tuple) and any(isinstance(x, Expr) for x in one)) for one in values
    ):
        return None
    several = [one if isinstance(one, tuple) else (one,) for one in values if one is not None]
    return [str(one) for part in several for one in part]


def _ports(
    block: Block, rule: Block, route: tuple[str | int, ...], ports: list[str] | None, params: Params
) -> Iterator[Found]:
    wrong = [port for port in ports if port not in params.public] if ports is not None else []
    if wrong or ports == []:
        protocol = str(rule.get("protocol")).lower()
        shown = _PORTLESS.get(protocol) or ", ".join(wrong).replace("*", "every port") or "every port"
        yield route, f"`{title(block)}` opens {shown} to the whole internet"
