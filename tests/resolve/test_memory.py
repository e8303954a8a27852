"""What memory a process has that says nothing of it: that of its language, or of the service whose image it runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_
from svc.resolve.types.process import Process

HEAD = "apiVersion: svc/v1\nname: shop\nimage: ghcr.io/acme/shop:1.4.2@sha256:" + "a" * 64 + "\n"
BUILT = "apiVersion: svc/v1\nname: shop\nbuild: {language: %s, main: a}\n"


def processes(folder: Path, more: str, head: str = HEAD) -> dict[str, Process]:
    path = folder / "service.yaml"
    path.write_text(head + more, "utf-8")
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


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("java", "1Gi"),
        ("kotlin", "1Gi"),
        ("node", "512Mi"),
        ("dotnet", "256Mi"),
        ("php", "256Mi"),
        ("python", "256Mi"),
        ("ruby", "256Mi"),
        ("go", "128Mi"),
        ("rust", "128Mi"),
        ("static", "128Mi"),
    ],
)
def test_a_process_begins_with_the_memory_of_its_language(tmp_path: Path, language: str, found: str) -> None:
    own = "workers: {own: {command: [./own]}}\nsidecars: {beside: {command: [./beside]}}\n"
    made = processes(tmp_path, own, BUILT % language)
    assert {memory(made[name]) for name in ("shop", "own", "beside")} == {(found, found)}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("{memory: 96Mi}", ("96Mi", "96Mi")),
        ("{cpu: 2}", ("1Gi", "1Gi")),
        ("{limits: {memory: 640Mi}}", ("640Mi", "640Mi")),
        ("{requests: {memory: 96Mi}, limits: {cpu: 1}}", ("96Mi", "96Mi")),
    ],
)
def test_what_a_spec_says_of_memory_counts(tmp_path: Path, given: str, found: tuple[str, str]) -> None:
    made = processes(tmp_path, f"resources: {given}\nworkers: {{own: {{command: [./own]}}}}\n", BUILT % "java")
    assert memory(made["shop"]) == memory(made["own"]) == found


def test_another_image_has_little_whatever_the_language_of_the_service(tmp_path: Path) -> None:
    image = "busybox:1.38.0@sha256:" + "b" * 64
    made = processes(tmp_path, f"sidecars: {{own: {{image: '{image}', command: [sh]}}}}\n", BUILT % "java")
    assert memory(made["own"]) == ("128Mi", "128Mi")
