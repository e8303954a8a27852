"""An expression of GitHub's language as a tree, and ways to walk it.

Names are case-insensitive there, so the tree holds them in lower case; `written` keeps what stood there.
"""

from __future__ import annotations

from collections.abc import Iterator

from svc.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Literal:
    value: object
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A context."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Property:
    """`of.name`, and `of['name']`; `*` for every element."""

    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    of: Node
    index: Node


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    written: str
    args: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    of: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`sign` is a comparison, `&&` or `||`."""

    sign: str
    left: Node
    right: Node


Node = Literal | Name | Property | Index | Call | Not | Binary


def begin(node: Node) -> int:
    """Where an expression begins in the text that it was read from."""
    while isinstance(node, Property | Index | Binary):
        node = node.left if isinstance(node, Binary) else node.of
    return node.at


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Call):
        return node.args
    if isinstance(node, Binary):
        return (node.left, node.right)
    if isinstance(node, Index):
        return (node.of, node.index)
    return (node.of,) if isinstance(node, Property | Not) else ()


def path(node: Node) -> str:
    """`github.event.issue.title` for a chain of properties, "" for anything else; `*` for elements."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Index):
        above = path(node.of)
        return f"{above}.*" if above else ""
    if isinstance(node, Property):
        above = path(node.of)
        return f"{above}.{node.name}" if above else ""
    return ""


def paths(node: Node) -> Iterator[str]:
    """The longest chains of properties in an expression, and those by which one of its chains is indexed."""
    if found := path(node):
        yield found
    indexes: list[Node] = []
    while isinstance(node, Property | Index):
        if isinstance(node, Index):
            indexes.append(node.index)
        node = node.of
    for child in (*children(node), *reversed(indexes)):
        yield from paths(child)
