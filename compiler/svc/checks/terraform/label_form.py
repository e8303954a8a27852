"""The name of a block that none can have."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.patterns import regex
from svc.targets.terraform.language import LABELS
from svc.targets.terraform.scan import NAME
from svc.targets.terraform.types import Module

APART = True
_NAME = regex(NAME)
_TAKEN = frozenset({"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"})
"""What a call of a module takes beside its variables."""
_OTHER = regex(r"[^\w-]+")


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        wanted = LABELS.get(block.type, ())
        if not wanted or len(block.labels) < len(wanted) or block.type == "provider":
            continue
        name = block.labels[len(wanted) - 1]
        if not _NAME.fullmatch(name):
            yield block.address, f"`{name}` is no name of a {block.type}; write `{_instead(name)}`"
        elif block.type == "variable" and name in _TAKEN:
            yield block.address, f"no variable is called `{name}`: it means something where a module is called"


def _instead(name: str) -> str:
    plain = _OTHER.sub("_", name).strip("_") or "name"
    return plain if _NAME.fullmatch(plain) else f"_{plain}"
