"""The image may be an old copy from the node although its tag has moved."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.images import reference
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        image = str(container.get("image", ""))
        if container.get("imagePullPolicy") != "Always" and not reference(image).digest:
            at = (*route, "imagePullPolicy") if "imagePullPolicy" in container else route
            yield at, f"{name(container)} may run an old copy of `{image}`: imagePullPolicy is not `Always`"
