"""Kinds of objects, as other people's charts have them, one at a time: what they become, and what is generated then."""

from __future__ import annotations

from typing import Any

import pytest

from importers import imported, shop
from svc.importers.check import check
from svc.importers.result import Imported


def _fates(made: Imported, *route: str | int) -> set[str]:
    return {one.note.fate for one in made.entries if one.route[: len(route)] == route}


def _ingress(*hosts: str, **more: Any) -> dict[str, Any]:
    backend = {"service": {"name": "shop", "port": {"number": 80}}}
    http = {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}
    rules = [{"host": host, "http": http} for host in hosts]
    return shop.named("Ingress", "shop", "networking.k8s.io/v1", spec={"rules": rules, **more})


def test_an_ingress_is_the_exposure() -> None:
    made = imported.kubernetes(shop.deployment(), shop.SERVICE, _ingress("a.example.com", ingressClassName="alb"))
    assert imported.the_spec(made)["expose"] == {"host": "a.example.com", "class_name": "alb", "tls": False}
    rule = imported.generated(made, "Ingress")["spec"]["rules"][0]
    assert rule["host"] == "a.example.com"
    assert rule["http"]["paths"][0]["backend"] == {"service": {"name": "shop", "port": {"name": "web"}}}


def test_the_port_is_named_where_another_one_would_be_exposed() -> None:
    ports = [{"name": "http", "containerPort": 9000}, {"name": "web", "containerPort": 8080}]
    made = imported.kubernetes(shop.deployment(ports=ports), shop.SERVICE, _ingress("a.example.com"))
    assert imported.the_spec(made)["expose"]["port"] == "web"
    rule = imported.generated(made, "Ingress")["spec"]["rules"][0]
    assert rule["http"]["paths"][0]["backend"]["service"]["port"] == {"name": "web"}


def test_a_second_ingress_goes_along_as_it_is() -> None:
    other = _ingress("b.example.com")
    other["metadata"]["name"] = "other"
    made = imported.kubernetes(shop.deployment(), shop.SERVICE, _ingress("a.example.com"), other)
    assert imported.the_spec(made)["manifests"]["ingress-other"]["inline"]["spec"] == other["spec"]
    names = {one.name for one in check(made.drafts[0]).objects if one.kind == "Ingress"}
    assert names == {"shop", "other"}


def test_an_http_route_is_the_exposure_by_a_gateway() -> None:
    rule = {"matches": [{"path": {"type": "Exact", "value": "/a"}}], "backendRefs": [{"name": "shop", "port": 80}]}
    parents = [{"name": "public", "namespace": "infra"}]
    spec = {"parentRefs": parents, "hostnames": ["a.example.com"], "rules": [rule]}
    made = imported.kubernetes(
        shop.deployment(), shop.SERVICE, shop.named("HTTPRoute", "shop", "gateway.networking.k8s.io/v1", spec=spec)
    )
    assert imported.the_spec(made)["expose"] == {
        "via": "gateway",
        "gateway": "infra/public",
        "host": "a.example.com",
        "paths": [{"path": "/a", "type": "Exact"}],
    }
    assert imported.generated(made, "HTTPRoute")["spec"] == spec


def test_a_route_with_a_filter_is_no_exposure() -> None:
    rule = {"filters": [{"type": "RequestRedirect"}], "backendRefs": [{"name": "shop", "port": 80}]}
    spec = {"parentRefs": [{"name": "public"}], "rules": [rule]}
    made = imported.kubernetes(
        shop.deployment(), shop.SERVICE, shop.named("HTTPRoute", "shop", "gateway.networking.k8s.io/v1", spec=spec)
    )
    assert "expose" not in imported.the_spec(made)
    assert imported.the_spec(made)["manifests"]["httproute-shop"]["inline"]["spec"] == spec


def test_a_network_policy_is_the_access() -> None:
    peer = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "db"}}}
    public = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]}
    spec = {
        "podSelector": {"matchLabels": shop.LABELS},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}}]}],
        "egress": [{"to": [peer], "ports": [{"port": 5432}]}, public],
    }
    made = imported.kubernetes(shop.deployment(), shop.named("NetworkPolicy", "p", "networking.k8s.io/v1", spec=spec))
    assert imported.the_spec(made)["access"] == {"from": ["web"], "to": ["db:5432"]}
    policy = next(one.tree.data for one in check(made.drafts[0]).objects if one.name == "shop" and "Policy" in one.kind)
    assert policy["spec"]["egress"][1:] == [{"to": [peer], "ports": [{"port": 5432, "protocol": "TCP"}]}, public]


def test_without_a_policy_everything_may_be_reached_and_that_is_said() -> None:
    made = imported.kubernetes(shop.deployment())
    assert imported.the_spec(made)["access"] == {"open_egress": True}
    assert any("access.to" in one for one in made.drafts[0].missing)


