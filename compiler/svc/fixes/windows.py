"""Whether a pod runs on Windows, by all that its specification shows of it."""

from __future__ import annotations

from collections.abc import Iterator

from svc.by_identity import ByIdentity
from svc.tree import Data, Tree

_KEYS = ("kubernetes.io/os", "beta.kubernetes.io/os")
_IMAGES = "mcr.microsoft.com/windows/"
_known: ByIdentity[Data, bool] = ByIdentity(16)
"""The findings of a pod come one after the other, and each asks."""


def is_windows(pod: Tree) -> bool:
    return _known.get(pod.data, _is_windows)


def _is_windows(data: Data) -> bool:
    pod = Tree(data)
    if pod.get("os", "name") == "windows" or any(pod.get("nodeSelector", key) == "windows" for key in _KEYS):
        return True
    containers = [
        one for kind in ("initContainers", "containers", "ephemeralContainers") for one in _maps(pod.get(kind))
    ]
    if any(isinstance(Tree(one).get("securityContext", "windowsOptions"), dict) for one in (data, *containers)):
        return True
    return _chosen(pod) or any(str(one.get("image")).startswith(_IMAGES) for one in containers)


def _chosen(pod: Tree) -> bool:
    """Whether an affinity asks for nodes with Windows."""
    required = pod.get("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    for term in _maps(Tree(required).get("nodeSelectorTerms")):
        for one in _maps(term.get("matchExpressions")):
            values = one.get("values")
            wanted = {"In": "windows", "NotIn": "linux"}.get(str(one.get("operator")))
            if one.get("key") in _KEYS and isinstance(values, list) and wanted in values:
                return True
    return False


def _maps(data: Data) -> Iterator[dict[str, Data]]:
    return (one for one in data if isinstance(one, dict)) if isinstance(data, list) else iter(())
