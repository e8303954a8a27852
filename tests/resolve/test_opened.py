"""What load balancers and nodes open to the world, and who may refer to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svc.diagnostics import Severity
from svc.pipeline import Compiled, Request, compile_

HEAD = "apiVersion: svc/v1\nname: {name}\nimage: ghcr.io/acme/{name}:1.4.2@sha256:" + "a" * 64 + "\n"
SIDECAR = "sidecars: {exporter: {image: 'ghcr.io/acme/e:1.0.0@sha256:" + "b" * 64 + "', ports: %s}}\n"


def compiled(folder: Path, **specs: str) -> Compiled:
    (folder / "svc-workspace.yaml").write_text(
        'apiVersion: svc/v1\nservices: ["*/service.yaml"]\nenvironments: {dev: {}, live: {}}\n', "utf-8"
    )
    for name, more in specs.items():
        (folder / name).mkdir()
        (folder / name / "service.yaml").write_text(HEAD.format(name=name) + more, "utf-8")
    return compile_(Request((folder,), Path.as_posix, date(2026, 11, 29), targets=("helm",)))


def objects(made: Compiled, kind: str) -> list[dict[str, Any]]:
    piece = made.pieces[0]
    found = [one.tree.data for one in piece.artifact.environments[-1].manifests if one.kind == kind]
    return [one for one in found if "test" not in one["metadata"]["name"]]


def ports_of(made: Compiled) -> list[str]:
    assert not made.failed, made.diagnostics
    (service,) = objects(made, "Service")
    return [one["name"] for one in service["spec"]["ports"]]


def left_out(made: Compiled) -> dict[str, str]:
    found = {one for one in made.diagnostics if one.id == "port-not-opened"}
    assert all(one.severity is Severity.INFO for one in found)
    return {str(one.place.route[-1]): one.help for one in found}


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
def test_ports_of_those_who_run_it_are_not_opened_to_the_world_and_that_is_said(tmp_path: Path, kind: str) -> None:
    ports = "ports: {http: 8080, metrics: 9100, admin: {port: 9200}, public-metrics: 9300}\n"
    made = compiled(tmp_path, shop=f"{ports}service: {{type: {kind}}}\nobserve: {{metrics: {{port: metrics}}}}\n")
    assert ports_of(made) == ["http"]
    said = left_out(made)
    assert set(said) == {"metrics", "admin", "public-metrics"}
    assert "`admin: {port: 9200, service: 9200}`" in said["admin"]
    (monitor,) = objects(made, "PodMonitor")
    assert monitor["spec"]["podMetricsEndpoints"][0]["port"] == "metrics"


def test_a_port_is_not_left_out_for_being_measured(tmp_path: Path) -> None:
    more = "ports: {web: 8080, api: 9000}\nservice: {type: LoadBalancer}\nobserve: {metrics: {port: api}}\n"
    made = compiled(tmp_path, shop=more)
    assert ports_of(made) == ["web", "api"]
    assert not left_out(made)
    assert objects(made, "ServiceMonitor")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ("ports: {metrics: 9100}", ["metrics"]),
        ("ports: {metrics: 9100, admin: 9200}", ["metrics", "admin"]),
        ("ports: {metrics: {port: 9100, node_port: 30910}, http: 8080}", ["http", "metrics"]),
        ("ports: {http: 8080, admin: {port: 9901, service: 81}}", ["http", "admin"]),
        ("ports: {http: 8080, admin: {port: 9901, service: 9901}}", ["http", "admin"]),
        (
            "ports: {amqp: 5672, management: 15672}\nexpose: {host: a.example.com, port: management}",
            ["amqp", "management"],
        ),
        ("ports: {amqp: 5672, admin: 15672}\nexpose: {host: a.example.com}", ["amqp", "admin"]),
        (
            "ports: {http: 80, admin: 81, debug: 82}\nexpose: {host: a.example.com, paths: [{path: /a, port: admin}]}",
            ["http", "admin"],
        ),
    ],
)
@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
def test_what_is_asked_for_exposed_or_alone_is_opened(tmp_path: Path, more: str, wanted: list[str], kind: str) -> None:
    made = compiled(tmp_path, shop=f"{more}\nservice: {{type: {kind}}}\n")
    assert ports_of(made) == wanted
    assert set(left_out(made)) == ({"debug"} if "debug" in more else set())


@pytest.mark.parametrize(
    ("exporter", "opened"),
    [("{stats: 9113}", False), ("{metrics: 9113}", False), ("{stats: {port: 9113, service: 9113}}", True)],
)
def test_a_sidecar_that_is_only_measured_is_not_opened(tmp_path: Path, exporter: str, opened: bool) -> None:
    name = exporter[1:].split(":")[0]
    more = f"ports: {{http: 8080}}\nservice: {{type: LoadBalancer}}\nobserve: {{metrics: {{port: {name}}}}}\n"
    made = compiled(tmp_path, shop=more + SIDECAR % exporter)
    assert ports_of(made) == ["http", *[name] * opened]
    assert set(left_out(made)) == (set() if opened else {name})
    assert len(objects(made, "ServiceMonitor")) == opened
    assert len(objects(made, "PodMonitor")) == (not opened)
    assert rules_of(made, "'monitoring'") == [[{"port": 9113, "protocol": "TCP"}]]


def rules_of(made: Compiled, words: str) -> list[list[dict[str, Any]]]:
    """The ports of the rules that let those in who are known by these words."""
    rules = [one for policy in objects(made, "NetworkPolicy") for one in policy["spec"].get("ingress", ())]
    return [one["ports"] for one in rules if words in str(one["from"])]


def test_who_asks_a_sidecar_by_its_port_is_let_in(tmp_path: Path) -> None:
    more = "ports: {http: 8080}\naccess: {from: ['10.0.0.0/8:9113', '10.0.0.0/8:8125', '10.0.0.0/8:9999']}\n"
    made = compiled(tmp_path, shop=more + SIDECAR % "{stats: 9113, pushed: {port: 8125, protocol: udp}}")
    assert not made.failed, made.diagnostics
    assert [one for ports in rules_of(made, "10.0.0.0/8") for one in ports] == [
        {"port": 9113, "protocol": "TCP"},
        {"port": 8125, "protocol": "UDP"},
    ]


def test_within_the_cluster_all_ports_are_open(tmp_path: Path) -> None:
    made = compiled(tmp_path, shop="ports: {http: 8080, metrics: 9100, admin: 9200}\n")
    assert ports_of(made) == ["http", "metrics", "admin"]
    assert not left_out(made)


REFERS = "env: {ADMIN: '${services.shop.admin.url}'}\naccess: {to: [shop]}\nports: {http: 8080}\n"


def closed(made: Compiled) -> list[str]:
    return [f"{one.message}; {one.help}" for one in made.diagnostics if one.id == "reference-closed"]


def test_a_reference_to_a_port_that_the_service_does_not_open_is_refused(tmp_path: Path) -> None:
    shop = "ports: {http: 8080, admin: 9901}\nservice: {type: LoadBalancer}\n"
    found = closed(compiled(tmp_path, shop=shop, ops=REFERS))
    assert len(set(found)) == 1
    assert "of `shop` is open to the world, and does not open `admin`; it has http open" in found[0]
    assert "`admin: {port: 9901, service: 9901}`" in found[0]


def test_a_service_that_refers_to_its_own_closed_port_is_told_too(tmp_path: Path) -> None:
    own = "ports: {http: 8080, admin: 9901}\nservice: {type: LoadBalancer}\nworkers: {a: {command: [./a], env: {A: '${services.shop.admin}'}}}\n"
    assert closed(compiled(tmp_path, shop=own))


def test_references_follow_what_is_open_in_their_environment(tmp_path: Path) -> None:
    shop = "ports: {http: 8080, admin: 9901}\nenvironments: {live: {service: {type: LoadBalancer}}}\n"
    made = compiled(tmp_path, shop=shop, ops=REFERS)
    assert closed(made)
    shop = "ports: {http: 8080, admin: {port: 9901, service: 81}}\nservice: {type: LoadBalancer}\n"
    (tmp_path / "b").mkdir()
    made = compiled(tmp_path / "b", ops=REFERS, shop=shop)
    assert not made.failed
    (deployment,) = objects(made, "Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert {"name": "ADMIN", "value": "http://shop.shop:81"} in container["env"]


@pytest.mark.parametrize(
    ("ports", "anyone"),
    [
        ("{http: 8080, admin: {port: 9901, service: 81}}", {8080, 9901}),
        ("{http: 8080, admin: {port: 9901, node_port: 30081}}", {8080, 9901}),
        ("{http: 8080, admin: 9901}", {8080}),
        ("{admin: 9901}", {9901}),
    ],
)
def test_the_network_policy_lets_the_world_in_where_the_service_is_opened(
    tmp_path: Path, ports: str, anyone: set[int]
) -> None:
    made = compiled(tmp_path, shop=f"ports: {ports}\nservice: {{type: NodePort}}\n")
    assert not made.failed, made.diagnostics
    (found,) = rules_of(made, "ipBlock")
    assert {one["port"] for one in found} == anyone


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort", "ClusterIP"])
@pytest.mark.parametrize("number", ["service: 443", "service: 8443", "node_port: 30443"])
def test_a_port_of_a_sidecar_that_says_its_service_port_is_in_the_service(
    tmp_path: Path, kind: str, number: str
) -> None:
    more = f"ports: {{http: 8080}}\nservice: {{type: {kind}}}\n"
    made = compiled(tmp_path, shop=more + SIDECAR % f"{{edge: {{port: 8443, {number}}}, other: 9000}}")
    if kind == "ClusterIP" and "node_port" in number:
        assert [one.id for one in made.diagnostics if one.severity is Severity.ERROR] == ["no-effect"]
        return
    assert ports_of(made) == ["http", "edge"]
    open_to = "ipBlock" if kind != "ClusterIP" else "namespaceSelector"
    assert 8443 in {one["port"] for ports in rules_of(made, open_to if kind != "ClusterIP" else "") for one in ports}
    assert not left_out(made)


def test_others_refer_to_it(tmp_path: Path) -> None:
    shop = "ports: {http: 8080}\n" + SIDECAR % "{edge: {port: 8443, service: 443, protocol: https}}"
    made = compiled(tmp_path, shop=shop, ops="env: {EDGE: '${services.shop.edge.url}'}\n")
    (deployment,) = objects(made, "Deployment")
    assert "https://shop.shop:443" in str(deployment)


@pytest.mark.parametrize(
    ("main", "beside", "said"),
    [
        ("{http: 8080}", "{http: {port: 8443, service: 443}}", "port-named-twice"),
        ("{http: {port: 8080, service: 443}}", "{edge: {port: 8443, service: 443}}", "service-port-twice"),
        ("{http: {port: 8080, node_port: 30080}}", "{edge: {port: 8443, node_port: 30080}}", "service-port-twice"),
        ("{http: {port: 8080, node_port: 30080}, b: {port: 81, node_port: 30080}}", "{}", "service-port-twice"),
    ],
)
def test_a_service_has_each_name_and_each_number_once(tmp_path: Path, main: str, beside: str, said: str) -> None:
    made = compiled(tmp_path, shop=f"ports: {main}\nservice: {{type: NodePort}}\n" + SIDECAR % beside)
    assert {one.id for one in made.diagnostics if one.severity is Severity.ERROR} == {said}


def test_two_sidecars_of_which_one_is_meant_are_told_apart(tmp_path: Path) -> None:
    beside = SIDECAR.replace("}\n", ", other: {image: 'ghcr.io/acme/o:1@sha256:" + "b" * 64 + "', ports: {web: 82}}}\n")
    more = "ports: {tcp: 8080}\nexpose: {host: a.example.com, port: web}\n"
    made = compiled(tmp_path, shop=more + beside % "{web: 81}")
    assert {one.id for one in made.diagnostics if one.severity is Severity.ERROR} == {"port-named-twice"}


@pytest.mark.parametrize(
    "part",
    [
        "workers: {mail: {command: [./m], ports: {web: {port: 81, PORT}}}}",
        "jobs: {mail: {run: manual, command: [./m], ports: {web: {port: 81, PORT}}}}",
        "init: {mail: {command: [./m], ports: {web: {port: 81, PORT}}}}",
        "sidecars: {mail: {command: [./m], ports: {web: {port: 81, PORT}}}}",
    ],
)
@pytest.mark.parametrize("key", ["service: 80", "node_port: 30080", "app_protocol: http"])
def test_what_a_service_would_have_of_a_port_is_said_where_there_is_none(tmp_path: Path, part: str, key: str) -> None:
    made = compiled(tmp_path, shop=f"ports: {{http: 8080}}\nservice: {{type: NodePort}}\n{part.replace('PORT', key)}\n")
    found = {one.place.route[-1] for one in made.diagnostics if one.id == "no-effect"}
    wanted = "sidecars" not in part or "app_protocol" in key
    assert found == ({key.split(":")[0]} if wanted else set())
    assert not made.failed
