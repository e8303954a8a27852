"""What an API server refuses of addresses, sizes, time zones and fields, where it stands: what a patch leaves out is not told."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.suggest import nearest
from svc.tree import mapping, mappings

_CIDR = regex(r"[^/]+/[0-9]{1,3}")
_NOTHING = regex(r"-.*|[+]?0*(\.0*)?([eE][0-9]+|[A-Za-z]*)")
_KEYED = ("metadata.annotations", "metadata.labels")
_FIELDS = (*_KEYED, "metadata.name", "metadata.namespace", "metadata.uid")
_POD_FIELDS = (
    *("spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
    *_FIELDS,
)


def shown(value: Any) -> str:
    return "an empty text" if value == "" else f"`{value}`"


def filled_in(value: Any) -> bool:
    """Whether something else puts a value there, or nothing is there."""
    return value is None or (isinstance(value, str) and "$" in value)


_AMOUNT_HELD = regex(r"__\w+__|<.+>|@\w+@|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|.*\{\{.*")


def no_quantity(value: Any) -> bool:
    """Whether an amount is none; of a list or a mapping in its place, the schema says so."""
    if filled_in(value) or isinstance(value, list | dict) or syntax.quantity(value):
        return False
    return _AMOUNT_HELD.fullmatch(str(value)) is None


_BASE64 = regex(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_PLACE_HELD = regex(r"[<>{}%@\[\]]|://|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^__\w+__$")
"""What some other program puts a value for: `<path:...>`, `{{ }}`, `%X%`, `@X@`, `ENC[...]`, `ref+vault://...`,
`DB_PASSWORD`, `__x__`."""


def place_held(value: str) -> bool:
    """Whether some other program puts a value there, for all that it looks like."""
    return filled_in(value) or _PLACE_HELD.search(value) is not None


def address(value: Any, route: Route) -> Iterator[Found]:
    """`None` and an empty text are words of their own."""
    if isinstance(value, str) and value not in ("", "None") and not place_held(value):
        try:
            ip_address(value)
        except ValueError:
            yield route, f"`{value}` is no address, such as 192.0.2.1"


def encoded(manifest: Manifest) -> Iterator[Found]:
    """Bytes are written in base64; how something else is written says what it is, so it is not repeated here."""
    for part in ("data",) if manifest.kind == "Secret" else ("binaryData",):
        for key, value in mapping(manifest.tree.data, part).items():
            if not isinstance(value, str) or place_held(value):
                continue
            if not _BASE64.fullmatch(value.replace("\n", "").replace("\r", "")):
                other = "stringData" if part == "data" else "data"
                yield (part, key), f"`{key}` is no base64; what is written as it is belongs into `{other}`"


def port_number(number: Any, route: Route) -> Iterator[Found]:
    if isinstance(number, int) and not isinstance(number, bool) and not 1 <= number <= 65535:
        yield route, f"{number} is no port: 1 to 65535"


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


def port_name(name: Any, route: Route) -> Iterator[Found]:
    if isinstance(name, str) and "$" not in name and not syntax.port_name(name):
        yield route, f"`{name}` is no port name: at most 15 of a-z, 0-9 and `-`, with a letter"


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
    yield from network_range(cidr, (*at, "cidr"))
    around = _network(cidr)
    for each, one in enumerate(excepted if isinstance(excepted, list) else ()):
        yield from network_range(one, (*at, "except", each))
        within = _network(one)
        if around is not None and within is not None and not _is_part(within, around):
            yield (*at, "except", each), f"`{one}` is no part of `{cidr}`"


def network_range(cidr: Any, route: Route) -> Iterator[Found]:
    if not filled_in(cidr) and isinstance(cidr, str) and _network(cidr) is None:
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


def claims(manifest: Manifest) -> Iterator[Found]:
    """A claim of a StatefulSet stands as a whole, even in a patch."""
    templates: list[tuple[Route, dict[str, Any]]] = [(("spec",), mapping(manifest.tree.data, "spec"))]
    if manifest.kind == "StatefulSet":
        found = mappings(manifest.tree.data, "spec", "volumeClaimTemplates")
        templates = [(("spec", "volumeClaimTemplates", index, "spec"), mapping(one, "spec")) for index, one in found]
    for at, spec in templates:
        whole = manifest.kind == "StatefulSet"
        if whole and spec.get("accessModes") in (None, []):
            yield at, "the claim has no `accessModes`, such as `[ReadWriteOnce]`"
        if whole and mapping(spec, "resources", "requests").get("storage") is None:
            yield at, "the claim has no size: `resources: {requests: {storage: 10Gi}}`"
        size = mapping(spec, "resources", "requests").get("storage")
        if no_quantity(size):
            yield (*at, "resources", "requests", "storage"), f"{shown(size)} is no quantity, such as 10Gi"
        elif not filled_in(size) and _NOTHING.fullmatch(str(size)):
            yield (*at, "resources", "requests", "storage"), f"`{size}` is no size of a volume: more than 0"


def time_zone(manifest: Manifest) -> Iterator[Found]:
    zone = manifest.tree.get("spec", "timeZone")
    if not isinstance(zone, str) or filled_in(zone):
        return
    from svc.model.zones import names

    if zone not in names():
        hint = f"there is no time zone `{zone}`{nearest(zone, names())}" if zone else "the time zone is empty"
        yield ("spec", "timeZone"), hint


def fields(container: dict[str, Any], route: Route) -> Iterator[Found]:
    """What the downward API can give a variable."""
    for index, variable in mappings(container, "env"):
        path = mapping(variable, "valueFrom", "fieldRef").get("fieldPath")
        if not isinstance(path, str) or filled_in(path):
            continue
        name = path.partition("[")[0]
        if name not in _POD_FIELDS or (name == path) is (name in _KEYED):
            at = (*route, "env", index, "valueFrom", "fieldRef", "fieldPath")
            example = f"; write `{path}['...']`" if path in _KEYED else nearest(name, _POD_FIELDS)
            example = f"; write `{name}`" if name in _POD_FIELDS and name not in _KEYED else example
            yield at, f"`{path}` is no field that a variable can have{example}"
