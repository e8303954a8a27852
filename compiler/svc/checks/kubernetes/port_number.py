"""A container opens a port of a range that services should not use."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mappings


@dataclass(frozen=True, slots=True)
class Params:
    lowest: int = 1
    highest: int = 1023


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for index, port in mappings(container, "ports"):
            number = port.get("containerPort")
            if isinstance(number, int) and params.lowest <= number <= params.highest:
                yield (*route, "ports", index, "containerPort"), f"{name(container)} opens port {number}"
