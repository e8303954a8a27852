"""A word without quotes where a text is meant: Terraform takes it for the name of a resource."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.patterns import regex
from svc.targets.terraform.references import NAMING, attributes, bound, inside
from svc.targets.terraform.scan import NAME
from svc.targets.terraform.types import Attribute, Block, Expr, Module, Value

APART = True
_WORD = regex(NAME)
_KINDS = frozenset({"resource", "data", "ephemeral", "locals", "output", "module", "provider", "variable"})
_OF_THE_LANGUAGE = frozenset(
    {"each", "count", "self", "path", "var", "local", "module", "data", "terraform", "ephemeral"}
)
_TAKE_WORDS = {
    "variable": ("type",),
    "output": ("type",),
    "dynamic": ("iterator",),
    "provisioner": ("when", "on_failure"),
    "action_trigger": ("events", "actions"),
}
"""Arguments of certain blocks whose values are words."""
_CONVERT = "convert"
"""A function that is given a type."""
_SAME = {"yes": "true", "on": "true", "no": "false", "off": "false", "none": "null", "nil": "null", "undefined": "null"}
_SAME |= {one: one for one in ("true", "false", "null")}


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        if block.type not in _KINDS:
            continue
        given = bound(block) | _OF_THE_LANGUAGE
        for owner, part, route in attributes(block, block.address):
            for word in () if _takes_words(owner, part) else dict.fromkeys(_words(part.value)):
                if word not in given:
                    instead = _SAME.get(word.lower(), f'"{word}"')
                    yield route, f"`{word}` is a word without quotes: write `{instead}`"


def _takes_words(owner: Block, part: Attribute) -> bool:
    return part.name in NAMING or part.name in _TAKE_WORDS.get(owner.type, ())


def _words(value: Value) -> Iterator[str]:
    for one in inside(value, (_CONVERT,)):
        if isinstance(one, Expr) and _WORD.fullmatch(one.text):
            yield one.text
