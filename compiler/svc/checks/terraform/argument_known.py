"""An argument or block that nobody has: with a name like one that there is and that is not set, or like none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from svc.checks._arguments import Body, advised, made, meant, told
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.records import dataclass
from svc.suggest import nearest
from svc.targets.terraform.language import BLOCKS, LABELS
from svc.targets.terraform.references import parts
from svc.targets.terraform.tables import newer
from svc.targets.terraform.types import Attribute, Block, Module, Object

_COUNTED = ("no name", "one name", "two names")


@dataclass(frozen=True, slots=True)
class Params:
    kind: Literal["misspelt", "unknown"] = "misspelt"


def check(module: Module, params: Params) -> Iterator[Found]:
    """Silent where the module is for a major version of the provider that our tables are not of. What is like nothing may
    be of a release after theirs, where the module asks for one."""
    if params.kind == "misspelt":
        yield from told(module, _misspelt)
        return
    later = newer(module)
    yield from (found for ours, found in told(module, _unknown) if not (ours and later))
    for block in module.blocks():
        if block.type not in BLOCKS:
            yield block.address, f"Terraform has no block `{block.type}`{nearest(block.type, BLOCKS)}"
        elif len(block.labels) > (most := _names(block.type)):
            yield block.address, f"`{block.type}` takes {_COUNTED[most]}, not {len(block.labels)}"


def _names(type_: str) -> int:
    """How many a block takes; of types that have no table, any."""
    return len(LABELS[type_]) if type_ in LABELS else 0 if BLOCKS[type_] or type_ == "locals" else 99


def _misspelt(body: Body) -> Sequence[Found]:
    return tuple(
        (route, f"`{body.where}` has no `{name}`; did you mean `{other}`?")
        for name, route in _strange(body)
        if (other := meant(name, body))
    )


def _unknown(body: Body) -> Sequence[tuple[bool, Found]]:
    """Each with whether it is for the provider to know."""
    found: list[Found] = [
        (route, f"`{body.where}` has no `{name}`{_instead(name, body)}")
        for name, route in _strange(body)
        if not meant(name, body)
    ]
    if body.block.type == "dynamic" and len(body.block.labels) > 1:
        found.append((body.route, f"`{body.where}` takes one name, not {len(body.block.labels)}"))
    return tuple((body.provided, one) for one in (*found, *_otherwise(body)))


def _instead(name: str, body: Body) -> str:
    found = advised(name, body)
    if isinstance(found, tuple):
        return f"; did you mean `{found[0]}`?" if found else ""
    return f"; it takes {', '.join(f'`{one}`' for one in found)}" if found else ""


def _strange(body: Body) -> Iterator[tuple[str, Route]]:
    """The names that nobody has, and where they stand."""
    known = body.known
    for name, route, _ in _named(body):
        if name not in known and not body.open:
            yield name, route


def _otherwise(body: Body) -> Iterator[Found]:
    """Blocks that are written as arguments, and arguments as blocks. In JSON, what may be either is both."""
    attributes, nested = body.schema.get("attributes", {}), body.schema.get("block_types", {})
    both = {part.name for part in body.block.body if isinstance(part, Attribute)} & {
        one.type for one in body.block.blocks()
    }
    for name, route, part in _named(body):
        if name in both:
            continue
        if isinstance(part, Block):
            if name in attributes and name not in nested and _is_plain(attributes[name].get("type")):
                yield route, f"`{name}` of `{body.where}` is an argument, not a block: write `{name} = ...`"
        elif name in nested and isinstance(part.value, Object) and nested[name].get("nesting_mode") != "single":
            yield route, f"`{name}` of `{body.where}` is a block, not an argument: write `{name} {{ ... }}`"


def _is_plain(type_: Any) -> bool:
    """Whether values of a type hold no objects, which may be written as blocks."""
    return not isinstance(type_, list) or (isinstance(type_[1], str) and type_[1] != "dynamic")


def _named(body: Body) -> Iterator[tuple[str, Route, Attribute | Block]]:
    for part, route in parts(body.block, body.route, made):
        if isinstance(part, Attribute) or part.type != "dynamic" or part.labels:
            yield part.name if isinstance(part, Attribute) else made(part), route, part
