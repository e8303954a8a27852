"""A version constraint that Terraform cannot read.

https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.terraform.types import Block, Module, Object, Value

APART = True
_PART = regex(
    r"\s*(?:~>|!=|[<>]=?|=)?\s*v?[0-9]+(?:\.[0-9]+)*(?:-?[0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*)?(?:\+[0-9A-Za-z~.-]+)?\s*"
)
_TURNED = regex(r"\s*(=[<>]|>~|=~)(.*)")
_CARET = regex(r"\s*[\^~]\s*([0-9].*)")
_ANY = regex(r"\s*[=~>]*\s*v?([0-9]+(?:\.[0-9]+)*)\.[xX*](?:\.[xX*])*\s*")
_APART = regex(r"(?<=[0-9A-Za-z])\s+(?=[<>=!~])")
_TURNED_BACK = {"=>": ">=", "=<": "<=", ">~": "~>", "=~": "~>"}


def about(_: Params) -> Iterable[str]:
    return ("terraform", "module", "provider")


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks():
        for route, value in _constraints(block):
            parts = value.split(",") if isinstance(value, str) else ()
            wrong = next((one for one in parts if not _PART.fullmatch(one)), None)
            if wrong is not None:
                yield route, f"`{wrong.strip()}` is no version constraint{_instead(wrong)}"


def _constraints(block: Block) -> Iterator[tuple[Route, Value]]:
    if block.type == "terraform":
        yield (*block.address, "required_version"), block.get("required_version")
        for one in block.blocks("required_providers"):
            for name, value in one.attributes.items():
                yield (
                    (*block.address, "required_providers", name),
                    value.get("version") if isinstance(value, Object) else value,
                )
    elif block.type in ("module", "provider"):
        yield (*block.address, "version"), block.get("version")


def _instead(part: str) -> str:
    if (turned := _TURNED.fullmatch(part)) is not None:
        return f"; write `{_TURNED_BACK[turned[1]]} {turned[2].strip()}`"
    if (caret := _CARET.fullmatch(part)) is not None:
        return f"; write `~> {caret[1].strip()}`"
    if (open_ := _ANY.fullmatch(part)) is not None:
        return f"; write `~> {open_[1]}.0`"
    if _APART.search(part.strip()):
        return f"; write `{_APART.sub(', ', part.strip())}`"
    return "; write nothing for any" if part.strip() in ("", "*", "latest") else ""
