"""An output without a description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.types import Module

APART = True


def about(_: Params) -> Iterable[str]:
    return ("output",)


def check(module: Module, _: Params) -> Iterator[Found]:
    for name, block in module.outputs.items():
        if block.get("description") is None:
            yield block.address, f"output `{name}` has no description"
