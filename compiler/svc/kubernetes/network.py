"""Who may talk to whom. Everything is denied both ways; what `access`, the needs and the platform require is allowed.

A NetworkPolicy knows addresses, not names: an outside host becomes "any public address on that port", and one whose
name says that it may answer from inside "any address".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.networks import EVERYWHERE, NOT_NODES, NOT_PUBLIC, PRIVATE
from svc.patterns import regex
from svc.resolve import names
from svc.resolve.types.around import Peer
from svc.resolve.types.needs import Need
from svc.resolve.types.process import Literal_
from svc.resolve.types.whole import Resolved
from svc.resolve.types.workloads import Workload
from svc.tree import At, bare

API = "networking.k8s.io/v1"
NAMESPACE = "kubernetes.io/metadata.name"

_SERVICE = regex(r"[a-z][a-z0-9-]*(\.(?P<namespace>[a-z0-9-]+)\.svc(\.cluster\.local)?)?")
_INSIDE = regex(r"\.(internal|intranet|local|lan|corp|private|home\.arpa|amazonaws\.com(\.cn)?)$")
"""Names that are, or may be, of private addresses: RFC 6762 (appendix G), RFC 8375, ICANN's `.internal`, and what AWS
answers within a VPC."""
_CONTROLLER_NAMESPACE = {"nginx": "ingress-nginx"}
Ports = Sequence[tuple[int, str]]


def network(resolved: Resolved) -> Iterator[Manifest]:
    """One policy for all pods of the service (deny in, limit out), one per workload that somebody may connect to."""
    if not resolved.workloads:
        return
    yield egress_policy(resolved, resolved.name, {"matchLabels": meta.pods_selector(resolved)}, [])
    for workload in resolved.workloads:
        rules = _incoming(resolved, workload)
        if not rules:
            continue
        selector = {"matchLabels": names.selector(resolved, workload.component)}
        spec = {"podSelector": selector, "policyTypes": ["Ingress"], "ingress": rules}
        head = meta.metadata(resolved, f"{workload.name}-ingress", workload.component)
        yield meta.manifest(API, "NetworkPolicy", head, resolved.access.at, spec=spec)


def egress_policy(resolved: Resolved, name: str, pods: dict[str, Any], notes: Sequence[tuple[str, Any]]) -> Manifest:
    """Nobody comes in; out goes what the service needs."""
    spec = {
        "podSelector": pods,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [],
        "egress": _outgoing(resolved),
    }
    head = meta.metadata(resolved, name, "network", notes)
    return meta.manifest(API, "NetworkPolicy", head, resolved.access.at, spec=spec)


# --- in ----------------------------------------------------------------------------------------------------------


def _incoming(resolved: Resolved, workload: Workload) -> list[At]:
    numbers = {one.number for process in (workload.main, *workload.sidecars) for one in process.ports}
    rules = []
    for peer in resolved.access.incoming:
        ports = tuple(one for one in peer.ports if one[0] in numbers)
        if not numbers or (peer.ports and not ports):
            continue
        at = peer.at or resolved.access.at
        rules.append(At(at, _rule("from", _sources(resolved, peer), ports)))
    return _distinct(rules)


def _sources(resolved: Resolved, peer: Peer) -> list[dict[str, Any]]:
    if peer.role == "ingress-controller":
        return _controller(resolved, peer)
    if peer.role == "anyone":
        return _ranges(EVERYWHERE)
    if peer.role == "monitoring":
        return [_namespace(peer.namespace or "monitoring")]
    return _host(peer.host) if peer.host else [_peer(resolved, peer)]


def _controller(resolved: Resolved, peer: Peer) -> list[dict[str, Any]]:
    """Where requests come from depends on who ends the connection: a pod, a cloud load balancer, or the client."""
    expose = resolved.expose
    if expose is None or peer.namespace:
        return [_namespace(peer.namespace or "ingress-nginx")]
    if expose.via == "load-balancer":
        return _ranges(expose.allow or EVERYWHERE)
    if expose.via == "gateway":
        return [_namespace(expose.gateway.rpartition("/")[0] or resolved.namespace)]
    if expose.class_name == "alb":
        return _ranges(PRIVATE)
    return [_namespace(_CONTROLLER_NAMESPACE.get(expose.class_name, expose.class_name or "ingress-nginx"))]


# --- out ---------------------------------------------------------------------------------------------------------


def _outgoing(resolved: Resolved) -> list[Any]:
    if resolved.access.open_egress:
        return [At((*resolved.access.at, "to"), {})]
    rules = [_dns()]
    for peer in resolved.access.outgoing:
        if peer.role != "dns":
            at = peer.at or resolved.access.at
            rules.append(At(at, _rule("to", _destinations(resolved, peer), peer.ports)))
    rules += [At(one.at, rule) for one in resolved.needs for rule in _need(resolved, one)]
    rules += _platform(resolved)
    return _distinct(rules)


def _dns() -> At:
    pods = {**_namespace("kube-system"), "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
    return At((), _rule("to", [pods], ((53, "UDP"), (53, "TCP"))))


def _destinations(resolved: Resolved, peer: Peer) -> list[dict[str, Any]]:
    if peer.role:
        return _sources(resolved, peer)
    return _host(peer.host) if peer.host else [_peer(resolved, peer)]


def _host(host: str) -> list[dict[str, Any]]:
    known = _told(host)
    if known is not None:
        return [known]
    return _anywhere() if _INSIDE.search(host) else _public()


def _told(host: str) -> dict[str, Any] | None:
    """What a name or an address says by itself: a Service is pods of its namespace."""
    import ipaddress

    match = _SERVICE.fullmatch(host)
    if match is not None:
        return {**(_namespace(match["namespace"]) if match["namespace"] else {}), "podSelector": {}}
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return {"ipBlock": {"cidr": f"{address}/{address.max_prefixlen}"}}


def _need(resolved: Resolved, need: Need) -> list[dict[str, Any]]:
    if need.realise == "in-cluster":
        pods = {"podSelector": {"matchLabels": need_selector(resolved, need)}}
        return [_rule("to", [pods], ((need.port, "TCP"),))]
    if need.realise == "managed" and need.port:
        return [_rule("to", _ranges(PRIVATE), ((need.port, "TCP"),))]
    if need.realise == "existing":
        return [_rule("to", _existing(need), ((need.port or 443, "TCP"),))]
    return []


def _existing(need: Need) -> list[dict[str, Any]]:
    """What another name or a secret holds may be anywhere."""
    host = need.outputs.get("host")
    known = _told(host.text) if isinstance(host, Literal_) else None
    return _anywhere() if known is None else [known]


def _platform(resolved: Resolved) -> list[At]:
    """The cloud's own API (also through private endpoints), and the API server for pods that hold its token."""
    if resolved.account.token:
        return [At(resolved.account.at, _rule("to", _anywhere(), ((443, "TCP"), (6443, "TCP"))))]
    cloud_needs = [one for one in resolved.needs if one.realise == "managed" and not one.port]
    if resolved.cloud.provider != "none" and (cloud_needs or resolved.cloud.permissions):
        at = cloud_needs[0].at if cloud_needs else resolved.cloud.at
        return [At(at, _rule("to", _anywhere(), ((443, "TCP"),)))]
    return []


