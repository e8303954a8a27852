"""The image is `latest`, in words or because there is neither tag nor digest: of a container, or as Kustomize names it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.images import is_variable, reference
from svc.checks.pods import Found, name, renamed
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import PODS, Manifest

KINDS = PODS | KUSTOMIZATIONS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        image = container.get("image")
        if not isinstance(image, str) or not image.strip() or is_variable(image):
            continue
        parts = reference(image)
        if parts.digest or parts.tag not in ("", "latest"):
            continue
        how = "which can be anything" if parts.tag else "without a tag, so `latest`, which can be anything"
        yield (*route, "image"), f"{name(container)} runs `{image}`, {how}"
    for route, image, tag, digest in renamed(manifest):
        if digest or is_variable(tag):
            continue
        if tag == "latest":
            yield route, f"image `{image}` gets the tag `latest`, which can be anything"
        elif not tag and not is_variable(image):
            yield (
                route,
                f"image `{image}` gets neither a tag nor a digest here, so `latest` unless the manifests say more",
            )
