"""A reference to a resource or module that there is several times, as if it were one, or the other way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.terraform.known import keys
from svc.targets.terraform.override import merged
from svc.targets.terraform.references import ELSEWHERE, NAMING, bound, certain, code, expressions, looped
from svc.targets.terraform.scan import NAME, TerraformError
from svc.targets.terraform.types import REPEATED, Block, Module, noted

_INDEX = r"\s*\[\s*[0-9]+\s*\]|\.[0-9]+|\s*\[\s*count\.index\s*\]"
_NAMED = regex(
    rf"(?<![\w.])(?<![\w-]-)((?:data\.|ephemeral\.)?{NAME}\.{NAME})(?:({_INDEX})|(\s*\[\s*\" *\"\s*\])|\.({NAME}))?"
)
"""A resource with an index, with a key, or with an attribute. Where there is one, any other index may be an attribute's name,
as a key of a module may be an output's."""
_MODULE = "module."
_REPEATING = ("count", "for_each")
_NAMES = NAMING | {"replace_triggered_by", "depends_on"}


def check(module: Module, _: Params) -> Iterator[Found]:
    if not module.whole:
        return
    blocks = [block for several in merged(module).values() for block in several]
    repeated = dict(_repeated(block) for block in blocks if block.type in REPEATED and block.labels)
    said: set[tuple[str, str]] = set()
    for block in module.blocks():
        for route, address, attribute in _referred(block):
            by = repeated.get(address)
            if by is None or bool(by) is not bool(attribute) or (address, attribute) in said:
                continue
            if by == "for_each" and address.startswith(_MODULE) and attribute in _keys(module, blocks, address):
                continue
            said.add((address, attribute))
            yield (*route, f"{address}.{attribute}" if attribute else address), _message(address, attribute, by)


def _repeated(block: Block) -> tuple[str, str]:
    """How a block is called, and what says how often it is there; empty where it is there once."""
    return block.own_name, next((one for one in _REPEATING if one in block.attributes), "")


def _keys(module: Module, blocks: Sequence[Block], address: str) -> frozenset[str]:
    """Of the instances of a module that is called: a key may be written as an attribute is."""
    return next((keys(module, one) for one in blocks if one.own_name == address), frozenset())


def _message(address: str, attribute: str, by: str) -> str:
    if not by:
        return f"`{address}` has neither `count` nor `for_each`: there is one, which has no index"
    index = "0" if by == "count" else '"key"'
    return f"`{address}` has `{by}`: write `{address}[{index}].{attribute}` for one of them, " + (
        f"`{address}[*].{attribute}` for all" if by == "count" else f"`values({address})[*].{attribute}` for all"
    )


@noted
def _referred(block: Block) -> tuple[tuple[Route, str, str], ...]:
    """What a block refers to: where, the address, and the attribute; with an index, none."""
    return () if block.type in ELSEWHERE else tuple(_in_block(block))


def _in_block(block: Block) -> Iterator[tuple[Route, str, str]]:
    """Of a module, what `try` and `can` are given is not known before it is tried."""
    given = bound(block)
    for route, text in block.expressions:
        yield from ((route, *one) for one in _in_text(route, text, given, code) if not one[0].startswith(_MODULE))
    if any(_MODULE in text for _, text in block.expressions):
        for route, text in expressions(block, block.address, tried=False):
            yield from ((route, *one) for one in _in_text(route, text, given, certain) if one[0].startswith(_MODULE))


def _in_text(route: Route, text: str, given: frozenset[str], read: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    if route[-1] in _NAMES or "." not in text:
        return
    names = given | looped(text)
    try:
        found = tuple(_NAMED.finditer(read(text)))
    except TerraformError:
        return
    for one in found:
        keyed = one[3] and not one[1].startswith(_MODULE)
        if (one[2] or keyed or one[4]) and one[1].partition(".")[0] not in names:
            yield one[1], one[4] or ""
