"""From a policy's `params` to the frozen `Params` of its check. A field's default says what its values look like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from svc.checks import bound
from svc.patterns import Pattern
from svc.records import MISSING, Field, fields

_FORMS = {bool: "true or false", int: "a whole number", str: "text", tuple: "a list", dict: "a mapping"}


def faults(check: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The wrong keys and values of `params` for a check, each with a message."""
    known, hints = _defaults(check), _hints(check)
    right = True
    for key, value in params.items():
        wrong = ""
        if key not in known:
            wrong = f"check `{check}` has no parameter `{key}`; it has {', '.join(sorted(map(str, known))) or 'none'}"
        elif not _fits(value, known[key]):
            wrong = f"parameter `{key}` of check `{check}` must be {_FORMS[type(known[key])]}"
        elif not _holds(value, hints.get(key)):
            wrong = f"parameter `{key}` of check `{check}` must be {_FORMS[type(known[key])]} of {_items(hints[key])}"
        elif value not in (words := _words(hints.get(key)) or [value]):
            wrong = f"parameter `{key}` of check `{check}` must be one of {', '.join(words)}, not `{value}`"
        elif _are_patterns(check, key):
            wrong = next(filter(None, map(_no_pattern, _texts(value))), "")
        right = right and not wrong
        if wrong:
            yield str(key), wrong
    judged = bound(check).wrong
    if right and judged is not None:
        yield from judged(bind(check, params, 0))


def bind(check: str, params: Mapping[str, Any], kubernetes: int) -> Any:
    """The check's `Params`. A check that depends on the Kubernetes version has a field `kubernetes`, its minor."""
    values = {key: _frozen(value) for key, value in params.items()}
    if "kubernetes" not in values and any(one.name == "kubernetes" for one in _fields(check)):
        values["kubernetes"] = kubernetes
    return bound(check).params(**values)


def _fields(check: str) -> tuple[Field[Any], ...]:
    """The parameters. Other packages have dataclasses of the standard library."""
    if ":" not in check:
        return fields(bound(check).params)
    import dataclasses

    return dataclasses.fields(bound(check).params)


def _defaults(check: str) -> dict[str, Any]:
    """Parameters and what they are unless a policy says so."""
    if ":" not in check:
        return {one.name: _default(one, MISSING) for one in _fields(check)}
    import dataclasses

    return {one.name: _default(one, dataclasses.MISSING) for one in _fields(check)}


def _default(field: Field[Any], missing: object) -> Any:
    made: Any = field.default_factory
    return field.default if made is missing else made()


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, tuple):
        return isinstance(value, list)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    return isinstance(value, type(default))


def _hints(check: str) -> dict[str, Any]:
    """The types of the parameters; of other packages only the defaults are known."""
    return {} if ":" in check else get_type_hints(bound(check).params)


def _are_patterns(check: str, key: str) -> bool:
    """Whether a parameter is a regular expression, or holds them."""
    hint = None if ":" in check else get_type_hints(bound(check).params, include_extras=True)[key]
    return hint == Pattern or Pattern in get_args(hint)


def _item(hint: Any) -> Any:
    """The type of what a list or a mapping holds; None for any."""
    inside = [one for one in get_args(hint) if one is not Ellipsis]
    return inside[-1] if inside and inside[-1] in _FORMS else None


def _items(hint: Any) -> str:
    return "whole numbers" if _item(hint) is int else "text"


def _words(hint: Any) -> list[str]:
    """The texts that a parameter may be, where these are told; else none."""
    return list(get_args(hint)) if get_origin(hint) is Literal else []


def _holds(value: Any, hint: Any) -> bool:
    """Whether a list or a mapping holds what the check asks of it."""
    item = _item(hint) if get_origin(hint) is not None else None
    inside = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return item is None or all(type(one) is item for one in inside)


def _texts(value: Any) -> list[str]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]


def _no_pattern(text: str) -> str:
    """What is wrong with a regular expression; slashes may stand around it."""
    try:
        re.compile(text[1:-1] if len(text) > 1 and text[0] == text[-1] == "/" else text)
    except (re.error, OverflowError, RecursionError) as error:
        return f"`{text}` is no regular expression: {error}"
    return ""


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
