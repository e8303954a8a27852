"""What memory a process has that says nothing of it: that of the service whose image it runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_
from svc.resolve.types.process import Process

HEAD = "apiVersion: svc/v1\nname: shop\nimage: ghcr.io/acme/shop:1.4.2@sha256:" + "a" * 64 + "\n"


def processes(folder: Path, more: str) -> dict[str, Process]:
    path = folder / "service.yaml"
    path.write_text(HEAD + more, "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("helm",)))
    assert not made.failed
    one = made.units[0].first
    return {p.name: p for w in one.workloads for p in (w.main, *w.init, *w.sidecars)}


def memory(process: Process) -> tuple[str, str]:
    return dict(process.resources.requests)["memory"], dict(process.resources.limits)["memory"]


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        ("{cpu: 2, memory: 1Gi, limits: {memory: 2Gi}}", ("1Gi", "2Gi")),
        ("{requests: {memory: 1Gi}}", ("1Gi", "1Gi")),
        ("{limits: {memory: 1Gi}}", ("1Gi", "1Gi")),
        ("{cpu: 2}", ("128Mi", "128Mi")),
    ],
)
@pytest.mark.parametrize("part", ["init: {own: {", "jobs: {own: {run: before-deploy, ", "workers: {own: {"])
def test_what_runs_the_services_image_has_its_memory(
    tmp_path: Path, part: str, resources: str, found: tuple[str, str]
) -> None:
    own = processes(tmp_path, f"resources: {resources}\n{part}command: [./own]}}}}\n")["own"]
    assert memory(own) == found
    assert dict(own.resources.requests)["cpu"] == "100m"


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ("resources: {memory: 64Mi}", ("64Mi", "64Mi")),
        ("resources: {limits: {memory: 96Mi}}", ("96Mi", "96Mi")),
        ("resources: {cpu: 200m}", ("1Gi", "1Gi")),
        ("image: busybox:1.38.0@sha256:" + "b" * 64, ("128Mi", "128Mi")),
    ],
)
def test_an_amount_or_an_image_of_its_own_counts(tmp_path: Path, own: str, found: tuple[str, str]) -> None:
    made = processes(tmp_path, f"resources: {{memory: 1Gi}}\nworkers: {{own: {{command: [./own], {own}}}}}\n")
    assert memory(made["own"]) == found


def test_a_sidecar_has_little(tmp_path: Path) -> None:
    made = processes(tmp_path, "resources: {memory: 1Gi}\nsidecars: {own: {command: [./own]}}\n")
    assert memory(made["own"]) == ("128Mi", "128Mi")
