"""Every id of a diagnostic that the code can emit, read from its syntax trees: what reaches the first argument of a
`Problem`, a `Diagnostic` or an `Unreadable`, through helpers, constants and conditions. What cannot be followed is an error.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1] / "compiler" / "svc"
SINKS = ("Problem", "Diagnostic", "Unreadable")
"""Data classes whose field `id` is a diagnostic's. Whoever reads that field of one passes on what is known already."""
POLICIES = "policy"
"""The field of a finding that names its policy: an id of `policies/`, which have examples of their own."""

Def = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Scope:
    """Where an expression stands: its module and the functions and classes around it, outermost first."""

    file: Path
    tree: ast.Module
    around: tuple[ast.AST, ...] = ()

    @property
    def owner(self) -> ast.ClassDef | None:
        return next((node for node in reversed(self.around) if isinstance(node, ast.ClassDef)), None)

    @property
    def functions(self) -> list[Def]:
        return [node for node in reversed(self.around) if isinstance(node, Def)]


@dataclass
class Program:
    """All modules: who is called where, and what is assigned at the top of modules."""

    calls: dict[str, list[tuple[ast.Call, Scope]]] = field(default_factory=dict)
    constants: dict[str, list[tuple[ast.expr, Scope]]] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    open: set[tuple[int, str]] = field(default_factory=set)

    def add(self, file: Path) -> None:
        tree = ast.parse(file.read_text("utf-8"))
        top = Scope(file, tree)
        for node in tree.body:
            for target, value in _assigned(node):
                if isinstance(target, ast.Name):
                    self.constants.setdefault(target.id, []).append((value, top))
        self._walk(tree, top)

    def _walk(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.ClassDef):
            self.classes.setdefault(node.name, node)
        if isinstance(node, ast.Call):
            self.calls.setdefault(_name(node.func), []).append((node, scope))
        inner = Scope(scope.file, scope.tree, (*scope.around, node)) if isinstance(node, Def | ast.ClassDef) else scope
        for child in ast.iter_child_nodes(node):
            self._walk(child, inner)

    def ids(self) -> dict[str, set[str]]:
        """Each id and the modules that emit it."""
        found: dict[str, set[str]] = {}
        for name in (*SINKS, "replace"):
            for call, scope in self.calls.get(name, ()):
                given = _argument(call, "id", None if name == "replace" else self._position(name, "id"))
                for one in self.values(given, scope) - {""} if given is not None else ():
                    found.setdefault(one, set()).add(scope.file.relative_to(ROOT).as_posix())
        return found

    def _position(self, name: str, wanted: str) -> int:
        fields = [one.target.id for one in self.classes[name].body
                  if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]  # fmt: skip
        return fields.index(wanted)

    def values(self, given: ast.expr, scope: Scope) -> set[str]:
        match given:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp(body=body, orelse=other):
                return self.values(body, scope) | self.values(other, scope)
            case ast.JoinedStr(values=parts):
                return {"".join(one) for one in product(*(self._part(part, scope) for part in parts))}
            case ast.Attribute(attr="id") | ast.Attribute(attr="policy"):
                return set()
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if scope.owner is not None:
                return self._constructed(scope.owner, name)
            case ast.Name(id=name):
                return self._named(name, given, scope)
        raise AssertionError(f"{scope.file}:{given.lineno}: the id `{ast.unparse(given)}` cannot be followed")

    def _part(self, part: ast.expr, scope: Scope) -> set[str]:
        return self.values(part.value if isinstance(part, ast.FormattedValue) else part, scope)

    def _constructed(self, owner: ast.ClassDef, name: str) -> set[str]:
        position = self._position(owner.name, name)
        given = [(_argument(call, name, position), scope) for call, scope in self.calls.get(owner.name, ())]
        return set().union(*(self.values(one, scope) for one, scope in given if one is not None))

    def _named(self, name: str, given: ast.Name, scope: Scope) -> set[str]:
        for function in scope.functions:
            if (id(function), name) in self.open:
                return set()
            places = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
            if name in places or name in [one.arg for one in function.args.kwonlyargs]:
                return self._passed(function, name, places, scope)
            local = [(value, scope) for node in ast.walk(function) for target, value in _assigned(node)
                     if isinstance(target, ast.Name) and target.id == name]  # fmt: skip
            if local:
                return set().union(*(self.values(value, scope) for value, scope in local))
        places_of = self.constants.get(name, [])
        own = [(value, home) for value, home in places_of if home.file == scope.file] or places_of
        assert own, f"{scope.file}:{given.lineno}: nothing is known of `{name}`"
        return set().union(*(self.values(value, home) for value, home in own))

    def _passed(self, function: Def, name: str, places: list[str], scope: Scope) -> set[str]:
        """What callers give for a parameter. A name that begins with `_` is called in its own module only."""
        method = bool(places) and places[0] in ("self", "cls")
        position = places.index(name) - method if name in places else None
        calls = [
            (call, home)
            for call, home in self.calls.get(function.name, ())
            if not function.name.startswith("_") or home.file == scope.file
        ]
        self.open.add((id(function), name))
        given = [(_argument(call, name, position), home) for call, home in calls]
        found = set().union(*(self.values(one, home) for one, home in given if one is not None))
        self.open.discard((id(function), name))
        return found


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Target and value pairs, tuples taken apart, loops over literal rows as well."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Assign):
        pairs = [(target, node.value) for target in node.targets]
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        pairs = [(node.target, node.value)]
    elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple | ast.List):
        pairs = [(node.target, row) for row in node.iter.elts]
    for target, value in pairs:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            yield from zip(target.elts, value.elts, strict=True)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.IfExp):
            for one in (value.body, value.orelse):
                if isinstance(one, ast.Tuple) and len(one.elts) == len(target.elts):
                    yield from zip(target.elts, one.elts, strict=True)
        else:
            yield target, value


def _argument(call: ast.Call, name: str, position: int | None) -> ast.expr | None:
    given = next((one.value for one in call.keywords if one.arg == name), None)
    if given is None and position is not None and position < len(call.args):
        given = call.args[position]
    return given


def _name(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def emitted() -> dict[str, set[str]]:
    program = Program()
    for file in sorted(ROOT.rglob("*.py")):
        program.add(file)
    return program.ids()
