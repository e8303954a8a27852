"""`dataclass` as in the standard library, made in a fraction of the time.

The standard one writes the source of up to ten functions a class and compiles them while the module is imported; with
`inspect`, which it needs for that, this was a fifth of a short run. Here an `__init__` is compiled when some objects of
the class have been made, the other methods are shared by all classes, and fields are set through their slots, in half
the time. What objects do is the same (a test compares both), the standard `fields`, `asdict` and `replace` work on
them, and for type checkers they are dataclasses. Annotations have to be texts: `from __future__ import annotations`.
"""

# ruff: noqa: A002, ARG001
from __future__ import annotations

from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING

FEW = 64
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
        kinds = {}
        for name, kind in cls.__dict__.get("__annotations__", {}).items():  # noqa: RUF063 - texts, as they stand
            if not kind.startswith("ClassVar"):
                kinds[name] = kind
        given = {name: cls.__dict__[name] for name in kinds if name in cls.__dict__}
        body = _methods(cls, frozen, slots)
        body |= _compares(cls, frozen) if eq else {}
        body |= _ORDER if order else {}
        body["__given__"] = kinds, given
        body["__record__"] = _RECORD
        body["__dataclass_fields__"] = _STANDARD
        plain = cls.__base__ is object and not any(type(one) is Field for one in given.values())
        body["__match_args__"] = tuple(kinds)
        own = []
        if "__init__" not in cls.__dict__:
            body["__init__"] = _init(own, f"{cls.__qualname__}.__init__", hasattr(cls, "__post_init__"), frozen, slots)
        cls = _slotted(cls, kinds, body) if slots else _extended(cls, given, body)
        own.append(cls)
        if not plain:
            cls.__match_args__ = tuple([name for name, one in cls.__record__.items() if one.init])
        return cls

    class _Later:
        """What is made of a class's fields when it is first asked for: most classes of a run are only declared."""

        def __init__(self, name, made):
            self.name, self.made = name, made

        def __get__(self, one, cls):
            owner = next(base for base in cls.__mro__ if "__given__" in base.__dict__)
            value = self.made(owner)
            setattr(owner, self.name, value)
            return value

    def _record(cls):
        """The fields of a class, those of its bases first."""
        known = {}
        for base in cls.__mro__[-1:0:-1]:
            if "__record__" in base.__dict__:
                known.update(base.__record__)
        kinds, given = cls.__given__
        for name, kind in kinds.items():
            value = given.get(name, MISSING)
            one = value if type(value) is Field else Field(value, MISSING, True, True, None, True)
            one.name, one.type = name, kind
            known[name] = one
        return known

    _RECORD = _Later("__record__", _record)
    _COMPARED = _Later(
        "__compared__", lambda cls: _getter([name for name, one in cls.__record__.items() if one.compare])
    )
    _HASHED = _Later("__hashed__", lambda cls: _getter([name for name, one in cls.__record__.items() if _hashes(one)]))

    def _slotted(cls, own, body):
        """The class made anew: slots cannot be added to one."""
        whole = {**cls.__dict__, **body}
        for name in ("__dict__", "__weakref__", *own):
            whole.pop(name, None)
        bases = cls.__mro__[1:-1]
        taken = {name for base in bases for name in base.__dict__.get("__slots__", ())} if bases else ()
        whole["__slots__"] = tuple([name for name in own if name not in taken]) if taken else tuple(own)
        whole["__qualname__"] = cls.__qualname__
        return type(cls)(cls.__name__, cls.__bases__, whole)

    def _extended(cls, given, body):
        for name, one in given.items():
            if type(one) is Field:
                if one.default is not MISSING:
                    setattr(cls, name, one.default)
                else:
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

    def _compares(cls, frozen):
        body = {"__compared__": _COMPARED}
        if "__eq__" not in cls.__dict__:
            body["__eq__"] = _eq
        if cls.__dict__.get("__hash__") is None and ("__hash__" not in cls.__dict__ or "__eq__" in cls.__dict__):
            body["__hash__"] = _hash if frozen else None
            body["__hashed__"] = _HASHED
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

    def _ordered(by):
        def compared(self, other):
            if other.__class__ is not self.__class__:
                return NotImplemented
            return by(self.__compared__(self), other.__compared__(other))

        return compared

    _ORDER = {f"__{by.__name__}__": _ordered(by) for by in (lt, le, gt, ge)}
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

    def _init(own, name, post, frozen, slots):
        """An `__init__` that puts a compiled one in its place before long, at once for what it does not understand.

        `own` holds the class, which is made after it.
        """
        calls, plan = 0, ()

        def first(self, /, *args, **kwargs):
            nonlocal calls, plan
            calls += 1
            plan = plan or _plan(own[0], slots)
            if calls > FEW or not _filled(self, plan, args, kwargs):
                from svc.record_init import compiled

                own[0].__init__ = compiled(own[0], frozen, slots, MISSING)
                own[0].__init__(self, *args, **kwargs)
            elif post:
                self.__post_init__()

        first.__qualname__ = name
        return first

    def _plan(cls, slots):
        """What is done with each field: its name, what sets it, whether a call gives it, and its defaults."""
        return [
            (
                name,
                getattr(cls, name).__set__ if slots else _assign_of(name),
                one.init,
                one.default,
                one.default_factory,
            )
            for name, one in cls.__record__.items()
        ]

    def _assign_of(name):
        return lambda one, value: _assign(one, name, value)

    def _filled(self, plan, args, kwargs):
        """Sets all fields; False when not every argument is for one of them, and every one of them has a value."""
        at, named, count = 0, 0, len(args)
        for name, put, init, default, factory in plan:
            if init and at < count:
                value = args[at]
                at += 1
            elif init and name in kwargs:
                value = kwargs[name]
                named += 1
            elif factory is not MISSING:
                value = factory()
            elif default is not MISSING:
                value = default
            else:
                return False
            put(self, value)
        return at == count and named == len(kwargs)

    class _Standard:
        """The fields as the standard functions want them: asked for by them and by test programs alone.

        They are made once a class: each `replace` asks for them, and a class takes longer to make than all the rest.
        """

        def __get__(self, one, cls):
            if "__standard__" not in cls.__dict__:
                from svc.record_standard import standard

                cls.__standard__ = standard(cls, MISSING)
            return cls.__standard__

    _STANDARD = _Standard()


__all__ = ["MISSING", "Field", "dataclass", "field", "fields", "is_dataclass", "replace"]
