"""A privileged container has every capability and all devices of its node: it is root on the host."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, is_true, name
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        if is_true(mapping(container, "securityContext").get("privileged")):
            yield (*route, "securityContext", "privileged"), f"{name(container)} is privileged: it is root on its node"
