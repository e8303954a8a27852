"""What a module has twice and Terraform takes once: a block, a local value, an argument, a block within a block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from svc.checks._arguments import Body, told
from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.targets.terraform.override import is_override, replaced
from svc.targets.terraform.references import parts
from svc.targets.terraform.types import Attribute, Block, Module, noted

_SHOWN = {"resource": "resource", "data": "data source", "ephemeral": "ephemeral resource", "module": "module"}
_SHOWN |= {"variable": "variable", "output": "output", "provider": "provider", "check": "check"}

_ONCE = {"backend": "backend", "cloud": "backend", "required_providers": "required_providers"}
"""What a module has once, in whichever block of it: where its state is, and its providers."""


def check(module: Module, _: Params) -> Iterator[Found]:
    yield from told(module, _again)
    if not module.whole:
        return
    instead = replaced(module.files)
    known: set[Route] = set()
    for name, blocks in module.files.items():
        if is_override(name) or name in instead:
            continue
        for block in blocks:
            for route, shown, line in _declared(block):
                if route in known:
                    yield (
                        route[: len(route) - (block.type == "provider")],
                        f"{shown} is declared again, in line {line}{_of(name)}",
                    )
                known.add(route)
            yield from _inside(block)


def _again(body: Body) -> Sequence[Found]:
    """Blocks of which the language or the provider takes one."""
    nested = body.schema.get("block_types", {})
    return tuple(
        (route, f"`{part.type}` of `{body.where}` stands again, in line {part.line}: it takes one")
        for part, route in parts(body.block, body.route)
        if isinstance(part, Block) and route[-1] == 1 and _single(nested.get(part.type, {}))
    )


def _single(schema: Mapping[str, Any]) -> bool:
    return schema.get("nesting_mode") == "single" or schema.get("max_items") == 1


def _declared(block: Block) -> Iterator[tuple[Route, str, int]]:
    """What a block declares: where, how it is called, and in which line."""
    if block.type == "locals":
        lines = {part.name: part.line for part in block.body if isinstance(part, Attribute)}
        yield from (((*block.address, name), f"local value `{name}`", line) for name, line in lines.items())
    elif block.type == "provider" and block.labels:
        alias = str(block.get("alias") or "")
        yield (*block.address, alias), f"provider `{'.'.join(filter(None, (*block.labels, alias)))}`", block.line
    elif block.type == "terraform":
        for type_, one in {one.type: one for one in reversed(block.blocks()) if one.type in _ONCE}.items():
            yield (*block.address, _ONCE[type_]), f"`{type_}`", one.line
    elif block.type in _SHOWN and block.labels:
        yield block.address, f"{_SHOWN[block.type]} `{'.'.join(block.labels)}`", block.line


def _of(name: str) -> str:
    return f" of `{name.replace(chr(92), '/').rpartition('/')[2]}`" if name else ""


@noted
def _inside(block: Block) -> Sequence[Found]:
    return tuple(_within(block, block.address))


def _within(block: Block, route: Route) -> Iterator[Found]:
    seen: set[str] = set()
    for part, at in parts(block, route):
        name = part.name if isinstance(part, Attribute) else part.type
        if isinstance(part, Block):
            yield from _within(part, at)
        elif name in seen:
            yield at, f"`{name}` is set again, in line {part.line}"
        seen.add(name)
