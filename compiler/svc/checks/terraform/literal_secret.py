"""A secret stands in the text: an argument, a default or a provider's key."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._secrets import is_secret
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.targets.terraform.types import Block, Module, Object

APART = True

NAMES = ("secret", "credentials", "token")
"""Arguments that as often name a secret as hold one."""


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
        if isinstance(value, str) and name not in NAMES and is_secret(name, value) and not value.startswith("arn:"):
            yield (*route, name), f"`{name}` holds a secret in plain text"
        for index, (key, item) in enumerate(value.items if isinstance(value, Object) else ()):
            if isinstance(item, str) and is_secret(key, item) and not item.startswith("arn:"):
                yield (*route, name), f"`{key}` in `{name}` holds a secret in plain text", (index, index + 1)
    counts: dict[str, int] = {}
    for nested in block.blocks():
        index = counts.get(nested.type, 0)
        counts[nested.type] = index + 1
        yield from _in_block(nested, (*route, nested.type, index))
