"""All pods are stopped before the first new one starts."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for kind, field, bad in (
        ("Deployment", "strategy", "Recreate"),
        ("StatefulSet", "updateStrategy", "OnDelete"),
        ("DaemonSet", "updateStrategy", "OnDelete"),
    ):
        if manifest.kind == kind and manifest.tree.get("spec", field, "type") == bad:
            yield ("spec", field, "type"), f"the {kind} is updated by `{bad}`, not by RollingUpdate"
