"""What of an object shows that it is a part, which something lays over another object, and no whole one."""

from __future__ import annotations

from typing import Any

from svc.kubernetes.types import POD_TEMPLATES, SELECTING, Manifest

_DIRECTIVE = "$patch"


def is_part(one: Manifest) -> bool:
    """Whether an object says of itself that it is a patch, or is a workload that lacks too much to be a whole one: all containers,
    an image, or its selector together with the labels that this would select. What lacks one of the two, or a bare Pod, is a
    whole object with a fault. Kustomizations name patches that look like whole ones."""
    if one.printed:
        return False
    if _directed(one.tree.data):
        return True
    if one.kind not in POD_TEMPLATES or one.kind == "Pod":
        return False
    containers = [container for _, container in one.containers()]
    if not containers:
        return True
    images = all(container.get("image") for container in containers)
    if one.kind not in SELECTING:
        return not images
    labels = one.tree.get("spec", "template", "metadata", "labels")
    return one.tree.get("spec", "selector") is None and not (images and isinstance(labels, dict) and labels)


def is_whole(one: Manifest) -> bool:
    """Whether a workload is no part for sure: all its containers have images."""
    containers = [container for _, container in one.containers()]
    whole = one.kind in POD_TEMPLATES and bool(containers)
    return whole and all(container.get("image") for container in containers) and not is_part(one)


def _directed(node: Any) -> bool:
    left = [node]
    for one in left:
        if isinstance(one, dict):
            if _DIRECTIVE in one:
                return True
            left += one.values()
        elif isinstance(one, list):
            left += one
    return False
