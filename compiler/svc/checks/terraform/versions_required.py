"""The module does not say with which Terraform and providers it works."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.types import Block, Expr, Module, Object


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where a part of the module was not read."""
    if not module.whole:
        return
    blocks = list(module.blocks("terraform"))
    if not any(True for block in module.blocks() if block.type in ("resource", "data", "module")):
        return
    first = next(iter(module.blocks()))
    if not any(block.get("required_version") is not None for block in blocks):
        yield (blocks[0].address if blocks else first.address), "no required_version: any Terraform may apply this"
    required = {
        name: ((*block.address, "required_providers", name), value)
        for block in blocks
        for one in block.blocks("required_providers")
        for name, value in one.attributes.items()
    }
    for name, (route, value) in required.items():
        if isinstance(value, Object) and value.get("version") is None and not _built_in(value):
            yield route, f"provider `{name}` has no version in required_providers"
    used = {_provider(block) for block in module.blocks() if block.type in ("resource", "data") and block.labels}
    for name in sorted(used - required.keys() - {"terraform"}):
        yield (
            (blocks[0].address if blocks else first.address),
            f"provider `{name}` has no version in required_providers",
        )


def _provider(block: Block) -> str:
    """The name that a module has for the provider of a resource: what it says, or the first word of its type."""
    chosen = block.get("provider")
    return (chosen.text if isinstance(chosen, Expr) else str(chosen or block.labels[0].partition("_")[0])).partition(
        "."
    )[0]


def _built_in(required: Object) -> bool:
    return str(required.get("source")).startswith("terraform.io/builtin/")
