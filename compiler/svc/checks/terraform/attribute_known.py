"""A reference to an attribute that a resource of the provider does not have, with a name like one that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from svc.checks._arguments import by_provider
from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.patterns import regex
from svc.suggest import alike, close
from svc.targets.terraform.references import ELSEWHERE, bound, code, looped, paths
from svc.targets.terraform.scan import NAME, TerraformError
from svc.targets.terraform.tables import Tables, provided
from svc.targets.terraform.types import Block, Expr, Module, noted

_OURS = "aws_"
_NAME = regex(NAME)


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where the module is for a major version of the provider that our tables are not of."""
    ours = [one for one in module.blocks() if one.type not in ELSEWHERE and _referred(one)]
    tables = provided(module) if ours else None
    if tables is None:
        return
    for block in ours:
        yield from by_provider(block, tables, _found, partial(_found, tables=tables))


@noted
def _referred(block: Block) -> Sequence[tuple[Route, str, str, str, str]]:
    """The attributes of the provider's resources that a block reads: where, the kind, the type, the address and the name.
    What `try` and `can` are given counts as well: Terraform refuses it there, too."""
    read = _in_block(block) if any(_OURS in text for _, text in block.expressions) else ()
    return (*read, *_ignored(block))


def _ignored(block: Block) -> Iterator[tuple[Route, str, str, str, str]]:
    """What of itself a resource is not to be compared by."""
    if block.type != "resource" or len(block.labels) != 2 or not block.labels[0].startswith(_OURS):
        return
    for number, one in enumerate(block.blocks("lifecycle")):
        listed = one.get("ignore_changes")
        for item in listed if isinstance(listed, tuple) else ():
            name = _NAME.match(item.text) if isinstance(item, Expr) else None
            if name is not None:
                route = (*block.address, "lifecycle", number, "ignore_changes")
                yield route, "resource", block.labels[0], ".".join(block.labels), name[0]


def _in_block(block: Block) -> Iterator[tuple[Route, str, str, str, str]]:
    dynamic = bound(block)
    for route, text in block.expressions:
        if _OURS not in text:
            continue
        given = dynamic | looped(text)
        try:
            referred = dict.fromkeys(paths(code(text)))
        except TerraformError:
            continue
        for path in referred:
            kind, rest = ("data", path[1:]) if path[0] == "data" else ("resource", path)
            if len(rest) > 2 and rest[0].startswith(_OURS) and (kind == "data" or rest[0] not in given):
                at = len(path) - len(rest) + 2
                yield route, kind, rest[0], ".".join(path[:at]), rest[2]


def _found(block: Block, tables: Tables) -> Sequence[Found]:
    return tuple(
        ((*route, f"{shown}.{name}"), f"`{shown}` has no `{name}`; did you mean `{meant}`?")
        for route, kind, type_, shown, name in dict.fromkeys(_referred(block))
        if (meant := _meant(tables, kind, type_, name))
    )


def _meant(tables: Tables, kind: str, type_: str, name: str) -> str:
    """What the name is a slip of; a longer one that begins like what there is may be of a newer provider."""
    schema = tables.schema(kind, type_)
    if schema is None:
        return ""
    known = schema.get("attributes", {}).keys() | schema.get("block_types", {}).keys()
    if name in known or any(name.startswith(f"{one}_") for one in known):
        return ""
    meant = close(name, known)
    return meant if meant and (alike(name, meant) or sorted(name) == sorted(meant)) else ""
