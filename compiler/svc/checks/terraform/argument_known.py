"""An argument or block that the provider does not have, with a name like one that it has and that is not set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc import pins
from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.suggest import alike, close
from svc.targets.terraform.tables import tables
from svc.targets.terraform.types import Attribute, Block, Module, noted
from svc.targets.terraform.versions import is_for

_META = frozenset({"count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection", "timeouts"})


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where the module is for another major version of the provider than our table, which has other arguments."""
    blocks = [one for one in module.blocks() if one.type in ("resource", "data") and one.labels[:1]]
    ours = [one for one in blocks if one.labels[0].startswith("aws_")]
    if ours and is_for(module, "aws", pins.version_key(pins.provider("aws").version)[0]):
        for block in ours:
            yield from _found(block)


@noted
def _found(block: Block) -> Sequence[Found]:
    schema = tables().schema(block.type, block.labels[0])
    return tuple(_body(block, schema, block.address, ".".join(block.labels))) if schema is not None else ()


def _body(block: Block, schema: Any, route: Route, where: str) -> Iterator[Found]:
    attributes, nested = schema.get("attributes", {}), schema.get("block_types", {})
    present = {part.name if isinstance(part, Attribute) else _made(part) for part in block.body}
    numbers: dict[str, int] = {}
    for part in block.body:
        name = part.name if isinstance(part, Attribute) else part.type
        index = numbers[name] = numbers.get(name, -1) + 1
        if name == "dynamic" or name in _META:
            continue
        if name in nested and isinstance(part, Block):
            yield from _body(part, nested[name]["block"], (*route, name, index), f"{where}.{name}")
        elif name not in attributes and name not in nested:
            meant = close(name, (attributes.keys() | nested.keys()) - present)
            if meant and alike(name, meant):
                at = (*route, name) if isinstance(part, Attribute) else (*route, name, index)
                yield at, f"`{where}` has no `{name}`; did you mean `{meant}`?"


def _made(part: Block) -> str:
    return part.labels[0] if part.type == "dynamic" and part.labels else part.type
