"""What an API server refuses of addresses, sizes, time zones and fields, where it stands: what a patch leaves out is not told."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from svc.checks._pods import Found, mapping, mappings
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.types import Manifest
from svc.suggest import nearest

_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
_POD_FIELDS = (
    *("spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
    *_FIELDS,
)


def filled_in(value: Any) -> bool:
    """Whether something else puts a value there, or nothing is there."""
    return value is None or (isinstance(value, str) and "$" in value)


def port_number(number: Any, route: Route) -> Iterator[Found]:
    if isinstance(number, int) and not isinstance(number, bool) and not 1 <= number <= 65535:
        yield route, f"{number} is no port: 1 to 65535"


def network_policy(manifest: Manifest) -> Iterator[Found]:
    for part, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in mappings(manifest.tree.data, "spec", part):
            at: Route = ("spec", part, index)
            for number, port in mappings(rule, "ports"):
                yield from port_number(port.get("port"), (*at, "ports", number, "port"))
            for number, peer in mappings(rule, peers):
                block = mapping(peer, "ipBlock")
                yield from _range(block.get("cidr"), (*at, peers, number, "ipBlock", "cidr"))
                excepted = block.get("except")
                for each, one in enumerate(excepted if isinstance(excepted, list) else ()):
                    yield from _range(one, (*at, peers, number, "ipBlock", "except", each))


def _range(cidr: Any, route: Route) -> Iterator[Found]:
    if filled_in(cidr) or not isinstance(cidr, str):
        return
    try:
        if "/" in cidr:
            ip_network(cidr, strict=False)
            return
    except ValueError:
        pass
    yield route, f"`{cidr}` is no range of addresses, such as 10.0.0.0/8"


def claims(manifest: Manifest) -> Iterator[Found]:
    templates: list[tuple[Route, dict[str, Any]]] = [(("spec",), mapping(manifest.tree.data, "spec"))]
    if manifest.kind == "StatefulSet":
        found = mappings(manifest.tree.data, "spec", "volumeClaimTemplates")
        templates = [(("spec", "volumeClaimTemplates", index, "spec"), mapping(one, "spec")) for index, one in found]
    for at, spec in templates:
        size = mapping(spec, "resources", "requests").get("storage")
        if not filled_in(size) and not syntax.quantity(size):
            yield (*at, "resources", "requests", "storage"), f"`{size}` is no quantity, such as 10Gi"


def time_zone(manifest: Manifest) -> Iterator[Found]:
    zone = manifest.tree.get("spec", "timeZone")
    if not isinstance(zone, str) or filled_in(zone):
        return
    from svc.model.zones import names

    if zone not in names():
        yield ("spec", "timeZone"), f"there is no time zone `{zone}`{nearest(zone, names())}"


def fields(container: dict[str, Any], route: Route) -> Iterator[Found]:
    """What the downward API can give a variable."""
    for index, variable in mappings(container, "env"):
        path = mapping(variable, "valueFrom", "fieldRef").get("fieldPath")
        if not isinstance(path, str) or filled_in(path):
            continue
        name = path.partition("[")[0]
        if name not in _POD_FIELDS or (name == path and name in ("metadata.labels", "metadata.annotations")):
            at = (*route, "env", index, "valueFrom", "fieldRef", "fieldPath")
            example = f"; write `{path}['...']`" if name == path and name in _FIELDS else nearest(name, _POD_FIELDS)
            yield at, f"`{path}` is no field that a variable can have{example}"
