"""What every object has in common: name, namespace, labels, annotations, and how a manifest is put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from svc.diagnostics import Route
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.resolve import names
from svc.resolve.types.whole import Resolved
from svc.scalars import digits
from svc.tree import At, build

CHART_VERSION = "0.1.0"
DESCRIPTION = "kubernetes.io/description"
HOOK = "helm.sh/hook"
HOOK_WEIGHT = "helm.sh/hook-weight"
HOOK_DELETE = "helm.sh/hook-delete-policy"
KEEP = "helm.sh/resource-policy"

_NOT_IN_LABEL = regex(r"[^A-Za-z0-9_.-]+")


@lru_cache(maxsize=1024)
def label_value(text: str) -> str:
    """`text` as a label value: at most 63 characters, beginning and ending with a letter or digit."""
    return _NOT_IN_LABEL.sub("-", text)[:63].strip("-_.")


def common_labels(resolved: Resolved, selector: Mapping[str, str], version: str = "") -> dict[str, Any]:
    """The labels of pods: the selector, the recommended ones that never restart a pod by themselves, the user's.

    `version`: of what runs in the pods, unless it is the service: a deploy must not restart its database.
    """
    labels: dict[str, Any] = {
        **selector,
        "app.kubernetes.io/version": label_value(version or resolved.version),
        "app.kubernetes.io/part-of": label_value(resolved.team or resolved.name),
        "app.kubernetes.io/managed-by": "Helm",
    }
    labels.update({key: At(("labels", key), value) for key, value in resolved.labels if key not in selector})
    return labels


def metadata(
    resolved: Resolved,
    name: str,
    component: str | Mapping[str, str],
    annotations: Iterable[tuple[str, Any]] = (),
    version: str = "",
) -> dict[str, Any]:
    """Object metadata. `component` is our component label's value, or a whole selector for what is not ours alone."""
    selector = names.selector(resolved, component) if isinstance(component, str) else dict(component)
    labels = common_labels(resolved, selector, version)
    labels["helm.sh/chart"] = label_value(f"{resolved.name}-{CHART_VERSION}")
    notes = {key: At(("annotations", key), value) for key, value in resolved.annotations}
    notes.update(annotations)
    made: dict[str, Any] = {"name": name, "namespace": resolved.namespace, "labels": labels}
    if notes:
        made["annotations"] = notes
    return made


def manifest(api_version: str, kind: str, meta: Mapping[str, Any], origin: Route, **parts: Any) -> Manifest:
    """An object whose further top-level parts (`spec`, `data`, ...) are given in their order."""
    return Manifest(build({"apiVersion": api_version, "kind": kind, "metadata": dict(meta), **parts}, origin))


def count(text: str) -> int | str:
    """A count or percentage as the API wants it: digits are a number, `25%` stays text."""
    return int(text) if digits(text) else text


def pods_selector(resolved: Resolved) -> dict[str, str]:
    """All pods of the service, whatever their component."""
    return {names.NAME_LABEL: resolved.name, names.HELM_INSTANCE_LABEL: resolved.name}
