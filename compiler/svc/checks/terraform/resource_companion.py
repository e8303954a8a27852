"""A resource lacks another one that completes it, such as a bucket its public access block."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._terraform import Found, mentions, resources, title
from svc.records import dataclass
from svc.targets.terraform.types import Block, Expr, Module


@dataclass(frozen=True, slots=True)
class Params:
    resource: str = "aws_s3_bucket"
    companion: str = "aws_s3_bucket_public_access_block"
    argument: str = "bucket"
    inline: str = ""
    """The block that said it inside the resource before there was a companion."""


def check(module: Module, params: Params) -> Iterator[Found]:
    others = list(resources(module, params.companion))
    for block in resources(module, params.resource):
        if params.inline and any(one.get("enabled") is not False for one in block.blocks(params.inline)):
            continue
        name = block.get(params.argument)
        completed = any(
            mentions(other.get(params.argument), title(block))
            or (isinstance(name, str) and other.get(params.argument) == name)
            for other in others
        )
        if not completed and not any(
            isinstance(other.get(params.argument), Expr) and _opaque(other, params) for other in others
        ):
            yield block.address, f"`{title(block)}` has no `{params.companion}`"


def _opaque(other: Block, params: Params) -> bool:
    """Whether it belongs to a bucket that is only known when Terraform runs (`each.value`, a local, a variable)."""
    value = other.get(params.argument)
    return isinstance(value, Expr) and not value.text.startswith(f"{params.resource}.")
