"""How many, and how much: `deploy` and the older single keys of a compose service."""

from __future__ import annotations

from svc.importers.compose_values import filled, land
from svc.importers.compose_volumes import memory
from svc.importers.draft import Draft
from svc.importers.ledger import View, number

_SWARM = "how Swarm places and replaces containers; see `rollout` and `placement`"
_OTHER = {
    "mode": "how many run is `scale`; one on each node is a DaemonSet, which the language does not have",
    "endpoint_mode": "Kubernetes balances a Service; `service.headless` lists its pods",
    "labels": "labels of a Swarm service; write those that pods need into `labels`",
    "restart_policy": "Kubernetes restarts what must run",
    "update_config": "how it is replaced is `rollout`",
    "rollback_config": "how it is replaced is `rollout`",
    "placement": "where it runs is `placement`, in the cluster's own labels",
}


_AMOUNTS = {
    "devices": "devices of the node are given by a plugin of the cluster: a patch asks for its resource, nvidia.com/gpu",
    "generic_resources": "a patch asks for resources that a plugin of the cluster gives",
    "pids": "Kubernetes limits the processes of a pod on the node, for all pods alike",
}


def deploy(view: View, draft: Draft) -> None:
    for key, part in view.items():
        if key == "replicas":
            draft.set(("scale",), number(filled(part)))
            land(part, draft, "scale")
        elif key == "mode" and part.text == "replicated":
            part.default("what Kubernetes does anyway")
        elif key == "resources":
            _resources(part, draft)
        else:
            part.dropped(_OTHER.get(key, _SWARM))


def _resources(view: View, draft: Draft) -> None:
    for kind, to in (("reservations", "requests"), ("limits", "limits")):
        for name, one in view.at(kind).items():
            if name in ("cpus", "memory"):
                amount(one, draft, to, "cpu" if name == "cpus" else "memory")
            else:
                one.dropped(_AMOUNTS.get(name, "the language has CPU, memory and storage"))


def amount(one: View, draft: Draft, to: str, name: str) -> None:
    """`one` as the amount of `name` (cpu, memory) in the spec's `resources.<to>`."""
    text = filled(one)
    draft.set(("resources", to, name), memory(text) if name == "memory" else text)
    land(one, draft, "resources", to, name)
