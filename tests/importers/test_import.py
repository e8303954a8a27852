"""Every key of the input has exactly one fate, what comes out compiles, and nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from importers import imported
from importers.accounts import spec_of
from svc.cli.exits import Exit
from svc.cli.main import main
from svc.emit import emit
from svc.importers.check import check
from svc.parse import parse
from svc.source import Source

SHOP = """version: "3.8"
x-common: &common {restart: always}
services:
  web:
    <<: *common
    build: {context: ./web, dockerfile: Dockerfile.prod, args: [MODE=fast]}
    ports: ["8080:80", {target: 9090, published: 9090}]
    environment:
      DATABASE_URL: postgres://shop:pw@db:5432/shop?sslmode=disable
      LEVEL: ${LEVEL:-info}
      API: http://api:3000
      API_TOKEN: abc123456
      REGION: ${REGION}
    depends_on: {db: {condition: service_healthy}}
    mem_limit: 512m
    healthcheck: {test: curl -f http://localhost/, interval: 10s, timeout: 3s, retries: 5}
    odd: 1
  api:
    image: ghcr.io/acme/api:1.2
    command: node "my server.js"
    expose: ["3000"]
    deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 256M}}, placement: {constraints: [a]}}
    volumes: ["data:/data", "./src:/src", {type: tmpfs, target: /scratch}]
  db:
    image: postgres:16-alpine
    environment: [POSTGRES_PASSWORD=pw]
    volumes: ["pg:/var/lib/postgresql/data"]
volumes: {data: , pg: }
"""
OLD = """web:
  image: nginx:1.27
  ports: ["80"]
  links: [app]
app:
  image: acme/app:1
  mem_limit: lots
"""
SCORE = """apiVersion: score.dev/v1b1
metadata: {name: hello, annotations: {example.com/tier: web}}
containers:
  main:
    image: ghcr.io/acme/hello:1
    command: [/bin/hello]
    variables: {DB: "postgresql://${resources.db.username}@${resources.db.host}", DNS: "${resources.dns.host}", A: "$${x}"}
    resources: {limits: {memory: 128Mi, cpu: 100m}}
    files: {/etc/hello.yaml: {content: "a: 1", noExpand: true}}
    livenessProbe: {httpGet: {path: /live, port: 8080}}
    volumes: {/data: {source: "${resources.data}"}}
  envoy: {image: envoyproxy/envoy:v1.30}
service: {ports: {www: {port: 80, targetPort: 8080}}}
resources:
  db: {type: postgres}
  dns: {type: dns, params: {a: 1}}
