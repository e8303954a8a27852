"""A `count` or `for_each` whose value says no number, mapping or set."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.read import read_value
from svc.targets.terraform.scan import TerraformError, balanced_end, split_outside
from svc.targets.terraform.types import REPEATED, Block, Call, Expr, Module, Object, Value

_LISTS = frozenset(
    [
        *("chunklist", "cidrsubnets", "coalescelist", "compact", "concat", "distinct", "flatten", "formatlist", "keys"),
        *("matchkeys", "range", "regexall", "reverse", "slice", "sort", "split", "tolist", "values"),
    ]
)
"""Functions that make lists."""
_OF_TYPES = {
    "list": "a list",
    "tuple": "a list",
    "set": "a set",
    "map": "a mapping",
    "object": "a mapping",
    "bool": "true or false",
    "number": "a number",
}
INSTEAD = "`toset([...])` for texts, or a mapping: `{ for one in list : one.name => one }`"


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        if block.type not in REPEATED:
            continue
        shown = ".".join(block.labels)
        each = _kind(block.get("for_each"), module)
        if each and each not in ("a mapping", "a set"):
            yield (*block.address, "for_each"), f"`for_each` of `{shown}` is {each}: write {INSTEAD}"
        count = block.get("count")
        kind = _kind(count, module)
        if kind in ("a list", "a mapping", "a set", "true or false", "a text"):
            instead = "`condition ? 1 : 0`" if kind == "true or false" else "`length(...)` of it"
            yield (*block.address, "count"), f"`count` of `{shown}` is {kind}, and has to be a number: write {instead}"
        elif isinstance(count, int) and not isinstance(count, bool) and count < 0:
            yield (*block.address, "count"), f"`count` of `{shown}` is {count}: it is 0 or more"


def _kind(value: Value, module: Module, depth: int = 0) -> str:
    """What a value is, as far as that is certain."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a number" if value.lstrip("-").replace(".", "", 1).isdigit() else "a text"
        case tuple():
            return "a list"
        case Object():
            return "a mapping"
        case Call():
            return "a list" if value.name in _LISTS else "a set" if value.name == "toset" else ""
        case Expr():
            return _of_expression(value.text, module, depth) if depth < 5 else ""
        case _:
            return ""


def _of_expression(text: str, module: Module, depth: int) -> str:
    if text.startswith("[") and _whole(text):
        return "a list"
    first, _, name = text.partition(".")
    if first == "var" and name in module.variables:
        return _of_type(module.variables[name])
    if first == "local" and name in module.local_values:
        return _kind(module.local_values[name], module, depth + 1)
    try:
        parts = split_outside(text, "?", ":")
    except TerraformError:
        return ""
    if parts is None:
        return ""
    one, other = (_kind(read_value(part), module, depth + 1) for part in parts[1:])
    return one if one == other else ""


def _whole(text: str) -> bool:
    try:
        return balanced_end(text, 0) == len(text)
    except TerraformError:
        return False


def _of_type(variable: Block) -> str:
    type_ = variable.get("type")
    name = type_.name if isinstance(type_, Call) else type_.text if isinstance(type_, Expr) else ""
    return _OF_TYPES.get(name, "")
