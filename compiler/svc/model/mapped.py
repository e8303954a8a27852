"""How a mapping of the language becomes a frozen object, or all its faults at once.

The fields of a class are its annotations: texts and numbers with a form (`Form`), words (`Literal`), lists, mappings,
other classes. Nothing is prepared when a class is made; the reader of a field is built when the first document has it,
so that a start pays for what a document says and not for the whole language. Decision 0122.
"""

from __future__ import annotations

import marshal
import sys
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeVar

from svc.diagnostics import Route
from svc.model.spelled import Refused
from svc.records import dataclass

Made = TypeVar("Made", bound="Mapped")
Rule = TypeVar("Rule", bound=Callable[..., Any])
Kind = Literal["missing", "unknown", "word", "refused", "no-list", "no-mapping"]
WRONG: Any = object()
"""In place of a value that has faults."""


class Form(Protocol):
    """In an annotation: how a single value is judged, and what a JSON Schema says of it."""

    def check(self, value: Any) -> Any:
        """The value as the model keeps it. Raises Refused."""

    def json_schema(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """In the annotation of a union: which of its members, by number, reads a value."""

    by: Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class Fault:
    """`value` was found; `word`: of the allowed ones; `key`: the key of the value is at fault, not the value."""

    kind: Kind
    at: Route
    value: Any
    message: str = ""
    inside: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    key: bool = False


Reader = Callable[[Any, Route, "list[Fault]"], Any]
"""From a value and where it is; what is wrong with it goes to the list."""


class Field:
    """A key of a mapping. `annotation` is worked out when somebody asks for it."""

    __slots__ = (
        "_annotation",
        "_reader",
        "alias",
        "default",
        "default_factory",
        "description",
        "examples",
        "key",
        "name",
        "owner",
        "required",
    )

    def __init__(
        self,
        description: str,
        examples: tuple[Any, ...],
        *,
        required: bool = False,
        default: Any = None,
        default_factory: Callable[[], Any] | None = None,
        alias: str = "",
    ) -> None:
        self.description, self.examples, self.required, self.alias = description, list(examples), required, alias
        self.default, self.default_factory = default, default_factory
        self._annotation: Any = WRONG
        self._reader: Reader | None = None

    def __set_name__(self, owner: type[Mapped], name: str) -> None:
        self.owner, self.name = owner, name
        self.key = self.alias or name

    @property
    def annotation(self) -> Any:
        if self._annotation is WRONG:
            text = self.owner.__annotations__[self.name]
            self._annotation = eval(text, vars(sys.modules[self.owner.__module__]))  # noqa: S307 - of our own classes
        return self._annotation

    @property
    def reader(self) -> Reader:
        if self._reader is None:
            from svc.model.readers import reader  # which reads objects by `read`

            self._reader = reader(self.annotation)
        return self._reader

    def value(self) -> Any:
        """What the field is when nobody says anything."""
        return self.default if self.default_factory is None else self.default_factory()


def before(rule: Rule) -> Rule:
    """Marks a class method that rewrites what was found, before the fields are read; the last one is the first."""
    rule.__dict__["rule"] = "before"
    return rule


def after(rule: Rule) -> Rule:
    """Marks a method that judges an object whose fields are all right. It raises Refused."""
    rule.__dict__["rule"] = "after"
    return rule


@typing.dataclass_transform(kw_only_default=True)
class Mapped:
    """The base of classes that are read from mappings. Objects are equal when all their fields are."""

    __slots__ = ("__dict__", "_written")

    def __init__(self, **data: Any) -> None:
        faults: list[Fault] = []
        made = read(type(self), data, (), faults)
        if faults:
            raise ValueError("; ".join(f"{one.kind}: {'.'.join(map(str, one.at))} {one.message}" for one in faults))
        _fill(self, vars(made), written(made))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"cannot assign to field {name!r}")

    def __eq__(self, other: object) -> bool:
        return other.__class__ is self.__class__ and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


