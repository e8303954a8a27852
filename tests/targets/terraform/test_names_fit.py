"""Names of roles: with the longest name of a service they are no longer than AWS takes them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Request, compile_

SPEC = """apiVersion: svc/v1
name: {name}
image: ghcr.io/acme/shop:1.4.2@sha256:4f3bfd1ab2a6b2a0d2d7d5c1cb3f4d1e7a5d9a0b8f1c2d3e4f5a6b7c8d9e0f1a
ports: {{http: 8080}}
health: /healthz
needs: {{db: postgres, files: bucket}}
environments: {{{environment}: {{}}}}
"""


@pytest.mark.parametrize("name", ["shop", "s" * 33, "s" * 40])
def test_roles_have_names_that_aws_takes(name: str, tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC.format(name=name, environment="production"), "utf-8")
    made = compile_(Request(paths=(tmp_path,), targets=("terraform",), shown=str, today=date(2026, 1, 1)))
    assert not made.failed, [one.message for one in made.diagnostics]
    text = "\n".join(one.text for one in made.outputs)
    roles = re.findall(r'resource "aws_iam_role" .*\n(?:.*\n)*?  name +=\s"(.*)"', text)
    assert any(one.endswith("-rds-monitoring") for one in roles)
    known = (("${local.name}", name), ("${var.environment}", "production"))
    for role in roles:
        for reference, value in known:
            role = role.replace(reference, value)
        assert len(role) <= 64
        assert role.startswith(name[:25])


def test_an_environment_whose_name_no_role_can_have_is_refused(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC.format(name="s" * 40, environment="e" * 30), "utf-8")
    made = compile_(Request(paths=(tmp_path,), targets=("terraform",), shown=str, today=date(2026, 1, 1)))
    assert [one.id for one in made.diagnostics if one.severity.word == "error"] == ["name-too-long"]
