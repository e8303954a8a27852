"""A condition that refers to nothing, or that of a variable's validation which does not refer to the variable."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.references import attributes, texts, within
from svc.targets.terraform.types import Module

APART = True
_RULES = frozenset({"validation", "precondition", "postcondition", "assert"})


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        for owner, part, route in attributes(block, block.address):
            if part.name != "condition" or owner.type not in _RULES:
                continue
            referred = {one[:2] for text in texts(part.value) for one in within(text)}
            if owner.type == "validation" and block.type == "variable" and block.labels:
                name = block.labels[0]
                if ("var", name) not in referred:
                    yield route, f"the condition of variable `{name}` does not refer to `var.{name}`"
            elif not referred:
                yield route, f"the condition of `{owner.type}` refers to nothing, and is always the same"
