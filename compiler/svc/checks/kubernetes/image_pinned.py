"""The image is named by tag only, so that what runs can change after review."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.images import is_variable, reference
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        image = container.get("image")
        if isinstance(image, str) and image and not is_variable(image) and not reference(image).digest:
            yield (*route, "image"), f"{name(container)} runs `{image}`, which has no digest"
