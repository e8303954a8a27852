"""Outputs of needs that the cloud's service does not have."""

from __future__ import annotations

from dataclasses import replace

from samples import web
from svc.targets.terraform.lower.connection import unknown_outputs
from svc.targets.terraform.scene import Managed


def test_an_output_that_the_service_lacks_is_said() -> None:
    need = next(one for one in web().needs if one.type == "postgres")
    with_more = replace(need, outputs={**need.outputs, "replica": need.outputs["host"]})
    managed = Managed(need.name, {"production": with_more}, True)
    known = dict.fromkeys(need.outputs, "known")
    assert [(one.id, one.message) for one in unknown_outputs(managed.own, known)] == [
        ("need-output-unavailable", "a managed postgres has no output 'replica'"),
    ]
    assert unknown_outputs(Managed(need.name, {"production": need}, True).own, known) == ()
