"""References in commands that Kubernetes runs as they are, and the service's image in objects of the user's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from svc.pipeline import Compiled, Request, compile_

SPEC = """\
apiVersion: svc/v1
name: shop
build: {language: go, version: "1.26", main: .}
ports: {http: 8080}
env: {LOG_LEVEL: info}
health: {exec: [curl, "localhost:${ports.http}", "${HOME}"]}
rollout: {pre_stop: [./drain, "${ports.http}", "$${ports.http}"]}
manifests:
  check:
    inline:
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: check}
      data: {image: "${service.image}", text: "$${service.image}"}
"""


def compiled(folder: Path, spec: str) -> Compiled:
    (folder / "service.yaml").write_text(spec, "utf-8")
    path = folder / "service.yaml"
    return compile_(Request((path,), lambda one: one.name, date(2026, 11, 24), targets=("helm",)))


def test_ports_are_known_in_probes_and_hooks(tmp_path: Path) -> None:
    made = compiled(tmp_path, SPEC)
    server = made.units[0].first.server
    assert server is not None
    assert server.main.health.ready is not None
    assert server.main.health.ready.command == ("curl", "localhost:8080", "${HOME}")
    assert server.main.pre_stop == ("./drain", "8080", "${ports.http}")


def test_the_chart_puts_the_deployed_image_into_objects_of_ones_own(tmp_path: Path) -> None:
    made = compiled(tmp_path, SPEC)
    assert not made.failed
    text = next(one.text for one in made.outputs if one.path.endswith("manifests/configmap-check.yaml"))
    assert 'image: {{ include "shop.image" . | quote }}' in text
    assert "text: ${service.image}" in text
    assert made.faults == ()


def test_an_image_that_is_built_elsewhere_is_written_out(tmp_path: Path) -> None:
    image = "ghcr.io/acme/shop:1@sha256:" + "4f" * 32
    spec = SPEC.replace('build: {language: go, version: "1.26", main: .}', f"image: {image}")
    made = compiled(tmp_path, spec.replace('image: "${service.image}"', 'image: "as ${service.image}"'))
    text = next(one.text for one in made.outputs if one.path.endswith("manifests/configmap-check.yaml"))
    assert f"image: as {image}" in text
