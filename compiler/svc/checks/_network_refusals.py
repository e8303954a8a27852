"""What an API server refuses of Services, Ingresses and network policies: what a patch may leave out is not told."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from svc.checks._refused_values import address, filled_in, place_held, port_name, port_number, shown, twice
from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.tree import items, mapping, mappings

_EXPOSED = ("LoadBalancer", "NodePort")
_CIDR = regex(r"[^/]+/[0-9]{1,3}")


def service(manifest: Manifest) -> Iterator[Found]:
    spec = mapping(manifest.tree.data, "spec")
    kind = spec.get("type")
    yield from address(spec.get("clusterIP"), ("spec", "clusterIP"))
    for index, one in enumerate(items(spec, "externalIPs")):
        yield from address(one, ("spec", "externalIPs", index))
    for index, one in enumerate(items(spec, "loadBalancerSourceRanges")):
        text = one.strip() if isinstance(one, str) else one  # as the API takes them
        yield from _range(text, ("spec", "loadBalancerSourceRanges", index))
    if kind == "ExternalName" and not spec.get("externalName"):
        yield ("spec", "type"), "a Service of type `ExternalName` needs an `externalName`: the host that it stands for"
    if kind in _EXPOSED and spec.get("clusterIP") == "None":
        yield ("spec", "clusterIP"), f"a Service of type `{kind}` has an address: remove `clusterIP: None`, or the type"
    if kind == "ClusterIP" and spec.get("externalTrafficPolicy") and not spec.get("externalIPs"):
        message = "`externalTrafficPolicy` is for the types `NodePort` and `LoadBalancer`"
        yield ("spec", "externalTrafficPolicy"), message
    yield from _ports(spec, whole=manifest.printed or spec.get("selector") is not None)


def _ports(spec: dict[str, Any], *, whole: bool) -> Iterator[Found]:
    """A patch names a port by its number, and removes one by a `$patch`; `whole`: it is none."""
    ports = [one for one in mappings(spec, "ports") if "$patch" not in one[1]]
    numbers: set[tuple[str, str]] = set()
    for index, port in ports:
        route: Route = ("spec", "ports", index)
        if whole and len(ports) > 1 and not port.get("name"):
            yield route, "every port of a Service with several ports needs a `name`"
        number = (str(port.get("port")), str(port.get("protocol", "TCP")))
        if number in numbers:
            yield (*route, "port"), f"port {number[0]}/{number[1]} is there twice"
        numbers.add(number)
        yield from port_number(port.get("port"), (*route, "port"))
        yield from port_number(port.get("targetPort") or None, (*route, "targetPort"))  # 0 is the port's own
        yield from port_name(port.get("targetPort"), (*route, "targetPort"))
        yield from port_number(port.get("nodePort") or None, (*route, "nodePort"))
        if spec.get("type") == "ClusterIP" and port.get("nodePort"):
            yield (*route, "nodePort"), "`nodePort` is for the types `NodePort` and `LoadBalancer`"
    yield from twice(spec, ("spec",), "ports", "name", "port")


def ingress(manifest: Manifest) -> Iterator[Found]:
    spec: Route = ("spec",)
    yield from _backend(mapping(manifest.tree.data, "spec", "defaultBackend"), (*spec, "defaultBackend"))
    for number, entry in mappings(manifest.tree.data, "spec", "tls"):
        for index, host in enumerate(items(entry, "hosts")):
            yield from _host(host, (*spec, "tls", number, "hosts", index))
    for number, rule in mappings(manifest.tree.data, "spec", "rules"):
        yield from _host(rule.get("host"), (*spec, "rules", number, "host"))
        for index, one in mappings(rule, "http", "paths"):
            at: Route = (*spec, "rules", number, "http", "paths", index)
            yield from _path(one, at)
            yield from _backend(mapping(one, "backend"), (*at, "backend"))


def _path(one: dict[str, Any], at: Route) -> Iterator[Found]:
    path, literal = one.get("path"), one.get("pathType") in ("Exact", "Prefix")
    if filled_in(path or ""):
        return
    if isinstance(path, str) and path and not path.startswith("/"):
        yield (*at, "path"), f"`{path}` does not begin with `/`"
    elif literal and not path:
        yield at, f"`pathType: {one['pathType']}` needs a `path`, such as `/`"
    elif literal and isinstance(path, str) and "//" in path:
        yield (*at, "path"), f"`{path}` has `//`, which `pathType: {one['pathType']}` takes for no path"


def _backend(backend: dict[str, Any], at: Route) -> Iterator[Found]:
    service, port = mapping(backend, "service"), mapping(backend, "service", "port")
    number, name = port.get("number"), port.get("name")
    yield from port_number(number or None, (*at, "service", "port", "number"))
    if number and name:
        yield (*at, "service", "port"), "the port has a `number` and a `name`: one is allowed"
    elif service and not number and not name:
        yield (*at, "service"), "the service needs a `port`: its `number` or its `name`"
    if service and backend.get("resource") is not None:
        yield at, "the backend is a `service` and a `resource`: one is allowed"


def _host(host: Any, route: Route) -> Iterator[Found]:
    """Words in capitals are those that somebody puts a name for."""
    if not isinstance(host, str) or not host or filled_in(host):
        return
    _, scheme, rest = host.partition("://")
    bare = (rest if scheme else host).partition("/")[0].partition(":")[0]
    if any(place_held(part) or part.isupper() for part in bare.split(".")):
        return
    if bare.count(".") == 3 and bare.replace(".", "").isdigit():
        yield route, f"`{host}` is an address; a host is a DNS name"
    elif bare != host or not syntax.dns_subdomain(host.removeprefix("*.")):
        advice = f"; write `{bare.lower()}`" if syntax.dns_subdomain(bare.lower().removeprefix("*.")) else ""
        yield route, f"`{host}` is no host: a DNS name in small letters, without scheme, port and path{advice}"


def network_policy(manifest: Manifest) -> Iterator[Found]:
    for part, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in mappings(manifest.tree.data, "spec", part):
            at: Route = ("spec", part, index)
            for number, port in mappings(rule, "ports"):
                yield from _policy_port(port, (*at, "ports", number))
            for number, peer in mappings(rule, peers):
                yield from _peer(peer, (*at, peers, number))


def _peer(peer: dict[str, Any], at: Route) -> Iterator[Found]:
    given = [key for key, value in peer.items() if value is not None]
    if not given:
        yield at, "a peer without anything is refused; `podSelector: {}` is every pod of the namespace"
    elif "ipBlock" in given and len(given) > 1:
        yield (*at, "ipBlock"), "`ipBlock` stands alone: put the selectors into an entry of their own"
    yield from _block(mapping(peer, "ipBlock"), (*at, "ipBlock"))


def _policy_port(port: dict[str, Any], at: Route) -> Iterator[Found]:
    first, last = port.get("port"), port.get("endPort")
    yield from port_number(first, (*at, "port"))
    yield from port_name(first, (*at, "port"))
    if last is not None and not filled_in(last) and not filled_in(first or "") and type(first) is not int:
        yield (*at, "endPort"), "`endPort` needs a `port` that is a number"
    if type(first) is int and type(last) is int and last < first:
        yield (*at, "endPort"), f"the ports end at {last}, before they begin at {first}"


def _block(block: dict[str, Any], at: Route) -> Iterator[Found]:
    cidr, excepted = block.get("cidr"), block.get("except")
    yield from _range(cidr, (*at, "cidr"))
    around = _network(cidr)
    for each, one in enumerate(excepted if isinstance(excepted, list) else ()):
        yield from _range(one, (*at, "except", each))
        within = _network(one)
        if around is not None and within is not None and not _is_part(within, around):
            yield (*at, "except", each), f"`{one}` is no part of `{cidr}`"


def _range(cidr: Any, route: Route) -> Iterator[Found]:
    known = isinstance(cidr, str) and not place_held(cidr.partition("/")[0])
    if known and _network(cidr) is None:
        yield route, f"{shown(cidr)} is no range of addresses, such as 10.0.0.0/8"


def _network(cidr: Any) -> IPv4Network | IPv6Network | None:
    """None for what the API takes for none; a mask in the place of a length, which Python takes, is."""
    if not isinstance(cidr, str) or not _CIDR.fullmatch(cidr):
        return None
    try:
        return ip_network(cidr, strict=False)
    except ValueError:
        return None


def _is_part(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    same = one.version == other.version and one.prefixlen > other.prefixlen
    return same and one.network_address in other