"""
MANIFESTS = """apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: store, labels: {app: shop}}
spec:
  replicas: 2
  revisionHistoryLimit: 4
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}, annotations: {a/b: "1"}}
    spec:
      priorityClassName: high
      terminationGracePeriodSeconds: 20
      containers:
        - name: server
          image: ghcr.io/acme/shop:1.2
          tty: true
          ports: [{containerPort: 8080, name: http}]
          env:
            - {name: A, value: "1"}
            - {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}
            - {name: C, valueFrom: {configMapKeyRef: {name: shop-config, key: C_KEY}}}
            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
          readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 7}
          resources: {requests: {cpu: 100m, memory: 64Mi}}
          volumeMounts: [{name: tmp, mountPath: /scratch}, {name: cfg, mountPath: /etc/shop}]
          securityContext: {runAsUser: 1234, privileged: true, capabilities: {drop: [ALL]}}
      volumes: [{name: tmp, emptyDir: {}}, {name: cfg, configMap: {name: elsewhere}}]
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: http}], sessionAffinityConfig: {clientIP: {timeoutSeconds: 9}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-config}
data: {C_KEY: c, UNUSED: x}
"""
SAMPLES = {"shop": SHOP, "old": OLD, "score": SCORE, "manifests": MANIFESTS}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_key_has_one_fate(name: str) -> None:
    made = imported.of_text(SAMPLES[name])
    assert made.diagnostics == ()
    imported.accounted(made, SAMPLES[name])


def test_compose_services_become_specs_and_databases_needs() -> None:
    made = imported.of_text(SHOP)
    assert [one.name for one in made.drafts] == ["web", "api"]
    web, api = spec_of(made, "web"), spec_of(made, "api")
    assert web["needs"] == {"db": {"type": "postgres", "version": "16"}}
    assert web["env"]["DATABASE_URL"] == (
        "postgres://${needs.db.user}:${needs.db.password}@${needs.db.host}:${needs.db.port}/${needs.db.name}?sslmode=disable"
    )
    assert web["env"]["LEVEL"] == "info"
    assert web["secrets"] == {"API_TOKEN": {"from": "web/api-token"}}
    assert web["env"]["API"] == "http://${services.api.http}"
    assert "access" not in web
    assert web["build"] == {"dockerfile": "Dockerfile.prod", "args": {"MODE": "fast"}}
    assert api["args"] == ["node", "my server.js"]
    assert api["resources"] == {"limits": {"cpu": "0.5", "memory": "256Mi"}}
    dropped = {one.route[1:] for one in made.entries if one.note.fate == "dropped"}
    assert {("web", "odd"), ("web", "environment", "API_TOKEN"), ("web", "environment", "REGION")} <= dropped


def test_no_secret_value_reaches_a_spec() -> None:
    assert not [one for one in imported.of_text(SHOP).drafts if "abc123456" in one.text()]


def test_a_redis_without_a_whole_address_stays_a_service() -> None:
    """A need has a password, which a host alone would not bring along."""
    made = imported.of_text("services: {a: {image: a:1, environment: {REDIS_HOST: cache}}, cache: {image: redis:7}}")
    assert [one.name for one in made.drafts] == ["a", "cache"]
    assert spec_of(made, "a")["access"] == {"to": ["cache"]}


def test_what_does_not_fit_the_language_is_dropped() -> None:
    made = imported.of_text(OLD)
    (lost,) = [one for one in made.entries if one.note.fate == "dropped"]
    assert lost.route == ("app", "mem_limit")
    assert "lots" in lost.note.reason
    assert lost.line == 7


def test_a_workload_of_score_becomes_a_spec() -> None:
    made = imported.of_text(SCORE)
    data = spec_of(made, "hello")
    assert data["ports"] == {"www": {"port": 8080, "service": 80}}
    address = "postgresql://${needs.db.user}@${needs.db.host}"
    assert data["env"] == {"DB": address, "DNS": "hello.example.com", "A": "$${x}"}
    assert data["sidecars"] == {"envoy": {"image": "envoyproxy/envoy:v1.30"}}
    assert data["volumes"] == {"/data": {"size": "1Gi"}}
    dropped = {one.route for one in made.entries if one.note.fate == "dropped"}
    assert ("resources", "dns", "params", "a") in dropped


def test_manifests_of_a_service_become_a_spec() -> None:
    made = imported.of_text(MANIFESTS)
    data = spec_of(made, "shop")
    assert data["ports"] == {"http": {"port": 8080, "service": 80}}
    assert data["env"] == {"A": "1", "B": {"secret": "s", "key": "k"}, "C": "c", "IP": "${pod.ip}"}
    assert data["health"] == {"ready": {"period": 7, "http": "/ready"}}
    assert data["rollout"] == {"history": 4, "grace": 20}
    assert data["files"] == {"/etc/shop": {"config": "elsewhere"}}
    kept = {one.route[-1] for one in made.entries if one.note.fate == "patch"}
    assert {"tty", "sessionAffinityConfig"} <= kept
    dropped = {one.route[-1] for one in made.entries if one.note.fate == "dropped"}
    assert {"privileged", "UNUSED"} <= dropped
    assert data["placement"] == {"priority_class": "high"}
    objects = {one.kind: one for one in check(made.drafts[0]).objects}
    assert objects["Deployment"].tree.get("spec", "template", "spec", "priorityClassName") == "high"


@pytest.mark.parametrize("name", SAMPLES)
def test_an_unknown_key_anywhere_is_listed(name: str) -> None:
    """Put below every mapping in turn, it is accounted for like every other key."""
    document = parse(Source("i", SAMPLES[name])).documents[0]
    for route in [one for one in document.nodes if isinstance(document.get(one), dict)]:
        copy = parse(Source("i", SAMPLES[name])).documents[0]
        copy.get(route)["zz-odd"] = "zz"
        text = emit(copy.data).text
        made = imported.of_text(text)
        if not made.diagnostics:
            imported.accounted(made, text)
            odd = [one.note.fate for one in made.entries if one.route == (*route, "zz-odd")]
            named = route[-1:] in [(one,) for one in ("environment", "variables", "annotations", "labels", "data")]
            assert len(odd) == 1, route
            assert odd != ["mapped"] or named, route


def test_the_command_writes_specs_and_nothing_over_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text(SHOP)
    assert main(["import", "compose.yaml", "--out", "out", "--report", "json"]) == Exit.CLEAN
    told = json.loads(capsys.readouterr().out)
    assert len(told["keys"]) == len(imported.of_text(SHOP).entries)
    files = {one.relative_to(tmp_path).as_posix() for one in tmp_path.glob("out/**/*") if one.is_file()}
    assert files == {"out/svc-workspace.yaml", "out/web/service.yaml", "out/api/service.yaml"}
    (tmp_path / "out/web/service.yaml").write_text("mine")
    assert main(["import", "compose.yaml", "--out", "out"]) == Exit.INVALID
    assert (tmp_path / "out/web/service.yaml").read_text() == "mine"
    assert main(["import", "compose.yaml", "--out", "out", "--force", "--strict"]) == Exit.FINDINGS
    assert (tmp_path / "out/web/service.yaml").read_text() != "mine"
    assert main(["import", "compose.yaml", "--out", "one.yaml"]) == Exit.INVALID


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "services: {}", "hello: world"])
def test_bad_input_is_refused_with_a_place(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.yaml").write_text(text)
    assert main(["import", "in.yaml"]) == Exit.INVALID
    assert "--> in.yaml" in capsys.readouterr().out
    assert main(["import", "missing.yaml"]) == Exit.INVALID


def test_the_report_says_what_became_of_every_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.yaml").write_text(OLD)
    assert main(["import", "old.yaml", "--out", "."]) == Exit.CLEAN
    told = capsys.readouterr()
    assert told.out == REPORT
    files = "svc-workspace.yaml, web/service.yaml, app/service.yaml"
    assert told.err == f"wrote {files}; read what is to be completed, then run `svc compile .`\n"
    text = "services: {" + ", ".join(f"s{number}: {{image: 'a:1'}}" for number in range(12)) + "}"
    (tmp_path / "many.yaml").write_text(text)
    assert main(["import", "many.yaml", "--out", "many"]) == Exit.CLEAN
    assert "many/s9/service.yaml and 2 more; read" in capsys.readouterr().err


REPORT = """compose: 9 keys: 6 mapped, 2 default, 0 patch, 1 dropped

dropped, and why:
  old.yaml:7 app.mem_limit -> app: resources.limits.memory: does not fit the language: “lots” is not an amount of memory, such as 128Mi or 1Gi

left to the compiler:
  old.yaml:4 web.links: services reach each other by name; `access.to` has it, or a reference

mapped:
  old.yaml:2 web.image -> web: image
  old.yaml:3 web.ports[0] -> web: ports.http
  old.yaml:6 app.image -> app: image

to be completed:
  web: `image`: nginx:1.27 has no digest, which the policies ask for
  web: `user`: the file names none; the process runs as 10001
  web: `access.to`: app names no port in the file: name it there under `ports`, and app here
  app: `image`: acme/app:1 has no digest, which the policies ask for
  app: `user`: the file names none; the process runs as 10001
  app: `resources.limits.memory` does not fit the language: “lots” is not an amount of memory, such as 128Mi or 1Gi

added by the compiler:
  web: the root file system is read-only, except /tmp: list other paths under `writable`
  web: what it may connect to is limited to the services that it names, its needs and DNS
  app: the root file system is read-only, except /tmp: list other paths under `writable`
  app: what it may connect to is limited to the services that it names, its needs and DNS
"""
