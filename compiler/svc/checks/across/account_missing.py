"""A pod acts as a ServiceAccount that is not among those that stand beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, named, objects, pods, together
from svc.checks._params import NoParams as Params
from svc.checks.pods import quoted
from svc.targets.protocol import Subject


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    for subject, manifest, _labels in pods(subjects):
        wanted = manifest.pod.get("serviceAccountName") if manifest.pod is not None else None
        if manifest.pod_route is None or not wanted or wanted == "default":
            continue
        if named(subjects, manifest, wanted, "ServiceAccount"):
            continue
        near = sorted({one.name for _, one in objects(subjects, "ServiceAccount") if together(one, manifest)})
        if near:
            message = f"there is no ServiceAccount `{wanted}`; there are {quoted(near)}"
            yield subject, (*manifest.pod_route, "serviceAccountName"), message
