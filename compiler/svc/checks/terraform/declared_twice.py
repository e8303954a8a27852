"""A block, a local value or an argument that a module has twice: Terraform refuses both."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.targets.terraform.override import is_override
from svc.targets.terraform.types import Attribute, Block, Module

_SHOWN = {"resource": "resource", "data": "data source", "ephemeral": "ephemeral resource", "module": "module"}
_SHOWN |= {"variable": "variable", "output": "output", "provider": "provider"}


def check(module: Module, _: Params) -> Iterator[Found]:
    if not module.whole:  # of OpenTofu's files, `a.tofu` stands for `a.tf`
        return
    known: set[Route] = set()
    for name, blocks in module.files.items():
        if is_override(name):
            continue
        for block in blocks:
            for route, shown, line in _declared(block):
                if route in known:
                    yield (
                        route[: len(route) - (block.type == "provider")],
                        f"{shown} is declared again, in line {line}{_of(name)}",
                    )
                known.add(route)
            yield from _arguments(block, block.address)


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


def _arguments(block: Block, route: Route) -> Iterator[Found]:
    counts: dict[str, int] = {}
    for part in block.body:
        index = counts.get(part.name if isinstance(part, Attribute) else part.type, 0)
        counts[part.name if isinstance(part, Attribute) else part.type] = index + 1
        if isinstance(part, Block):
            yield from _arguments(part, (*route, part.type, index))
        elif index == 1:
            yield (*route, part.name), f"`{part.name}` is set again, in line {part.line}"
