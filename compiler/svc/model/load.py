"""Merged data becomes a typed model, or all its shape errors at once, each at its key or value, with a suggestion."""

from __future__ import annotations

import functools
import types
import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from svc.diagnostics import Anchor, Problem, Route
from svc.model.base import MAPPING
from svc.model.hints import flow, instead, one_cause, pair, word
from svc.model.spelled import kind_of, quoted
from svc.suggest import alike, close, nearest

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], data: Any) -> tuple[Model | None, tuple[Problem, ...]]:
    """The model, or the problems at routes of `data`."""
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        found = [_problem(model, data, item) for item in error.errors(include_url=False)]
        return None, tuple(dict.fromkeys(one_cause(found)))


def _problem(model: type[BaseModel], data: Any, error: Any) -> Problem:
    kind, location = error["type"], tuple(error["loc"])
    route = _existing(data, location)
    if kind == "missing":
        name = str(location[-1])
        return Problem("missing-key", route, f"`{name}` is missing{_example(model, location)}", anchor="key")
    if kind == "extra_forbidden":
        return _unknown_key(model, route, str(location[-1]))
    if kind == "literal_error":
        allowed = [part.strip(" '") for part in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        message = f"{quoted(error['input'])} is not allowed here: allowed are {', '.join(allowed)}{nearest(str(error['input']), allowed)}"
        return Problem("value-not-allowed", route, message)
    if kind == "svc":
        anchor: Anchor = "key" if "[key]" in location or error["ctx"]["at"] else "value"
        message = error["ctx"]["message"]
        help_ = _mapping(model, location, error["input"]) if message.startswith(MAPPING) else pair(error["input"])
        return Problem("invalid-value", (*route, *error["ctx"]["at"]), message, help_, anchor)
    if kind in {"dict_type", "list_type", "model_type"}:
        wanted = "a list" if kind == "list_type" else "a mapping"
        text = error["input"] if kind == "list_type" and isinstance(error["input"], str) else ""
        if " - " in text:
            message = "a list that is indented under a text is part of the text"
            return Problem(
                "wrong-type", route, message, "write every item on a line of its own, each with a `-` in front"
            )
        hint = f", such as [{', '.join(_words(text))}]" if text else ""
        help_ = _mapping(model, location, error["input"]) if kind != "list_type" else ""
        return Problem("wrong-type", route, f"expected {wanted}{hint}, found {kind_of(error['input'])}", help_)
    return Problem("invalid-value", route, error["msg"])


def _words(text: str) -> list[str]:
    """A command line as the list of its words."""
    import shlex

    try:
        return [flow(one) for one in shlex.split(text)] or [text]
    except ValueError:
        return [flow(text)]


def _mapping(model: type[BaseModel], location: tuple[str | int, ...], value: Any) -> str:
    """What to write where a mapping is wanted."""
    for length in range(len(location), 0, -1):
        field = _field(model, location[:length])
        if field is not None:
            example = (field.examples or [None])[0]
            below = location[length:]
            if below and isinstance(example, dict) and example:  # an entry of a mapping of such
                return instead(str(below[0]), value, next(iter(example.values())))
            if below and isinstance(example, list) and example:
                return instead("-", value, example[0]).replace("`-: ", "`- ")
            return instead(str(location[length - 1]), value, example)
    return ""


def _field(model: type[BaseModel], location: tuple[str | int, ...]) -> FieldInfo | None:
    owner = model_at(model, location[:-1])
    known = owner.model_fields.items() if owner is not None else ()
    return next((field for name, field in known if (field.alias or name) == location[-1]), None)


def _existing(data: Any, location: tuple[str | int, ...]) -> Route:
    """The parts of pydantic's location that the data has: union tags and short forms are not in it."""
    route: list[str | int] = []
    node: Any = data
    for index, part in enumerate(location):
        if part == "[key]":
            continue
        last = index == len(location) - 1
        if _has(node, part):
            node = node[part]
        elif not last or not isinstance(node, dict):
            continue
        else:
            break
        route.append(part)
    return tuple(route)


def _has(node: Any, part: str | int) -> bool:
    return part in node if isinstance(node, dict) else isinstance(node, list) and part in range(len(node))


def _unknown_key(model: type[BaseModel], route: Route, name: str) -> Problem:
    owner = model_at(model, route[:-1])
    allowed = sorted(keys_of(owner)) if owner else []
    near = word(name, allowed) or close(name, allowed)
    elsewhere = [place for place in _homes(model).get(name, ()) if place != route]
    if near and (not elsewhere or alike(name, near) or word(name, allowed)):
        hint = f"; did you mean `{near}`?"
    elif elsewhere:
        hint = (
            f"; it belongs under `{'.'.join(str(part) for part in elsewhere[0][:-1])}`"
            if len(elsewhere[0]) > 1
            else "; it belongs at the top level"
        )
    else:
        hint = ""
    shown = ", ".join(allowed)
    return Problem(
        "unknown-key",
        route,
        f"unknown key `{name}`{hint}",
        help=f"allowed here are {shown}" if shown else "",
        anchor="key",
    )


def _example(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    owner = model_at(model, location[:-1])
    for field_name, field in (owner.model_fields if owner else {}).items():
        if (field.alias or field_name) == location[-1] and field.examples:
            return f"; write for example `{location[-1]}: {field.examples[0]}`"
    return ""


def keys_of(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def model_at(model: type[BaseModel], route: Route) -> type[BaseModel] | None:
    """The model class that reads the mapping at a route, if one does."""
    here: Any = model
    for part in route:
        models = _models(here)
        if models:
            field = next((f for m in models for n, f in m.model_fields.items() if (f.alias or n) == part), None)
            if field is None:
                return None
            here = field.annotation
        else:
            arguments = [argument for argument in typing.get_args(here) if argument is not str]
            if not arguments:
                return None
            here = arguments[-1]
    found = _models(here)
    return found[0] if found else None


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _models(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [found for argument in typing.get_args(annotation) for found in _models(argument)]
    return []


def models_of(annotation: Any) -> list[type[BaseModel]]:
    """The model classes that an annotation leads to, also as values of mappings and items of lists."""
    found = _models(annotation)
    for argument in typing.get_args(annotation):
        found += [model for model in models_of(argument) if model not in found]
    return found


@functools.cache
def _homes(model: type[BaseModel]) -> dict[str, list[Route]]:
    """Where each key of the language belongs, shallowest place first."""
    found: dict[str, list[Route]] = {}
    queue: list[tuple[type[BaseModel], Route]] = [(model, ())]
    seen: set[type[BaseModel]] = set()
    while queue:
        owner, route = queue.pop(0)
        if owner in seen:
            continue
        seen.add(owner)
        for name, field in owner.model_fields.items():
            key = field.alias or name
            found.setdefault(key, []).append((*route, key))
            queue.extend((inner, (*route, key)) for inner in _models(field.annotation))
            for argument in typing.get_args(field.annotation):
                queue.extend((inner, (*route, key, "<name>")) for inner in _models(argument))
    return found
