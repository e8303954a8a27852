"""Numbers of one's own objects that differ between environments arrive, or svc says that they do not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_

SPEC = """apiVersion: svc/v1
name: web
image: ghcr.io/acme/web:1@sha256:{digest}
ports: {{http: 8080}}
health: /healthz
environments:
  staging:
    manifests: {{q: {{inline: {{apiVersion: example.com/v1, kind: Quota, metadata: {{name: q}}, spec: {{n: {one}}}}}}}}}
  production:
    manifests: {{q: {{inline: {{apiVersion: example.com/v1, kind: Quota, metadata: {{name: q}}, spec: {{n: {two}}}}}}}}}
"""


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ("1e-17", "1.5", False),
        ("9007199254740991", "-9007199254740992", False),
        ("9007199254740993", "9007199254740993", False),
        ("9007199254740993", "5", True),
        ("[5, 1e300]", "[5]", True),
        ("{a: -9007199254740993}", "{a: 18446744073709551616}", True),
    ],
)
def test_it_arrives_or_that_is_said(one: str, two: str, said: bool, tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC.format(digest="a" * 64, one=one, two=two), "utf-8")
    found = compile_(Request(paths=(tmp_path,), shown=lambda path: path.name, today=date(2026, 1, 1)))
    assert found.faults == ()
    assert ("number-not-carried" in {each.id for each in found.diagnostics}) is said
    assert bool(found.outputs) is not said
