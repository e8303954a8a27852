"""What stands around the workloads: needs in the cluster, the ways in, the network policies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kubernetes.lowered import found, listed, problems
from samples import grpc, web, worker_only
from svc.resolve.types.around import Expose, Peer
from svc.resolve.types.process import Literal_
from svc.resolve.types.whole import Resolved

_ANYWHERE = [
    {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}},
    {"ipBlock": {"cidr": "::/0", "except": ["fd00:ec2::254/128", "fd20:ce::254/128", "fe80::/10"]}},
]


def test_a_database_in_the_cluster_is_a_hardened_pod_of_its_own() -> None:
    service = web("staging")
    pod = found(service, "StatefulSet", "checkout-db").pod
    assert pod is not None
    assert pod["securityContext"]["runAsUser"] == 70
    mounts = [one["mountPath"] for one in pod["containers"][0]["volumeMounts"]]
    assert mounts == ["/var/lib/postgresql/data", "/var/run/postgresql", "/tmp"]
    policy = found(service, "NetworkPolicy", "checkout-db").tree.data["spec"]
    assert policy["egress"] == []
    assert not [one for one in listed(web("production")) if one == "StatefulSet/checkout-db"]


def test_needs_that_a_cluster_cannot_run_are_said() -> None:
    service = web("staging")
    needs = tuple(replace(one, realise="in-cluster") for one in service.needs if one.type in ("queue", "bucket"))
    assert problems(replace(service, needs=needs)) == [
        ("need-not-in-cluster", ("needs", "orders")),
        ("need-not-in-cluster", ("needs", "receipts")),
    ]
    assert problems(replace(service, needs=(replace(service.needs[0], realise="container"),))) == [
        ("need-container", ("needs", "db"))
    ]


def test_an_ingress_lets_in_whom_the_spec_allows() -> None:
    ingress = found(web(), "Ingress", "checkout").tree.data
    assert ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/whitelist-source-range"] == "10.0.0.0/8"
    assert ingress["spec"] == {
        "ingressClassName": "nginx",
        "tls": [{"hosts": ["checkout.example.com"], "secretName": "checkout-tls"}],
        "rules": [
            {
                "host": "checkout.example.com",
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "checkout", "port": {"name": "http"}}},
                        }
                    ]
                },
            }
        ],
    }


def _exposed(**changes: Any) -> Resolved:
    service = web()
    assert service.expose is not None
    return replace(service, expose=replace(service.expose, **changes))


def test_what_a_way_in_cannot_do_is_said() -> None:
    assert problems(_exposed(class_name="traefik")) == [("expose-allow-unknown-class", ("expose", "allow"))]
    assert problems(_exposed(via="gateway", gateway="infra/public")) == [("expose-allow-gateway", ("expose", "allow"))]
    assert problems(_exposed(via="gateway", allow=())) == [("expose-gateway-missing", ("expose", "gateway"))]
    assert problems(_exposed(via="load-balancer")) == [("expose-tls-load-balancer", ("expose", "tls"))]
    exposed = Expose("ingress", ("a.example.com",), (), True, "", (), "nginx", "", (), ("expose",))
    assert problems(replace(worker_only(), expose=exposed)) == [("expose-without-service", ("expose",))]


def test_a_load_balancer_limits_its_sources() -> None:
    service = _exposed(via="load-balancer", tls=False)
    assert problems(service) == []
    assert found(service, "Service", "checkout-public").tree.data["spec"] == {
        "type": "LoadBalancer",
        "externalTrafficPolicy": "Local",
        "loadBalancerSourceRanges": ["10.0.0.0/8"],
        "selector": {
            "app.kubernetes.io/name": "checkout",
            "app.kubernetes.io/instance": "checkout",
            "app.kubernetes.io/component": "server",
        },
        "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}],
    }


def test_a_gateway_route_attaches_to_its_gateway() -> None:
    spec = found(grpc(), "HTTPRoute", "ledger").tree.data["spec"]
    assert spec["parentRefs"] == [{"name": "public", "namespace": "infra"}]
    assert spec["rules"][0]["backendRefs"] == [{"name": "ledger", "port": 5050}]


def test_everything_is_denied_but_what_is_asked() -> None:
    deny = found(worker_only(), "NetworkPolicy", "indexer").tree.data["spec"]
    assert deny["policyTypes"] == ["Ingress", "Egress"]
    assert deny["ingress"] == []
    ports = [[port["port"] for port in rule["ports"]] for rule in deny["egress"]]
    assert ports == [[53, 53], [443]], "names, and the cloud's own API"
    incoming = found(web(), "NetworkPolicy", "checkout-ingress").tree.data["spec"]["ingress"]
    assert [rule["ports"][0]["port"] for rule in incoming] == [8080, 8080, 9102]
    namespace = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}
    assert incoming[1]["from"] == [namespace]


@pytest.mark.parametrize(
    ("host", "peers"),
    [
        ("redis-cart", [{"podSelector": {}}]),
        (
            "redis.shared.svc",
            [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shared"}}, "podSelector": {}}],
        ),
        ("redis.example.com", _ANYWHERE),
        ("10.1.2.3", [{"ipBlock": {"cidr": "10.1.2.3/32"}}]),
        ("2001:db8::1", [{"ipBlock": {"cidr": "2001:db8::1/128"}}]),
    ],
)
def test_an_existing_need_that_is_a_service_is_reached_in_its_namespace(host: str, peers: list[dict[str, Any]]) -> None:
    service = web("production")
    need = replace(service.needs[0], realise="existing", outputs={"host": Literal_(host)})
    egress = found(replace(service, needs=(need,)), "NetworkPolicy", "checkout").tree.data["spec"]["egress"]
    assert {"to": peers, "ports": [{"port": need.port, "protocol": "TCP"}]} in egress


_TEMPORAL = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "temporal"}}, "podSelector": {}}]


@pytest.mark.parametrize(
    ("host", "peers"),
    [
        ("10.1.2.3", [{"ipBlock": {"cidr": "10.1.2.3/32"}}]),
        ("front.temporal.svc", _TEMPORAL),
        ("front.temporal.svc.cluster.local", _TEMPORAL),
        ("kafka.corp.internal", _ANYWHERE),
        ("shop.abc.eu-west-1.rds.amazonaws.com", _ANYWHERE),
    ],
)
def test_a_host_that_is_not_outside_can_be_reached(host: str, peers: list[dict[str, Any]]) -> None:
    """Any public address on a port would let in everybody but the one who was named."""
    service = web("production")
    named = (Peer(host=host, ports=((7233, "TCP"),)),)
    asks = replace(service, access=replace(service.access, incoming=named, outgoing=named), needs=())
    egress = found(asks, "NetworkPolicy", "checkout").tree.data["spec"]["egress"]
    assert egress[1] == {"to": peers, "ports": [{"port": 7233, "protocol": "TCP"}]}


def test_an_existing_database_may_be_anywhere_but_beside_the_node() -> None:
    service = web("production")
    existing = replace(service, needs=(replace(service.needs[0], realise="existing"),), account=grpc().account)
    egress = found(existing, "NetworkPolicy", "checkout").tree.data["spec"]["egress"]
    assert {"to": _ANYWHERE, "ports": [{"port": 5432, "protocol": "TCP"}]} in egress


def _cidrs(rule: dict[str, Any], direction: str) -> list[str]:
    return [one["ipBlock"]["cidr"] for one in rule[direction]]


def test_everywhere_is_both_families_of_addresses() -> None:
    """A range of one family says nothing of the other: pods and clients may have either."""
    opened = _exposed(via="load-balancer", tls=False, allow=())
    policy = found(opened, "NetworkPolicy", "checkout-ingress").tree.data["spec"]["ingress"]
    assert _cidrs(policy[1], "from") == ["0.0.0.0/0", "::/0"]
    service = web("production")
    peers = (Peer(host="api.example.com", ports=((443, "TCP"),)),)
    asks = replace(service, access=replace(service.access, outgoing=peers), needs=())
    public = found(asks, "NetworkPolicy", "checkout").tree.data["spec"]["egress"][1]
    assert _cidrs(public, "to") == ["0.0.0.0/0", "::/0"]
    assert public["to"][1]["ipBlock"]["except"] == ["fc00::/7", "fe80::/10"]
    managed = replace(service, needs=(replace(service.needs[0], realise="managed"),))
    rules = found(managed, "NetworkPolicy", "checkout").tree.data["spec"]["egress"]
    database = next(one for one in rules if one["ports"] == [{"port": 5432, "protocol": "TCP"}])
    assert "fc00::/7" in _cidrs(database, "to")


def test_a_load_balancer_lets_in_networks_of_both_families() -> None:
    service = _exposed(via="load-balancer", tls=False, allow=("10.0.0.0/8", "2001:db8::/32"))
    spec = found(service, "Service", "checkout-public").tree.data["spec"]
    assert spec["loadBalancerSourceRanges"] == ["10.0.0.0/8", "2001:db8::/32"]
    policy = found(service, "NetworkPolicy", "checkout-ingress").tree.data["spec"]["ingress"]
    assert _cidrs(policy[1], "from") == ["10.0.0.0/8", "2001:db8::/32"]
