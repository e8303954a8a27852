"""An image is deployed from another repository than the one that a workflow of the same tree pushes it to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._builds import pushed, repository_of
from svc.checks._objects import Found, objects
from svc.checks._params import NoParams as Params
from svc.targets.protocol import Subject


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    """Silent when anything is deployed from where it is pushed to: then the other is a mirror, or another place's."""
    targets = set(pushed(subjects))
    if not targets:
        return
    used = {repository_of(container.get("image")) for _, one in objects(subjects) for _, container in one.containers()}
    by_name: dict[str, set[str]] = {}
    for one in targets - used:
        by_name.setdefault(one.rpartition("/")[2], set()).add(one)
    for subject, manifest in objects(subjects):
        for route, container in manifest.containers():
            repository = repository_of(container.get("image"))
            others = by_name.get(repository.rpartition("/")[2], set())
            official = repository.startswith("docker.io/library/")
            if repository and not official and len(others) == 1 and not targets & {repository}:
                message = f"runs `{repository}`; the workflow pushes to `{next(iter(others))}`"
                yield subject, (*route, "image"), message
