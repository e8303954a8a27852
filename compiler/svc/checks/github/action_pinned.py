"""An action or reusable workflow by a tag or branch, which its owner, or who takes over the account, can move."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.records import dataclass
from svc.targets.github.types import Workflow


@dataclass(frozen=True, slots=True)
class Params:
    trusted: tuple[str, ...] = ()


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for uses in workflow.uses:
        if uses.pinned or uses.kind == "docker" or any(uses.name.startswith(f"{owner}/") for owner in params.trusted):
            continue
        ref = f"floats with `{uses.ref}`" if uses.ref else "names no version"
        yield uses.route, f"`{uses.name}` {ref}; only a commit stays what was reviewed"
