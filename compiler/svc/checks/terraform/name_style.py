"""A name that is not in snake case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._terraform import Found
from svc.patterns import Pattern
from svc.records import dataclass
from svc.targets.terraform.types import Module

APART = True


@dataclass(frozen=True, slots=True)
class Params:
    pattern: Pattern = "[a-z][a-z0-9]*(_[a-z0-9]+)*"


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in module.blocks():
        if block.type in ("resource", "data", "variable", "output", "module") and block.labels:
            if not re.fullmatch(params.pattern, block.labels[-1]):
                yield block.address, f"{block.type} `{block.labels[-1]}` is not named in snake case"
        elif block.type == "locals":
            for name in block.attributes:
                if not re.fullmatch(params.pattern, name):
                    yield (*block.address, name), f"local value `{name}` is not named in snake case"
