"""A policy of AWS that AWS refuses: no JSON, a key that statements do not have, an effect that is none.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, resources, statements
from svc.diagnostics import Route, Within
from svc.patterns import regex
from svc.suggest import close
from svc.targets.terraform.types import Block, Expr, Module, Value

_OURS = "aws_"
_KEYS = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
_KNOWN = frozenset(one.lower() for one in _KEYS)
_EFFECTS = ("Allow", "Deny")
_FILLED = regex(r"\$\{[^{}]*\}", needs=("${",))
_PUT_IN = "\ue000"
_QUOTED = regex(r'"(?:[^"\\]|\\.)*"')
_LOOSE = regex(rf"[^:\[\s]\s*{_PUT_IN}|{_PUT_IN}\s*[^,\]}}\s]", needs=(_PUT_IN,))
"""What is put in where it may be more or less than one value, such as an item with its comma, or nothing."""


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in resources(module):
        if block.labels[0].startswith(_OURS):
            yield from _no_json(block)
    for route, within, statement in statements(module):
        if route[0] == "resource" and str(route[1]).startswith(_OURS):
            yield from _statement(route, within, statement)


def _no_json(block: Block) -> Iterator[Found]:
    for name, value in block.attributes.items():
        text = _text(value).lstrip() if name == "policy" or name.endswith("_policy") else ""
        marked = _FILLED.sub(_PUT_IN, text)
        if not text.startswith("{") or "${" in marked or "%{" in marked or _LOOSE.search(_QUOTED.sub('""', marked)):
            continue
        filled = marked.replace(_PUT_IN, "0")
        try:
            json.loads(filled, strict=False)
        except json.JSONDecodeError as error:
            yield (*block.address, name), f"`{name}` is no JSON: {_wrong(filled, error)}"
        except RecursionError:
            continue


def _wrong(text: str, error: json.JSONDecodeError) -> str:
    """What is wrong; versions of Python have other words and places for a comma too many."""
    if text.startswith(",", error.pos) or text[: error.pos].rstrip().endswith(","):
        at = error.pos if text.startswith(",", error.pos) else text.rindex(",", 0, error.pos)
        return f"a comma with nothing behind it, in its line {text.count(chr(10), 0, at) + 1}"
    return f"{error.msg}, in its line {error.lineno}"


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Expr) and value.text.startswith("<<"):
        return value.text.partition("\n")[2].rpartition("\n")[0]
    return ""


def _statement(route: Route, within: Within, statement: Mapping[str, Any]) -> Iterator[Found]:
    known = [one for one in statement if not one.startswith("(") and "${" not in one]
    for key in known:
        if key.lower() not in _KNOWN:
            meant = close(key, _KEYS)
            instead = f"; did you mean `{meant}`?" if meant else f", which has {', '.join(f'`{one}`' for one in _KEYS)}"
            yield route, f"there is no `{key}` in a statement{instead}", within
    effect = statement.get("Effect")
    if isinstance(effect, str) and effect not in _EFFECTS and not effect.startswith("${"):
        yield route, f"the effect is `{effect}`, and has to be `Allow` or `Deny`, in these letters", within
    elif len(known) == len(statement) and not _is_said(known, "Effect"):
        yield route, "the statement has no `Effect`: write `Allow` or `Deny`", within


def _is_said(keys: list[str], key: str) -> bool:
    """Whether a key is there, or another one that is meant for it."""
    return any(one.lower() == key.lower() for one in keys) or any(close(one, (key,)) for one in keys)
