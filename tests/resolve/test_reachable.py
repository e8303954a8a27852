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
    assert [(one.cidr, one.ports) for one in access(made, "web").incoming][-1] == ("0.0.0.0/0", ((8080, "TCP"),))
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
