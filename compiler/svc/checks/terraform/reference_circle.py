"""Resources, data sources and local values that are made of one another in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.diagnostics import Route
from svc.targets.terraform.override import merged
from svc.targets.terraform.references import NAMING, attributes, bound, looped, texts, within
from svc.targets.terraform.types import PROVIDED, Block, Module, noted

_AFTERWARDS = frozenset({"connection", "lifecycle", "provisioner"})
"""Blocks of a resource that may name it, since they are read when it is there."""
Edges = Mapping[str, Mapping[str, Route]]
"""What each is made of, and where that is said."""


def check(module: Module, _: Params) -> Iterator[Found]:
    """What passes through a module that is called, or through a provider, is not followed."""
    edges: dict[str, dict[str, Route]] = {}
    for blocks in merged(module).values():
        for block in blocks:
            for name, made in _made(block).items():
                edges.setdefault(name, {}).update(made)
    for circle in _circles(edges):
        shown = " → ".join(f"`{one}`" for one in (*circle, circle[0]))
        itself = f"`{circle[0]}` is made of itself"
        yield edges[circle[0]][circle[1 % len(circle)]], itself if len(circle) == 1 else f"{itself}: {shown}"


@noted
def _made(block: Block) -> Edges:
    """What a block declares, each with what it refers to."""
    if block.type == "locals":
        return {f"local.{route[-1]}": found for route, found in _of_locals(block)}
    if block.type not in PROVIDED or len(block.labels) != 2:
        return {}
    name = block.own_name
    given = bound(block)
    found: dict[str, Route] = {}
    for route, text in block.expressions:
        if route[-1] not in NAMING:
            for one in _referred(text, given):
                if one != name or route[len(block.address)] not in _AFTERWARDS:
                    found.setdefault(one, (*route, one))
    return {name: found}


def _of_locals(block: Block) -> Iterator[tuple[Route, dict[str, Route]]]:
    for _, part, route in attributes(block, block.address):
        found = {one: (*route, one) for text in texts(part.value) for one in _referred(text, frozenset())}
        yield route, found


def _referred(text: str, given: frozenset[str]) -> Iterator[str]:
    names = given | looped(text)
    for first, second, third in within(text):
        if first in names:
            continue
        yield f"{first}.{second}.{third}" if first in ("data", "ephemeral") else f"{first}.{second}"


def _circles(edges: Edges) -> Iterator[list[str]]:
    """Ways from a name back to itself that share none of their names; each name is gone through once."""
    settled: set[str] = set()
    told: set[str] = set()
    path: dict[str, Iterator[str]] = {}
    for start in edges:
        path.update({} if start in settled else {start: iter(edges[start])})
        while path:
            name, others = next(reversed(path.items()))
            after = next((one for one in others if one in edges and one not in settled), None)
            if after is None:
                settled.add(name)
                del path[name]
            elif after not in path:
                path[after] = iter(edges[after])
            elif after not in told:
                circle = _since(after, path)
                if told.isdisjoint(circle):
                    told.update(circle)
                    yield circle


def _since(name: str, path: dict[str, Iterator[str]]) -> list[str]:
    """What a path has from a name on."""
    found: list[str] = []
    for one in reversed(path):
        found.append(one)
        if one == name:
            break
    return found[::-1]
