"""Who reaches a service: Services with and without an address, and ports by what is spoken on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Compiled, Request, compile_
from svc.resolve.types.around import Access
from svc.tree import Data

HEAD = "apiVersion: svc/v1\nname: {name}\nimage: ghcr.io/acme/{name}:1.4.2@sha256:" + "a" * 64 + "\n"


def compiled(folder: Path, **specs: str) -> Compiled:
    (folder / "svc-workspace.yaml").write_text('apiVersion: svc/v1\nservices: ["*/service.yaml"]\n', "utf-8")
    for name, more in specs.items():
        (folder / name).mkdir()
        (folder / name / "service.yaml").write_text(HEAD.format(name=name) + more, "utf-8")
    return compile_(Request((folder,), Path.as_posix, date(2026, 11, 24), targets=("helm",)))


def services(made: Compiled) -> dict[str, Data]:
    (piece,) = made.pieces
    (environment,) = piece.artifact.environments
    found = [one.tree.data for one in environment.manifests if one.kind == "Service"]
    return {one["metadata"]["name"]: one["spec"] for one in found}


@pytest.mark.parametrize(
    "more",
    ["service: {type: LoadBalancer}\nports: {ssh: 2222}", "ports: {ssh: {port: 2222, service: 22}}"],
    ids=["opened", "forwarded"],
)
def test_a_stateful_set_whose_service_needs_an_address_has_another_for_names(tmp_path: Path, more: str) -> None:
    found = services(compiled(tmp_path, git=f"volumes: {{/data: {{size: 1Gi, access: once}}}}\n{more}\n"))
    assert found["git"].get("clusterIP") is None
    assert found["git-headless"]["clusterIP"] == "None"


def test_a_stateful_set_inside_has_one_service(tmp_path: Path) -> None:
    found = services(compiled(tmp_path, git="volumes: {/data: {size: 1Gi, access: once}}\nports: {ssh: 2222}\n"))
    assert {name: one.get("clusterIP") for name, one in found.items()} == {"git": "None"}


def access(made: Compiled, name: str) -> Access:
    return next(unit.first.access for unit in made.units if unit.name == name)


def test_an_opened_service_lets_everybody_in_unless_it_says_whom(tmp_path: Path) -> None:
    opened = "service: {type: LoadBalancer}\nports: {http: 8080, metrics: 9090}\n"
    made = compiled(tmp_path, web=opened, api=opened + "access: {from: [10.0.0.0/8]}\n")
    assert [(one.role, one.ports) for one in access(made, "web").incoming][-1] == ("anyone", ((8080, "TCP"),))
    assert [one.cidr for one in access(made, "api").incoming] == ["10.0.0.0/8"]


def test_peers_are_reached_as_their_ports_speak(tmp_path: Path) -> None:
    web = 'env: {STATS: "${services.stats.udp}"}\naccess: {to: ["1.1.1.1/32:53/udp", "ntp.example.com:123/udp", "db:5432"]}\n'
    made = compiled(tmp_path, web=web, stats="ports: {udp: 8125, http: 80}\naccess: {from: ['web:8125']}\n")
    assert [one.ports for one in access(made, "web").outgoing] == [
        ((53, "UDP"),),
        ((123, "UDP"),),
        ((5432, "TCP"),),
        ((8125, "UDP"),),
    ]
    assert access(made, "stats").incoming[0].ports == ((8125, "UDP"),)


def ingress(made: Compiled) -> Data:
    (piece,) = made.pieces
    return next(one.tree.data for one in piece.artifact.environments[0].manifests if one.kind == "Ingress")


def test_a_load_balancer_of_aws_reaches_the_pods_and_asks_what_the_probe_asks(tmp_path: Path) -> None:
    made = compiled(
        tmp_path,
        web="ports: {http: 8080, admin: 8081}\nhealth: {http: {path: /ready, port: admin}}\n"
        "expose: {host: a.example.com, class_name: alb, annotations: {alb.ingress.kubernetes.io/scheme: internal}}\n",
    )
    notes = ingress(made)["metadata"]["annotations"]
    assert {key.partition("/")[2]: value for key, value in notes.items()} == {
        "target-type": "ip",
        "healthcheck-path": "/ready",
        "healthcheck-port": "8081",
        "scheme": "internal",
    }
    (controller,) = [one for one in access(made, "web").incoming if one.role == "ingress-controller"]
    assert controller.namespace == ""


@pytest.mark.parametrize(("more", "namespace"), [("", "ingress-nginx"), ("ingress_namespace: edge\n", "edge")])
def test_the_controller_of_another_class_is_where_the_workspace_says(tmp_path: Path, more: str, namespace: str) -> None:
    spec = "ports: {http: 8080}\nhealth: /healthz\nexpose: {host: a.example.com, class_name: internal}\n"
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "service.yaml").write_text(HEAD.format(name="web") + spec, "utf-8")
    (tmp_path / "svc-workspace.yaml").write_text(f"apiVersion: svc/v1\n{more}", "utf-8")
    made = compile_(Request((tmp_path,), Path.as_posix, date(2026, 11, 24), targets=("helm",)))
    assert [one.namespace for one in access(made, "web").incoming if one.role] == [namespace]


def test_the_own_namespace_of_an_environment_is_no_value_of_the_network_policy(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    spec = HEAD.format(name="web") + "ports: {http: 8080}\nhealth: /healthz\nneeds: {db: postgres}\n"
    (tmp_path / "web" / "service.yaml").write_text(
        spec + "environments: {dev: {needs: {db: {realise: in-cluster}}}}\n", "utf-8"
    )
    environments = "environments: {dev: {namespace: a}, test: {namespace: b}, production: {namespace: c}}\n"
    (tmp_path / "svc-workspace.yaml").write_text(f"apiVersion: svc/v1\n{environments}", "utf-8")
    made = compile_(Request((tmp_path,), Path.as_posix, date(2026, 11, 24), targets=("helm",)))
    (piece,) = made.pieces
    files = piece.target.render(piece.artifact).files
    policy = next(text for path, text in files.items() if path.endswith("/networkpolicy-ingress.yaml"))
    assert 'kubernetes.io/metadata.name: {{ include "web.namespace" . | quote }}' in policy
    assert all("extraIngress:\n" not in text for path, text in files.items() if "/values-" in path)


@pytest.mark.parametrize(
    ("known", "written", "asked"),
    [
        ("orders-v2", "orders-v1", False),
        ("orders-v2", "orders", False),
        ("shard-2", "shard-1", False),
        ("shard-2", "shard-12", False),
        ("redis2", "redis", False),
        ("orders-v2", "ordrs-v2", True),
        ("orders-v2", "ordrs-v1", True),
    ],
)
def test_peers_of_another_number_are_others(tmp_path: Path, known: str, written: str, asked: bool) -> None:
    made = compiled(tmp_path, **{known: "ports: {http: 8080}\n", "web": f"access: {{to: [{written}]}}\n"})
    assert [one.id for one in made.diagnostics if one.id == "peer-misspelt"] == ["peer-misspelt"] * asked
