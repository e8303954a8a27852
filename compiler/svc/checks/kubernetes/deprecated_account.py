"""The field `serviceAccount` is an alias that only stays for old clients."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    pod, route = manifest.pod, manifest.pod_route
    if pod is not None and route is not None and pod.get("serviceAccount") and not pod.get("serviceAccountName"):
        yield (*route, "serviceAccount"), "`serviceAccount` is deprecated; write `serviceAccountName`"
