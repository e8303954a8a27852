"""A variable whose name says secret is shown in plans and logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.checks.secrets import names_secret
from svc.targets.terraform.types import Module

APART = True


def about(_: Params) -> Iterable[str]:
    return ("variable",)


def check(module: Module, _: Params) -> Iterator[Found]:
    for name, block in module.variables.items():
        if names_secret(name) and block.get("sensitive") is not True and block.get("ephemeral") is not True:
            yield block.address, f"variable `{name}` is not marked sensitive, so plans and logs show it"
