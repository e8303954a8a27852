"""A pod that no controller owns is gone with its node."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest

KINDS = frozenset({"Pod"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind == "Pod" and not manifest.tree.get("metadata", "ownerReferences"):
        yield ("kind",), "a bare pod is not restarted elsewhere when its node is lost"
