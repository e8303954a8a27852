"""The module does not say with which Terraform and providers it works."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.types import Module


def check(module: Module, _: Params) -> Iterator[Found]:
    blocks = list(module.blocks("terraform"))
    if not any(True for block in module.blocks() if block.type in ("resource", "data", "module")):
        return
    first = next(iter(module.blocks()))
    if not any(block.get("required_version") is not None for block in blocks):
        yield (blocks[0].address if blocks else first.address), "no required_version: any Terraform may apply this"
    pinned = {
        name for block in blocks for required in block.blocks("required_providers") for name in required.attributes
    }
    used = {
        block.labels[0].partition("_")[0]
        for block in module.blocks()
        if block.type in ("resource", "data") and block.labels
    }
    for name in sorted(used - pinned - {"terraform"}):
        yield (
            (blocks[0].address if blocks else first.address),
            f"provider `{name}` has no version in required_providers",
        )
