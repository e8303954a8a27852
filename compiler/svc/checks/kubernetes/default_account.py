"""The pod acts as its namespace's default ServiceAccount, which all pods without one share."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import PODS, Manifest

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.pod is None or manifest.pod_route is None or manifest.pod.get("automountServiceAccountToken") is False:
        return
    account = manifest.pod.get("serviceAccountName") or manifest.pod.get("serviceAccount")
    if account in (None, "default"):
        at = (*manifest.pod_route, "serviceAccountName") if account else manifest.pod_route
        yield at, "the pod acts as its namespace's default service account"
