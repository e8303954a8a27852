"""An argument, a block or a name that Terraform or the provider demands, and that is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._arguments import Body, advised, meant, overridden, told
from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.language import LABELS
from svc.targets.terraform.override import is_override
from svc.targets.terraform.types import Module

_TEXTS = {"string": "a text", "number": "a number", "bool": "true or false"}
_KINDS = {**_TEXTS, "list": "a list", "set": "a list", "map": "a mapping"}


def check(module: Module, _: Params) -> Iterator[Found]:
    """Silent where a file that was not read may complete the module, or the provider is of a version we have no table of."""
    if not module.whole:
        return
    later = overridden(module)
    above = {id(block) for file, blocks in module.files.items() if is_override(file) for block in blocks}
    for body, name, message in told(module, _found):
        top = body.route == body.block.address
        if not (top and (id(body.block) in above or name in later.get(body.route, ()))):
            yield body.route, message
    for block in module.blocks():
        wanted = LABELS.get(block.type, ())
        if len(block.labels) < len(wanted):
            lacking = wanted[len(block.labels)]
            yield (
                block.address,
                f"`{' '.join((block.type, *block.labels))}` has no {lacking}: {_shown(block.type, (*block.labels, *wanted[len(block.labels) :]))}",
            )


def _found(body: Body) -> Sequence[tuple[Body, str, str]]:
    if body.block.type == "dynamic" and not body.block.labels:
        return ((body, "", f'`{body.where}` has no name: write `dynamic "name" {{`'),)
    present = body.present
    attributes, nested = body.schema.get("attributes", {}), body.schema.get("block_types", {})
    missing = [(name, f"`{name}`{_kind(one.get('type'))}") for name, one in attributes.items() if one.get("required")]
    missing += [(name, f"the block `{name}`") for name, one in nested.items() if one.get("min_items")]
    slips = {meant(name, body) for name in present - body.known} if not body.open else set()
    if not (body.open or body.provided):
        slips.update(one for name in present - body.known for one in advised(name, body))
    return tuple(
        (body, name, f"`{body.where}` lacks {shown}")
        for name, shown in missing
        if name not in present and name not in slips
    )


def _kind(type_: Any) -> str:
    """What is written there, as far as the type says it."""
    shown = _KINDS.get(type_[0] if isinstance(type_, list) else type_)
    return f" ({shown})" if shown else ""


def _shown(type_: str, wanted: Sequence[str]) -> str:
    return f"write `{type_} {' '.join(f'{chr(34)}{one}{chr(34)}' for one in wanted)} {{`"
