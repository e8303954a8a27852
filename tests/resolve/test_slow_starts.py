"""What starts slowly is asked whether it is there before liveness may end it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Compiled, Request, compile_
from svc.resolve.types.process import Health

HEAD = "apiVersion: svc/v1\nname: shop\nbuild: {language: %s, main: a}\nports: {http: 8080, management: 9090}\n"
SHARED = "health: {http: /up, timeout: 2s}\n"


def compiled(folder: Path, more: str, language: str, *targets: str) -> Compiled:
    path = folder / "service.yaml"
    path.write_text(HEAD % language + more, "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=targets))
    assert not made.failed
    return made


def health(folder: Path, more: str, language: str = "java", name: str = "shop") -> Health:
    one = compiled(folder, more, language, "helm").units[0].first
    return next(p.health for w in one.workloads for p in (w.main, *w.sidecars) if p.name == name)


@pytest.mark.parametrize("language", ["java", "kotlin", "ruby"])
def test_the_question_of_liveness_is_asked_at_the_start(tmp_path: Path, language: str) -> None:
    found = health(tmp_path, SHARED, language)
    assert found.live is not None
    assert found.startup is not None
    assert (found.startup.path, found.startup.timeout, found.startup.period) == ("/up", 2, 10)
    assert (found.live.failure, found.startup.failure) == (3, 30)


@pytest.mark.parametrize("language", ["go", "rust", "node", "python", "dotnet", "php"])
def test_what_starts_quickly_is_not(tmp_path: Path, language: str) -> None:
    assert health(tmp_path, SHARED, language).startup is None


@pytest.mark.parametrize(("period", "failures"), [("3s", 100), ("7s", 43), ("60s", 5), ("10m", 3)])
def test_there_are_five_minutes_however_often_is_asked(tmp_path: Path, period: str, failures: int) -> None:
    found = health(tmp_path, f"health: {{http: /up, period: {period}}}\n").startup
    assert found is not None
    assert found.failure == failures


def test_to_ask_never_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "service.yaml"
    path.write_text(HEAD % "java" + "health: {http: /up, period: 0s}\n", "utf-8")
    made = compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("helm",)))
    assert {one.id for one in made.diagnostics} == {"probe-timing-zero"}


def test_liveness_on_its_own_is_the_question(tmp_path: Path) -> None:
    own = "health: {ready: {http: /ready}, live: {http: {path: /live, port: management}, failures: 60}}\n"
    found = health(tmp_path, own).startup
    assert found is not None
    assert (found.path, found.port, found.failure) == ("/live", 9090, 60)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("health: {http: /up, startup: false}\n", None),
        ("health: {http: /up, startup: {http: /begun}}\n", "/begun"),
        ("health: {http: /up, live: false}\n", None),
        ("health: {http: /up, live: {initial_delay: 60s}}\n", None),
    ],
)
def test_what_the_spec_says_of_the_start_counts(tmp_path: Path, given: str, path: str | None) -> None:
    found = health(tmp_path, given).startup
    assert (found.path if found is not None else None) == path


def test_a_worker_of_the_image_is_like_it_and_another_image_is_not(tmp_path: Path) -> None:
    asked = "ports: {metrics: 9100}, health: {http: {path: /up, port: metrics}}"
    image = "busybox:1.38.0@sha256:" + "b" * 64
    more = f"workers: {{mail: {{command: [a], {asked}}}}}\nsidecars: {{edge: {{image: '{image}', command: [a], "
    more += "ports: {edge: 9200}, health: {tcp: edge}}}\n"
    assert health(tmp_path, SHARED + more, name="mail").startup is not None
    assert health(tmp_path, SHARED + more, name="edge").startup is None


def test_the_heap_follows_the_limit_in_compose_as_in_the_image_that_is_shipped(tmp_path: Path) -> None:
    made = compiled(tmp_path, SHARED, "java", "docker", "compose")
    texts = {one.path.rpartition("/")[2]: one.text for one in made.outputs}
    assert texts["Dockerfile"].count("-XX:MaxRAMPercentage=75.0") == 2
    assert "memory: 1g\n" in texts["compose.yaml"]


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (SHARED, 300),
        ("health: {http: /up, startup: false}\n", 10),
        ("health: {http: /up, ready: {initial_delay: 40s}, startup: false}\n", 40),
        ("health: {http: /up, startup: {http: /up, initial_delay: 5s, period: 2s, failures: 20}}\n", 45),
    ],
)
def test_docker_and_compose_wait_as_long(tmp_path: Path, given: str, seconds: int) -> None:
    made = compiled(tmp_path, given, "java", "docker", "compose")
    texts = {one.path.rpartition("/")[2]: one.text for one in made.outputs}
    assert f"--start-period={seconds}s " in texts["Dockerfile"]
    assert f"start_period: {seconds}s\n" in texts["compose.yaml"]
