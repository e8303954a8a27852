"""Memory or disk in fractions of a byte that make less than a kilobyte: `256m` is a quarter of a byte, and `256M` or
`256Mi` was meant. Kubernetes itself knows `128974848000m` as another form of `129M`."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.patterns import regex
from svc.quantities import SMALL
from svc.tree import mapping

KINDS = PODS
_SMALL = regex(SMALL, needs=("m", "u", "n"))


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for part in ("requests", "limits"):
            for key, size in mapping(container, "resources", part).items():
                if key not in ("memory", "ephemeral-storage") or not isinstance(size, str):
                    continue
                if _SMALL.fullmatch(size):
                    at = (*route, "resources", part, key)
                    meant = size.lstrip("+")[:-1]
                    yield at, f"`{size}` of {name(container)} counts fractions of a byte; write `{meant}Mi`"
