"""What Terraform checks share. What is judged is what an apply without arguments has: a variable with a default is that,
one without may be anything, and so may a reference to what only Terraform knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from svc.diagnostics import Route, Within
from svc.networks import is_everywhere
from svc.patterns import regex
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Module, Object, Value, noted

Found = tuple[Route, str] | tuple[Route, str, Within]
"""Within a value: the number of the statement, or of the item of a list or mapping, and the next one."""
Stated = tuple[Route, Within, Mapping[str, Any]]
_JSON = regex(r"[\[{].*[\]}]", re.DOTALL)
_FILLED_IN = regex(r"([:\[,]\s*)\$\{[^{}]*\}(\s*[,}\]])", needs=("${",))
"""What Terraform puts into JSON for a number, a list or a text with its quotes."""
_NUMBER = regex(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
PLAIN = {"string": "a text", "number": "a number", "bool": "true or false"}
"""Types of values that hold no others."""
UNKNOWN = Expr("?")
"""Stands for a value that is only known when Terraform runs."""


def resources(module: Module, *types: str) -> Iterator[Block]:
    if types:
        return chain.from_iterable(module.known.resources(type_) for type_ in types)
    return (block for block in module.known.blocks("resource") if block.labels)


def title(block: Block) -> str:
    return ".".join(block.labels)


def at(block: Block, path: tuple[str, ...]) -> tuple[Route, Value]:
    """The value at a path of attributes and nested blocks, and the route of what is there of it.

    None when it is missing; UNKNOWN when a variable, a reference or a `dynamic` block may have set it.
    """
    route = block.address
    node = block
    for index, name in enumerate(path):
        value = node.get(name)
        if value is not None:
            return (*route, name), _inside(value, path[index + 1 :])
        nested = node.blocks(name)
        if not nested:
            dynamic = any(one.labels[:1] == (name,) for one in node.blocks("dynamic"))
            return route, UNKNOWN if dynamic else None
        node = nested[0]
        route = (*route, name)
    return route, True


def places(block: Block, path: tuple[str, ...]) -> Iterator[tuple[Route, Value]]:
    """As `at`, in every nested block of the path; several of one type are numbered."""
    yield from _places(block, path, block.address)


def texts(value: Value) -> list[str]:
    """The literal strings of a value: itself, or the entries of a list."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [item for item in value if isinstance(item, str)]
    return []


def becomes(type_: str, value: Value) -> bool:
    """Whether a literal value becomes one of a plain type."""
    if isinstance(value, tuple | Object):
        return False
    if type_ == "number":
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        return plain or (isinstance(value, str) and _NUMBER.fullmatch(value) is not None)
    return type_ == "string" or isinstance(value, bool) or value in ("true", "false", "1", "0")


