"""What reads the value of a field, made of the field's annotation: a form, a word, a list, a mapping, an object."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal

from svc.diagnostics import Route
from svc.model.mapped import WRONG, Chosen, Fault, Form, Mapped, Reader, read
from svc.model.spelled import Refused


def reader(annotation: Any) -> Reader:
    """What reads values of an annotation."""
    if annotation in (Any, str):  # str: of keys, which are texts whatever was written
        return _anything
    if isinstance(annotation, type) and issubclass(annotation, Mapped):
        return lambda value, at, faults: read(annotation, value, at, faults)
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _annotated(parts)
    if origin is Literal:
        return _words(parts)
    if origin is list:
        return _list(reader(parts[0]))
    if origin is dict:
        return _mapping(reader(parts[0]), reader(parts[1]))
    if origin in (typing.Union, types.UnionType):
        known = [one for one in parts if one is not type(None)]
        if len(known) == 1:
            return _optional(reader(known[0]))
    raise TypeError(f"{annotation} is no form of the language")


def _annotated(parts: tuple[Any, ...]) -> Reader:
    kind, *marks = parts
    for mark in marks:
        if isinstance(mark, Chosen):
            return _one_of(mark, [reader(one) for one in typing.get_args(kind)])
        if hasattr(mark, "check"):
            return _form(mark)
    return reader(kind)


def _anything(value: Any, _: Route, __: list[Fault]) -> Any:
    return value


def _form(form: Form) -> Reader:
    check = form.check

    def one(value: Any, at: Route, faults: list[Fault]) -> Any:
        try:
            return check(value)
        except Refused as refused:
            faults.append(Fault("refused", at, value, refused.message, refused.at))
            return WRONG

    return one


def _words(words: tuple[str, ...]) -> Reader:
    def one(value: Any, at: Route, faults: list[Fault]) -> Any:
        if not isinstance(value, str) or value not in words:
            faults.append(Fault("word", at, value, words=words))
        return value

    return one


def _optional(inner: Reader) -> Reader:
    return lambda value, at, faults: None if value is None else inner(value, at, faults)


def _one_of(chosen: Chosen, members: list[Reader]) -> Reader:
    return lambda value, at, faults: members[chosen.by(value)](value, at, faults)


def _list(inner: Reader) -> Reader:
    def one(value: Any, at: Route, faults: list[Fault]) -> Any:
        if not isinstance(value, list):
            faults.append(Fault("no-list", at, value))
            return WRONG
        return [inner(item, (*at, index), faults) for index, item in enumerate(value)]

    return one


def _mapping(key_of: Reader, inner: Reader) -> Reader:
    def one(value: Any, at: Route, faults: list[Fault]) -> Any:
        if not isinstance(value, dict):
            faults.append(Fault("no-mapping", at, value))
            return WRONG
        made = {}
        for key, item in value.items():
            wrong: list[Fault] = []
            name = key_of(key, (*at, key), wrong)
            faults += [
                Fault(fault.kind, fault.at, fault.value, fault.message, fault.inside, key=True) for fault in wrong
            ]
            read_item = inner(item, (*at, key), faults)
            if not wrong:
                made[name] = read_item
        return made

    return one
