"""Memory or disk in fractions of a byte: `256m` is a quarter of one, and `256M` or `256Mi` was meant."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._pods import Found, mapping, name
from svc.kubernetes.types import PODS, Manifest
from svc.patterns import regex

KINDS = PODS
_FRACTION = regex(r"\+?([0-9.]+)[mun]")


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for part in ("requests", "limits"):
            for key, size in mapping(container, "resources", part).items():
                found = _FRACTION.fullmatch(size) if isinstance(size, str) else None
                if found is not None and key in ("memory", "ephemeral-storage"):
                    at = (*route, "resources", part, key)
                    yield at, f"`{size}` of {name(container)} is a fraction of a byte; write `{found[1]}Mi`"
