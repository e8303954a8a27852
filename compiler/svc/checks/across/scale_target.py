"""An autoscaler whose target is not there, although other workloads that go on are: jobs may stand apart from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._installed import brought
from svc.checks._near import near
from svc.checks._objects import Found, named, objects, together
from svc.checks._params import NoParams as Params
from svc.checks.pods import LONG_RUNNING, quoted
from svc.checks.seen import reaches
from svc.kubernetes.syntax import stands_in
from svc.kubernetes.types import POD_TEMPLATES
from svc.targets.protocol import Subject
from svc.tree import mapping

_SCALED = sorted(LONG_RUNNING - {"Pod"})


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    spaces = {one.namespace for _, one in objects(subjects, *_SCALED)}
    for subject, scaler in objects(subjects, "HorizontalPodAutoscaler", "VerticalPodAutoscaler", "ScaledObject"):
        field = "targetRef" if scaler.kind == "VerticalPodAutoscaler" else "scaleTargetRef"
        target = mapping(scaler.tree.data, "spec", field)
        kind, name = str(target.get("kind", "Deployment")), target.get("name")
        if kind not in POD_TEMPLATES or not name or not reaches(spaces, scaler):
            continue
        if named(subjects, scaler, name, kind) or (isinstance(name, str) and stands_in(name)):
            continue
        if isinstance(name, str) and brought(subjects, scaler, name, kind):
            continue
        if any(near(subjects, subject, at) for at, one in objects(subjects, *_SCALED) if together(scaler, one)):
            yield subject, ("spec", field, "name"), f"there is no {kind} `{name}`{_others(subjects, kind)}"


def _others(subjects: Sequence[Subject], kind: str) -> str:
    names = quoted(sorted({one.name for _, one in objects(subjects, kind)}))
    return f"; there are {names}" if names else ""
