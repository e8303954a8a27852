"""A block against its table: unknown and missing arguments, blocks written as attributes, values of another type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.targets.terraform.tables import Arguments
from svc.targets.terraform.types import Attribute, Block, Object, Value

_META = frozenset({"count", "for_each", "depends_on", "provider", "lifecycle", "dynamic", "provisioner", "connection"})


def check_arguments(block: Block, arguments: Arguments) -> Iterator[tuple[int, str]]:
    """Lines and messages. `dynamic` blocks count as the block that they make."""
    where = " ".join((block.type, *block.labels))
    yield from _body(block, arguments, where, top=True)


def _body(block: Block, arguments: Arguments, where: str, top: bool = False) -> Iterator[tuple[int, str]]:
    present: set[str] = set()
    for part in block.body:
        name = part.labels[0] if isinstance(part, Block) and part.type == "dynamic" else _name(part)
        present.add(name)
        if top and name in _META:
            continue
        entry = arguments.get(name)
        if entry is None:
            yield part.line, f"{where} has no argument {name!r}"
        elif isinstance(part, Block):
            yield from _nested(part, name, entry[0], where)
        else:
            yield from _attribute(part, entry[0], where)
    for name, (_, required) in arguments.items():
        if required == 1 and name not in present:
            yield block.line, f"{where} lacks the argument {name!r}"


def _name(part: Attribute | Block) -> str:
    return part.name if isinstance(part, Attribute) else part.type


def _nested(block: Block, name: str, kind: Any, where: str) -> Iterator[tuple[int, str]]:
    inner = _block_arguments(kind)
    if inner is None:
        yield block.line, f"{name!r} of {where} is an attribute, not a block"
        return
    for body in block.blocks("content") if block.type == "dynamic" else (block,):
        yield from _body(body, inner, f"{where} {name}")


def _attribute(part: Attribute, kind: Any, where: str) -> Iterator[tuple[int, str]]:
    if _block_arguments(kind) is not None:
        yield part.line, f"{part.name!r} of {where} is a block, not an attribute"
    elif not _fits(part.value, kind):
        yield part.line, f"{part.name!r} of {where} must be a {_shown(kind)}"


def _block_arguments(kind: Any) -> Arguments | None:
    if isinstance(kind, dict):
        return kind
    if isinstance(kind, list) and kind[0] == "array" and isinstance(kind[1], dict):
        inner: Arguments = kind[1]
        return inner
    return None


def _fits(value: Value, kind: Any) -> bool:
    """Whether a literal may stand there; Terraform converts between strings, numbers and booleans where it can."""
    match value:
        case None:
            return True
        case bool():
            return kind in ("boolean", "string")
        case int() | float():
            return kind in ("number", "string")
        case str():
            return kind == "string" or (kind == "number" and value.isdigit()) or (kind == "boolean" and value in ("true", "false"))
        case tuple():
            return isinstance(kind, list) and kind[0] == "array"
        case Object():
            return isinstance(kind, list) and kind[0] == "map"
        case _:
            return True


def _shown(kind: Any) -> str:
    if isinstance(kind, list):
        return f"{'list' if kind[0] == 'array' else kind[0]} of {kind[1]}s"
    return str(kind)
