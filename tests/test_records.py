"""What `svc.records` makes is what the standard library's `dataclass` makes."""

from __future__ import annotations

import ast
import copy
import dataclasses
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc import records
from svc.patterns import regex

PACKAGE = Path(records.__file__).parent
SHAPES: tuple[dict[str, bool], ...] = (
    {},
    {"frozen": True},
    {"slots": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "order": True},
    {"frozen": True, "slots": True, "eq": False},
)


def _made(by: Any, shape: dict[str, bool]) -> type[Any]:
    """A class, and one below it, with every kind of field."""

    @by.dataclass(**shape)
    class Above:
        KIND: ClassVar[str] = "above"
        first: int
        second: str = "two"
        hidden: list[int] = by.field(default_factory=list, repr=False, compare=False)

        def both(self) -> str:
            return f"{self.first} {self.second}"

    @by.dataclass(**shape)
    class Below(Above):
        third: Any = None
        second: str = "new"
        noted: dict[str, int] = by.field(default_factory=dict, init=False, compare=False)
        odd: int = by.field(default=7, hash=False)

        def __post_init__(self) -> None:
            self.noted["first"] = self.first

    return Below


PAIRS = [(_made(records, shape), _made(dataclasses, shape)) for shape in SHAPES]
CALLS: tuple[Callable[[type[Any]], Any], ...] = (
    lambda kind: kind(1),
    lambda kind: kind(1, "b", [2], 3, odd=4),
    lambda kind: kind(first=1, third=(2,)),
    lambda kind: kind(),
    lambda kind: kind(1, 2, 3, 4, 5, 6),
    lambda kind: kind(1, first=2),
    lambda kind: kind(1, noted={}),
    lambda kind: kind(1, fourth=2),
    lambda kind: _by(kind).replace(kind(1, "b"), first=2),
    lambda kind: dataclasses.replace(kind(1, "b"), first=2),
    lambda kind: _by(kind).replace(kind(1), noted={}),
    lambda kind: _by(kind).replace(kind(1), fourth=1),
    lambda kind: (kind(1) == kind(1), kind(1) == kind(2), kind(1) == 1, kind(1) != kind(1, hidden=[1])),
    lambda kind: kind(1) < kind(2),
    lambda kind: sorted([kind(3), kind(1), kind(2, "a")]),
    lambda kind: kind(1) >= 1,
    lambda kind: len({hash(one) for one in (kind(1), kind(1, hidden=[1], odd=3))}),
    lambda kind: len({kind(1), kind(1), kind(2)}),
    lambda kind: setattr(kind(1), "first", 2),
    lambda kind: delattr(kind(1), "first"),
    lambda kind: copy.copy(kind(1, "b", [2])).hidden,
    lambda kind: copy.deepcopy(kind(1, "b", [2])).hidden,
    lambda kind: dataclasses.asdict(kind(1)),
    lambda kind: [(one.name, one.init, one.repr, one.compare) for one in dataclasses.fields(kind)],
    lambda kind: [(one.name, one.type, one.compare) for one in _by(kind).fields(kind)],
    lambda kind: (kind.KIND, kind(4).both(), kind(4).noted, kind.__match_args__, kind.__name__, kind.__qualname__),
    lambda kind: hasattr(kind(1), "__dict__"),
)


def _by(kind: type[Any]) -> Any:
    return records if hasattr(kind, "__record__") else dataclasses


def _said(call: Callable[[type[Any]], Any], kind: type[Any]) -> str:
    try:
        return repr(call(kind))
    except (TypeError, ValueError, AttributeError) as error:
        name = "TypeError" if "init=False" in str(error) else type(error).__name__  # ValueError before Python 3.13
        return f"{name}: {error}"


