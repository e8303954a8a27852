"""A call of a function that neither Terraform nor OpenTofu has, with a name like one of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from svc.checks._functions import NAMES, calling
from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.patterns import regex
from svc.suggest import close
from svc.targets.terraform.references import TRIED, certain, inside
from svc.targets.terraform.scan import TerraformError
from svc.targets.terraform.types import Call, Expr, Module, Value

APART = True
_CONVERT = "convert"
_TYPES = frozenset({"set", "list", "map", "tuple", "object", "optional", "any", "number", "string", "bool"})
"""What types look like that `convert` is given."""
_WORDS = frozenset({"if", "in", "for", "else", "endif", "endfor"})
_CALL = regex(r"(?<![\w.:-])([A-Za-z_][A-Za-z0-9_]*)\(")
"""Functions of providers have a `::` before their name."""
_REMOVED = {"list": "tolist([...])", "map": "tomap({...})"}
"""What Terraform 0.15 took out -> what it says to write instead."""


def check(module: Module, _: Params) -> Iterator[Found]:
    for route, value in calling(module):
        called = dict.fromkeys(_called(value))
        types = _TYPES if _CONVERT in called else ()
        for name in called:
            if name in _WORDS or name in types:
                continue
            if name in _REMOVED:
                message = f"Terraform has `{name}` no more since 0.15; write `{_REMOVED[name]}`"
                yield (*route, f"{name}()"), message
            elif name not in NAMES and (meant := close(name, NAMES)):
                yield (*route, f"{name}()"), f"there is no function `{name}`; did you mean `{meant}`?"


def _called(value: Value) -> Iterator[str]:
    """The names of all functions that a value calls, but for what `try` and `can` are given, which may fail."""
    for one in inside(value, TRIED, keys=True):
        match one:
            case Expr():
                with suppress(TerraformError):
                    yield from _CALL.findall(certain(one.text))
            case Call():
                yield one.name
