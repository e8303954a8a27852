"""Containers for the values of the spec's `secrets`: somebody else puts the values in, no state ever holds them."""

from __future__ import annotations

from svc.resolve.types.whole import Resolved
from svc.targets.terraform.build import Nested, ex, resource, shared, template
from svc.targets.terraform.lower.connection import CONTAINER
from svc.targets.terraform.scene import NAME, Input, Part, Scene
from svc.targets.terraform.types import Block

AT = ("secrets",)


def lower(scene: Scene) -> Part:
    owned = _owned(scene)
    if not any(owned.values()):
        return Part()
    paths = Input(
        "secret_paths",
        "set(string)",
        "Secrets that this environment owns; the values are put in outside of Terraform.",
        check=(
            'alltrue([for path in var.secret_paths : can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", path))])',
            "A path has letters, digits and /_+=.@- only.",
        ),
        values=owned,
        at=AT,
    )
    return Part({"secrets.tf": _blocks()}, (paths,))


@shared
def _blocks() -> tuple[Block, ...]:
    held = {
        "for_each": ex("var.secret_paths"),
        "name": ex("each.value"),
        "description": template(f"Set by hand, read by {NAME}."),
        "kms_key_id": ex("aws_kms_key.service.arn"),
        "recovery_window_in_days": 30,
    }
    rotated = {
        "for_each": ex(
            "{ for path, arn in var.rotation_lambda_arns : path => arn if contains(var.secret_paths, path) }"
        ),
        "secret_id": ex(f"{CONTAINER}.application[each.key].id"),
        "rotation_lambda_arn": ex("each.value"),
        "rotation_rules": Nested({"automatically_after_days": 30}),
    }
    return (
        resource(CONTAINER, "application", held, AT),
        resource("aws_secretsmanager_secret_rotation", "application", rotated, AT),
    )


def _owned(scene: Scene) -> dict[str, list[str]]:
    """Paths per environment; where environments share an account and a path, the first one owns it."""
    taken: set[tuple[str, str]] = set()
    owned: dict[str, list[str]] = {}
    for one in scene.environments:
        fresh = [path for path in _paths(one) if (one.cloud.account, path) not in taken]
        taken |= {(one.cloud.account, path) for path in fresh}
        owned[one.environment] = fresh
    return owned


def _paths(resolved: Resolved) -> list[str]:
    """What ExternalSecrets read, except the connections of managed needs, which have containers of their own."""
    managed = {need.path for need in resolved.needs if need.realise == "managed"}
    return sorted({entry.path for held in resolved.secrets for entry in held.entries} - managed)
