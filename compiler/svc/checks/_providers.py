"""Configurations of providers that a module has, and those that its blocks ask for."""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Route
from svc.patterns import regex
from svc.suggest import nearest
from svc.targets.terraform.scan import NAME
from svc.targets.terraform.types import PROVIDED, Block, Expr, Module, Object, Value

_GIVEN = regex(rf"[=:]\s*({NAME}\.{NAME})")


def undeclared(module: Module) -> Iterator[tuple[Route, str]]:
    """What is asked for by an alias that no block of the module has, nor a caller is asked for."""
    asked = [one for block in module.blocks() for one in _asked(block)]
    if not asked:
        return
    declared = sorted({*_declared(module)})
    for route, name in asked:
        if name not in declared:
            yield (*route, name), f"provider `{name}` is not declared in this module{nearest(name, declared)}"


def _declared(module: Module) -> Iterator[str]:
    for block in module.blocks("provider"):
        if block.labels and isinstance(block.get("alias"), str):
            yield f"{block.labels[0]}.{block.get('alias')}"
    for block in module.blocks("terraform"):
        for required in block.blocks("required_providers"):
            for value in required.attributes.values():
                aliases = value.get("configuration_aliases") if isinstance(value, Object) else None
                if isinstance(aliases, tuple):
                    yield from (one.text for one in aliases if isinstance(one, Expr))


def _asked(block: Block) -> Iterator[tuple[Route, str]]:
    """Those with an alias: without one there is always a configuration."""
    if block.type in PROVIDED:
        yield from (((*block.address, "provider"), name) for name in _name(block.get("provider")))
    elif block.type == "module":
        given = block.get("providers")
        values = [value for _, value in given.items] if isinstance(given, Object) else []
        if isinstance(given, Expr):  # a key with a dot is more than a name
            values = [Expr(name) for name in _GIVEN.findall(given.text)]
        yield from (((*block.address, "providers"), name) for value in values for name in _name(value))


def _name(value: Value) -> Iterator[str]:
    text = value.text if isinstance(value, Expr) else value if isinstance(value, str) else ""
    name = text.partition("[")[0].strip()
    if name.count(".") == 1:
        yield name
