"""A resource lacks another one that completes it, such as a bucket its public access block."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._terraform import Found, at, mentions, resources, title
from svc.records import dataclass
from svc.targets.terraform.types import Block, Expr, Module


@dataclass(frozen=True, slots=True)
class Params:
    resource: str = "aws_s3_bucket"
    companion: str = "aws_s3_bucket_public_access_block"
    argument: str = "bucket"
    inline: str = ""
    """The block that said it inside the resource before there was a companion."""
    says: str = ""
    """What the companion has to hold, as a path."""
    target: str = ""
    """The companion's argument that names a resource of the same kind, which then needs none of its own."""
    acl: str = ""
    """The access list of a bucket that needs none."""


def check(module: Module, params: Params) -> Iterator[Found]:
    """Silent where a part of the module was not read."""
    if not module.whole:
        return
    others = list(resources(module, params.companion))
    for block in resources(module, params.resource):
        if _inline(block, params.inline):
            continue
        if _excused(module, block, params):
            continue
        completed = any(_of(other, params.argument, block) and _says(other, params) for other in others)
        completed = completed or _handed_over(module, block, params.companion)
        if not completed and not any(
            isinstance(other.get(params.argument), Expr) and _opaque(other, params) for other in others
        ):
            yield block.address, f"`{title(block)}` has no `{params.companion}`"


def _handed_over(module: Module, block: Block, companion: str) -> bool:
    """Whether a module is called with the resource that declares what completes one."""
    return any(
        companion in module.called.get(str(call.get("source")), ())
        and any(mentions(value, title(block)) for value in call.attributes.values())
        for call in module.blocks("module")
    )


def _inline(block: Block, inline: str) -> bool:
    """Whether the resource says it itself: `block`, or `block.argument` where that has to be set."""
    name, _, argument = inline.partition(".")
    found = [one for one in block.blocks(name) if one.get("enabled") is not False] if name else []
    return any(not argument or one.get(argument) is not None for one in found)


def _of(other: Block, argument: str, block: Block) -> bool:
    name, value = block.get("bucket"), other.get(argument)
    return mentions(value, title(block)) or (isinstance(name, str) and value == name)


def _says(other: Block, params: Params) -> bool:
    return not params.says or at(other, tuple(params.says.split(".")))[1] is not None


def _excused(module: Module, block: Block, params: Params) -> bool:
    """Whether it is the place where others write, by their word or by its access list."""
    if params.target:
        named = [other.get(params.target) for other in resources(module, params.companion)]
        for one in resources(module, params.resource):
            named += [inner.get(params.target) for inner in one.blocks(params.inline.partition(".")[0])]
        if any(mentions(one, title(block)) or (one is not None and one == block.get("bucket")) for one in named):
            return True
    lists = [block, *(one for one in resources(module, "aws_s3_bucket_acl") if _of(one, "bucket", block))]
    return bool(params.acl) and any(one.get("acl") == params.acl for one in lists)


def _opaque(other: Block, params: Params) -> bool:
    """Whether it belongs to a bucket that is only known when Terraform runs (`each.value`, a local, a variable)."""
    value = other.get(params.argument)
    return isinstance(value, Expr) and not value.text.startswith(f"{params.resource}.")
