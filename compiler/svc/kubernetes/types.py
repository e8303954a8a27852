"""Kubernetes objects, ours and other people's: data as the API has it, plus where each part comes from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from svc.diagnostics import Route
from svc.kubernetes.served import HOME, is_core
from svc.records import dataclass, field
from svc.tree import Tree, encoded

WITH_PODS = "pods"
"""Stands, among kinds, for every object that has a pod spec."""
PODS = frozenset({WITH_PODS})

SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
"""Workloads that the API refuses without a selector."""
POD_TEMPLATES: dict[str, Route] = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    "Deployment": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicationController": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
"""Where each workload kind of the Kubernetes API keeps its pod spec."""

_OTHER_TEMPLATES: dict[tuple[str, str], Route] = {
    ("apps.openshift.io", "DeploymentConfig"): ("spec", "template", "spec"),
    ("argoproj.io", "Rollout"): ("spec", "template", "spec"),
    ("keda.sh", "ScaledJob"): ("spec", "jobTargetRef", "template", "spec"),
    ("serving.knative.dev", "Service"): ("spec", "template", "spec"),
    ("serving.knative.dev", "Configuration"): ("spec", "template", "spec"),
    ("serving.knative.dev", "Revision"): ("spec",),
}
"""Well-known kinds of other API groups that start pods."""


@dataclass(frozen=True)
class Manifest:
    """One object. Compared by data; the tree's origins lead to the spec (generated) and are empty for read ones.

    What many policies ask for is looked up once. `printed`: a template printed it, so that it is whole and no patch.
    `lacking`: the charts of which its own is made and that are not there.
    """

    tree: Tree
    printed: bool = field(default=False, compare=False)
    lacking: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def text(self) -> str:
        """All data as `encoded`."""
        return encoded(self.tree.data)

    @cached_property
    def kind(self) -> str:
        return str(self.tree.get("kind", default=""))

    @cached_property
    def api_version(self) -> str:
        return str(self.tree.get("apiVersion", default=""))

    @cached_property
    def name(self) -> str:
        return str(self.tree.get("metadata", "name", default=""))

    @cached_property
    def namespace(self) -> str:
        return str(self.tree.get("metadata", "namespace", default=""))

    def origin(self, route: Route) -> Route:
        return self.tree.origin(route)

    @cached_property
    def pod_route(self) -> Route | None:
        """The route of the pod spec; None for kinds without pods, or when it is not a mapping."""
        route = POD_TEMPLATES.get(self.kind)
        route = route or _OTHER_TEMPLATES.get((self.api_version.partition("/")[0], self.kind))
        if route is None or not isinstance(self.tree.get(*route), dict):
            return None
        return route

    @cached_property
    def pod(self) -> dict[str, Any] | None:
        route = self.pod_route
        return self.tree.get(*route) if route is not None else None

    @property
    def sorts(self) -> tuple[str, ...]:
        """What policies may speak of that judge this object: its kind, and pods where it has some. What somebody else
        calls like a kind of Kubernetes (Ingress, Role) is another."""
        own = () if self.kind in HOME and not is_core(self.api_version) else (self.kind,)
        return own if self.pod is None else (*own, WITH_PODS)

    def containers(self, *lists: str) -> Iterator[tuple[Route, dict[str, Any]]]:
        """Containers with their routes, of the named lists or of all three (init, main, ephemeral)."""
        every = self._containers
        return iter(every if not lists else [one for name in lists for one in every if one[0][-2] == name])

    def container_at(self, route: Route) -> dict[str, Any] | None:
        """The container that a route is in."""
        return self._by_route.get(route[: len(self.pod_route or ()) + 2])

    @cached_property
    def _by_route(self) -> dict[Route, dict[str, Any]]:
        return dict(self._containers)

    @cached_property
    def _containers(self) -> tuple[tuple[Route, dict[str, Any]], ...]:
        route, pod = self.pod_route, self.pod
        found: list[tuple[Route, dict[str, Any]]] = []
        for name in ("initContainers", "containers", "ephemeralContainers") if route is not None and pod else ():
            items = pod.get(name) if pod else None
            for index, item in enumerate(items if isinstance(items, list) else ()):
                if isinstance(item, dict) and route is not None:
                    found.append(((*route, name, index), item))
        return tuple(found)
