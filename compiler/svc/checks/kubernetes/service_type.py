"""A Service is opened beyond the cluster by its type."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    forbidden: tuple[str, ...] = ("NodePort",)


KINDS = frozenset({"Service"})


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.kind == "Service" and manifest.tree.get("spec", "type") in params.forbidden:
        yield ("spec", "type"), f"the Service is of type `{manifest.tree.get('spec', 'type')}`"
