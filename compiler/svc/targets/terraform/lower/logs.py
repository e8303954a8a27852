"""A log group: kept as long as the environment says, encrypted with the service's key."""

from __future__ import annotations

from collections.abc import Mapping

from svc.diagnostics import Route
from svc.targets.terraform.build import ex, resource, template
from svc.targets.terraform.types import Block, Value


def log_group(id_: str, name: str, at: Route, count: Mapping[str, Value] | None = None) -> Block:
    """`count`: the argument of what some environments do not have."""
    body = {
        **(count or {}),
        "name": template(name),
        "retention_in_days": ex("var.log_retention_days"),
        "kms_key_id": ex("aws_kms_key.service.arn"),
    }
    return resource("aws_cloudwatch_log_group", id_, body, at)
