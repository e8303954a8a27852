"""The image is `latest`, in words or because there is neither tag nor digest."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._images import is_variable, reference
from svc.checks._params import NoParams as Params
from svc.checks._pods import Found, name
from svc.kubernetes.types import PODS, Manifest

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        image = container.get("image")
        if not isinstance(image, str) or not image or is_variable(image):
            continue
        parts = reference(image)
        if parts.digest or parts.tag not in ("", "latest"):
            continue
        how = "which can be anything" if parts.tag else "without a tag, so `latest`, which can be anything"
        yield (*route, "image"), f"{name(container)} runs `{image}`, {how}"