def literal(value: Value) -> str:
    """A literal value in words."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "a list" if isinstance(value, tuple) else "a mapping" if isinstance(value, Object) else f"`{value}`"


def mentions(value: Value, name: str) -> bool:
    """Whether an expression refers to an address such as `aws_s3_bucket.a`."""
    if isinstance(value, Expr):
        return f"{name}." in value.text or f"{name}[" in value.text
    if isinstance(value, tuple):
        return any(mentions(item, name) for item in value)
    return isinstance(value, Call) and mentions(value.args, name)


@noted
def statements(module: Module) -> Sequence[Stated]:
    """Every IAM statement in a module: of policy documents, and of JSON in attributes, in the words of the JSON form."""
    blocks = (*module.known.data("aws_iam_policy_document"), *resources(module))
    return tuple(one for block in blocks for one in _statements_of(block))


@noted
def _statements_of(block: Block) -> Sequence[Stated]:
    return tuple(_in_document(block) if block.type == "data" else _in_attributes(block))


def _in_document(block: Block) -> Iterator[Stated]:
    for index, statement in enumerate(block.blocks("statement")):
        yield (*block.address, "statement", index), (0, 0), _statement(statement)


def _in_attributes(block: Block) -> Iterator[Stated]:
    for name, value in block.attributes.items():
        if "policy" in name:
            for index, found in _json_statements(value):
                yield (*block.address, name), (index, index + 1), found


def rules(block: Block, direction: str) -> Iterator[tuple[Route, Block]]:
    """The rules of a security group: nested blocks, or the mappings of a list."""
    for index, rule in enumerate(block.blocks(direction)):
        yield (*block.address, direction, index), rule
    listed = block.get(direction)
    for one in listed if isinstance(listed, tuple) else ():
        if isinstance(one, Object):
            attributes = tuple(Attribute(key, value) for key, value in one.items)
            yield (*block.address, direction), Block(direction, (), attributes)


def everywhere(rule: Block) -> str:
    """The argument by which a rule of a security group is open to all addresses; none is open."""
    names = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
    return next((name for name in names if any(is_everywhere(cidr) for cidr in texts(rule.get(name)))), "")


def at_argument(route: Route, name: str) -> Route:
    """The argument of a rule; a rule in a list is known by the list alone."""
    return (*route, name) if isinstance(route[-1], int) else route


def _places(node: Block, path: tuple[str, ...], route: Route) -> Iterator[tuple[Route, Value]]:
    name, rest = path[0], path[1:]
    value, nested = node.get(name), node.blocks(name)
    if value is not None:
        yield (*route, name), _inside(value, rest)
    elif not nested:
        dynamic = any(one.labels[:1] == (name,) for one in node.blocks("dynamic"))
        yield route, UNKNOWN if dynamic else None
    elif not rest:
        yield (*route, name), True
    else:
        for index, one in enumerate(nested):
            yield from _places(one, rest, (*route, name) if len(nested) == 1 else (*route, name, index))


def _inside(value: Value, path: tuple[str, ...]) -> Value:
    for name in path:
        if not isinstance(value, Object):
            return UNKNOWN
        value = value.get(name)
    return value


def _statement(block: Block) -> dict[str, Any]:
    words = {"actions": "Action", "resources": "Resource", "effect": "Effect", "not_actions": "NotAction"}
    found: dict[str, Any] = {"Effect": "Allow"}
    found.update({words[key]: plain(value) for key, value in block.attributes.items() if key in words})
    principals = {str(one.get("type")): texts(one.get("identifiers")) for one in block.blocks("principals")}
    if principals:
        found["Principal"] = principals
    if block.blocks("condition") or any(one.labels == ("condition",) for one in block.blocks("dynamic")):
        found["Condition"] = {str(one.get("variable")): texts(one.get("values")) for one in block.blocks("condition")}
    return found


def _json_statements(value: Value) -> Iterator[tuple[int, dict[str, Any]]]:
    document = json_document(value)
    found = document.get("Statement") if isinstance(document, dict) else None
    for index, statement in enumerate(found if isinstance(found, list) else [found]):
        if isinstance(statement, dict):
            yield index, statement


def json_document(value: Value) -> Any:
    """What the JSON of `jsonencode`, a string or a heredoc says; None when it cannot be read here."""
    if isinstance(value, Call) and value.name == "jsonencode" and value.args:
        return plain(value.args[0])
    text = value.text if isinstance(value, Expr) else value
    found = _JSON.search(text) if isinstance(text, str) else None
    try:
        return json.loads(_FILLED_IN.sub(r"\1null\2", found[0])) if found else None
    except (ValueError, RecursionError):
        return None


def plain(value: Value) -> Any:
    """A value as JSON would have it; an expression becomes a text that no rule matches."""
    if isinstance(value, Object):
        return {key: plain(item) for key, item in value.items}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Expr):
        return f"${{{value.text}}}"
    return f"${{{value.name}()}}" if isinstance(value, Call) else value


def listed(value: Any) -> list[Any]:
    """IAM takes one where it takes a list."""
    return value if isinstance(value, list) else [value]
