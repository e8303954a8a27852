"""The object lives in a namespace that is not for services."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    namespaces: tuple[str, ...] = ("default",)


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.namespace in params.namespaces:
        yield ("metadata", "namespace"), f"the object lives in namespace `{manifest.namespace}`"
