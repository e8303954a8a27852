"""A Windows container that is a process of its host."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, contexts, is_true
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, context, who in contexts(manifest):
        if is_true(mapping(context, "windowsOptions").get("hostProcess")):
            yield (*route, "windowsOptions", "hostProcess"), f"{who} is a process of the Windows host"
