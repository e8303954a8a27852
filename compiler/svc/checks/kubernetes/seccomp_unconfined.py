"""A seccomp profile is set that confines nothing: by its field, or before Kubernetes 1.19 by an annotation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svc.checks._pods import Found, contexts, mapping, quoted, template_metadata_route
from svc.kubernetes.types import Manifest

ALLOWED = ("RuntimeDefault", "Localhost")
PREFIXES = ("seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/")


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.pod is None:
        return
    if params.kubernetes < 19:
        yield from _annotations(manifest)
        return
    for route, context, who in contexts(manifest):
        kind = mapping(context, "seccompProfile").get("type")
        if kind is not None and kind not in ALLOWED:
            message = f"{who} has seccomp profile `{kind}`; allowed are {quoted(ALLOWED)}"
            yield (*route, "seccompProfile", "type"), message


def _annotations(manifest: Manifest) -> Iterator[Found]:
    metadata = template_metadata_route(manifest)
    for key, value in mapping(manifest.tree.get(*metadata), "annotations").items():
        fine = value in ("", "runtime/default", "docker/default") or str(value).startswith("localhost/")
        if key.startswith(PREFIXES) and not fine:
            yield (*metadata, "annotations", key), f"seccomp profile `{value}` confines nothing"
