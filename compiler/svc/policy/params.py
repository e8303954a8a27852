"""From a policy's `params` to the frozen `Params` of its check. A field's default says what its values look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.checks import bound
from svc.records import MISSING, Field, fields

_FORMS = {bool: "true or false", int: "a whole number", str: "text", tuple: "a list", dict: "a mapping"}


def faults(check: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The wrong keys and values of `params` for a check, each with a message."""
    known = _defaults(check)
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
    values = {key: _frozen(value) for key, value in params.items()}
    if "kubernetes" not in values and "kubernetes" in _defaults(check):
        values["kubernetes"] = kubernetes
    return bound(check).params(**values)


def _defaults(check: str) -> dict[str, Any]:
    """Parameters and what they are unless a policy says so. Other packages have dataclasses of the standard library."""
    if ":" not in check:
        return {one.name: _default(one, MISSING) for one in fields(bound(check).params)}
    import dataclasses

    return {one.name: _default(one, dataclasses.MISSING) for one in dataclasses.fields(bound(check).params)}


def _default(field: Field[Any], missing: object) -> Any:
    made: Any = field.default_factory
    return field.default if made is missing else made()


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, tuple):
        return isinstance(value, list)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    return isinstance(value, type(default))


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
