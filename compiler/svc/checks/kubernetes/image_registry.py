"""The image comes from another registry than the allowed ones."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.images import is_variable, qualified
from svc.checks.pods import Found, name, quoted
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    allowed: tuple[str, ...] = ()


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        image = container.get("image")
        if not isinstance(image, str) or not image or is_variable(image):
            continue
        full = qualified(image)
        if not any(full.startswith(allowed.rstrip("/") + "/") for allowed in params.allowed):
            message = f"{name(container)} runs `{image}`; allowed registries are {quoted(params.allowed)}"
            yield (*route, "image"), message
