"""Services that call one another: each circle once, as a path, with the place of every call."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.diagnostics import Diagnostic, Severity
from svc.pipeline import Compiled, Request, compile_
from svc.resolve.circles import circles

HEAD = """\
apiVersion: svc/v1
name: {name}
image: ghcr.io/acme/web:1.4.2@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
ports: {{http: 8080}}
health: /healthz
"""


def _compiled(folder: Path, services: dict[str, str]) -> Compiled:
    (folder / "svc-workspace.yaml").write_text('apiVersion: svc/v1\nservices: ["*/service.yaml"]\n', "utf-8")
    for name, more in services.items():
        (folder / name).mkdir()
        (folder / name / "service.yaml").write_text(HEAD.format(name=name) + more + "\n", "utf-8")
    return compile_(Request((folder,), Path.as_posix, date(2026, 11, 24), targets=("helm", "compose")))


def _found(compiled: Compiled) -> list[Diagnostic]:
    return [one for one in compiled.diagnostics if one.id.endswith("in-a-circle")]


def test_mutual_addresses_are_shown_as_a_path(tmp_path: Path) -> None:
    services = {
        "a": 'env: {B: "${services.b.http.url}"}',
        "b": 'env: {C: "${services.c.host}"}',
        "c": "access: {to: [a, d]}",
        "d": 'args: ["${services.c.http}"]',
        "e": 'env: {A: "${services.a.http}"}',
    }
    compiled = _compiled(tmp_path, services)
    one, other = _found(compiled)
    assert one.message == "services call one another: a -> b -> c -> a"
    assert (one.severity, one.place.route) == (Severity.INFO, ("env", "B"))
    assert [(near.note, near.place.route) for near in one.related] == [
        ("in b", ("env", "C")),
        ("in c", ("access", "to", 0)),
    ]
    assert all(near.place.span is not None for near in one.related)
    assert other.message.endswith(": c -> d -> c")
    assert compiled.outputs


@pytest.mark.parametrize(
    "waits",
    [
        "init: {{wait: {{command: [x, '{ref}']}}}}",
        "jobs: {{migrate: {{run: before-deploy, command: [x], env: {{ADDR: '{ref}'}}}}}}",
    ],
)
def test_services_of_which_none_can_be_the_first_are_an_error(tmp_path: Path, waits: str) -> None:
    services = {
        "a": waits.format(ref="${services.b.http}"),
        "b": waits.format(ref="${services.c.http}"),
        "c": waits.format(ref="${services.a.http}"),
    }
    compiled = _compiled(tmp_path, services)
    (one,) = _found(compiled)
    assert one.id == "services-wait-in-a-circle"
    assert one.message.endswith("none can be the first: a -> b -> c -> a")
    assert len(one.related) == 2
    assert not compiled.outputs


def test_a_job_after_the_deploy_waits_for_nobody(tmp_path: Path) -> None:
    job = "jobs: {{it: {{run: {run}, command: [x], env: {{ADDR: '${{services.{other}.http}}'}}}}}}"
    services = {
        "a": job.format(run="before-deploy", other="b"),
        "b": job.format(run="after-deploy", other="a"),
    }
    (one,) = _found(_compiled(tmp_path, services))
    assert one.id == "services-in-a-circle"


def test_a_service_may_use_its_own_address_once_it_is_there(tmp_path: Path) -> None:
    used = 'env: {ME: "${services.a.http.url}"}\naccess: {from: [b]}'
    compiled = _compiled(tmp_path, {"a": used, "b": 'init: {me: {command: ["${services.b.http}"]}}'})
    (one,) = _found(compiled)
    assert one.message == "`b` has to be there before it is deployed or started: b -> b"


def test_a_service_that_calls_itself_is_let_in(tmp_path: Path) -> None:
    compiled = _compiled(tmp_path, {"a": 'env: {ME: "${services.a.http.url}"}\naccess: {from: [b]}', "b": ""})
    access = compiled.units[0].first.access
    assert [one.service for one in access.incoming] == ["b", "a"]
    assert [one.service for one in access.outgoing] == ["a"]


def test_each_circle_once_and_in_order() -> None:
    calls = {"c": ["a"], "b": ["c", "a"], "a": ["b", "x"], "x": ["y"], "y": ["x"], "z": ["z", "a"]}
    assert list(circles(calls)) == [("a", "b"), ("a", "b", "c"), ("x", "y"), ("z",)]
    assert list(circles(dict(reversed(calls.items())))) == list(circles(calls))


def test_replicas_that_let_one_another_in_go_out_to_one_another(tmp_path: Path) -> None:
    compiled = _compiled(tmp_path, {"a": "access: {from: [a, b]}", "b": ""})
    access = compiled.units[0].first.access
    assert [(one.service, one.ports) for one in access.outgoing] == [("a", ((8080, "TCP"),))]
