"""A provider that is required and that nothing in the module uses."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.types import PROVIDED, Expr, Module


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where a part of the module was not read."""
    if not module.whole:
        return
    used = set()
    for block in module.blocks():
        provider = block.get("provider")
        if isinstance(provider, Expr):
            used.add(provider.text.partition(".")[0])
        elif block.labels and block.type in PROVIDED:
            used.add(block.labels[0].partition("_")[0])
        elif block.labels and block.type == "provider":
            used.add(block.labels[0])
    if any(True for _ in module.blocks("module")):
        return
    for block in module.blocks("terraform"):
        for required in block.blocks("required_providers"):
            for name in required.attributes:
                if name not in used:
                    yield (*block.address, "required_providers", name), f"provider `{name}` is required and not used"
