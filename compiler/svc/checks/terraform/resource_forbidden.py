"""A resource of a type that is not wanted; with an argument, one that sets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._terraform import Found, resources, title
from svc.records import dataclass, field
from svc.targets.terraform.types import Module

APART = True


@dataclass(frozen=True, slots=True)
class Params:
    resources: dict[str, str] = field(default_factory=dict)
    message: str = "is not wanted"


def about(params: Params) -> Iterable[str]:
    return params.resources


def check(module: Module, params: Params) -> Iterator[Found]:
    for block in resources(module, *params.resources):
        argument = params.resources[block.labels[0]]
        if not argument:
            yield block.address, f"`{title(block)}` {params.message}"
        elif block.get(argument) not in (None, ()):
            yield (*block.address, argument), f"`{title(block)}` {params.message}"
