"""A seccomp profile is set that confines nothing: by its field, or before Kubernetes 1.19 by an annotation."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._seccomp import unconfined
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    yield from unconfined(manifest, params.kubernetes)
