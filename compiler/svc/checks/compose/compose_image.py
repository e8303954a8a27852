"""A service's image without a fixed version."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.images import is_variable, reference
from svc.checks.pods import Found
from svc.records import dataclass
from svc.targets.compose.types import ComposeFile
from svc.tree import mapping


@dataclass(frozen=True, slots=True)
class Params:
    digest: bool = False


def check(compose: ComposeFile, params: Params) -> Iterator[Found]:
    for name, service in compose.services.items():
        image = mapping(service).get("image")
        if not isinstance(image, str) or is_variable(image) or "build" in service:
            continue
        parts = reference(image)
        if params.digest and not parts.digest:
            yield ("services", name, "image"), f"image `{image}` has no digest"
        elif not params.digest and not parts.digest and parts.tag in ("", "latest"):
            how = "can be anything" if parts.tag else "has no tag, so it is `latest`, which can be anything"
            yield ("services", name, "image"), f"image `{image}` {how}"
