"""The workload does not select the pods of its own template: the API refuses it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, pod_labels
from svc.kubernetes.types import SELECTING, Manifest

KINDS = SELECTING


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    selector = manifest.tree.get("spec", "selector", "matchLabels")
    if manifest.kind not in KINDS or not isinstance(selector, dict):
        return
    labels = pod_labels(manifest)
    for key, value in selector.items():
        if labels.get(key) != value:
            has = f"`{labels[key]}`" if key in labels else "no such label"
            message = f"selector wants `{key}: {value}`; the pod template has {has}"
            yield ("spec", "selector", "matchLabels", key), message
