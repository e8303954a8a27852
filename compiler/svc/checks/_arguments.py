"""The bodies of a module's blocks, each with what it may hold: by the language itself, and by the provider's table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

from svc.diagnostics import Route
from svc.records import dataclass
from svc.suggest import alike, close
from svc.targets.terraform.language import BLOCKS, DYNAMIC, NEEDED, RESOURCE
from svc.targets.terraform.override import is_override
from svc.targets.terraform.references import parts
from svc.targets.terraform.tables import Schema, Tables, provided
from svc.targets.terraform.types import Attribute, Block, Module

_OURS = "aws_"
LISTED = 8
"""Names that a message lists, where there are no more."""
_KINDS = ("resource", "data")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Body:
    """`where`: what it is called. `open`: it may hold more than the schema says. `provided`: the provider decides."""

    block: Block
    schema: Schema
    route: Route
    where: str
    open: bool = False
    provided: bool = False

    @property
    def present(self) -> set[str]:
        return {part.name if isinstance(part, Attribute) else made(part) for part in self.block.body}

    @property
    def known(self) -> frozenset[str]:
        return frozenset((*self.schema.get("attributes", {}), *self.schema.get("block_types", {})))


def meant(name: str, body: Body) -> str:
    """What a name that nobody has is a slip of: what the block may hold and does not."""
    allowed = body.known - body.present
    longer = [one for one in allowed if one.endswith(f"_{name}")]
    found = longer[0] if len(longer) == 1 else close(name, allowed)
    return found if found and (alike(name, found) or sorted(name) == sorted(found)) else ""


def advised(name: str, body: Body) -> Collection[str]:
    """What is said that may stand in the place of a name that is like none: the nearest, or all where there are few."""
    allowed = body.known - body.present
    found = close(name, allowed)
    return (found,) if found else sorted(allowed) if len(allowed) <= LISTED else ()


def made(part: Block) -> str:
    """What a block is; of a `dynamic` one, what it makes."""
    return part.labels[0] if part.type == "dynamic" and part.labels else part.type


def told(module: Module, work: Callable[[Body], Sequence[_Made]]) -> Iterator[_Made]:
    """What a check says of each body, once for as long as the block is there."""
    ours = any(one.labels and one.labels[0].startswith(_OURS) for one in module.blocks())
    tables = provided(module) if ours else None

    def said(block: Block) -> Sequence[_Made]:
        held = by_provider(block, tables, bodies, lambda one: tuple(bodies(one, tables)))
        return tuple(one for body in held for one in work(body))

    for block in module.blocks():
        yield from by_provider(block, tables, work, said)


def by_provider(
    block: Block, tables: Tables | None, name: object, work: Callable[[Block], Sequence[_Made]]
) -> Sequence[_Made]:
    """What is worked out of a block by the tables of a provider, once for each of these; `name`: of what is worked out."""
    notes: dict[int, Sequence[_Made]] = block.notes.setdefault(name, {})
    major = tables.major if tables is not None else 0
    if major not in notes:
        notes[major] = work(block)
    return notes[major]


def bodies(block: Block, tables: Tables | None) -> Iterator[Body]:
    """A top-level block and those within it."""
    where = ".".join(block.labels) if block.type in _KINDS else " ".join((block.type, *block.labels))
    schema = BLOCKS.get(block.type)
    if schema is not None:
        yield from _within(Body(block, schema, block.address, where))
    elif block.type in NEEDED:
        yield Body(
            block, {"attributes": {one: {"required": True} for one in NEEDED[block.type]}}, block.address, where, True
        )
    elif block.type in _KINDS and len(block.labels) == 2:
        own = tables.schema(block.type, block.labels[0]) if tables is not None else None
        merged = {key: {**(own or {}).get(key, {}), **RESOURCE[key]} for key in RESOURCE}
        yield from _within(Body(block, merged, block.address, where, own is None, own is not None))


def overridden(module: Module) -> dict[Route, set[str]]:
    """What override files add to a block, by its address."""
    found: dict[Route, set[str]] = {}
    for file, blocks in module.files.items():
        for block in blocks if is_override(file) else ():
            found.setdefault(block.address, set()).update(Body(block, {}, (), "").present)
    return found


def _within(body: Body) -> Iterator[Body]:
    yield body
    dynamic = 0
    for part, route in parts(body.block, body.route, made):
        if isinstance(part, Attribute):
            continue
        name = made(part)
        schema = _held(body.schema, name)
        where = f"{body.where}.{name}"
        provided_ = body.provided and name not in RESOURCE["block_types"]
        if part.type != "dynamic":
            if schema is not None:
                yield from _within(Body(part, schema, route, where, provided=provided_))
            continue
        called = f'dynamic "{name}"' if part.labels else "dynamic"
        yield Body(part, DYNAMIC, (*body.route, "dynamic", dynamic), f"{body.where}.{called}")
        dynamic += 1
        for content in part.blocks("content"):
            if schema is not None:
                yield from _within(Body(content, schema, route, where, provided=provided_))


def _held(schema: Schema, name: str) -> Schema | None:
    """What a block within holds; None where anything may stand in it. Lists of objects may be written as blocks."""
    if name in schema.get("block_types", {}):
        held: Schema | None = schema["block_types"][name].get("block")
        return held
    type_ = schema.get("attributes", {}).get(name, {}).get("type")
    inner = type_[1] if isinstance(type_, list) else None
    if not isinstance(inner, list) or inner[0] != "object":
        return None
    return {"attributes": {key: {"optional": True, "type": one} for key, one in inner[1].items()}}
