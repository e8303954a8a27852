"""The parts and expressions of a block, and what they refer to: `var.x`, `local.x`, resources, data sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache

from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.terraform.scan import HEREDOC, NAME, TerraformError, balanced_end, heredoc_end
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Object, Value

_KEPT = 8192
"""Expressions whose references are remembered by their text."""
Files = Mapping[str, tuple[Block, ...]]
ELSEWHERE = frozenset({"moved", "removed", "import"})
"""Blocks that speak of what is no more or not yet, and of resources within modules."""
NAMING = frozenset({"ignore_changes", "provider", "providers"})
"""Arguments of any block that name attributes and providers, and refer to nothing."""

INDEX = r"(?:\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\.(?:[0-9]+|\*)(?!\w))"
"""In brackets, with one of its own at most, or as it was written of old: `a.0.b`, `a.*.b`."""
PATH = regex(rf"(?<![\w.])(?<![\w-]-)({NAME})(?:{INDEX}*\.{NAME})*")
STEP = regex(rf"(?:{INDEX}*\.)?({NAME})")
"""The names in a path, one after the other."""
_REFERENCE = regex(rf"(?<![\w.\"])({NAME})\.({NAME})(?:\.({NAME}))?")

TRIED = ("try", "can")
"""Functions that are given what may not be there. What is not declared is refused even so, as are attributes of resources."""
_TRIES = regex(r"(?<![\w.:-])(?:try|can)\s*\(")
_BOUND = regex(r"\bfor\s+([\w-]+)\s*(?:,\s*([\w-]+)\s*)?in\b")

_OPENED = regex(rf'"|{HEREDOC.pattern}')
_TEMPLATE = regex(r"\$\$\{|%%\{|\$\{|%\{|\\")


def references(files: Files) -> set[tuple[str, str]]:
    """(`var`, name), (`local`, name), (`data`, type) and (resource type, name) that anything refers to."""
    found: set[tuple[str, str, str]] = set()
    return {one[:2] for one in found.union(*(block.references for blocks in files.values() for block in blocks))}


def parts(
    block: Block, route: Route, called: Callable[[Block], str] = lambda one: one.type
) -> Iterator[tuple[Attribute | Block, Route]]:
    """What a block that stands at `route` has, each with its own route: blocks that are called alike are numbered."""
    numbers: dict[str, int] = {}
    for part in block.body:
        if isinstance(part, Attribute):
            yield part, (*route, part.name)
        else:
            name = called(part)
            index = numbers[name] = numbers.get(name, -1) + 1
            yield part, (*route, name, index)


def attributes(block: Block, route: Route) -> Iterator[tuple[Block, Attribute, Route]]:
    """Every argument in a block and in those within it, with the block that has it and its own route."""
    for part, at in parts(block, route):
        if isinstance(part, Attribute):
            yield block, part, at
        else:
            yield from attributes(part, at)


def of_block(block: Block) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """References within a block, with the line of the attribute that has them."""
    for _, part, _ in attributes(block, ()):
        for text in texts(part.value):
            for found in within(text):
                yield part.line, found


@lru_cache(maxsize=_KEPT)
def within(text: str) -> tuple[tuple[str, str, str], ...]:
    """What the text of an expression refers to; nothing is known of one whose templates do not end."""
    try:
        return tuple((match[1], match[2], match[3] or "") for match in _REFERENCE.finditer(code(text)))
    except TerraformError:
        return ()


def expressions(block: Block, route: Route, tried: bool = True) -> Iterator[tuple[Route, str]]:
    """Every expression in a block that stands at `route`, with the route of its attribute. `tried`: as in `texts`."""
    for _, part, at in attributes(block, route):
        for text in texts(part.value, tried):
            yield at, text


def texts(value: Value, tried: bool = True) -> Iterator[str]:
    """The expressions in a value, those in keys of objects included. `tried`: also what calls of `try` and `can` are given."""
    for one in inside(value, () if tried else TRIED, keys=True):
        if isinstance(one, Expr):
            yield one.text


def inside(value: Value, closed: Collection[str] = (), *, keys: bool = False) -> Iterator[Value]:
    """A value and every value in it, as they are written one after the other. `closed`: functions of which that is left out
    what they are given; `keys`: with the expressions in keys of objects."""
    left = [value]
    while left:
        one = left.pop()
        yield one
        match one:
            case tuple():
                left += reversed(one)
            case Call() if one.name not in closed:
                left += reversed(one.args)
            case Object():
                for key, item in reversed(one.items):
                    left.append(item)
                    left += map(Expr, of_key(key) if keys else ())


def of_key(key: str) -> Iterator[str]:
    """The expression of an object's key, which has lost its quotes: in brackets, or a text with something put in."""
    if key.startswith("("):
        yield key
    elif "${" in key or "%{" in key:
        yield f'"{key}"'


def bound(block: Block) -> frozenset[str]:
    """What `dynamic` blocks call the one that they are at."""
    found: set[str] = set()
    for one in block.blocks():
        if one.type == "dynamic":
            iterator = one.get("iterator")
            found.update((*one.labels, getattr(iterator, "text", str(iterator))))
        found |= bound(one)
    return frozenset(found)


def paths(text: str) -> Iterator[tuple[str, ...]]:
    """The names in the code of an expression, each with its path and without indices: of `a.b[c.d].e`, `a.b.e` and `c.d`."""
    position = 0
    while (found := PATH.search(text, position)) is not None:
        position = found.end(1)
        yield tuple(step[1] for step in STEP.finditer(text, found.start(), found.end()))


def looped(text: str) -> frozenset[str]:
    """The names that `for` gives in an expression."""
    return frozenset(name for found in _BOUND.findall(text) for name in found)


def certain(text: str) -> str:
    """The code of an expression without what `try` and `can` are given in it."""
    left = code(text).replace('"', " ")
    out: list[str] = []
    position = 0
    while (found := _TRIES.search(left, position)) is not None:
        out.append(left[position : found.start()])
        position = balanced_end(left, found.end() - 1)
    return "".join([*out, left[position:]])


def code(text: str) -> str:
    """An expression without the characters of its strings: of a template, only what stands in `${}` and `%{}`. Every other
    character is blanked, so that what is left stays at its place."""
    out: list[str] = []
    position = 0
    while (opened := _OPENED.search(text, position)) is not None:
        start = opened.start()
        out.append(text[position:start])
        if opened[0] == '"':
            position = balanced_end(text, start)
            parts = _interpolations(text[start + 1 : position - 1])
        else:
            position = heredoc_end(text, opened)
            parts = _interpolations(text[start + 1 : position], opened.end() - start - 1, escapes=False)
        out.append('"')
        after = 0
        for first, inner in parts:
            out += [" " * (first - after), code(inner)]
            after = first + len(inner)
        out += [" " * (position - start - 2 - after), '"']
    out.append(text[position:])
    return "".join(out)


def _interpolations(inner: str, position: int = 0, *, escapes: bool = True) -> Iterator[tuple[int, str]]:
    """The code that is put into a text, and where it begins. `escapes`: in strings, a backslash takes the next character
    away; in a heredoc, it is one."""
    while (found := _TEMPLATE.search(inner, position)) is not None:
        position = found.end()
        if found[0] in ("${", "%{"):
            end = balanced_end(inner, position - 1)
            yield position, inner[position : end - 1]
            position = end
        elif found[0] == "\\" and escapes:
            position += 1
