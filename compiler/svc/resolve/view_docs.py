"""The page of what policies of surface `service` judge, made from the types: each key, its form, what it means."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from svc.resolve.types.whole import Resolved
from svc.resolve.view import PAIRS, QUANTITIES, ROLES, classes, kind_of
from svc.resolve.view_shape import parts

HEAD = """# What a policy sees of a service

Made from `svc.resolve.view` by `make update`; do not edit.

A policy of surface `service` judges a resolved service, once for each environment: all layers merged, all defaults taken. `svc policies input service.yaml
--env production` prints it. Every key is there; what is not wanted is null, empty text or an empty list. Amounts of CPU are numbers of cores, amounts of memory
and storage numbers of bytes (in CUE `512Mi` is such a number; the check `service_range` reads `500m` and `8Gi`). Items that may be of several forms have a `kind`.
"""
_WORDS = {str: "text", int: "number", bool: "true or false", float: "number"}


def reference() -> str:
    """The whole page."""
    rows = [HEAD]
    for kind in _kinds():
        rows += [f"## {kind_of(kind) if kind is not Resolved else 'service'}", "", *_table(kind), ""]
    return "\n".join(rows)


def _kinds() -> list[type]:
    """Every class of the view, the service first, each where it is first named."""
    found: dict[type, None] = {}

    def visit(kind: type) -> None:
        if kind in found:
            return
        found[kind] = None
        for _, hint in parts(kind):
            for one in classes(hint):
                visit(one)

    visit(Resolved)
    return list(found)


def _table(kind: type) -> Iterator[str]:
    notes = _notes(kind)
    yield "| key | form | meaning |"
    yield "|---|---|---|"
    joined = ROLES.get(kind)
    for name, hint in parts(kind):
        form = "number" if (kind, name) in QUANTITIES else _form(hint)
        if (kind, name) in QUANTITIES and hint == PAIRS:
            form = "mapping of numbers"
        note = notes.get(name, "")
        if name == "role":
            note = ", ".join(role for _, item, roles in ROLES.values() if item is kind for role in roles.values())
        if joined is not None and name == joined[0]:
            note = f"all of them; `role` says which is which: {', '.join(joined[2].values())}"
        yield f"| `{name}` | {form} | {note} |"


def _form(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        named = [_form(one) for one in args if one is not NoneType]
        return ", or ".join([*dict.fromkeys(named), *(["null"] if NoneType in args else [])])
    if origin is Literal:
        return "one of " + ", ".join(f"`{one}`" if one else "empty" for one in args)
    if hint == PAIRS:
        return "mapping of text"
    if origin is tuple:
        if Ellipsis in args:
            return f"list: {_form(args[0])}"
        return "[" + ", ".join(_form(one) for one in args) + "]"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"mapping: {_form(args[1])}"
    if classes(hint):
        return f"[{kind_of(hint)}](#{kind_of(hint)})"
    return _WORDS.get(hint, "anything")


def _notes(kind: type) -> dict[str, str]:
    """The text below a field in its class, in one line."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, after in zip(body.body, body.body[1:], strict=False):
        text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, str):
            found[field.target.id] = " ".join(text.split()).replace("|", "\\|")
    return found
