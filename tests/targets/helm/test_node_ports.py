"""A Service that is not reached from outside has no ports on nodes: whatever type is laid over a chart's values."""

from __future__ import annotations

from pathlib import Path

import pytest

from judges import real
from svc import tools
from svc.cli.exits import Exit
from svc.cli.main import main

SPEC = """
apiVersion: svc/v1
name: web
build: {language: go, version: "1.26"}
ports: {http: 8080, api: 9000}
health: /healthz
resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
environments:
  staging: {scale: 2}
  production:
    scale: 2
    service: {type: NodePort}
    ports: {http: {port: 8080, node_port: 30080}}
"""
TAKEN = "take that away, or choose another type"
TWICE = "it has each number and each name once"
SCHEMA = "don't meet the specifications of the schema"


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One whose ports differ by environment, one that always has ports on nodes, and one that has a port more in one."""
    always = SPEC.replace("http: 8080,", "http: {port: 8080, node_port: 30080},").partition("environments:")[0]
    more = SPEC.replace(", api: 9000", "").replace("node_port: 30080}", "node_port: 30080}, api: 9000")
    made = {}
    for name, spec in (("differs", SPEC), ("always", f"{always}service: {{type: NodePort}}\n"), ("more", more)):
        folder = tmp_path_factory.mktemp(name)
        (folder / "service.yaml").write_text(spec, "utf-8")
        arguments = ["compile", str(folder / "service.yaml"), "--out", str(folder / "out"), "--target", "helm"]
        assert main(arguments) == Exit.CLEAN
        made[name] = folder / "out" / "chart"
    return made


@pytest.mark.tools
@pytest.mark.parametrize(
    ("chart", "environment", "override", "refused"),
    [
        ("differs", "production", "service.type=LoadBalancer", ""),
        ("differs", "production", "service.type=ClusterIP", TAKEN),
        ("differs", "staging", "service.type=NodePort", ""),
        ("differs", "staging", "service.ports.http2.nodePort=30081", TAKEN),
        ("differs", "staging", "service.ports.http2.nodePort=30081,service.type=NodePort", ""),
        ("differs", "production", "service.ports.http2.nodePort=65536", SCHEMA),
        ("differs", "production", "service.ports.http2.nodePort=-1", SCHEMA),
        ("differs", "production", "service.ports.http2.nodePort=0", ""),
        ("more", "production", "service.ports.api.nodePort=30081", ""),
        ("more", "production", "service.ports.api.nodePort=65536", SCHEMA),
        ("more", "production", "service.ports.api.port=0", SCHEMA),
        ("more", "production", "service.ports.api.targetPort=0", ""),
        ("more", "production", "service.ports.api.targetPort=http", ""),
        ("more", "production", "service.ports.api.targetPort=65536", SCHEMA),
        ("more", "production", "service.ports.api.targetPort=Http_", SCHEMA),
        ("more", "production", "service.ports.api.name=Http_", SCHEMA),
        ("differs", "staging", "service.ports.http=9000", "are both 9000"),
        ("more", "production", "service.ports.api.port=9091", ""),
        ("more", "production", "service.ports.api.port=8080", TWICE),
        ("more", "production", "service.ports.api.port=8080,service.ports.api.protocol=UDP", ""),
        ("more", "production", "service.ports.api.name=http", TWICE),
        ("more", "production", "service.ports.http=9000", TWICE),
        ("more", "staging", "service.ports.http=9000", ""),
        ("always", "", "service.type=LoadBalancer", ""),
        ("always", "", "service.type=ClusterIP", SCHEMA),
    ],
)
def test_what_helm_takes(chart: str, environment: str, override: str, refused: str, charts: dict[str, Path]) -> None:
    values = ["--values", f"values-{environment}.yaml"] if environment else []
    done = tools.run(real.located("helm"), ["template", "web", ".", *values, "--set", override], cwd=charts[chart])
    assert bool(done.returncode) == bool(refused), done.stderr
    assert refused in done.stderr
