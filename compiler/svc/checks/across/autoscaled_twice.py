"""Two autoscalers of one workload: each undoes what the other did, and Kubernetes stops both.

KEDA makes an autoscaler of its own for a ScaledObject, or takes over one that is named for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._apart import apart
from svc.checks._objects import Found, objects, same, together
from svc.checks._params import NoParams as Params
from svc.checks.seen import Object
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import mapping


def check(subjects: Sequence[Subject], _: Params) -> Iterator[Found]:
    first: dict[tuple[str, str], list[Object]] = {}
    for subject, scaler in objects(subjects, "HorizontalPodAutoscaler", "ScaledObject"):
        target = mapping(scaler.tree.data, "spec", "scaleTargetRef")
        if not isinstance(target.get("name"), str):
            continue
        others = first.setdefault((str(target.get("kind", "Deployment")), target["name"]), [])
        for at, other in others:
            differ = together(scaler, other) and not same(scaler, other) and not _one(scaler, other)
            if differ and not apart(subjects, at, subject):
                message = (
                    f"{other.kind} `{other.name}` scales {target.get('kind', 'Deployment')} `{target['name']}` already"
                )
                yield subject, ("spec", "scaleTargetRef", "name"), message
                break
        others.append((subject, scaler))


def _one(scaler: Manifest, other: Manifest) -> bool:
    """Whether the autoscaler is the one that KEDA makes or takes over for the ScaledObject."""
    keda = next((one for one in (scaler, other) if one.kind == "ScaledObject"), None)
    plain = next((one for one in (scaler, other) if one.kind != "ScaledObject"), None)
    if keda is None or plain is None:
        return False
    named = mapping(keda.tree.data, "spec", "advanced", "horizontalPodAutoscalerConfig").get("name")
    return plain.name in (named, f"keda-hpa-{keda.name}")
