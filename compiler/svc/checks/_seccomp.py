"""Seccomp profiles that confine nothing: what two levels of the Pod Security Standards forbid."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, contexts, quoted, template_metadata_route
from svc.kubernetes.types import Manifest
from svc.tree import mapping

ALLOWED = ("RuntimeDefault", "Localhost")
POD = "seccomp.security.alpha.kubernetes.io/pod"
CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"


def unconfined(manifest: Manifest, kubernetes: int) -> Iterator[Found]:
    if kubernetes < 19:
        yield from _annotations(manifest)
        return
    for route, context, who in contexts(manifest):
        profile = context.get("seccompProfile")
        if isinstance(profile, dict) and profile.get("type") not in ALLOWED:
            message = f"{who} has seccomp profile `{profile.get('type', '')}`; allowed are {quoted(ALLOWED)}"
            yield (*route, "seccompProfile", *(("type",) if "type" in profile else ())), message


def _annotations(manifest: Manifest) -> Iterator[Found]:
    if manifest.pod is None:
        return
    metadata = template_metadata_route(manifest)
    keys = {POD, *(f"{CONTAINER}{container.get('name', '')}" for _, container in manifest.containers())}
    for key, value in mapping(manifest.tree.get(*metadata), "annotations").items():
        fine = value in ("runtime/default", "docker/default") or str(value).startswith("localhost/")
        if key in keys and not fine:
            yield (*metadata, "annotations", key), f"seccomp profile `{value}` confines nothing"
