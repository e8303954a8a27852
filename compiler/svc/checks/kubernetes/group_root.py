"""Group id 0, which owns files of the node and of most images."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, contexts
from svc.kubernetes.types import PODS, Manifest
from svc.tree import items

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, context, who in contexts(manifest):
        for field in ("runAsGroup", "fsGroup"):
            if context.get(field) == 0 and not isinstance(context[field], bool):
                yield (*route, field), f"{who} has {field} 0, the group of root"
        for index, group in enumerate(items(context, "supplementalGroups")):
            if group == 0 and not isinstance(group, bool):
                yield (*route, "supplementalGroups", index), f"{who} is also in group 0, the group of root"
