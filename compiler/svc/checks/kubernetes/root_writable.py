"""The container can write to its own root file system."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._pods import Found, context_route, is_windows, mapping, name
from svc.kubernetes.types import PODS, Manifest

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if is_windows(manifest):
        return
    for route, container in manifest.containers():
        if mapping(container, "securityContext").get("readOnlyRootFilesystem") is not True:
            yield context_route(route, container), f"{name(container)} can write to its root file system"