@pytest.mark.parametrize(("ours", "standard"), PAIRS, ids=map(str, SHAPES))
@pytest.mark.parametrize("call", CALLS, ids=map(str, range(len(CALLS))))
def test_it_does_what_the_standard_one_does(
    call: Callable[[type[Any]], Any], ours: type[Any], standard: type[Any]
) -> None:
    for _ in range(3 * records.FEW // 2):  # before `__init__` is compiled, and after
        assert _said(call, ours) == _said(call, standard)


def test_what_the_standard_functions_ask_for_is_made_once_a_class() -> None:
    kind = PAIRS[0][0]
    below = type("Lower", (kind,), {})
    asked = "__dataclass_fields__"
    assert getattr(kind, asked) is getattr(kind, asked) is getattr(kind(1), asked)
    assert getattr(below, asked) is not getattr(kind, asked)
    assert list(getattr(below, asked)) == list(getattr(kind, asked)) == [one.name for one in dataclasses.fields(kind)]


@given(st.lists(st.tuples(st.text("abc"), st.booleans(), st.booleans(), st.booleans()), unique_by=lambda one: one[0]))
def test_any_fields_make_the_same_objects(described: list[tuple[str, bool, bool, bool]]) -> None:
    def made(by: ModuleType) -> type[Any]:
        body: dict[str, Any] = {"__module__": __name__, "__annotations__": {}, "__qualname__": "Made"}
        for name, given_, shown, compared in sorted(described, key=lambda one: one[1]):
            body["__annotations__"][f"_{name}"] = "int"
            words = {"default": 1} if given_ else {}
            body[f"_{name}"] = by.field(repr=shown, compare=compared, **words)
        return by.dataclass(frozen=True, slots=True)(type("Made", (), body))  # type: ignore[no-any-return]

    ours, standard = made(records), made(dataclasses)
    for count in (0, 1, len(described), len(described) + 1):
        for _ in range(5):
            for call in (
                lambda kind, count=count: kind(*range(count)),
                lambda kind, count=count: kind(*range(count)) == kind(*range(count)),
            ):
                assert _said(call, ours) == _said(call, standard)


@records.dataclass(frozen=True, slots=True)
class Packed:
    """At the top of a module, where `pickle` finds it."""

    first: int
    second: tuple[int, ...] = ()


def test_objects_are_packed_and_unpacked() -> None:
    assert pickle.loads(pickle.dumps(Packed(1, (2, 3)))) == Packed(1, (2, 3))


def test_a_class_is_found_as_a_dataclass() -> None:
    assert records.is_dataclass(Packed)
    assert records.is_dataclass(Packed(1))
    assert dataclasses.is_dataclass(Packed)
    assert not records.is_dataclass(int)


def test_the_package_makes_its_dataclasses_here() -> None:
    """One `from dataclasses import dataclass` brings `inspect` and a compiler of source back to every start."""
    allowed = {
        PACKAGE / "records.py",
        PACKAGE / "record_standard.py",
        PACKAGE / "policy" / "plain.py",
        PACKAGE / "policy" / "params.py",
    }
    found = []
    for file in sorted(set(PACKAGE.rglob("*.py")) - allowed):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [file.relative_to(PACKAGE).as_posix()] if "dataclasses" in names else []
    assert found == []


def test_patterns_are_compiled_where_they_are_used() -> None:
    """No `re.compile` runs when a module is imported; `svc.patterns` has one that waits."""
    found = []
    for file in sorted(set(PACKAGE.rglob("*.py")) - {PACKAGE / "patterns.py"}):
        queue: list[ast.AST] = [ast.parse(file.read_text("utf-8"))]
        while queue:
            node = queue.pop()
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
                found.append(f"{file.relative_to(PACKAGE).as_posix()}:{node.lineno}")
            queue += [] if isinstance(node, ast.FunctionDef | ast.Lambda) else ast.iter_child_nodes(node)
    assert found == []


def test_a_pattern_that_waits_is_the_pattern() -> None:
    waiting, compiled = regex(r"(?P<a>x+)y", re.IGNORECASE), re.compile(r"(?P<a>x+)y", re.IGNORECASE)
    assert (waiting.pattern, waiting.flags, waiting.groupindex) == (
        compiled.pattern,
        compiled.flags,
        compiled.groupindex,
    )
    for text in ("XXy", "axy", "y", ""):
        assert [str(one) for one in waiting.finditer(text)] == [str(one) for one in compiled.finditer(text)]
        assert waiting.sub("-", text) == compiled.sub("-", text)


@pytest.mark.parametrize("by", [records, dataclasses])
def test_what_a_plain_class_below_does_afterwards_is_done(by: Any) -> None:
    @by.dataclass
    class Above:
        first: int

        def __post_init__(self) -> None:
            self.first += 1

    class Plain(Above):
        def __post_init__(self) -> None:
            self.first += 10

    above: Any = Above
    plain: Any = Plain
    assert [plain(1).first for _ in range(records.FEW + 2)] == [11] * (records.FEW + 2)
    assert above(1).first == 2
