"""A label that no runner has any more, or that looks like one of GitHub's."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.records import dataclass
from svc.suggest import close
from svc.targets.github.types import Workflow
from svc.workflows.names import HOSTED, RETIRED, runners

_LATEST = frozenset(
    f"{name}-latest" for name in ("alpine", "centos", "debian", "fedora", "linux", "mac", "osx", "rhel", "win")
)
"""Systems that people take for GitHub's."""


@dataclass(frozen=True, slots=True)
class Params:
    retired: bool = True


def check(workflow: Workflow, params: Params) -> Iterator[Found]:
    for job in workflow.jobs:
        found = list(runners(job.data, job.route))
        own = isinstance(job.data.get("runs-on"), dict) or any(label.lower() == "self-hosted" for _, label in found)
        for route, label in found:
            if params.retired and label.lower() in RETIRED and not own:
                yield route, f"GitHub has no runner `{label}` any more"
            elif not params.retired and not own and label.lower() not in HOSTED | RETIRED:
                if label.lower() in _LATEST:
                    yield route, f"GitHub has no runner `{label}`; its systems are ubuntu, macos and windows"
                    continue
                near = close(label, [one for one in HOSTED if one[:3] == label[:3].lower()])
                if near and _typo(label.lower(), near):
                    yield route, f"GitHub has no runner `{label}`; did you mean `{near}`?"


def _typo(label: str, near: str) -> bool:
    """The letters of one of GitHub's, or an operating system's version that it does not have; not a name of one's own."""
    system, _, version = near.partition("-")
    if version == "latest" and label.startswith(f"{system}-") and close(label[len(system) + 1 :], ("latest",), 0.8):
        return True
    if sorted(label) == sorted(near) or (abs(len(label) - len(near)) <= 1 and not label.startswith(f"{system}-")):
        return True
    if len(label) == len(near) and sum(one != other for one, other in zip(label, near, strict=True)) <= 1:
        return True
    return label.startswith(f"{system}-") and label[len(system) + 1 :].replace(".", "").isdigit()
