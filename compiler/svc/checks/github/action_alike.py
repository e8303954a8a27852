"""An action whose name is one letter away from a well-known one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow
from svc.workflows.contexts import popular


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    names = [uses for uses in workflow.uses if uses.kind == "action" and uses.name.count("/") >= 1]
    known, owners = _known() if names else (frozenset(), frozenset())
    for uses in names:
        owner, name = uses.name.lower().split("/")[:2]
        if f"{owner}/{name}" in known:
            continue
        meant = _sibling(owner, name) if owner in owners else _meant(owner, name)
        if meant:
            yield uses.route, f"`{owner}/{name}` is not `{meant}`, although it looks like it"


@lru_cache(maxsize=1024)
def _meant(owner: str, name: str) -> str:
    """The well-known action that was probably meant."""
    alike = (one for one in sorted(_known()[0]) if one.endswith(f"/{name}") and _slip(owner, one.partition("/")[0]))
    return next(alike, "")


@lru_cache(maxsize=1024)
def _sibling(owner: str, name: str) -> str:
    """The well-known action of the same owner that was probably meant; in names that differ by a number, nothing is misspelt."""
    siblings = (one for one in sorted(_known()[0]) if one.startswith(f"{owner}/"))
    words = ((one, one.partition("/")[2]) for one in siblings)
    return next((one for one, other in words if _slip(name, other) and _letters(name) != _letters(other)), "")


def _letters(name: str) -> str:
    return "".join(one for one in name if one.isalpha())


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """The well-known actions, and their owners."""
    known = frozenset("/".join(spec.partition("@")[0].split("/")[:2]) for spec in popular()["actions"])
    return known, frozenset(one.partition("/")[0] for one in known)


def _slip(one: str, other: str) -> bool:
    """Whether a letter more, less, other or exchanged makes one of the other."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[1:2] + a[:1] == b[:2] and a[2:] == b[2:])
