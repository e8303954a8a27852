"""The secret that holds a need's connection: what the ExternalSecret of the chart reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from svc.diagnostics import Problem
from svc.resolve import names
from svc.targets.terraform.build import Nested, ex, jsonencode, resource, template
from svc.targets.terraform.scene import NAME, Input, Owned, Scene
from svc.targets.terraform.types import Block, Value

CONTAINER: Final = "aws_secretsmanager_secret"

ROTATION = Input(
    "rotation_lambda_arns",
    "map(string)",
    "Rotation functions by secret (a need's name, or the path of a secret); secrets without one are not rotated.",
    check=(
        'alltrue([for arn in values(var.rotation_lambda_arns) : can(regex("^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+$", arn))])',
        "Each value must be the ARN of a Lambda function.",
    ),
)


def rotation_input(scene: Scene) -> Input:
    values: dict[str, Any] = {one.environment: {} for one in scene.environments}
    return Input(ROTATION.name, ROTATION.type, ROTATION.description, check=ROTATION.check, values=values)


def password_version(own: Owned) -> Input:
    return Input(
        f"{own.id}_password_version",
        "number",
        f"Raise it by one to give {own.name} a new password; the password itself is in no state file.",
        1,
        (f"var.{own.id}_password_version >= 1", "Versions count from 1."),
        at=own.at,
    )


def password(own: Owned) -> Block:
    """A password that exists only while Terraform runs."""
    parts = {**own.count(), "password_length": 32, "exclude_punctuation": True}
    block = resource("aws_secretsmanager_random_password", own.id, parts, own.at)
    return Block("ephemeral", block.labels, block.body, origin=block.origin)


def secret(own: Owned, known: Mapping[str, Value], version: str = "") -> tuple[Block, ...]:
    """`known` are all outputs that the need can have. `version`: the values are secret, and written without state."""
    values = {key: known[key] for key in own.outputs if key in known}
    content: dict[str, Any] = {"secret_string": jsonencode(values)}
    if version:
        content = {"secret_string_wo": jsonencode(values), "secret_string_wo_version": ex(version)}
    path = names.need_secret_path("${var.environment}", NAME, own.name)
    parts = {
        **own.count(),
        "name": template(path),
        "description": template(f"Connection of {NAME} to its {own.name}."),
        "kms_key_id": ex("aws_kms_key.service.arn"),
        "recovery_window_in_days": 30,
    }
    held = {**own.count(), "secret_id": ex(own.ref(CONTAINER, "id")), **content}
    return (
        resource(CONTAINER, own.id, parts, own.at),
        resource("aws_secretsmanager_secret_version", own.id, held, own.at),
        rotation(own),
    )


def rotation(own: Owned) -> Block:
    condition = own.count(f'contains(keys(var.rotation_lambda_arns), "{own.name}")')
    parts = {
        **condition,
        "secret_id": ex(own.ref(CONTAINER, "id")),
        "rotation_lambda_arn": ex(f'var.rotation_lambda_arns["{own.name}"]'),
        "rotation_rules": Nested({"automatically_after_days": 30}),
    }
    return resource("aws_secretsmanager_secret_rotation", own.id, parts, own.at)


def unknown_outputs(own: Owned, known: Mapping[str, Value]) -> tuple[Problem, ...]:
    """Outputs that the managed service does not have."""
    return tuple(
        Problem(
            "need-output-unavailable",
            own.at,
            f"a managed {own.type} has no output {key!r}",
            f"it has {', '.join(sorted(known))}",
        )
        for key in sorted(own.outputs)
        if key not in known
    )
