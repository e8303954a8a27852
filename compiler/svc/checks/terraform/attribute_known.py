"""A reference to an attribute that a resource of the provider does not have, with a name like one that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.patterns import regex
from svc.suggest import alike, close
from svc.targets.terraform.references import bound, code, looped
from svc.targets.terraform.scan import TerraformError
from svc.targets.terraform.tables import provided, tables
from svc.targets.terraform.types import Block, Module, noted

_ELSEWHERE = frozenset({"moved", "removed", "import"})
_INDEX = r"(?:\[[^\[\]]*\])?"
_ATTRIBUTE = regex(rf"(?<![\w.\"-])(data\.)?(aws_[a-z0-9_]+)\.([A-Za-z_][\w-]*){_INDEX}\.([A-Za-z_][\w-]*)")


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where the module is for a major version of the provider that our tables are not of."""
    ours = [one for one in module.blocks() if one.type not in _ELSEWHERE and _found(one)]
    if ours and provided(module) is not None:
        for block in ours:
            yield from _found(block)


@noted
def _found(block: Block) -> Sequence[Found]:
    return tuple(_in_block(block))


def _in_block(block: Block) -> Iterator[Found]:
    """What `try` and `can` are given is judged as well: Terraform refuses it there, too."""
    dynamic = bound(block)
    for route, text in block.expressions:
        if "aws_" not in text:
            continue
        given = dynamic | looped(text)
        try:
            referred = _ATTRIBUTE.findall(code(text))
        except TerraformError:
            continue
        for data, type_, label, name in dict.fromkeys(referred):
            if not data and type_ in given:
                continue
            if meant := _meant("data" if data else "resource", type_, name):
                shown = f"{data}{type_}.{label}"
                yield (*route, f"{shown}.{name}"), f"`{shown}` has no `{name}`; did you mean `{meant}`?"


def _meant(kind: str, type_: str, name: str) -> str:
    """What the name is a slip of; a longer one that begins like what there is may be of a newer provider."""
    schema = tables().schema(kind, type_)
    if schema is None:
        return ""
    known = schema.get("attributes", {}).keys() | schema.get("block_types", {}).keys()
    if name in known or any(name.startswith(f"{one}_") for one in known):
        return ""
    meant = close(name, known)
    return meant if meant and (alike(name, meant) or sorted(name) == sorted(meant)) else ""
