"""A block, a local value or an argument that a module has twice: Terraform refuses both."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.targets.terraform.override import is_override, replaced
from svc.targets.terraform.references import parts
from svc.targets.terraform.types import Attribute, Block, Module

_SHOWN = {"resource": "resource", "data": "data source", "ephemeral": "ephemeral resource", "module": "module"}
_SHOWN |= {"variable": "variable", "output": "output", "provider": "provider", "check": "check"}
_RESOURCE = frozenset({"lifecycle", "connection", "timeouts"})
_ONCE = {
    **dict.fromkeys(("resource", "data", "ephemeral", "removed"), _RESOURCE),
    "dynamic": frozenset({"content"}),
    "terraform": frozenset({"backend", "cloud", "required_providers"}),
}
"""Blocks of Terraform itself that a block has once."""


def check(module: Module, _: Params) -> Iterator[Found]:
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
            yield from _within(block, block.address)


def _declared(block: Block) -> Iterator[tuple[Route, str, int]]:
    """What a block declares: where, how it is called, and in which line."""
    if block.type == "locals":
        lines = {part.name: part.line for part in block.body if isinstance(part, Attribute)}
        yield from (((*block.address, name), f"local value `{name}`", line) for name, line in lines.items())
    elif block.type == "provider" and block.labels:
        alias = str(block.get("alias") or "")
        yield (*block.address, alias), f"provider `{'.'.join(filter(None, (*block.labels, alias)))}`", block.line
    elif block.type in _SHOWN and block.labels:
        yield block.address, f"{_SHOWN[block.type]} `{'.'.join(block.labels)}`", block.line


def _of(name: str) -> str:
    return f" of `{name.replace(chr(92), '/').rpartition('/')[2]}`" if name else ""


def _within(block: Block, route: Route) -> Iterator[Found]:
    once = _ONCE.get(block.type, frozenset())
    seen: set[str] = set()
    for part, at in parts(block, route):
        name = part.name if isinstance(part, Attribute) else part.type
        if isinstance(part, Block):
            if name in once and at[-1] == 1:
                yield at, f"`{name}` stands again, in line {part.line}"
            yield from _within(part, at)
        elif name in seen:
            yield at, f"`{name}` is set again, in line {part.line}"
        seen.add(name)
