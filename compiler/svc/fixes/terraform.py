"""Fixes of Terraform: an argument of a block is set."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from svc.diagnostics import Route
from svc.edit.types import Edit, RefusedError
from svc.patterns import regex
from svc.targets.terraform.scan import balanced_end, clean
from svc.targets.terraform.types import Attribute, Block

_INSTEAD = {
    "image_tag_mutability": '"IMMUTABLE"',
    "ssl_policy": '"ELBSecurityPolicy-TLS13-1-2-2021-06"',
    "publicly_accessible": "false",
    "public_network_access_enabled": "false",
    "versioning_configuration.status": '"Enabled"',
    "desync_mitigation_mode": '"defensive"',
    "acl": '"private"',
    "backup_retention_period": "7",
    "snapshot_retention_limit": "7",
    "skip_final_snapshot": "false",
    "network_configuration.assign_public_ip": "false",
    "tracing_config.mode": '"Active"',
    "metadata_options.http_tokens": '"required"',
}


def argument(text: str, block: Block, _route: Route, params: Mapping[str, Any]) -> Edit:
    """What the policy demands of the block's argument."""
    name = str(params["arguments"][block.labels[0]]) if block.labels else ""
    allowed = params.get("allowed", [])
    value = _INSTEAD.get(name) or ("true" if allowed == [True] else "")
    if not value or name.count(".") > 1:
        raise RefusedError("the argument is in a block of its own")
    if name == "skip_final_snapshot" and "final_snapshot_identifier" not in block.attributes:
        raise RefusedError("a `final_snapshot_identifier` has to be chosen too")
    nested, _, name = name.rpartition(".")
    if not nested:
        return _set(text, block, name, value)
    inner = block.blocks(nested)
    if len(inner) > 1 or any(part.type == "dynamic" and part.labels == (nested,) for part in block.blocks()):
        raise RefusedError("there are several such blocks")
    if inner:
        return _set(text, inner[0], name, value)
    return _last(text, block, [f"{nested} {{", f"  {name} = {value}", "}"])


def sensitive(text: str, block: Block, _route: Route, _params: Mapping[str, Any]) -> Edit:
    return _set(text, block, "sensitive", "true")


def rewritten(pattern: str, into: str) -> Callable[[str, Block, Route, Mapping[str, Any]], Edit]:
    """The expression at the finding's route with every match of a pattern in its code put in another way."""

    def fix(text: str, block: Block, route: Route, _params: Mapping[str, Any]) -> Edit:
        start, expression = _expression(text, block, route[len(block.address) :])
        quoted = expression.count('"')
        if quoted and not (quoted == 2 and re.fullmatch(r'"\$\{[^{}]*\}"', expression)):
            raise RefusedError("there are texts in the expression")
        if re.search(r"\.\*(?:\.\w+)*\.\d", expression):
            raise RefusedError("after `.*` a number with a dot means an item of each element: write a[*].b[0]")
        new = re.sub(pattern, into, expression)
        if new == expression:
            raise RefusedError("the expression is written in a way that is not edited")
        return Edit(start, start + len(expression), new)

    return fix


def bare(text: str, block: Block, route: Route, _params: Mapping[str, Any]) -> Edit:
    """`"${var.a}"` as `var.a`, which has been the same since Terraform 0.12."""
    start, expression = _expression(text, block, route[len(block.address) :])
    inner = re.fullmatch(r'"\$\{\s*([^{}]*?)\s*\}"', expression)
    if inner is None:
        raise RefusedError("the expression is written in a way that is not edited")
    return Edit(start, start + len(expression), inner[1])


def _expression(text: str, block: Block, path: Route) -> tuple[int, str]:
    """Where the value of an attribute starts, and the value: one that stands on one line."""
    for name in path[:-1]:
        inner = block.blocks(str(name))
        if len(inner) != 1:
            raise RefusedError("there are several such blocks")
        block = inner[0]
    lines = text.split("\n")
    for part in block.body:
        if isinstance(part, Attribute) and (part.name,) == path[-1:]:
            found = re.match(rf"(.*?(?<![\w.]){re.escape(part.name)}[ \t]*=[ \t]*)([^#\n]*)", lines[part.line - 1])
            value = re.sub(r"[ \t]*//.*|[ \t]+$", "", found[2]) if found and "/*" not in found[2] else ""
            if found and value and value[-1] not in "([{?:&|,":
                return sum(len(line) + 1 for line in lines[: part.line - 1]) + len(found[1]), value
    raise RefusedError("the expression does not stand on one line")


