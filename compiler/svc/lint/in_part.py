"""What may be said of files that can be read in part only, and of objects beside what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import lru_cache

from svc.diagnostics import Diagnostic, Route
from svc.policy.types import Finding, Policy
from svc.targets.protocol import Subject

_OF_WHAT_IS_THERE = frozenset(
    {
        "autoscaled_replicas",
        "autoscaled_twice",
        "disruption_room",
        "duplicate_host",
        "duplicate_node_port",
        "object_twice",
        "service_circle",
    }
)
"""Checks of several objects that conclude nothing from one that is missing."""
_OF_ONE_VALUE = ("yaml-duplicate-key", "yaml-unknown-tag")


def counting(
    found: Sequence[Finding], diagnostics: Sequence[Diagnostic], policies: Sequence[Policy], parts: Set[int]
) -> list[Finding]:
    """The findings without those that what is doubtful, or what cannot be read, may refute. `parts`: the subjects, by
    identity, beside which there would be others."""
    found = [one for one in found if not one.subject.doubtful or not _doubtful(one)]
    unread = {_folder(one.place.file) for one in diagnostics if _hides_objects(one)}
    if not unread and not parts:
        return found
    concluding = {one.id for one in policies if one.surface == "across" and one.check not in _OF_WHAT_IS_THERE}

    def hidden(subject: Subject) -> bool:
        return _folder(subject.key) in unread or id(subject) in parts

    return [one for one in found if one.policy not in concluding or not hidden(one.subject)]


def unedited(diagnostics: Sequence[Diagnostic]) -> frozenset[str]:
    """The files that no fix edits, since they are not read as a whole."""
    return frozenset([one.place.file for one in diagnostics if one.id.startswith(("yaml-", "terraform-syntax"))])


def _doubtful(finding: Finding) -> bool:
    """Whether a finding is about what is doubtful, or about what that is a part of."""
    mine, doubtful = finding.route, finding.subject.doubtful
    return mine in _above(doubtful) or any(mine[:length] in doubtful for length in range(len(mine) + 1))


@lru_cache(maxsize=1)
def _above(doubtful: frozenset[Route]) -> frozenset[Route]:
    """What is doubtful, and all that it is a part of."""
    return frozenset([route[:length] for route in doubtful for length in range(len(route) + 1)])


def _hides_objects(one: Diagnostic) -> bool:
    return one.id.startswith("yaml-") and one.id not in _OF_ONE_VALUE


def _folder(name: str) -> str:
    return name.rpartition("/")[0]
