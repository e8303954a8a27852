"""externalIPs let a Service take traffic for any address (CVE-2020-8554)."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.tree import items

KINDS = frozenset({"Service"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind == "Service" and items(manifest.tree.data, "spec", "externalIPs"):
        yield ("spec", "externalIPs"), "externalIPs take traffic that is meant for others"
