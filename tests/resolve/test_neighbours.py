"""What is said of a reference to a service whose own spec is wrong: the cause, once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from svc.pipeline import Request, compile_

HEAD = "apiVersion: svc/v1\nname: {name}\nimage: ghcr.io/acme/web:1.4.2\nports: {{http: 8080}}\nhealth: /healthz\n"


def _workspace(folder: Path) -> None:
    (folder / "svc-workspace.yaml").write_text('apiVersion: svc/v1\nservices: ["*/service.yaml"]\n', "utf-8")
    for name, more in {"shop": 'env: {STOCK: "${services.stock.http}"}\n', "stock": "prots: {}\n"}.items():
        (folder / name).mkdir()
        (folder / name / "service.yaml").write_text(HEAD.format(name=name) + more, "utf-8")


def test_a_wrong_spec_is_one_cause(tmp_path: Path) -> None:
    _workspace(tmp_path)
    compiled = compile_(Request((tmp_path,), Path.as_posix, date(2026, 11, 24)))
    assert [one.id for one in compiled.diagnostics] == ["unknown-key"]


def test_a_wrong_spec_that_is_not_compiled_is_said(tmp_path: Path) -> None:
    _workspace(tmp_path)
    compiled = compile_(Request((tmp_path / "shop" / "service.yaml",), Path.as_posix, date(2026, 11, 24)))
    assert [one.message for one in compiled.diagnostics] == ["the spec of `stock` is wrong, so its ports are not known"]


def test_a_sidecar_is_exposed_and_measured(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(
        "apiVersion: svc/v1\nname: blog\nimage: ghcr.io/acme/blog:1.0.0\nports: {fpm: {port: 9000, protocol: tcp}}\n"
        "health: {tcp: fpm}\nsidecars:\n  web: {image: nginx:1.29, ports: {http: 8080, admin: 8081}}\n"
        "  exporter: {image: 'fpm-exporter:2', ports: {metrics: 9253}}\n"
        "expose: {host: blog.example.com, port: http}\nobserve: {metrics: {port: metrics}}\n",
        "utf-8",
    )
    compiled = compile_(Request((tmp_path / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=("helm",)))
    one = compiled.units[0].first
    assert one.server is not None
    assert one.server.service is not None
    assert [port.name for port in one.server.service.ports] == ["fpm", "metrics", "http"]
    assert one.expose is not None
    assert [path.port.number for path in one.expose.paths] == [8080]
    assert one.metrics is not None
    assert one.metrics.port.number == 9253
