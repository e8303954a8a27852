"""Persistent volume claims that outlive their pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.kubernetes import meta
from svc.kubernetes.types import Manifest
from svc.resolve.released import claim_name
from svc.resolve.types.volumes import Claim
from svc.resolve.types.whole import Resolved
from svc.tree import without_none


def claims(resolved: Resolved) -> Iterator[Manifest]:
    """One PersistentVolumeClaim per volume, also when several workloads mount it."""
    made: set[str] = set()
    for workload in resolved.workloads:
        for claim in workload.volumes:
            if not isinstance(claim, Claim) or claim.template or claim.existing:
                continue
            name = claim_name(resolved, workload, claim.name)
            if name in made:
                continue
            made.add(name)
            keep = [(meta.KEEP, "keep")] if claim.keep else []
            head = meta.metadata(resolved, name, workload.component, [*keep, *claim.annotations])
            yield meta.manifest("v1", "PersistentVolumeClaim", head, claim.at, spec=claim_spec(claim))


def claim_spec(claim: Claim) -> dict[str, Any]:
    made = {
        "accessModes": [claim.access],
        "storageClassName": claim.storage_class or None,
        "resources": {"requests": {"storage": claim.size}},
    }
    return without_none(made)
