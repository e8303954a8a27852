"""Override files, whose blocks are laid over those that the other files of a module declare, and files of OpenTofu, which
stand for those of Terraform that have their name.

https://developer.hashicorp.com/terraform/language/files/override
https://opentofu.org/docs/language/files/
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from svc.diagnostics import Route
from svc.patterns import regex
from svc.records import replace
from svc.targets.terraform.types import Attribute, Block, Module, noted

_OVERRIDE = regex(r"(?:.*[/\\])?(?:.+_)?override\.(?:tf|tofu)(?:\.json)?", needs=("override.",))
_TERRAFORM = regex(r"\.tf(\.json)?$")
_LAID = frozenset({"resource", "data", "ephemeral", "module"})
"""Blocks that are laid over one of the same address."""


def is_override(file: str) -> bool:
    return _OVERRIDE.fullmatch(file) is not None


def replaced(files: Collection[str]) -> frozenset[str]:
    """The files that OpenTofu does not read, for one that has their name and its own ending."""
    return frozenset(one for one in files if _TERRAFORM.sub(r".tofu\1", one) in files and _TERRAFORM.search(one))


@noted
def merged(module: Module) -> Mapping[str, tuple[Block, ...]]:
    """The files of a module with the blocks that override files change in the place of those that they are laid over: an
    argument takes the place of one, blocks within take the place of all of their type."""
    above = [one for one in sorted(module.files) if is_override(one)]
    if not above:
        return module.files
    under = {block.address: block for file, blocks in module.files.items() if file not in above for block in blocks}
    made: dict[Route, Block] = {}
    for block in (block for file in above for block in module.files[file]):
        if block.type in _LAID and block.address in under:
            made[block.address] = _over(block, made.get(block.address, under[block.address]))
    return {
        file: tuple(
            made.get(block.address, block) for block in blocks if file not in above or block.address not in made
        )
        for file, blocks in module.files.items()
    }


def _over(block: Block, under: Block) -> Block:
    said = {_name(part) for part in block.body}
    return replace(under, body=(*(part for part in under.body if _name(part) not in said), *block.body))


def _name(part: Attribute | Block) -> str:
    return part.name if isinstance(part, Attribute) else part.type


@noted
def laid(module: Module) -> Mapping[str, Mapping[str, Block]]:
    """Type -> name -> the block with one label, with the attributes that override files give it."""
    found: dict[str, dict[str, Block]] = {}
    for _, blocks in sorted(module.files.items(), key=lambda one: (is_override(one[0]), one[0])):
        for block in blocks:
            if len(block.labels) == 1:
                named = found.setdefault(block.type, {})
                under = named.get(block.labels[0])
                whole = block if under is None else replace(under, body=(*under.body, *block.body))
                named[block.labels[0]] = whole
    return found
