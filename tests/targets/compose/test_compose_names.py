"""Names in compose: what Kubernetes keeps apart by pods and mounts stands side by side here, and stays apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from svc.parse import parse_one
from svc.pipeline import Request, compile_
from svc.source import Source
from svc.targets.compose.mounts import Mounts

SPEC = """\
apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop:1.4.2@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
ports: {http: 8080}
health: /healthz
init: {migrate: {command: [a]}}
sidecars: {mailer: {command: [b]}, migrate2: {command: [c]}}
workers: {mailer: {command: [d]}}
jobs: {migrate: {run: before-deploy, command: [e]}}
"""


def _compose(folder: Path, more: str = "") -> Any:
    (folder / "service.yaml").write_text(SPEC + more, "utf-8")
    compiled = compile_(Request((folder / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=("compose",)))
    assert not compiled.failed, compiled.diagnostics
    assert not compiled.faults
    text = next(one.text for one in compiled.outputs if one.path == "compose.yaml")
    return parse_one(Source("compose.yaml", text)).documents[0].data


def test_steps_and_sidecars_have_names_beside_those_of_workers_and_jobs(tmp_path: Path) -> None:
    services = _compose(tmp_path)["services"]
    assert {name: one["entrypoint"][0] for name, one in services.items() if "entrypoint" in one} == {
        "shop-init-migrate": "a",
        "shop-sidecar-mailer": "b",
        "shop-migrate2": "c",
        "shop-mailer": "d",
        "shop-migrate": "e",
    }


def test_names_that_are_spelled_alike_stay_apart() -> None:
    shared = Mounts()
    assert [shared.name("volume", "data", key) for key in ("a/b", "a-b", "a/b", "")] == [
        "data-a-b",
        "data-a-b-2",
        "data-a-b",
        "data",
    ]
    assert shared.name("volume", "data-a", "b") == "data-a-b-3"
    assert shared.name("secret", "data-a", "b") == "data-a-b"
    assert shared.name("secret", "data", "a-b") == "data-a-b-2"
