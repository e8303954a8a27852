"""Something simple that is written so that it is hard to see what it is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from svc.checks._expressions import expressions, nodes, tree
from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow
from svc.workflows.nodes import Binary, Call, Index, Literal, Name, Node, Not, children, walk
from svc.workflows.places import HASH, STATUS, Room
from svc.workflows.typing import Reading

_RUN = frozenset(("always", "cancelled", "failure", "hashfiles", "success"))
"""Functions whose value the run decides."""


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    for uses in workflow.uses:
        if uses.kind == "action" and {"", ".", ".."} & set(uses.name.split("/")):
            yield uses.route, f"`{uses.name}` has parts that mean nothing"
    for step in workflow.steps:
        if isinstance(step.data.get("with"), str):
            yield (*step.route, "with"), "all inputs come out of one expression, so that nobody can see them"
    for route, text in workflow.templated:
        for one in expressions(text):
            what = _same(one.text)
            if what:
                yield route, f"{what}`{one.text}` is always the same: write what it gives".lstrip(), one.within


@lru_cache(maxsize=2048)
def _same(expression: str) -> str:
    """What of an expression is always the same: " " for all of it, "" for nothing."""
    node = tree(expression)
    if node is None:
        return ""
    if not (isinstance(node, Literal) and "{" in str(node.value)) and _constant(node):
        return " "
    return "a part of " if any(_folded(one) for one in nodes(expression)) else ""


def _constant(node: Node) -> bool:
    return not any(isinstance(one, Name) or (isinstance(one, Call) and _decided(one)) for one in walk(node))


def _decided(call: Call) -> bool:
    """Whether the run decides what a function gives, or nobody does: it is said elsewhere that it gives nothing."""
    reading = Reading(Room((), (*STATUS, *HASH)), {})
    reading.kind(call)
    return call.name in _RUN or bool(reading.faults)


def _folded(node: Node) -> bool:
    """A function or an index that is given texts and numbers alone; a list or a mapping within an expression can be written
    in no other way."""
    if isinstance(node, Call) and node.name == "fromjson" and all(_listing(one) for one in node.args):
        return False
    if isinstance(node, Index):
        return not isinstance(node.index, Literal) and _constant(node.index)
    return isinstance(node, Call | Binary | Not) and bool(children(node)) and _constant(node)


def _listing(node: Node) -> bool:
    return isinstance(node, Literal) and str(node.value).lstrip()[:1] in ("[", "{")
