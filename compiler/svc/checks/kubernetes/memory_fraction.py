"""Memory or disk in fractions of a byte that make less than a kilobyte: `256m` is a quarter of a byte, and `256M` or
`256Mi` was meant. Kubernetes itself knows `128974848000m` as another form of `129M`."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks._pods import Found, mapping, name
from svc.kubernetes.types import PODS, Manifest
from svc.patterns import regex

KINDS = PODS
SMALL = r"[+]?0*([0-9]{0,6}([.][0-9]*)?m|[0-9]{0,9}([.][0-9]*)?u|[0-9]{0,12}([.][0-9]*)?n)"
_SMALL = regex(SMALL)


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for part in ("requests", "limits"):
            for key, size in mapping(container, "resources", part).items():
                small = isinstance(size, str) and _SMALL.fullmatch(size)
                if small and key in ("memory", "ephemeral-storage"):
                    at = (*route, "resources", part, key)
                    meant = size.lstrip("+")[:-1]
                    yield at, f"`{size}` of {name(container)} counts fractions of a byte; write `{meant}Mi`"
