"""`dataclass` as in the standard library, made in a fraction of the time.

The standard one writes the source of up to ten functions a class and compiles them while the module is imported; with
`inspect`, which it needs for that, this was a fifth of a short run. Here an `__init__` is compiled when some objects of
the class have been made, the other methods are shared by all classes, and fields are set through their slots, in half
the time. What objects do is the same (a test compares both), the standard `fields`, `asdict` and `replace` work on
them, and for type checkers they are dataclasses. Annotations have to be texts: `from __future__ import annotations`.
"""

# ruff: noqa: A002, ARG001
from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

FEW = 24
"""Objects of a class that are made before its `__init__` is compiled, which takes as long as that."""

if TYPE_CHECKING:
    from dataclasses import MISSING as MISSING
    from dataclasses import Field as Field
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import fields as fields
    from dataclasses import is_dataclass as is_dataclass
    from dataclasses import replace as replace
else:
    MISSING = object()
    _assign = object.__setattr__

    class Field:
        """What is known of a field."""

        __slots__ = ("compare", "default", "default_factory", "hash", "init", "name", "repr", "type")

        def __init__(self, default, default_factory, init, repr, hash, compare):
            self.default, self.default_factory = default, default_factory
            self.init, self.repr, self.hash, self.compare = init, repr, hash, compare
            self.name = self.type = ""

    def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True):
        return Field(default, default_factory, init, repr, hash, compare)

    def dataclass(cls=None, /, *, frozen=False, slots=False, order=False, eq=True):
        def made(cls):
            return _made(cls, frozen, slots, order, eq)

        return made if cls is None else made(cls)

    def is_dataclass(one):
        return hasattr(one if isinstance(one, type) else type(one), "__record__")

    def fields(one):
        return tuple(one.__record__.values())

    def replace(one, /, **changes):
        for name, known in one.__record__.items():
            if known.init:
                if name not in changes:
                    changes[name] = getattr(one, name)
            elif name in changes:
                raise TypeError(f"field {name} is declared with init=False, it cannot be specified with replace()")
        return one.__class__(**changes)

    def _made(cls, frozen, slots, order, eq):
        own = _own(cls)
        known = {}
        for base in cls.__mro__[-1:0:-1]:
            known.update(base.__dict__.get("__record__", ()))
        known.update(own)
        body = _methods(cls, frozen, slots)
        body |= _compares(cls, known, frozen) if eq else {}
        body |= {"__lt__": _lt, "__le__": _le, "__gt__": _gt, "__ge__": _ge} if order else {}
        body["__record__"] = known
        body["__match_args__"] = tuple([name for name, one in known.items() if one.init])
        body["__dataclass_fields__"] = _STANDARD
        cls = _slotted(cls, own, body) if slots else _extended(cls, own, body)
        if "__init__" not in cls.__dict__:
            cls.__init__ = _init(cls, known, frozen, slots)
        return cls

    def _own(cls):
        """The fields that the class itself declares."""
        found = {}
        for name, kind in cls.__dict__.get("__annotations__", {}).items():  # noqa: RUF063 - texts, as they stand
            if not kind.startswith("ClassVar"):
                given = cls.__dict__.get(name, MISSING)
                one = given if type(given) is Field else Field(given, MISSING, True, True, None, True)
                one.name, one.type = name, kind
                found[name] = one
        return found

    def _slotted(cls, own, body):
        """The class made anew: slots cannot be added to one."""
        whole = {**cls.__dict__, **body}
        for name in ("__dict__", "__weakref__", *own):
            whole.pop(name, None)
        taken = {name for base in cls.__mro__[1:-1] for name in base.__dict__.get("__slots__", ())}
        whole["__slots__"] = tuple([name for name in own if name not in taken])
        whole["__qualname__"] = cls.__qualname__
        return type(cls)(cls.__name__, cls.__bases__, whole)

    def _extended(cls, own, body):
        for name, one in own.items():
            if one.default is not MISSING:
                setattr(cls, name, one.default)
            elif name in cls.__dict__:
                delattr(cls, name)
        for name, value in body.items():
            setattr(cls, name, value)
        return cls

    def _methods(cls, frozen, slots):
        body = {} if "__repr__" in cls.__dict__ else {"__repr__": _repr}
        if frozen:
            body |= {"__setattr__": _set, "__delattr__": _delete}
            if slots and "__getstate__" not in cls.__dict__:
                body |= {"__getstate__": _state, "__setstate__": _put}
        return body

    def _compares(cls, known, frozen):
        body = {"__compared__": _getter([name for name, one in known.items() if one.compare])}
        if "__eq__" not in cls.__dict__:
            body["__eq__"] = _eq
        if cls.__dict__.get("__hash__") is None and ("__hash__" not in cls.__dict__ or "__eq__" in cls.__dict__):
            body["__hash__"] = _hash if frozen else None
            body["__hashed__"] = _getter([name for name, one in known.items() if _hashes(one)])
        return body

    def _hashes(one):
        return one.compare if one.hash is None else one.hash

    def _getter(names):
        """What gives those attributes of an object as a tuple."""
        if len(names) > 1:
            return attrgetter(*names)
        if not names:
            return staticmethod(lambda _: ())
        get = attrgetter(*names)
        return staticmethod(lambda one: (get(one),))

    def _eq(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        get = self.__compared__
        return get(self) == get(other)

    def _hash(self):
        return hash(self.__hashed__(self))

    def _lt(self, other):
        return (
            self.__compared__(self) < other.__compared__(other) if other.__class__ is self.__class__ else NotImplemented
        )

    def _le(self, other):
        return (
            self.__compared__(self) <= other.__compared__(other)
            if other.__class__ is self.__class__
            else NotImplemented
        )

    def _gt(self, other):
        return (
            self.__compared__(self) > other.__compared__(other) if other.__class__ is self.__class__ else NotImplemented
        )

    def _ge(self, other):
        return (
            self.__compared__(self) >= other.__compared__(other)
            if other.__class__ is self.__class__
            else NotImplemented
        )

    _showing = set()

    def _repr(self):
        if id(self) in _showing:
            return "..."
        _showing.add(id(self))
        try:
            shown = [f"{name}={getattr(self, name)!r}" for name, one in self.__record__.items() if one.repr]
        finally:
            _showing.discard(id(self))
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def _set(self, name, value):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _delete(self, name):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _state(self):
        return [getattr(self, name) for name in self.__record__]

    def _put(self, state):
        for name, value in zip(self.__record__, state, strict=True):
            _assign(self, name, value)

    def _init(cls, known, frozen, slots):
        """An `__init__` that puts a compiled one in its place before long, at once for what it does not understand."""
        calls = 0

        def first(self, /, *args, **kwargs):
            nonlocal calls
            calls += 1
            if calls > FEW or not _filled(self, cls.__match_args__, known, args, kwargs):
                cls.__init__ = _compiled(cls, known, frozen, slots)
                cls.__init__(self, *args, **kwargs)
            elif post is not None:
                post(self)

        post = getattr(cls, "__post_init__", None)
        first.__qualname__ = f"{cls.__qualname__}.__init__"
        return first

    def _filled(self, takes, known, args, kwargs):
        """Sets all fields; False when not every argument is for one of them, and every one of them has a value."""
        values = dict(zip(takes, args))  # noqa: B905 - too many are noticed
        values.update(kwargs)
        if len(values) != len(args) + len(kwargs) or not values.keys() <= set(takes):
            return False
        for name, one in known.items():
            if name in values:
                value = values[name]
            elif one.default_factory is not MISSING:
                value = one.default_factory()
            elif one.default is not MISSING:
                value = one.default
            else:
                return False
            _assign(self, name, value)
        return True

    def _compiled(cls, known, frozen, slots):
        space = {"_none": MISSING, "_assign": _assign}
        takes, lines = ["self"], []
        for name, one in known.items():
            value = name
            if one.default_factory is not MISSING:
                space[f"_f_{name}"] = one.default_factory
                value = f"_f_{name}() if {name} is _none else {name}" if one.init else f"_f_{name}()"
                default = "=_none"
            elif one.default is not MISSING:
                space[f"_d_{name}"] = one.default
                value, default = (name, f"=_d_{name}") if one.init else (f"_d_{name}", "")
            else:
                default = ""
            takes += [f"{name}{default}"] if one.init else []
            space[f"_s_{name}"] = getattr(cls.__dict__.get(name) or getattr(cls, name, None), "__set__", None)
            if not frozen:
                lines.append(f"self.{name} = {value}")
            else:
                lines.append(f"_s_{name}(self, {value})" if slots else f"_assign(self, {name!r}, {value})")
        if hasattr(cls, "__post_init__"):
            lines.append("self.__post_init__()")
        body = "".join(f"  {line}\n" for line in lines or ["pass"])
        text = f"def _({', '.join(space)}):\n def __init__({', '.join(takes)}):\n{body} return __init__"
        found = {}
        exec(text, {}, found)  # noqa: S102 - of names of fields
        made = found["_"](**space)
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        return made

    class _Standard:
        """The fields as the standard functions want them: asked for by them and by test programs alone.

        They are made once a class: each `replace` asks for them, and a class takes longer to make than all the rest.
        """

        def __get__(self, one, cls):
            if "__standard__" not in cls.__dict__:
                cls.__standard__ = self.made(cls)
            return cls.__standard__

        def made(self, cls):
            import dataclasses as standard

            made = []
            for name, known in cls.__record__.items():
                words = {key: getattr(known, key) for key in ("init", "repr", "hash", "compare")}
                for key in ("default", "default_factory"):
                    if getattr(known, key) is not MISSING:
                        words[key] = getattr(known, key)
                made.append((name, known.type, standard.field(**words)))
            return standard.make_dataclass(cls.__name__, made).__dataclass_fields__

    _STANDARD = _Standard()


__all__ = ["MISSING", "Field", "dataclass", "field", "fields", "is_dataclass", "replace"]
