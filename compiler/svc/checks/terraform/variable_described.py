"""A variable without a type or a description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._terraform import Found
from svc.records import dataclass
from svc.targets.terraform.types import Module

APART = True


@dataclass(frozen=True, slots=True)
class Params:
    argument: str = "type"


def about(_: Params) -> Iterable[str]:
    return ("variable",)


def check(module: Module, params: Params) -> Iterator[Found]:
    for name, block in module.variables.items():
        if block.get(params.argument) is None:
            yield block.address, f"variable `{name}` has no {params.argument}"
