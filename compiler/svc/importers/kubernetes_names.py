"""What a service is called: by the Service through which others reach it, and not by its Deployment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from svc.importers.draft import Draft
from svc.importers.kubernetes_objects import Objects, matches, name_of, pod_labels
from svc.importers.ledger import View


def service_name(workload: View, servers: Sequence[View], objects: Objects, kept: Set[str]) -> str:
    """The name of a Deployment's only Service, where that is of it alone; StatefulSets keep theirs, and those `kept`."""
    name, own = name_of(workload), leading(workload, objects)
    if workload.at("kind").text != "Deployment" or name in {name_of(one) for one in own} | kept:
        return name
    addressed = [one for one in own if one.at("spec", "clusterIP").text != "None"] or own
    if len(addressed) != 1 or not _alone(addressed[0], servers):
        return name
    found = name_of(addressed[0])
    return name if found in {name_of(one) for one in servers} else found or name


def unlike(environments: Iterable[Sequence[Draft]]) -> frozenset[str]:
    """Workloads that are called otherwise in one environment than in another: they keep the name that they all have."""
    names: dict[str, set[str]] = {}
    for draft in (one for drafts in environments for one in drafts if one.workload):
        names.setdefault(draft.workload, set()).add(draft.name)
    return frozenset(workload for workload, found in names.items() if len(found) > 1)


def leading(workload: View, objects: Objects) -> list[View]:
    """The Services that lead to a workload's pods."""
    return [one for one in objects.of("Service") if matches(one.at("spec", "selector"), pod_labels(workload))]


def _alone(service: View, servers: Sequence[View]) -> bool:
    return len([one for one in servers if matches(service.at("spec", "selector"), pod_labels(one))]) == 1


def unreached(service: View, draft: Draft) -> None:
    """A Service by whose name nobody reaches anything any more."""
    name = name_of(service)
    if name and name != draft.name:
        draft.missing.append(
            f"`name`: the Service {name} is called {draft.name} here: whoever calls it {name} has to change,"
            " unless a Service of that name stands under `manifests`"
        )
