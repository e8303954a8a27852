"""A module with what is known put in: defaults of variables, local values, and blocks that a list in the text repeats.

A default is what an apply without arguments has; where a `.tfvars` file of the module sets the variable, it is unknown.
What nobody can know before Terraform runs stays an expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from svc.patterns import regex
from svc.targets.terraform.functions import applied
from svc.targets.terraform.read import read_value
from svc.targets.terraform.scan import TerraformError, balanced_end, split_outside
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Module, Object, Value

_REFERENCE = regex(r'([A-Za-z_][\w-]*\.[A-Za-z_][\w-]*)((?:\.[A-Za-z_][\w-]*|\["[^"\]]*"\]|\[[0-9]+\])*)')
_FILLED = regex(r"\$\{([A-Za-z_][\w-]*\.[A-Za-z_][\w-]*)[^{}\"?!=<>&|()+*/%-]*\}")
"""A name alone, with its path, in a template."""
_STEP = regex(r'\.([A-Za-z_][\w-]*)|\["([^"\]]*)"\]|\[([0-9]+)\]')
_DEPTH = 12
"""Local values that are made of one another, at most."""
_REPEATED = 40
"""Blocks that one list may become; more are judged as one."""
_MEANINGS = 16
"""What a block is remembered to mean, each with other names."""
_LARGEST = 2000
"""Parts of a value that a name stands for; what is made of more stays a name."""


class Names:
    """What `var.x`, `local.x`, `each.x` and iterators stand for; each is worked out once."""

    def __init__(self, given: Mapping[str, Value], outer: Names | None = None) -> None:
        self._given, self._outer = given, outer
        self._found: dict[str, Value] = {}

    @cached_property
    def answers(self) -> Mapping[str, object]:
        return Answers(self)

    def __contains__(self, name: str) -> bool:
        return name in self._given or (self._outer is not None and name in self._outer)

    def value(self, name: str, depth: int) -> Value:
        if self._outer is not None and name not in self._given:
            return self._outer.value(name, depth)
        if name not in self._found:
            self._found[name] = self._given[name]  # a name within its own value stays one
            value = evaluate(self._given[name], self, depth)
            self._found[name] = value if _size(value) <= _LARGEST else Expr(name)
        return self._found[name]


class Asking(Names):
    """Names that keep what was asked of them: whether they are known, and what they stand for."""

    def __init__(self, names: Names) -> None:
        super().__init__({}, names)
        self._values: dict[str, object] = {}
        self._there: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        found = self._there[name] = super().__contains__(name)
        return found

    def value(self, name: str, depth: int) -> Value:
        assert self._outer is not None
        self._values[name] = self._outer.answers[name]
        return super().value(name, depth)

    def done(self) -> Asking:
        """Without the names themselves."""
        self._outer = None
        return self

    def answered(self, answers: Mapping[str, object]) -> bool:
        """Whether others would answer the same."""
        return all(answers[name] == one for name, one in self._values.items()) and all(
            (answers[name] is not None) is one for name, one in self._there.items()
        )


class Answers(dict[str, object]):
    """What names stand for, such that it can be compared; None for those that are not known."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: str) -> object:
        self[name] = found = _identity(self._names.value(name, 0)) if name in self._names else None
        return found


def _size(value: Value) -> int:
    match value:
        case tuple():
            return 1 + sum(_size(one) for one in value)
        case Object():
            return 1 + sum(_size(one) for _, one in value.items)
        case Call():
            return 1 + _size(value.args)
        case _:
            return 1


def known(module: Module) -> Module:
    """The same blocks at the same addresses; a resource over a known list is there once for each entry."""
    names = _names(module)
    files = {
        name: tuple(one for block in blocks for one in _known(block, names)) for name, blocks in module.files.items()
    }
    return Module(module.path, files, module.values, root=module.root)


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


def _known(block: Block, names: Names) -> Sequence[Block]:
    """A block means the same where every name that was asked for when it was worked out is the same."""
    if block.type in ("variable", "locals"):
        return (block,)
    answers = names.answers
    meanings: list[tuple[Asking, Sequence[Block]]] = block.notes.setdefault(known, [])
    for asked, found in meanings:
        if asked.answered(answers):
            return found
    asking = Asking(names)
    made = tuple(_instances(block, asking))
    if len(meanings) >= _MEANINGS:
        meanings.clear()
    meanings.append((asking.done(), made))
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


