"""A container takes a port of its node."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mappings

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for index, port in mappings(container, "ports"):
            if port.get("hostPort"):
                message = f"{name(container)} takes port {port['hostPort']} of its node"
                yield (*route, "ports", index, "hostPort"), message
