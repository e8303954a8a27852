"""Patches of the spec on the lowered objects, before the policies judge: merges (RFC 7386) and JSON Patch (RFC 6902)."""

from __future__ import annotations

from collections.abc import Sequence

from svc.diagnostics import Problem, Route
from svc.kubernetes.types import Manifest
from svc.resolve.patching import PatchError, applied, broken, surface
from svc.resolve.types.delivery import Patch
from svc.suggest import nearest
from svc.tree import Data, Tree

SURFACE = "kubernetes"


def patched(
    manifests: Sequence[Manifest], patches: Sequence[Patch]
) -> tuple[tuple[Manifest, ...], tuple[Problem, ...]]:
    """The objects with the patches applied in order, and the patches that fit nothing."""
    found = list(manifests)
    problems: list[Problem] = []
    for patch in patches:
        name, kind = surface(patch)
        if name != SURFACE:
            continue
        chosen = [index for index, one in enumerate(found) if one.kind == kind and patch.name in ("", one.name)]
        if not chosen:
            known = sorted({f"{one.kind} {one.name}" for one in manifests})
            kinds = {one.kind for one in manifests}
            near = nearest(patch.name, [one.name for one in manifests if one.kind == kind]) or nearest(kind, kinds)
            problems.append(
                Problem(
                    "patch-matches-nothing",
                    (*patch.at, "target"),
                    f"no {' '.join(filter(None, (kind, patch.name)))} is generated; there are {', '.join(known)}{near}",
                )
            )
        for index in chosen:
            try:
                made = Manifest(applied(found[index].tree, patch))
            except PatchError as error:
                message = f"the patch does not fit {kind} {found[index].name}: {error}"
                problems.append(Problem("patch-does-not-fit", error.at or patch.at, message))
                continue
            what = f"{kind} {found[index].name}"
            problems += broken(found[index].tree, made.tree, patch, what, _refused)
            found[index] = made
    return tuple(found), tuple(problems)


def _refused(data: Data) -> tuple[tuple[Route, str], ...]:
    """What no API server would take."""
    from svc.kubernetes.schema import MINORS, check

    return check(Manifest(Tree(data)), MINORS[-1])
