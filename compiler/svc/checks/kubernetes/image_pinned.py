"""The image is named by tag only, so that what runs can change after review."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._images import is_variable, reference
from svc.checks._params import NoParams as Params
from svc.checks._pods import Found, name, renamed
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import PODS, Manifest

KINDS = PODS | KUSTOMIZATIONS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        image = container.get("image")
        if isinstance(image, str) and image and not is_variable(image) and not reference(image).digest:
            yield (*route, "image"), f"{name(container)} runs `{image}`, which has no digest"
    for route, image, tag, digest in renamed(manifest):
        if not digest and not is_variable(tag) and not is_variable(image):
            how = f"the tag `{tag}` and no `digest` beside it" if tag else "no `digest` here"
            yield route, f"image `{image}` gets {how}"
