"""What a module is given by `.tfvars` files is not judged by the defaults of its variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from svc.gate import Demand
from svc.lint.collect import collect
from svc.lint.findings import findings
from svc.policy.load import load
from svc.policy.types import Settings

POLICIES = load([Path(__file__).parents[2] / "policies"]).policies
MODULE = """
variable "protect" {
  type    = bool
  default = false
}
resource "aws_db_instance" "a" {
  deletion_protection = var.protect
}
"""


def protected(folder: Path) -> bool:
    linted = collect([folder], lambda one: one.relative_to(folder).as_posix())
    found = findings(linted, POLICIES, Settings("recommended"), Demand())
    assert not linted.diagnostics
    return "deletion-protection-off" not in {one.id for one in found}


@pytest.mark.parametrize("given", ["", "terraform.tfvars", "prod.auto.tfvars", "environments/prod.tfvars"])
def test_a_default_counts_where_nothing_else_is_given(tmp_path: Path, given: str) -> None:
    (tmp_path / "main.tf").write_text(MODULE, "utf-8")
    if given:
        (tmp_path / given).parent.mkdir(exist_ok=True)
        (tmp_path / given).write_text("protect = true\n", "utf-8")
    assert protected(tmp_path) is bool(given)


def test_values_for_another_variable_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(MODULE, "utf-8")
    (tmp_path / "terraform.tfvars").write_text('name = "shop"\n', "utf-8")
    assert not protected(tmp_path)
