"""Merged data becomes a typed model, or all its shape errors at once, each at its key or value, with a suggestion."""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any, TypeVar

from svc.diagnostics import Anchor, Problem, Route
from svc.model.base import MAPPING
from svc.model.foreign import instead, instead_of
from svc.model.hints import SHARED, flow, meant, one_cause, patch_for, way_out, word
from svc.model.mapped import Fault, Field, Mapped, fields_of, read
from svc.model.spelled import kind_of, quoted
from svc.suggest import alike, close, nearest

Model = TypeVar("Model", bound=Mapped)


def validate(model: type[Model], data: Any) -> tuple[Model | None, tuple[Problem, ...]]:
    """The model, or the problems at routes of `data`."""
    faults: list[Fault] = []
    made = read(model, data, (), faults)
    if not faults:
        return made, ()
    return None, tuple(dict.fromkeys(one_cause([_problem(model, data, fault) for fault in faults])))


def _problem(model: type[Mapped], data: Any, fault: Fault) -> Problem:
    route, value = _existing(data, fault.at), fault.value
    if fault.kind == "missing":
        return Problem("missing-key", route, f"`{fault.at[-1]}` is missing{_example(model, fault.at)}", anchor="key")
    if fault.kind == "unknown":
        return _unknown_key(model, route, str(fault.at[-1]))
    if fault.kind == "word":
        allowed = ", ".join(fault.words)
        out = way_out(fault.at)
        hint = meant(str(value), fault.words) or (
            "" if out and fault.at[-1] == "provider" else nearest(str(value), fault.words)
        )
        message = f"{quoted(value)} is not allowed here: allowed are {allowed}{hint}"
        return Problem("value-not-allowed", route, message, "" if hint else out)
    if fault.kind == "refused":
        anchor: Anchor = "key" if fault.key or fault.inside else "value"
        help_ = (
            _mapping(model, fault.at, value)
            if fault.message.startswith(MAPPING)
            else instead_of(fault.at, value, fault.message)
        )
        return Problem("invalid-value", (*route, *fault.inside), fault.message, help_, anchor)
    wanted = "a list" if fault.kind == "no-list" else "a mapping"
    text = value if fault.kind == "no-list" and isinstance(value, str) else ""
    if " - " in text:
        message = "a list that is indented under a text is part of the text"
        return Problem("wrong-type", route, message, "write every item on a line of its own, each with a `-` in front")
    hint = f", such as [{', '.join(_words(text))}]" if text else ""
    help_ = _mapping(model, fault.at, value) if fault.kind != "no-list" else ""
    return Problem("wrong-type", route, f"expected {wanted}{hint}, found {kind_of(value)}", help_)


def _words(text: str) -> list[str]:
    """A command line as the list of its words."""
    import shlex

    try:
        return [flow(one) for one in shlex.split(text)] or [text]
    except ValueError:
        return [flow(text)]


def _mapping(model: type[Mapped], location: Route, value: Any) -> str:
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


def _field(model: type[Mapped], location: Route) -> Field | None:
    owner = model_at(model, location[:-1])
    known = fields_of(owner).values() if owner is not None else ()
    return next((field for field in known if field.key == location[-1]), None)


def _existing(data: Any, location: Route) -> Route:
    """The parts of a fault's route that the data has: a key that a short form stands for is not in it."""
    route: list[str | int] = []
    node: Any = data
    for index, part in enumerate(location):
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


def _unknown_key(model: type[Mapped], route: Route, name: str) -> Problem:
    owner = model_at(model, route[:-1])
    allowed = sorted(keys_of(owner)) if owner else []
    patch = patch_for(name)
    if patch:
        return Problem("unknown-key", route, f"unknown key `{name}`", patch, "key")
    if name == "value" and route[-3:-2] == ("secrets",):
        never = (
            f"a secret is never written into a spec: keep it in the secret store; allowed here are {', '.join(allowed)}"
        )
        return Problem("unknown-key", route, f"unknown key `{name}`", never, "key")
    if route == ("kind",):
        return Problem(
            "unknown-key", route, "unknown key `kind`", "leave it out: a spec is one by its `apiVersion`", "key"
        )
    near = word(name, allowed) or close(name, allowed)
    elsewhere = [place for place in _homes(model).get(name, ()) if place != route]  # type: ignore[arg-type]
    if near and (not elsewhere or alike(name, near) or word(name, allowed)):
        hint = f"; did you mean `{near}`?"
    elif elsewhere:
        home = next((one for one in elsewhere if _inside(one, route[:-1])), elsewhere[0])
        hint = (
            f"; it belongs under `{'.'.join(map(str, home[:-1]))}`"
            if len(home) > 1
            else "; it belongs at the top level"
        )
    else:
        hint = ""
    shown = ", ".join(allowed)
    return Problem(
        "unknown-key",
        route,
        f"unknown key `{name}`{hint}",
        help="; ".join([SHARED] * (near == "share") + [f"allowed here are {shown}"] * bool(shown)),
        anchor="key",
    )


def _inside(home: Route, parent: Route) -> bool:
    """Whether a place of the language is somewhere below a mapping of the data."""
    return len(home) - 1 > len(parent) > 0 and all(
        one in ("<name>", other) for one, other in zip(home, parent, strict=False)
    )


def _example(model: type[Mapped], location: Route) -> str:
    owner = model_at(model, location[:-1])
    for field in (fields_of(owner) if owner else {}).values():
        if field.key == location[-1] and field.examples:
            return f"; write for example `{location[-1]}: {field.examples[0]}`"
    return ""


def keys_of(model: type[Mapped]) -> list[str]:
    return [field.key for field in fields_of(model).values()]


def model_at(model: type[Mapped], route: Route) -> type[Mapped] | None:
    """The model class that reads the mapping at a route, if one does."""
    here: Any = model
    for part in route:
        models = _models(here)
        if models:
            field = next((f for m in models for f in fields_of(m).values() if f.key == part), None)
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


def _models(annotation: Any) -> list[type[Mapped]]:
    if isinstance(annotation, type) and issubclass(annotation, Mapped):
        return [annotation]
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _models(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [found for argument in typing.get_args(annotation) for found in _models(argument)]
    return []


def models_of(annotation: Any) -> list[type[Mapped]]:
    """The model classes that an annotation leads to, also as values of mappings and items of lists."""
    found = _models(annotation)
    for argument in typing.get_args(annotation):
        found += [model for model in models_of(argument) if model not in found]
    return found


@cache
def _homes(model: type[Mapped]) -> dict[str, list[Route]]:
    """Where each key of the language belongs, shallowest place first."""
    found: dict[str, list[Route]] = {}
    queue: list[tuple[type[Mapped], Route]] = [(model, ())]
    seen: set[type[Mapped]] = set()
    while queue:
        owner, route = queue.pop(0)
        if owner in seen:
            continue
        seen.add(owner)
        for field in fields_of(owner).values():
            key = field.key
            found.setdefault(key, []).append((*route, key))
            queue.extend((inner, (*route, key)) for inner in _models(field.annotation))
            for argument in typing.get_args(field.annotation):
                queue.extend((inner, (*route, key, "<name>")) for inner in _models(argument))
    return found
