"""`svc show`: exact outputs, and what it says to a wrong route or environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main
from svc.parse import parse_one
from svc.source import Source

WORKSPACE = """\
apiVersion: svc/v1
kind: Workspace
defaults:
  team: platform
profiles:
  web:
    ports: {http: 8080}
environments:
  staging: {}
  production: {}
"""
SPEC = """\
apiVersion: svc/v1
name: shop
profile: web
build: {language: python, version: 3.10}
env:
  LOG_LEVEL: info
environments:
  production:
    env: {LOG_LEVEL: warn}
    scale: {min: 2, max: 4}
"""
SHOWN = """\
team: platform                # svc-workspace.yaml:4 workspace defaults
ports:
  http:
    port: 8080                # svc-workspace.yaml:7 profile web
    protocol: http            # default: by the ports' names; http where no other port's name tells more
    service: 8080             # default: as the port, from svc-workspace.yaml:7 profile web
apiVersion: svc/v1            # service.yaml:1
name: shop                    # service.yaml:2
profile: web                  # service.yaml:3
build:
  language: python            # service.yaml:4
  version: 3.10               # service.yaml:4
  context: "."                # default: Folder of the sources, relative to the spec; above it for one build of several services, such as a workspace of packages
env:
  LOG_LEVEL: debug            # --set env.LOG_LEVEL=debug
scale:
  min: 2                      # service.yaml:10 environment production
  max: 4                      # service.yaml:10 environment production
writable:                     # default: Paths that the process may write to (scratch); the root file system is read-only
  - /tmp
read_only: true               # default: Read-only root file system
namespace: platform           # default: the environment's namespace, else the team, else the service's name, from svc-workspace.yaml:4 workspace defaults
image: ghcr.io/platform/shop  # default: the registry and the name; a deploy sets the digest, from svc-workspace.yaml:4 workspace defaults
account:
  name: shop                  # default: the service's name, from service.yaml:2
workload: deployment          # default: no volume belongs to one replica
resources:
  requests:
    cpu: 100m                 # default: what a process asks for that says nothing
    storage: 128Mi            # default: what a process asks for that says nothing
    memory: 256Mi             # default: what a process asks for that says nothing, from service.yaml:4
  limits:
    cpu: "1"                  # default: ten times the request
    storage: 1Gi              # default: 1Gi, or the request
    memory: 256Mi             # default: the request
user: 10001                   # default: a number that is no user's of the node
group: 10001                  # default: as `user`
rollout:
  grace: 30s                  # default: as Kubernetes has it
  max_surge: 25%              # default: a new pod before an old one goes
  max_unavailable: "0"        # default: no pod is missing meanwhile
  pre_stop: 5s                # default: until nobody sends it requests any more
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "svc-workspace.yaml").write_text(WORKSPACE, "utf-8")
    (tmp_path / "service.yaml").write_text(SPEC, "utf-8")
    monkeypatch.chdir(tmp_path)


def test_what_the_workspace_decides_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    settings = "registry: registry.example.com\nrepository: acme/shop\nbranch: trunk\n"
    workspace = WORKSPACE.replace("production: {}", "production: {namespace: live, region: eu-west-1}") + settings
    Path("svc-workspace.yaml").write_text(workspace, "utf-8")
    assert main(["show", "--env", "production", "--format", "json"]) == 0
    origins = json.loads(capsys.readouterr().out)["origins"]
    lines = {"namespace": 10, "cloud.region": 10, "image": 11, "ci.repository": 12, "ci.branch": 13}
    assert {where: (origins[where]["layer"], origins[where]["line"]) for where in lines} == {
        where: ("workspace", line) for where, line in lines.items()
    }
    assert origins["resources.limits.memory"] | {"why": ""} == {"layer": "default", "file": "", "line": 0, "why": ""}


