"""A role allows something that amounts to more than it says.

A rule counts when it has one of `groups`, one of `resources` and one of `verbs`; `*` in the role matches all.
"""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, quoted
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.tree import items, mappings


@dataclass(frozen=True, slots=True)
class Params:
    resources: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


KINDS = frozenset({"Role", "ClusterRole"})


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.kind not in ("Role", "ClusterRole"):
        return
    for index, rule in mappings(manifest.tree.data, "rules"):
        if items(rule, "resourceNames"):
            continue
        resources = _matching(items(rule, "resources"), params.resources)
        verbs = _matching(items(rule, "verbs"), params.verbs)
        if resources and verbs:
            yield ("rules", index), f"the rule allows {quoted(verbs)} on {quoted(resources)}"


def _matching(had: list[object], bad: tuple[str, ...]) -> list[object]:
    return [one for one in had if one in bad]
