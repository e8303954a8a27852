"""From a policy's `params` to the frozen `Params` of its check. A field's default says what its values look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.checks import bound
from svc.records import MISSING, Field, fields

_FORMS = {bool: "true or false", int: "a whole number", str: "text", tuple: "a list", dict: "a mapping"}


def faults(check: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The wrong keys and values of `params` for a check, each with a message."""
    known = {field.name: _default(field) for field in fields(bound(check).params)}
    right = True
    for key, value in params.items():
        right = right and key in known and _fits(value, known[key])
        if key not in known:
            names = ", ".join(sorted(known)) or "none"
            yield key, f"check `{check}` has no parameter `{key}`; it has {names}"
        elif not _fits(value, known[key]):
            yield key, f"parameter `{key}` of check `{check}` must be {_FORMS[type(known[key])]}"
    judged = bound(check).wrong
    if right and judged is not None:
        yield from judged(bind(check, params, 0))


def bind(check: str, params: Mapping[str, Any], kubernetes: int) -> Any:
    """The check's `Params`. A check that depends on the Kubernetes version has a field `kubernetes`, its minor."""
    kind = bound(check).params
    values = {key: _frozen(value) for key, value in params.items()}
    if "kubernetes" not in values and any(field.name == "kubernetes" for field in fields(kind)):
        values["kubernetes"] = kubernetes
    return kind(**values)


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, tuple):
        return isinstance(value, list)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    return isinstance(value, type(default))


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
