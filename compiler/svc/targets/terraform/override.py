"""Override files, whose blocks are laid over those that the other files of a module declare, and files of OpenTofu, which
stand for those of Terraform that have their name.

https://developer.hashicorp.com/terraform/language/files/override
https://opentofu.org/docs/language/files/
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from svc.patterns import regex
from svc.records import replace
from svc.targets.terraform.types import Block, Module, noted

_OVERRIDE = regex(r"(?:.*[/\\])?(?:.+_)?override\.(?:tf|tofu)(?:\.json)?", needs=("override.",))


_TERRAFORM = regex(r"\.tf(\.json)?$")


def is_override(file: str) -> bool:
    return _OVERRIDE.fullmatch(file) is not None


def replaced(files: Collection[str]) -> frozenset[str]:
    """The files that OpenTofu does not read, for one that has their name and its own ending."""
    return frozenset(one for one in files if _TERRAFORM.sub(r".tofu\1", one) in files and _TERRAFORM.search(one))


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
