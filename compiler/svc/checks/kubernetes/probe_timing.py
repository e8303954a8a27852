"""A probe that takes longer than the time to the next one."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name
from svc.kubernetes.types import PODS, Manifest
from svc.tree import mapping

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            timing = mapping(container, probe)
            timeout, period = timing.get("timeoutSeconds") or 1, timing.get("periodSeconds") or 10  # as the API takes 0
            if isinstance(timeout, int) and isinstance(period, int) and timeout > period:
                message = f"{probe} of {name(container)} waits {timeout} s, longer than its period of {period} s"
                yield (*route, probe, "timeoutSeconds" if "timeoutSeconds" in timing else "periodSeconds"), message
