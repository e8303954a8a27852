"""A Job's pods cannot restart always: the API refuses it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest

KINDS = frozenset({"Job", "CronJob"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind not in ("Job", "CronJob") or manifest.pod is None or manifest.pod_route is None:
        return
    policy = manifest.pod.get("restartPolicy", "Always")
    if policy not in ("Never", "OnFailure"):
        at = (*manifest.pod_route, "restartPolicy") if "restartPolicy" in manifest.pod else manifest.pod_route
        yield at, f"restartPolicy of a job's pods is `{policy}`; allowed are `Never`, `OnFailure`"
