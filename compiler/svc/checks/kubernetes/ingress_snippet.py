"""Annotations that inject configuration into the shared nginx (CVE-2021-25742)."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.tree import mapping

KINDS = frozenset({"Ingress"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind != "Ingress":
        return
    for key in mapping(manifest.tree.data, "metadata", "annotations"):
        if key.startswith("nginx.") and key.endswith("-snippet"):
            yield ("metadata", "annotations", key), f"annotation `{key}` injects configuration into the shared nginx"
