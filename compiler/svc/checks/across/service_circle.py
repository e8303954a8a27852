"""Services that call one another in a circle, or of which each waits until the next one is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found
from svc.records import dataclass
from svc.targets.protocol import Subject

Edge = tuple[Subject, int]
"""A service and the index of one of its `calls`."""


@dataclass(frozen=True, slots=True)
class Params:
    waiting: bool = False
    """Only what has to be there first: for a job before the deploy, or a step before the start."""


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    for edges in around(subjects, waiting=params.waiting):
        subject, index = edges[0]
        yield subject, ("calls", index), message(edges, waiting=params.waiting)


def around(subjects: Sequence[Subject], *, waiting: bool) -> Iterator[tuple[Edge, ...]]:
    """The circles, each as its calls in order: those in which all wait, or the others.

    A service may always use its own address, except before it is there.
    """
    edges: dict[str, dict[str, Edge]] = {}
    firm: set[tuple[str, str]] = set()
    for subject in subjects:
        if subject.surface == "service":
            data = subject.artifact.tree.data
            for index, call in enumerate(data.get("calls") or ()):
                own = call["service"] == data["name"]
                if call["waits"]:
                    firm.add((data["name"], call["service"]))
                if (call["waits"] or not waiting) and (waiting or not own):
                    edges.setdefault(data["name"], {}).setdefault(call["service"], (subject, index))
    if not edges:
        return
    from svc.resolve.circles import circles

    for circle in circles({name: list(called) for name, called in edges.items()}):
        pairs = list(zip(circle, (*circle[1:], circle[0]), strict=True))
        if waiting or not firm.issuperset(pairs):
            yield tuple(edges[one][other] for one, other in pairs)


def message(edges: Sequence[Edge], *, waiting: bool) -> str:
    names = [subject.artifact.tree.data["name"] for subject, _ in edges]
    path = " -> ".join([*names, names[0]])
    if not waiting:
        return f"services call one another: {path}"
    if len(names) == 1:
        return f"`{names[0]}` has to be there before it is deployed or started: {path}"
    return f"each of these waits until the next one is there, so none can be the first: {path}"
