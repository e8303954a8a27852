"""What expressions stand for, as far as that is known: names put in, conditions and templates worked out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from svc.patterns import regex
from svc.targets.terraform.functions import applied
from svc.targets.terraform.read import read_value
from svc.targets.terraform.scan import TerraformError, balanced_end, split_outside
from svc.targets.terraform.types import Call, Expr, Object, Value

_REFERENCE = regex(r'([A-Za-z_][\w-]*\.[A-Za-z_][\w-]*)((?:\.[A-Za-z_][\w-]*|\["[^"\]]*"\]|\[[0-9]+\])*)')
_FILLED = regex(r"\$\{([A-Za-z_][\w-]*\.[A-Za-z_][\w-]*)[^{}\"?!=<>&|()+*/%-]*\}")
"""A name alone, with its path, in a template."""
_VARIABLE = regex(r"\(?(?:lower\()?var\.[A-Za-z_][\w.-]*\)?\)?")
_STEP = regex(r'\.([A-Za-z_][\w-]*)|\["([^"\]]*)"\]|\[([0-9]+)\]', needs=(".", "["))
_DEPTH = 12
"""Local values that are made of one another, at most."""
_LARGEST = 2000
"""Parts of a value that a name stands for; what is made of more stays a name."""


class Names:
    """What `var.x`, `local.x`, `each.x` and iterators stand for; each is worked out once."""

    def __init__(self, given: Mapping[str, Value], outer: Names | None = None) -> None:
        self._given, self._outer = given, outer
        self._found: dict[str, Value] = {}

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
    match _form(whole.text):
        case "template":
            return _template(whole, names, depth)
        case "inner", inner:
            return evaluate(read_value(inner), names, depth)
        case "name", name, path:
            return _at(name, path, names, whole, depth)
        case "choice", asked, *texts:
            branches = [evaluate(read_value(one), names, depth) for one in texts]
            switch = any(isinstance(one, bool | int | float) for one in branches)
            condition = _truth(asked, names, depth, as_default=not switch)
            if condition is None:
                return branches[0] if branches[0] == branches[1] else whole
            return branches[0] if condition else branches[1]
        case "truth":
            truth = _truth(whole.text, names, depth)
            return whole if truth is None else truth
        case _:
            return whole


@lru_cache(maxsize=4096)
def _form(text: str) -> str | tuple[str, ...]:
    """Which of the shapes that are looked into an expression has, with its parts."""
    if text.startswith("<<"):
        return "other"
    if text.startswith('"') and balanced_end(text, 0) == len(text):
        return "template"
    if text.startswith("(") and balanced_end(text, 0) == len(text):
        return "inner", text[1:-1]
    reference = _REFERENCE.fullmatch(text)
    if reference is not None:
        return "name", reference[1], reference[2]
    choice = split_outside(text, "?", ":")
    if choice is not None:
        return "choice", *choice
    return "truth" if re.search(r"[!=]=|^!", text) else "other"


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
        out += str(read_value(f'"{inner[position:opened]}"'))
        out += str(found).lower() if isinstance(found, bool) else str(found)
        position = end
    rest = read_value(f'"{inner[position:]}"')
    return out + rest if isinstance(rest, str) else whole


def _told_apart(sides: list[str], left: Value, right: Value) -> bool:
    """Whether a variable is compared with a text: the module is for more values of it than the default.

    What it is when nobody gives it, an empty text or none, is asked of the default.
    """
    return (
        bool(left) and bool(right) and any(_VARIABLE.fullmatch(one.strip()) for one in sides) and isinstance(left, str)
    )


def _truth(text: str, names: Names, depth: int, *, as_default: bool = False) -> bool | None:
    """Whether a condition holds; None when that is not known. `as_default`: also of a variable that is told apart."""
    text = text.strip()
    for sign in ("==", "!="):
        sides = split_outside(text, sign)
        if sides is not None:
            left, right = (evaluate(read_value(one), names, depth) for one in sides)
            if isinstance(left, Expr | Call | Object) or isinstance(right, Expr | Call | Object):
                return None
            if not as_default and _told_apart(sides, left, right):
                return None
            return (left == right) is (sign == "==")
    if text.startswith("!") and not re.search(r"[&|?]", text):
        bare = text.lstrip("! \t\r\n")
        inner = _truth(bare, names, depth)
        return None if inner is None else inner is (text[: len(text) - len(bare)].count("!") % 2 == 0)
    if re.search(r"[&|<>]", text):
        return None
    value = evaluate(read_value(text), names, depth)
    return value if isinstance(value, bool) else None