def _set(text: str, block: Block, name: str, value: str) -> Edit:
    lines = text.split("\n")
    for part in block.body:
        if isinstance(part, Attribute) and part.name == name:
            start = sum(len(line) + 1 for line in lines[: part.line - 1])
            found = re.compile(rf"[ \t]*{re.escape(name)}[ \t]*=[ \t]*").match(text, start)
            old = (
                re.compile(r'(?:"[^"\n$%\\]*"|\w+)(?=[ \t]*(?:#|//|\}|$))', re.M).match(text, found.end())
                if found
                else None
            )
            if old is None:
                raise RefusedError("the argument is not a plain value")
            return Edit(old.start(), old.end(), value)
    return _last(text, block, [f"{name} = {value}"])


def _last(text: str, block: Block, added: Sequence[str]) -> Edit:
    """Lines at the end of a block's body, a single one at the end of its arguments, indented and aligned as those
    before them."""
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: block.line - 1])
    head = lines[block.line - 1]
    margin = head[: len(head) - len(head.lstrip())]
    blank = _without_comments(text)
    opening = blank.find("{", start)
    end = balanced_end(blank, opening)
    inner = text[opening + 1 : end - 1]
    if "\n" not in inner:
        if inner.strip():
            raise RefusedError("the block stands on one line")
        return Edit(opening + 1, end - 1, "\n" + "".join(f"{margin}  {one}\n" for one in added) + margin)
    line = text.rfind("\n", 0, end - 1) + 1
    above, below = _arguments_end(block, blank) if len(added) == 1 else (0, [])
    line = above or line
    first = next((lines[part.line - 1] for part in block.body if part.line > block.line), f"{margin}  x")
    pad = first[: len(first) - len(first.lstrip())]
    step = pad.removeprefix(margin)
    before = blank[opening + 1 : line].split("\n")[1:-1]
    new = [re.sub("^  ", lambda _: step, one) for one in added]
    if len(new) == 1:
        new = [*_aligned(new[0], before, pad), *below]
    return Edit(line, line, "".join(f"{pad}{one}\n" if one else "\n" for one in new))


def _arguments_end(block: Block, blank: str) -> tuple[int, list[str]]:
    """Where the arguments end that stand above the blocks within a block, and what comes between: 0 where no block
    follows, or where they stand below them."""
    nested = next((index for index, part in enumerate(block.body) if isinstance(part, Block)), 0)
    if nested == 0 and (not block.blocks() or block.attributes):
        return 0, []
    lines = blank.split("\n")
    line = block.body[nested].line - 1
    if nested == 0:
        return sum(len(one) + 1 for one in lines[: block.line]), [""]
    while not lines[line - 1].strip():
        line -= 1
    return sum(len(one) + 1 for one in lines[:line]), []


_ARGUMENT = regex(r"[ \t]*\w[\w-]*[ \t]*=(?![=>]).*[^\s({\[][ \t]*")
"""An argument that does not go on on the next line."""


def _aligned(argument: str, before: Sequence[str], pad: str) -> list[str]:
    """An argument as `terraform fmt` puts it below lines that are in its form: a longer name starts a group of its own."""
    group = list(takewhile(_ARGUMENT.fullmatch, reversed(before)))
    columns = {line.index("=") for line in group}
    if len(columns) != 1 or not group[0].startswith(pad + group[0].strip()):
        return [argument]
    name, _, value = argument.partition(" = ")
    width = columns.pop() - len(pad) - 1
    return [f"{name:{width}} = {value}"] if len(name) <= width else ["", argument]


def _without_comments(text: str) -> str:
    """The text with comments blanked out, every other character at its place."""
    pairs = zip(clean(text).split("\n"), text.split("\n"), strict=True)
    return "\n".join(bare.ljust(len(line)) for bare, line in pairs)