def test_every_value_has_its_layer_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--env", "production", "--set", "env.LOG_LEVEL=debug"]) == 0
    text = capsys.readouterr().out
    assert sorted(line.split() for line in text.splitlines()) == sorted(line.split() for line in SHOWN.splitlines())
    assert len({line.index("  #") for line in text.splitlines() if line.startswith("apiVersion")}) == 1
    columns = {line.index("  # ") for line in text.splitlines() if "  # " in line}
    assert len(columns) == 1, "the comments stand in one column"
    assert parse_one(Source("shown", text)).problems == ()


def test_a_route_narrows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "service.yaml", "scale", "--env", "production"]) == 0
    assert capsys.readouterr().out == (
        "scale:\n"
        "  min: 2  # service.yaml:10 environment production\n"
        "  max: 4  # service.yaml:10 environment production\n"
    )


def test_what_is_worked_out_is_shown_with_its_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    more = "health: /healthz\nresources: {memory: 256Mi}\nneeds: {db: postgres}\nworkers: {mailer: {command: [./mailer]}}\n"
    (tmp_path / "service.yaml").write_text(SPEC + more, "utf-8")
    assert main(["show", "--env", "production", "--format", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    value, origins = made["value"], made["origins"]
    assert value["ports"] == {"http": {"port": 8080, "protocol": "http", "service": 8080}}
    assert (origins["ports.http.port"]["layer"], origins["ports.http.port"]["line"]) == ("profile web", 7)
    assert value["health"]["ready"]["http"] == {"path": "/healthz", "port": "http", "scheme": "http"}
    assert (value["health"]["ready"]["period"], value["health"]["live"]["period"]) == ("5s", "10s")
    assert value["resources"]["limits"] == {"cpu": "1", "memory": "256Mi", "storage": "1Gi"}
    assert (value["resources"]["cpu"], value["resources"]["memory"]) == ("100m", "256Mi")
    assert origins["resources.limits.cpu"]["why"] == "ten times the request"
    assert origins["resources.memory"]["layer"] == "service"
    assert (value["needs"]["db"]["type"], value["needs"]["db"]["realise"]) == ("postgres", "managed")
    assert (value["user"], value["workload"], value["account"]["name"]) == (10001, "deployment", "shop")
    assert value["workers"]["mailer"]["resources"]["requests"]["cpu"] == "100m"
    assert value["workers"]["mailer"]["scale"] == {"replicas": 1}
    assert "replicas" not in value["scale"], "an autoscaler decides"


def test_the_environment_decides_what_is_worked_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC + "needs: {db: postgres}\n", "utf-8")
    assert main(["show", "service.yaml", "scale", "--env", "staging"]) == 0
    assert capsys.readouterr().out.startswith("scale:\n  replicas: 2  # default: two")
    assert main(["show", "service.yaml", "needs.db.realise", "--env", "local"]) == 0
    assert capsys.readouterr().out.startswith("realise: container  # default")


def test_wrong_references_leave_what_the_spec_says(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC.replace("info", "${needs.db.url}"), "utf-8")
    assert main(["show", "--env", "staging"]) == 0
    told = capsys.readouterr()
    assert "references of this spec are wrong" in told.err
    assert "build:" in told.out
    assert "user:" not in told.out


def test_json_has_values_and_origins(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "service.yaml", "scale.min", "--env", "production", "--format", "json"]) == 0
    origin = {"layer": "environment production", "file": "service.yaml", "line": 10, "why": ""}
    assert json.loads(capsys.readouterr().out) == {"value": 2, "origins": {"scale.min": origin}}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["service.yaml", "scal", "--env", "production"], "did you mean `scale`?"),
        (["service.yaml", "..", "--env", "production"], "is no route"),
        (["--env", "producton"], "did you mean `production`?"),
        (["--set", "scale"], "ROUTE=VALUE"),
    ],
)
def test_wrong_usage_exits_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_a_wrong_spec_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--set", "scal=3"]) == 2
    assert "unknown key `scal`" in capsys.readouterr().out
