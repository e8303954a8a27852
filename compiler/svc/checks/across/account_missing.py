"""A pod acts as a ServiceAccount that is not among those that stand beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import Found, named, objects, pods, together
from svc.checks._params import NoParams as Params
from svc.checks._pods import quoted
from svc.targets.protocol import Subject


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    accounts = [one for _subject, one in objects(subjects, "ServiceAccount")]
    for subject, manifest, _labels in pods(subjects):
        wanted = manifest.pod.get("serviceAccountName") if manifest.pod is not None else None
        near = sorted({one.name for one in accounts if together(one, manifest)})
        if manifest.pod_route is None or not wanted or wanted == "default" or not near:
            continue
        if not named(subjects, manifest, wanted, "ServiceAccount"):
            message = f"there is no ServiceAccount `{wanted}`; there are {quoted(near)}"
            yield subject, (*manifest.pod_route, "serviceAccountName"), message