# --- shared ------------------------------------------------------------------------------------------------------


def need_selector(resolved: Resolved, need: Need) -> dict[str, str]:
    """The pods of an in-cluster need; other names than the service's own, whose policies must not select them."""
    return {
        names.NAME_LABEL: need.object_name,
        names.HELM_INSTANCE_LABEL: resolved.name,
        names.COMPONENT_LABEL: need.type,
    }


def _peer(resolved: Resolved, peer: Peer) -> dict[str, Any]:
    if peer.cidr:
        return {"ipBlock": {"cidr": peer.cidr}}
    pods = {"podSelector": {"matchLabels": {names.NAME_LABEL: peer.service}}} if peer.service else {}
    if peer.namespace and (peer.namespace != resolved.namespace or not pods):
        return {**_namespace(peer.namespace), **pods}
    return pods or {"podSelector": {}}


def _namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {NAMESPACE: name}}}


def _ranges(cidrs: Sequence[str]) -> list[dict[str, Any]]:
    return [{"ipBlock": {"cidr": one}} for one in cidrs]


def _anywhere() -> list[dict[str, Any]]:
    return [{"ipBlock": {"cidr": one, "except": list(NOT_NODES[one])}} for one in EVERYWHERE]


def _public() -> list[dict[str, Any]]:
    return [{"ipBlock": {"cidr": one, "except": list(NOT_PUBLIC[one])}} for one in EVERYWHERE]


def _rule(direction: str, peers: list[dict[str, Any]], ports: Ports) -> dict[str, Any]:
    rule: dict[str, Any] = {direction: peers}
    if ports:
        rule["ports"] = [{"port": number, "protocol": transport} for number, transport in ports]
    return rule


def _distinct(rules: list[At]) -> list[At]:
    kept: list[At] = []
    for rule in rules:
        if all(bare(rule) != bare(one) for one in kept):
            kept.append(rule)
    return kept
