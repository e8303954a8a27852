"""Which environment makes the repository that images are pushed to: one that is where the registry is, or none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Compiled, Request, compile_

SPEC = """\
apiVersion: svc/v1
name: shop
build: {language: go, version: "1.26", main: ./cmd/shop}
image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/retail/shop
ports: {http: 8080}
health: /healthz
ci: {repository: acme/shop}
environments:
"""


def compiled(folder: Path, **environments: str) -> Compiled:
    path = folder / "service.yaml"
    lines = [f"  {name}: {{cloud: {{{cloud}}}}}\n" for name, cloud in environments.items()]
    path.write_text(SPEC + "".join(lines), "utf-8")
    return compile_(Request((path,), lambda one: one.name, date(2026, 11, 29), targets=("terraform",)))


@pytest.mark.parametrize(
    ("first", "second", "owner"),
    [
        ('account: "111122223333", region: eu-west-1', 'account: "444455556666", region: eu-west-1', "first"),
        ('account: "444455556666", region: eu-west-1', 'account: "111122223333", region: eu-west-1', "second"),
        ('account: "111122223333", region: us-east-1', 'account: "111122223333", region: eu-west-1', "second"),
        ("region: eu-west-1", "region: us-east-1", "first"),
    ],
)
def test_the_environment_that_is_where_the_registry_is_makes_it(
    tmp_path: Path, first: str, second: str, owner: str
) -> None:
    made = compiled(tmp_path, first=first, second=second)
    values = {one.path.rpartition("/")[2]: one.text for one in made.outputs if one.path.endswith(".tfvars")}
    others = [name for name in ("first", "second") if "create_registry" not in values[f"{name}.tfvars"]]
    assert others == [owner]
    assert "registry-elsewhere" not in {one.id for one in made.diagnostics}


@pytest.mark.parametrize(
    "cloud", ['account: "444455556666", region: eu-west-1', 'account: "111122223333", region: us-east-1']
)
def test_no_environment_makes_a_repository_of_that_name_elsewhere(tmp_path: Path, cloud: str) -> None:
    made = compiled(tmp_path, production=cloud)
    assert not any("aws_ecr_repository" in one.text or "create_registry" in one.text for one in made.outputs)
    (said,) = [one for one in made.diagnostics if one.id == "registry-elsewhere"]
    assert "`shop-build`" in said.help
    assert "`terraform state rm 'aws_ecr_repository.this[0]'`" in said.help


def test_a_repository_that_goes_takes_no_images_along(tmp_path: Path) -> None:
    """AWS refuses to delete one that holds images, and the key that they are encrypted with stays."""
    made = compiled(tmp_path, production='account: "111122223333", region: eu-west-1')
    (text,) = [one.text for one in made.outputs if 'resource "aws_ecr_repository" "this"' in one.text]
    assert "force_delete" not in text
    moved = compiled(tmp_path, production='account: "444455556666", region: eu-west-1')
    assert any('resource "aws_kms_key" "service"' in one.text for one in moved.outputs)
