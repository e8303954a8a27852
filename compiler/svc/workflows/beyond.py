"""What a workflow calls in its own repository: other workflows, and actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from svc.records import dataclass

OWN = ("./", "$/")
"""A file of this repository: in the workspace, or at the commit that runs."""
Lookup = Callable[[str], Mapping[str, Any] | None]
"""The data of a workflow, or of an action's own file, by its path from the root; None for one that was not read."""


def _unread(_: str) -> Mapping[str, Any] | None:
    return None


def _unknown(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Beyond:
    """`missing`: whether it is known that the repository has no such file; `judged`: whether data is in the same run."""

    workflow: Lookup = _unread
    action: Lookup = _unread
    missing: Callable[[str], bool] = _unknown
    judged: Callable[[object], bool] = lambda _: False


ALONE = Beyond()


def path(uses: str) -> str:
    """The path from the root of what `uses` names in this repository; "" for what is elsewhere."""
    return uses[2:].removeprefix("./").rstrip("/") if uses.startswith(OWN) else ""