_FIELDS: dict[type[Mapped], Mapping[str, Field]] = {}
_known: dict[tuple[type[Mapped], bytes], Any] = {}
"""What was made of a value without a fault, by the bytes that stand for it and its types exactly."""
_KEPT = 4096
_PLAIN = 2
"""The version of marshal that writes values alone, not which of them are one object."""
_RULES: dict[tuple[type[Mapped], str], tuple[str, ...]] = {}


def fields_of(kind: type[Mapped]) -> Mapping[str, Field]:
    """The fields of a class by name, those of its bases first."""
    if kind not in _FIELDS:
        found: dict[str, Field] = {}
        for base in reversed(kind.__mro__):
            found.update({name: one for name, one in vars(base).items() if isinstance(one, Field)})
        _FIELDS[kind] = found
    return _FIELDS[kind]


def rules_of(kind: type[Mapped], when: Literal["before", "after"]) -> tuple[str, ...]:
    """The names of the methods that are marked so, those of bases first."""
    if (kind, when) not in _RULES:
        found: dict[str, None] = {}
        for base in reversed(kind.__mro__):
            for name, one in vars(base).items():
                if getattr(getattr(one, "__func__", one), "__dict__", {}).get("rule") == when:
                    found[name] = None
        _RULES[kind, when] = tuple(found)
    return _RULES[kind, when]


def written(one: Mapped) -> frozenset[str]:
    """The names of the fields that the document has; the others have their defaults."""
    found: frozenset[str] = one._written  # type: ignore[attr-defined]
    return found


def read(kind: type[Made], value: Any, at: Route, faults: list[Fault]) -> Made:
    """An object of a class from what was found at a route; worth nothing when there are new faults.

    Parts of a document that have no faults are read once: environments and services have most of them in common.
    """
    if isinstance(value, kind):
        return value
    try:
        key = kind, marshal.dumps(value, _PLAIN)
    except ValueError:  # objects are in it
        return _read(kind, value, at, faults)
    made, count = _known.get(key), len(faults)
    if made is None:
        made = _read(kind, value, at, faults)
        if at and len(faults) == count:
            if len(_known) >= _KEPT:
                _known.clear()
            _known[key] = made
    found: Made = made
    return found


def _read(kind: type[Made], value: Any, at: Route, faults: list[Fault]) -> Made:
    given = value
    for name in reversed(rules_of(kind, "before")):
        try:
            given = getattr(kind, name)(given)
        except Refused as refused:
            faults.append(Fault("refused", at, given, refused.message, refused.at))
            return WRONG  # type: ignore[no-any-return]
    return _judged(kind, given, value, at, faults)


def _judged(kind: type[Made], given: dict[str, Any], value: Any, at: Route, faults: list[Fault]) -> Made:
    count = len(faults)
    found: dict[str, Any] = {}
    names: list[str] = []
    for name, field in fields_of(kind).items():
        key = field.key
        if key in given:
            found[name] = field.reader(given[key], (*at, key), faults)
            names.append(name)
        elif field.required:
            faults.append(Fault("missing", (*at, key), given))
        else:
            found[name] = field.value()
    if len(names) < len(given):
        known = {field.key for field in fields_of(kind).values()}
        faults += [Fault("unknown", (*at, key), one) for key, one in given.items() if key not in known]
    if len(faults) > count:
        return WRONG  # type: ignore[no-any-return]
    made = kind.__new__(kind)
    _fill(made, found, frozenset(names))
    for name in rules_of(kind, "after"):
        try:
            getattr(made, name)()
        except Refused as refused:
            faults.append(Fault("refused", at, value, refused.message, refused.at))
            break
    return made


def _fill(made: Mapped, found: Mapping[str, Any], names: frozenset[str]) -> None:
    made.__dict__.update(found)
    object.__setattr__(made, "_written", names)
