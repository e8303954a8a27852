"""The container can write to its own root file system."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, context_route, is_windows, name
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if is_windows(manifest):
        return
    for route, container in manifest.containers():
        context = mapping(container, "securityContext")
        if context.get("readOnlyRootFilesystem") is not True:
            said = (
                (*route, "securityContext", "readOnlyRootFilesystem") if "readOnlyRootFilesystem" in context else None
            )
            yield said or context_route(route, container), f"{name(container)} can write to its root file system"
