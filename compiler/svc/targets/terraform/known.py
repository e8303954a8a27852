"""A module with what is known put in: defaults of variables, local values, and blocks that a list in the text repeats.

A default is what an apply without arguments has; where a `.tfvars` file of the module sets the variable, it is unknown.
What nobody can know before Terraform runs stays an expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from svc.records import dataclass
from svc.targets.terraform.evaluate import Names, evaluate
from svc.targets.terraform.override import merged
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Module, Object, Value, noted

_REPEATED = 40
"""Blocks that one list may become; more are judged as one."""
_MEANINGS = 16
"""What a block is remembered to mean, each with other names."""
_GIVEN = ("var.", "local.")
"""Of a whole module nothing else is known."""


class Asking(Names):
    """Names that keep what was asked of them: whether they are known, and what they stand for."""

    def __init__(self, names: Names, answers: Answers) -> None:
        super().__init__({}, names)
        self._answers = answers
        self._values: dict[str, object] = {}
        self._there: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        found = super().__contains__(name)
        if name.startswith(_GIVEN):
            self._there[name] = found
        return found

    def value(self, name: str, depth: int) -> Value:
        self._values[name] = self._answers[name]
        return super().value(name, depth)

    @property
    def asked(self) -> Asked:
        return Asked(self._values, self._there)


@dataclass(frozen=True, slots=True)
class Asked:
    """What names stood for when they were asked, and whether they were known."""

    values: Mapping[str, object]
    there: Mapping[str, bool]

    def same(self, answers: Answers) -> bool:
        """Whether others answer the same."""
        for name, one in self.values.items():
            if answers[name] != one:
                return False
        for name, there in self.there.items():  # noqa: SIM110 - asked of every block
            if (answers[name] is not None) is not there:
                return False
        return True


class Answers(dict[str, object]):
    """What names stand for, such that it can be compared; None for those that are not known."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: str) -> object:
        self[name] = found = _identity(self._names.value(name, 0)) if name in self._names else None
        return found


def known(module: Module) -> Module:
    """The same blocks at the same addresses; a resource over a known list is there once for each entry, and what an override
    file says of a block is in that."""
    names = _names(module)
    answers = Answers(names)
    files = {
        name: tuple(one for block in blocks for one in _known(block, names, answers))
        for name, blocks in merged(module).items()
    }
    return Module(module.path, files, module.values, root=module.root)


def keys(module: Module, block: Block) -> frozenset[str]:
    """The keys of the instances that `for_each` makes of a block, as far as they are known."""
    return frozenset(str(key) for key, _ in _entries(evaluate(block.get("for_each"), _names_for_keys(module))))


@noted
def _names_for_keys(module: Module) -> Names:
    return _names(module)


def _names(module: Module) -> Names:
    """`var.x` and `local.x` with what they stand for; a local value is looked into when it is asked for."""
    given = {part.name for values in module.values.values() for part in values.attributes}
    found: dict[str, Value] = {}
    for name, block in module.variables.items():
        default = block.get("default")
        if default is not None and name not in given:
            found[f"var.{name}"] = default
    found.update({f"local.{name}": value for name, value in module.local_values.items()})
    return Names(found)


def _known(block: Block, names: Names, answers: Answers) -> Sequence[Block]:
    """A block means the same where every name that was asked for when it was worked out is the same."""
    if block.type in ("variable", "locals"):
        return (block,)
    meanings: list[tuple[Asked, Sequence[Block]]] = block.notes.setdefault(known, [])
    for asked, found in meanings:
        if asked.same(answers):
            return found
    asking = Asking(names, answers)
    made = tuple(_instances(block, asking))
    if len(meanings) >= _MEANINGS:
        meanings.clear()
    meanings.append((asking.asked, made))
    return made


def _identity(value: Value) -> object:
    """Equal for equal values of equal types alone: 1 is not true."""
    match value:
        case tuple():
            return tuple(map(_identity, value))
        case Object():
            return Object, tuple((key, _identity(item)) for key, item in value.items)
        case Call():
            return Call, value.name, _identity(value.args)
        case _:
            return type(value), value


def _instances(block: Block, names: Names) -> Iterator[Block]:
    if block.get("count") == 0:
        return
    entries = _entries(evaluate(block.get("for_each"), names))
    if not entries or len(entries) > _REPEATED:
        yield _body(block, names)
        return
    seen: list[Block] = []
    for key, value in entries:
        one = _body(block, Names({"each.key": key, "each.value": value}, names))
        if one not in seen:
            seen.append(one)
            yield one


def _body(block: Block, names: Names) -> Block:
    return Block(block.type, block.labels, tuple(_parts(block.body, names)), "", block.origin, block.line)


def _parts(body: Iterable[Attribute | Block], names: Names) -> Iterator[Attribute | Block]:
    for part in body:
        if isinstance(part, Attribute):
            yield Attribute(part.name, evaluate(part.value, names), part.origin, part.line)
        elif part.type == "dynamic" and part.labels:
            yield from _repeated(part, names)
        else:
            yield _body(part, names)


def _repeated(block: Block, names: Names) -> Iterator[Block]:
    """The blocks that a `dynamic` one becomes; itself where its list is not known, or empty unless told otherwise."""
    entries = _entries(evaluate(block.get("for_each"), names))
    contents = block.blocks("content")
    if not entries or len(entries) > _REPEATED or len(contents) != 1:
        yield _body(block, names)
        return
    iterator = block.get("iterator")
    name = iterator.text if isinstance(iterator, Expr) else block.labels[0]
    for key, value in entries:
        inner = Names({f"{name}.key": key, f"{name}.value": value}, names)
        yield Block(block.labels[0], (), tuple(_parts(contents[0].body, inner)), "", block.origin, block.line)


def _entries(value: Value) -> list[tuple[Value, Value]]:
    if isinstance(value, Object):
        return list(value.items)
    if isinstance(value, tuple):
        return [(item, item) if isinstance(item, str) else (index, item) for index, item in enumerate(value)]
    return []
