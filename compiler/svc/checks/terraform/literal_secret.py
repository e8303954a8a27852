"""A secret stands in the text: an argument, a default, a provider's key, or anything within one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, json_document
from svc.checks.secrets import CALLED, PASSED_ON, holds_secret, is_secret, names_secret, secret_at
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.terraform.references import attributes, texts
from svc.targets.terraform.types import Block, Call, Expr, Module, Object, Value

APART = True

NAMES = ("secret", "credentials", "token")
"""Arguments that as often name a secret as hold one."""
KEPT = ("secret_string", "secret_data", "data_json")
"""Arguments that hold what a secret store is to keep."""
_BLOCKS = ("resource", "data", "provider", "module", "locals")
_PASSWORD = regex(r"(?i)pass(wo?r)?d$|passphrase$|pwd$|(^|_)pass$")
_SET = regex(
    r"(?m)(?:^[ \t]*|[;&][ \t]*)(?:export[ \t]+|(?=[A-Z_]))(?P<name>[A-Za-z_]\w*)="
    r"(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s\"'();&|<>`]+))(?=\s|;|&|$)"
)
"""A variable of a script or of a file that one writes, or a part of an address: `export a=b`, `A=b`, `x=y;A=b`."""


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        if block.type == "variable" and block.labels:
            yield from _default(block, block.labels[0])
        elif block.type in _BLOCKS:
            for owner, part, route in attributes(block, block.address):
                yield from _in_value(owner, part.name, part.value, route)


def _default(block: Block, name: str) -> Iterator[Found]:
    route, default = (*block.address, "default"), block.get("default")
    if isinstance(default, str):
        if is_secret(name, default):
            yield route, f"the default of variable `{name}` is a secret"
    else:
        yield from _within(name, default, route, deep=True)


def _in_value(block: Block, name: str, value: Value, route: Route) -> Iterator[Found]:
    if name not in NAMES and any(_is_secret(name, text) for text in _given(value)):
        yield route, f"`{name}` holds a secret in plain text"
    if name not in KEPT:
        yield from _within(name, value, route)
    elif not _ignored(block, name):
        yield from _kept(name, value, route)
    yield from _in_texts(name, value, route)


def _kept(name: str, value: Value, route: Route) -> Iterator[Found]:
    """What a secret store is to keep, where that is JSON: as a function makes it, or as a text."""
    if isinstance(value, Call | Object):
        yield from _within(name, value, route, sure=True)
        return
    found = _within(name, _of_json(json_document(value)), route, sure=True)
    yield from ((at, said) for at, said, *_ in found) if isinstance(value, str) else found


def _within(name: str, value: Value, route: Route, deep: bool = False, sure: bool = False) -> Iterator[Found]:
    """What a value has under keys, at its item where it is a list or a mapping. `deep`, `sure`: as `_keys` has them."""
    if isinstance(value, Call) and value.name == "jsonencode" and len(value.args) == 1:
        value = value.args[0]
    parts: list[tuple[int, Value]] = [(-1, value)]
    if isinstance(value, Object):
        parts = [(index, Object((item,))) for index, item in enumerate(value.items)]
    elif isinstance(value, tuple):
        parts = list(enumerate(value))
    for index, part in parts:
        for key in dict.fromkeys(_keys(part, deep or not isinstance(value, Object), sure)):
            said = route, f"`{key}` in `{name}` holds a secret in plain text"
            yield said if index < 0 else (*said, (index, index + 1))


def _keys(value: Value, deep: bool, sure: bool) -> Iterator[str]:
    """The keys in a value under which a secret stands. `deep`: it stands within another, and may say what a secret is called
    elsewhere; `sure`: it does not."""
    if isinstance(value, Object):
        for key, item in value.items:
            if any(_is_secret(key, text) and (sure or not (deep and _names(key, text))) for text in _given(item)):
                yield key
            yield from _keys(item, True, sure)
    elif isinstance(value, Call | tuple):
        for item in value.args if isinstance(value, Call) else value:
            yield from _keys(item, deep, sure)


def _given(value: Value) -> Iterator[str]:
    """The texts that a value may be, as it stands or by what functions are given."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Call):
        for item in value.args[PASSED_ON.get(value.name, len(value.args)) :]:
            yield from _given(item)


def _is_secret(name: str, text: str) -> bool:
    return is_secret(name, text) and not text.startswith("arn:")


def _names(key: str, text: str) -> bool:
    """Whether a text is rather what a secret is called: a word under `secretKey` or `token`, `orders/db-password`."""
    if holds_secret(text):
        return False
    words = re.split(r"[-_./:]", text)
    if len(words) > 1 and any(names_secret(one) for one in words):
        return True
    return not _PASSWORD.search(key) and (bool(CALLED.search(text)) or not any(one.isdigit() for one in text))


def _of_json(data: object) -> Value:
    if isinstance(data, dict):
        return Object(tuple((str(key), _of_json(item)) for key, item in data.items()))
    if isinstance(data, list):
        return tuple(map(_of_json, data))
    return data if isinstance(data, str) else None


def _in_texts(name: str, value: Value, route: Route) -> Iterator[Found]:
    """What stands in templates and scripts, whatever it is called, and what scripts set."""
    before = 0
    for text in texts(value):
        if holds_secret(text):
            start, end = secret_at(text)
            yield route, f"the text of `{name}` holds a secret", (before + start, before + end)
        elif (found := _variable(text)) is not None:
            message = f"`{found['name']}` in the text of `{name}` holds a secret in plain text"
            yield route, message, (before + found.start("name"), before + found.end())
        before += len(text)
    for index, item in enumerate(value if isinstance(value, tuple) else (value,)):
        for text in _given(item):
            said = _of_text(name, text, listed=isinstance(value, tuple))
            if said:
                yield (route, said, (index, index + 1)) if isinstance(value, tuple) else (route, said)


def _of_text(name: str, text: str, listed: bool) -> str:
    """What is said of a plain text, or of one in a list: what is a secret by its form is said of the argument that has it."""
    if holds_secret(text):
        return f"the text of `{name}` holds a secret" if listed else ""
    found = _variable(text)
    return f"`{found['name']}` in the text of `{name}` holds a secret in plain text" if found is not None else ""


def _variable(text: str) -> re.Match[str] | None:
    """The first variable of a script that is set to a secret."""
    for found in _SET.finditer(text) if "=" in text else ():
        name, value = found["name"], found["double"] or found["single"] or found["bare"] or ""
        if is_secret(name, value) and not _names(name, value):
            return found
    return None


def _ignored(block: Block, name: str) -> bool:
    ignored = (one.get("ignore_changes") for one in block.blocks("lifecycle"))
    return any(one in (Expr("all"), "all") or (isinstance(one, tuple) and Expr(name) in one) for one in ignored)
