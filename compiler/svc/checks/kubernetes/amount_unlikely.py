"""Amounts that nobody means: `cpu: 500` is five hundred whole processors, `memory: 512` half a kilobyte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.quantities import NANO, nanos
from svc.records import dataclass
from svc.tree import mapping

KINDS = PODS
_LARGEST = 2**63 - 1
"""The API takes what is more for this."""
_MEBIBYTES = 65_536
"""From so many on, a plain number of memory meant something else."""


@dataclass(frozen=True, slots=True)
class Params:
    processors: int = 100
    """From so many whole ones on, thousandths were meant."""
    bytes: int = 2**20
    """Of memory; what is less was meant in Mi."""


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for key in ("cpu", "memory"):
            for part in ("requests", "limits"):
                size = mapping(container, "resources", part).get(key)
                said = _said(key, size, params)
                if said:
                    yield (*route, "resources", part, key), f"`{size}` of {name(container)} is {said}"
                    break  # a limit often follows from what is requested


def _said(key: str, amount: Any, params: Params) -> str:
    if type(amount) not in (int, str):
        return ""
    size = str(amount)
    try:
        found = nanos(size)
    except ValueError:
        return ""
    if key == "cpu" and found >= params.processors * NANO:
        return f"{min(found // NANO, _LARGEST)} whole processors" + _meant(size, "m", params.processors * 1000)
    if key == "memory" and NANO <= found < params.bytes * NANO:
        return f"{found // NANO} bytes" + _meant(size, "Mi", _MEBIBYTES)
    return ""


def _meant(size: str, suffix: str, below: int) -> str:
    """What to write in the place of a plain number, unless that would be as unlikely."""
    return f"; write `{size}{suffix}`" if size.isdecimal() and int(size) < below else ""
