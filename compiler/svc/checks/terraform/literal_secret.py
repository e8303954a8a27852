"""A secret stands in the text: an argument, a default or a provider's key."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._secrets import holds_secret, is_secret, secret_at
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.targets.terraform.references import texts
from svc.targets.terraform.types import Block, Call, Expr, Module, Object, Value

APART = True

NAMES = ("secret", "credentials", "token")
"""Arguments that as often name a secret as hold one."""
KEPT = ("secret_string", "secret_data", "data_json")
"""Arguments that hold what a secret store is to keep."""


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        if block.type == "variable" and block.labels:
            default = block.get("default")
            if isinstance(default, str) and is_secret(block.labels[0], default):
                yield (*block.address, "default"), f"the default of variable `{block.labels[0]}` is a secret"
            continue
        if block.type in ("resource", "data", "provider", "module", "locals"):
            yield from _in_block(block, block.address)


def _in_block(block: Block, route: Route) -> Iterator[Found]:
    for name, value in block.attributes.items():
        yield from _in_value(block, name, value, (*route, name))
    counts: dict[str, int] = {}
    for nested in block.blocks():
        index = counts.get(nested.type, 0)
        counts[nested.type] = index + 1
        yield from _in_block(nested, (*route, nested.type, index))


def _in_value(block: Block, name: str, value: Value, route: Route) -> Iterator[Found]:
    if isinstance(value, str) and name not in NAMES and is_secret(name, value) and not value.startswith("arn:"):
        yield route, f"`{name}` holds a secret in plain text"
    for index, (key, item) in enumerate(_items(block, name, value)):
        if isinstance(item, str) and is_secret(key, item) and not item.startswith("arn:"):
            yield route, f"`{key}` in `{name}` holds a secret in plain text", (index, index + 1)
    if isinstance(value, Expr | Call):
        before = 0
        for text in texts(value):
            if holds_secret(text):
                start, end = secret_at(text)
                yield route, f"the text of `{name}` holds a secret", (before + start, before + end)
            before += len(text)


def _items(block: Block, name: str, value: Value) -> tuple[tuple[str, Value], ...]:
    """The keys of a mapping, and of one that becomes the JSON of a secret: unless it is filled in elsewhere, later."""
    if name in KEPT and isinstance(value, Call) and value.name == "jsonencode" and not _ignored(block, name):
        value = value.args[0] if value.args else None
    return value.items if isinstance(value, Object) else ()


def _ignored(block: Block, name: str) -> bool:
    ignored = (one.get("ignore_changes") for one in block.blocks("lifecycle"))
    return any(one in (Expr("all"), "all") or (isinstance(one, tuple) and Expr(name) in one) for one in ignored)