def test_account_and_role() -> None:
    account = shop.named("ServiceAccount", "robot", imagePullSecrets=[{"name": "pull"}])
    account["metadata"]["annotations"] = {"a.example.com/role": "x"}
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}]
    api = "rbac.authorization.k8s.io/v1"
    subject = {"kind": "ServiceAccount", "name": "robot"}
    binding = shop.named("RoleBinding", "b", api, roleRef={"kind": "Role", "name": "r"}, subjects=[subject])
    made = imported.kubernetes(
        shop.deployment({"serviceAccountName": "robot"}), account, shop.named("Role", "r", api, rules=rules), binding
    )
    assert imported.the_spec(made)["account"] == {
        "name": "robot",
        "annotations": {"a.example.com/role": "x"},
        "rules": [{"resources": ["configmaps"], "verbs": ["get"]}],
    }
    assert imported.generated(made, "Role")["rules"] == rules
    assert imported.generated(made, "ServiceAccount")["imagePullSecrets"] == [{"name": "pull"}]


def test_an_account_made_elsewhere_is_not_made() -> None:
    made = imported.kubernetes(shop.deployment({"serviceAccountName": "robot"}))
    assert imported.the_spec(made)["account"] == {"name": "robot", "create": False}


def test_an_external_secret_says_where_secrets_come_from() -> None:
    entry = {"secretKey": "k", "remoteRef": {"key": "path/to", "property": "p"}}
    spec = {"secretStoreRef": {"name": "vault"}, "target": {"name": "held"}, "data": [entry]}
    env = [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "held", "key": "k"}}}]
    made = imported.kubernetes(
        shop.deployment(env=env), shop.named("ExternalSecret", "held", "external-secrets.io/v1", spec=spec)
    )
    assert imported.the_spec(made)["secrets"] == {"TOKEN": {"from": "path/to", "key": "p"}}
    assert _fates(made, "spec", "secretStoreRef") == {"dropped"}
    assert imported.generated(made, "ExternalSecret")["spec"]["data"] == [{**entry, "secretKey": "TOKEN"}]


def test_a_service_monitor_is_where_metrics_are() -> None:
    service = {**shop.SERVICE, "metadata": {"name": "shop", "labels": {"app": "shop"}}}
    spec = {"selector": {"matchLabels": {"app": "shop"}}, "endpoints": [{"port": "web", "path": "/m"}]}
    made = imported.kubernetes(
        shop.deployment(), service, shop.named("ServiceMonitor", "m", "monitoring.coreos.com/v1", spec=spec)
    )
    assert imported.the_spec(made)["observe"] == {"metrics": {"port": "web", "path": "/m"}}
    assert imported.generated(made, "ServiceMonitor")["spec"]["endpoints"][0]["path"] == "/m"


@pytest.mark.parametrize(("budget", "patched"), [({"minAvailable": 2}, False), ({"minAvailable": "50%"}, True)])
def test_a_disruption_budget_is_kept(budget: dict[str, Any], patched: bool) -> None:
    deployment = shop.deployment()
    deployment["spec"]["replicas"] = 3
    pdb = shop.named("PodDisruptionBudget", "b", "policy/v1", spec={"selector": {"matchLabels": shop.LABELS}, **budget})
    made = imported.kubernetes(deployment, pdb)
    assert ("patches" in imported.the_spec(made)) == patched
    assert imported.generated(made, "PodDisruptionBudget")["spec"]["minAvailable"] == budget["minAvailable"]


def test_a_secret_never_goes_along() -> None:
    made = imported.kubernetes(shop.deployment(), shop.named("Secret", "s", stringData={"a": "hunter22"}))
    assert _fates(made, "stringData") == {"dropped"}
    assert "hunter22" not in made.drafts[0].text()


def test_an_object_of_nobody_goes_along_with_the_first_of_two_services() -> None:
    other = shop.deployment()
    other["metadata"]["name"] = "other"
    made = imported.kubernetes(shop.deployment(), other, shop.named("ResourceQuota", "q", spec={"hard": {"pods": "3"}}))
    assert [one.name for one in made.drafts] == ["shop", "other"]
    assert {one.note.fate for one in made.entries if "hard" in one.route} == {"patch"}
    assert list(made.drafts[0].data["manifests"]) == ["resourcequota-q"]
    assert any("move it, if it belongs elsewhere" in one for one in made.drafts[0].missing)


def test_a_port_that_is_no_number_is_said_and_crashes_nothing() -> None:
    spec = {
        "podSelector": {"matchLabels": shop.LABELS},
        "policyTypes": ["Egress"],
        "egress": [{"ports": [{"port": []}]}],
    }
    made = imported.kubernetes(shop.deployment(), shop.named("NetworkPolicy", "p", "networking.k8s.io/v1", spec=spec))
    assert check(made.drafts[0]).faults == ()
    assert [one.note.fate for one in made.entries if one.route == ("spec", "egress", 0, "ports", 0, "port")] == [
        "dropped"
    ]
