"""A CronJob that missed a hundred starts is never started again, unless it has a deadline."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.types import Manifest

KINDS = frozenset({"CronJob"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind == "CronJob" and manifest.tree.get("spec", "startingDeadlineSeconds") is None:
        yield ("spec",), "the CronJob has no startingDeadlineSeconds"
