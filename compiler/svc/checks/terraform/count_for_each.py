"""A block with both `count` and `for_each`."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.types import REPEATED, Module

APART = True


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        if block.type in REPEATED and {"count", "for_each"} <= block.attributes.keys():
            yield (*block.address, "for_each"), "`for_each` stands beside `count`: a block has one of them"