def evaluate(value: Value, names: Names, depth: int = 0) -> Value:
    """A value with every name in it that is known; the rest stays what it was."""
    if depth > _DEPTH:
        return value
    match value:
        case tuple():
            return tuple(evaluate(item, names, depth) for item in value)
        case Object():
            return Object(tuple((key, evaluate(item, names, depth)) for key, item in value.items))
        case Call():
            return applied(Call(value.name, tuple(evaluate(item, names, depth) for item in value.args)))
        case Expr():
            return _expression(value, names, depth + 1)
        case _:
            return value


def _expression(whole: Expr, names: Names, depth: int) -> Value:
    try:
        return _read(whole, names, depth)
    except TerraformError:
        return whole


def _read(whole: Expr, names: Names, depth: int) -> Value:
    text = whole.text
    if text.startswith("<<"):
        return whole
    if text.startswith('"') and balanced_end(text, 0) == len(text):
        return _template(whole, names, depth)
    if text.startswith("(") and balanced_end(text, 0) == len(text):
        return evaluate(read_value(text[1:-1]), names, depth)
    reference = _REFERENCE.fullmatch(text)
    if reference is not None:
        return _at(reference[1], reference[2], names, whole, depth)
    choice = split_outside(text, "?", ":")
    if choice is not None:
        condition = _truth(choice[0], names, depth)
        branches = [evaluate(read_value(one), names, depth) for one in choice[1:]]
        if condition is None:
            return branches[0] if branches[0] == branches[1] else whole
        return branches[0] if condition else branches[1]
    truth = _truth(text, names, depth) if re.search(r"[!=]=|^!", text) else None
    return whole if truth is None else truth


def _at(name: str, path: str, names: Names, whole: Expr, depth: int) -> Value:
    """What a name with a path of keys stands for."""
    if name not in names:
        return whole
    value = names.value(name, depth)
    for step in _STEP.finditer(path):
        key = step[1] or step[2]
        if isinstance(value, Object) and key:
            value = value.get(key)
        elif isinstance(value, tuple) and step[3] and int(step[3]) < len(value):
            value = value[int(step[3])]
        elif isinstance(value, Expr) and _REFERENCE.fullmatch(value.text + step[0]):
            value = Expr(value.text + step[0])
        else:
            return whole
    return value


def _template(whole: Expr, names: Names, depth: int) -> Value:
    """A text whose every `${}` is known, or what its only one stands for."""
    inner, out, position = whole.text[1:-1], "", 0
    if "$${" not in inner and any(one[1] not in names and one[0] != inner for one in _FILLED.finditer(inner)):
        return whole  # without a look at the other names
    while position < len(inner):
        opened = inner.find("${", position)
        if opened < 0 or inner[opened - 1 : opened] == "$" or "%{" in inner:
            break
        end = balanced_end(inner, opened + 1)
        found = evaluate(read_value(inner[opened + 2 : end - 1]), names, depth)
        if opened == 0 and end == len(inner):
            return found
        if not isinstance(found, str | int | float | bool):
            return whole
        out += inner[position:opened] + (str(found).lower() if isinstance(found, bool) else str(found))
        position = end
    rest = read_value(f'"{inner[position:]}"')
    return out + rest if isinstance(rest, str) else whole


def _truth(text: str, names: Names, depth: int) -> bool | None:
    """Whether a condition holds; None when that is not known."""
    text = text.strip()
    for sign in ("==", "!="):
        sides = split_outside(text, sign)
        if sides is not None:
            left, right = (evaluate(read_value(one), names, depth) for one in sides)
            if isinstance(left, Expr | Call | Object) or isinstance(right, Expr | Call | Object):
                return None
            return (left == right) is (sign == "==")
    if text.startswith("!") and not re.search(r"[&|?]", text):
        inner = _truth(text[1:], names, depth)
        return None if inner is None else not inner
    if re.search(r"[&|<>]", text):
        return None
    value = evaluate(read_value(text), names, depth)
    return value if isinstance(value, bool) else None
