"""A variable, local value, data source or aliased provider that nothing in the module uses."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.patterns import regex
from svc.targets.terraform.types import Block, Module, noted

_NAMED = regex(r"(?<![\w.-])([A-Za-z_][\w-]*)\.([A-Za-z_][\w-]*)")
_USED = regex(r"\b(var|local)\.([\w-]+)|\bdata\.([\w-]+)\.([\w-]+)")


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where a part of the module was not read."""
    if not module.whole:
        return
    used: set[tuple[str, ...]] = set()
    used = used.union(*(_used(block) for block in module.blocks()))
    for name, block in module.variables.items():
        if ("var", name) not in used:
            yield block.address, f"variable `{name}` is not used"
    for block in module.blocks("locals"):
        for name in block.attributes:
            if ("local", name) not in used:
                yield (*block.address, name), f"local value `{name}` is not used"
    for block in module.data():
        if len(block.labels) == 2 and ("data", *block.labels) not in used and not _asserts(block):
            yield block.address, f"data source `{'.'.join(block.labels)}` is not used"
    yield from _aliases(module)


def _asserts(block: Block) -> bool:
    """Whether a data source is read for what is demanded of it."""
    return any(one.blocks("postcondition") or one.blocks("precondition") for one in block.blocks("lifecycle"))


@noted
def _used(block: Block) -> frozenset[tuple[str, ...]]:
    """What a block mentions; a variable's own check of its value is no use of it."""
    found = (match for _, text in block.expressions for match in _USED.finditer(text))
    what = {(match[1], match[2]) if match[1] else ("data", match[3], match[4]) for match in found}
    return frozenset(what - ({("var", *block.labels[:1])} if block.type == "variable" else set()))


def _aliases(module: Module) -> Iterator[Found]:
    aliased = [block for block in module.blocks("provider") if isinstance(block.get("alias"), str) and block.labels]
    if not aliased:
        return
    used = {pair for _, _, text in module.expressions for pair in _NAMED.findall(text)}
    for block in aliased:
        alias = block.get("alias")
        if (block.labels[0], alias) not in used:
            yield (*block.address, "alias"), f"provider `{block.labels[0]}.{alias}` is not used"
