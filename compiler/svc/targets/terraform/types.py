"""Terraform as a tree: blocks, attributes and the few shapes of an expression that anybody needs to look into.

Expressions that are not a literal, a list, an object or a single call stay text (`Expr`), with white space collapsed.
A module's parts are addressed by routes like `("resource", "aws_db_instance", "db", "multi_az")`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from svc.diagnostics import Route
from svc.records import dataclass, field

if TYPE_CHECKING:
    from svc.targets.terraform.write import Printed

KEY = "terraform"
"""The subject that stands for the whole artifact."""
PROVIDED = ("resource", "data", "ephemeral")
"""Types of blocks that a provider makes."""
REPEATED = (*PROVIDED, "module")
"""Types of blocks that take `count` and `for_each`."""


@dataclass(frozen=True, slots=True)
class Expr:
    """An expression as text: a reference, a template in its quotes, an operation, a heredoc."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or type constructor over arguments that are worth reading: `jsonencode({...})`, `list(string)`."""

    name: str
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """`{...}`: keys as meant, without quotes; a key in parentheses is an expression."""

    items: tuple[tuple[str, Value], ...]

    def get(self, key: str) -> Value:
        return dict(self.items).get(key)


Value = str | int | float | bool | Expr | Call | Object | tuple["Value", ...] | None


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    value: Value
    origin: Route | None = field(default=None, compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Block:
    """`origin` is the spec route that caused it, `line` its line in the text that was read (0: not read)."""

    type: str
    labels: tuple[str, ...] = ()
    body: tuple[Attribute | Block, ...] = ()
    comment: str = field(default="", compare=False)
    origin: Route | None = field(default=None, compare=False)
    line: int = field(default=0, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: the rest can be worked out again."""
        return {name: getattr(self, name) for name in self.__match_args__}

    @property
    def address(self) -> Route:
        return (self.type, *self.labels)

    @property
    def own_name(self) -> str:
        """How expressions call it: `aws_s3_bucket.a`, `data.aws_region.a`, `module.a`."""
        return ".".join(self.labels if self.type == "resource" else (self.type, *self.labels))

    @cached_property
    def attributes(self) -> Mapping[str, Value]:
        return {part.name: part.value for part in self.body if isinstance(part, Attribute)}

    def get(self, name: str) -> Value:
        """The value of an attribute; None when it is not set."""
        return self.attributes.get(name)

    def blocks(self, type_: str | None = None) -> tuple[Block, ...]:
        nested = self._nested
        return nested if type_ is None or not nested else tuple(part for part in nested if part.type == type_)

    @cached_property
    def printed(self) -> Printed:
        """The text of the block."""
        from svc.targets.terraform.write import write_block

        return write_block(self)

    @cached_property
    def references(self) -> frozenset[tuple[str, str, str]]:
        """What the block refers to: the first three parts of each name."""
        from svc.targets.terraform.references import of_block

        return frozenset(found for _, found in of_block(self))

    @cached_property
    def expressions(self) -> Sequence[tuple[Route, str]]:
        """Every expression in a top-level block with the route of its attribute."""
        from svc.targets.terraform.references import expressions

        return tuple(expressions(self, self.address))

    @cached_property
    def notes(self) -> dict[object, Any]:
        """What others have worked out of the block, by a name of theirs; it counts for as long as the block is there."""
        return {}

    @cached_property
    def _nested(self) -> tuple[Block, ...]:
        return tuple(part for part in self.body if isinstance(part, Block))


@dataclass(frozen=True)
class Module:
    """One module folder: `.tf` file name -> its blocks, and everything that is a text beside them.

    `values` are the `.tfvars` and backend files: path within the folder -> attributes, missing ones as comments.
    `whole`: every file of the folder is here; one that could not be read, or is a link to elsewhere, may declare anything.
    `locked`: the versions of HashiCorp's providers that its lock file has. `callers`: what the modules that call it say of
    providers. `called`: by the source of a module that it calls, the types of resources that are declared there.
    """

    path: str
    files: Mapping[str, tuple[Block, ...]]
    values: Mapping[str, Values] = field(default_factory=dict)
    header: str = ""
    root: Route = field(default=(), compare=False)
    whole: bool = field(default=True, compare=False)
    locked: Mapping[str, str] = field(default_factory=dict, compare=False)
    callers: tuple[Module, ...] = field(default=(), compare=False)
    called: Mapping[str, Sequence[str]] = field(default_factory=dict, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__match_args__}

    def blocks(self, type_: str | None = None) -> Sequence[Block]:
        """All top-level blocks, or those of a type."""
        return self._blocks.get(type_, ())

    @cached_property
    def _blocks(self) -> Mapping[str | None, Sequence[Block]]:
        every = [block for blocks in self.files.values() for block in blocks]
        found: dict[str | None, list[Block]] = {None: every}
        for block in every:
            found.setdefault(block.type, []).append(block)
        return found

    @cached_property
    def known(self) -> Module:
        """The module with what is known of variables, local values and repeated blocks put in."""
        from svc.targets.terraform.known import known

        return known(self)

    @cached_property
    def notes(self) -> dict[object, Any]:
        """As `Block.notes`."""
        return {}

    @cached_property
    def portions(self) -> Mapping[Route, Portion]:
        """The blocks by address, as they are and as they are known; those that have one address stand together."""
        found: dict[Route, list[Block]] = {}
        for block in self.blocks():
            found.setdefault(block.address, []).append(block)
        known: dict[Route, list[Block]] = {}
        for block in self.known.blocks():
            known.setdefault(block.address, []).append(block)
        return {at: Portion(at, (*blocks, *known.get(at, ()))) for at, blocks in found.items()}

    def only(self, addresses: Collection[Route]) -> Module:
        """The module as if these were all its blocks, with what is known from all of them."""
        part = Module(self.path, {"": tuple(one for one in self.blocks() if one.address in addresses)}, root=self.root)
        known = {"": tuple(one for one in self.known.blocks() if one.address in addresses)}
        part.__dict__["known"] = Module(self.path, known, root=self.root)
        return part

    def resources(self, type_: str | None = None) -> Sequence[Block]:
        return self._labelled("resource", type_)

    def data(self, type_: str | None = None) -> Sequence[Block]:
        return self._labelled("data", type_)

    @property
    def expressions(self) -> Iterator[tuple[Block, Route, str]]:
        """Every expression with the top-level block it stands in and the route of its attribute."""
        return ((block, route, text) for block in self.blocks() for route, text in block.expressions)

    @property
    def variables(self) -> dict[str, Block]:
        return {block.labels[0]: block for block in self.blocks("variable") if block.labels}

    @property
    def outputs(self) -> dict[str, Block]:
        return {block.labels[0]: block for block in self.blocks("output") if block.labels}

    @property
    def local_values(self) -> dict[str, Value]:
        return {name: value for block in self.blocks("locals") for name, value in block.attributes.items()}

    def find(self, route: Route) -> Block | None:
        """The top-level block that a route starts with."""
        for block in self.blocks():
            if block.address and route[: len(block.address)] == block.address:
                return block
        return None

    def origin(self, route: Route) -> Route:
        """The spec route that caused the part at `route`: its own, or its nearest ancestor's."""
        node = self.find(route)
        if node is None:
            return self.root
        return _origin(node, route[len(node.address) :], self.root)

    def _labelled(self, kind: str, type_: str | None) -> Sequence[Block]:
        return self.blocks(kind) if type_ is None else self._typed.get((kind, type_), ())

    @cached_property
    def _typed(self) -> Mapping[Route, Sequence[Block]]:
        found: dict[Route, list[Block]] = {}
        for kind in ("resource", "data"):
            for block in self.blocks(kind):
                found.setdefault((kind, *block.labels[:1]), []).append(block)
        return found


_Noted = TypeVar("_Noted", Block, Module)
_Made = TypeVar("_Made")


def noted(work: Callable[[_Noted], _Made]) -> Callable[[_Noted], _Made]:
    """What is worked out of a block or a module, once for as long as it is there."""

    @wraps(work)
    def known(one: _Noted) -> _Made:
        if work not in one.notes:
            one.notes[work] = work(one)
        found: _Made = one.notes[work]
        return found

    return known


class Portion:
    """Blocks of one address, which some checks judge apart. Two portions are the same when their blocks are the same objects."""

    __slots__ = ("blocks", "key", "kind")

    def __init__(self, address: Route, blocks: tuple[Block, ...]) -> None:
        self.blocks = blocks
        self.key = tuple(map(id, blocks))
        self.kind = str(address[1]) if address[0] == "resource" and len(address) > 1 else str(address[0])


@dataclass(frozen=True, slots=True)
class Values:
    """A `.tfvars` or `.tfbackend` file. `missing`: name and what it means, for values that the spec does not know."""

    attributes: tuple[Attribute, ...]
    missing: tuple[tuple[str, str], ...] = ()
    comment: str = ""


def _origin(block: Block, rest: Route, above: Route) -> Route:
    """Nested blocks of one type are numbered: `("statement", 1, "actions")`; the first may go without number."""
    found = block.origin if block.origin is not None else above
    if not rest:
        return found
    for part in block.body:
        if isinstance(part, Attribute) and part.name == rest[0]:
            return part.origin if part.origin is not None else found
    nested = block.blocks(str(rest[0]))
    if not nested:
        return found
    index, after = (rest[1], rest[2:]) if len(rest) > 1 and isinstance(rest[1], int) else (0, rest[1:])
    return _origin(nested[index], after, found) if index < len(nested) else found
