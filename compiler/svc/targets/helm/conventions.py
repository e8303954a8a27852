"""Where people expect a value: the places of an object that are holes even when no environment differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svc.diagnostics import Route
from svc.targets.helm.types import Builtin, Current, Each, Entry, Extra, Fields, Helper, Items, Node, Path, When
from svc.targets.helm.values import MISSING, Cases, Missing, alike

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

_NOISE = frozenset({"spec", "metadata", "template", "jobTemplate", "data"})
_POD = (("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"))
_QUANTITY = {"type": ["string", "number"], "pattern": "^[0-9.]*[1-9][0-9.]*[a-zA-Z]*$", "exclusiveMinimum": 0}
RESOURCES = {
    "type": "object",
    "required": ["requests", "limits"],
    "additionalProperties": False,
    "properties": {
        "requests": {"type": "object", "required": ["cpu", "memory"], "additionalProperties": _QUANTITY},
        "limits": {"type": "object", "required": ["memory"], "additionalProperties": _QUANTITY},
    },
}
"""Requests and a memory limit, none of them zero: what the error-level policies demand."""
_MAP: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}
_POD_EXTRAS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("nodeSelector", "Labels that a node must have.", _MAP),
    ("tolerations", "Taints of nodes that the pods tolerate.", {"type": "array", "items": {"type": "object"}}),
    ("affinity", "Which nodes and pods to be near to, or apart from.", {"type": "object"}),
)
_ACCOUNT_EXTRAS = (("annotations", "Annotations of the service account, such as a workload identity.", _MAP),)


@dataclass(frozen=True, slots=True)
class Place:
    """Where weaving is: the object, its section of the values, the route within it, the names of named items."""

    kind: str
    name: str
    section: Path
    route: Route
    names: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.route[-1] if self.route and isinstance(self.route[-1], str) else ""

    def child(self, part: str | int, name: str = "") -> Place:
        names = (
            (*self.names, name)
            if name
            else (*self.names, part)
            if isinstance(part, str)
            else (*self.names, f"item{part}")
        )
        return replace(self, route=(*self.route, part), names=names)

    def section_path(self, *parts: str) -> Path:
        return (*self.section, *parts)

    def generic(self) -> Path:
        """A values path for what differs and has no name of its own."""
        from svc.targets.helm.weave import camel

        words = [word for word in self.names if word not in _NOISE]
        return (*self.section, camel(self.kind[:1].lower() + self.kind[1:]), camel(*words[-3:]) or "body")

    @property
    def pod(self) -> Route | None:
        return next((route for route in _POD if self.route[: len(route)] == route), None)

    def replicas(self) -> bool:
        return self.kind in {"Deployment", "StatefulSet"} and self.route == ("spec",)

    def extras(self, weaver: Weaver, cases: Cases) -> dict[str, Extra]:
        """Keys that are there when their value is not empty: what users add, and what only some environments have."""
        if self.section[:1] == ("helmTest",):
            return {}
        if self.route in _POD:
            return self._extras(weaver, cases, _POD_EXTRAS, ())
        if self.kind == "ServiceAccount" and self.route == ("metadata",) and not _is_hook(cases):
            return self._extras(weaver, cases, _ACCOUNT_EXTRAS, ("serviceAccount",))
        return {}

    def _extras(self, weaver: Weaver, cases: Cases, table: Any, above: Path) -> dict[str, Extra]:
        made = {}
        for key, doc, schema in table:
            found = tuple(case.get(key, MISSING) for case in cases)
            if key == "affinity" and alike(found):
                continue
            empty: Any = [] if schema["type"] == "array" else {}
            path = self.section_path(*above, key)
            weaver.hole(path, tuple(empty if isinstance(one, Missing) else one for one in found), doc, schema)
            made[key] = Extra(key, path)
        return made


def _is_hook(cases: Cases) -> bool:
    return any("helm.sh/hook" in case.get("annotations", {}) for case in cases)


def convention(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """The node of a place that has a convention, or None."""
    if place.section[:1] == ("helmTest",):
        return _common(weaver, cases, place)
    for rule in (_common, _image, _resources, _environment, _autoscaling, _ingress, _simple, _differing):
        found = rule(weaver, cases, place)
        if found is not None:
            return found
    return None


def _common(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    first = weaver.environments[0]
    namespaces = tuple(one.namespace for one in weaver.environments)
    if (
        place.key in {"namespace", "kubernetes.io/metadata.name"}
        and cases == namespaces
        and (place.route == ("metadata", "namespace") or place.key == "namespace" or not alike(namespaces))
    ):
        return Helper("namespace")
    if not alike(cases):
        return None
    if place.key == "app.kubernetes.io/instance" and cases[0] == first.name:
        return Builtin("Release.Name")
    if place.key == "app.kubernetes.io/managed-by" and cases[0] == "Helm":
        return Builtin("Release.Service")
    if place.key == "app.kubernetes.io/version" and cases[0] == first.version:
        return Builtin("Chart.AppVersion", quote=True)
    if place.key == "helm.sh/chart":
        return Helper("chart")
    return None


def _image(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    own = tuple(one.image.reference for one in weaver.environments)
    if place.pod is not None and place.key == "image" and cases == own:
        return Helper("image")
    ours = place.key == "imagePullPolicy" and place.pod is not None and place.names[-2] in weaver_containers(weaver)
    if ours and alike(cases) and not isinstance(cases[0], Missing):
        return weaver.hole(("image", "pullPolicy"), cases, "", {"enum": ["Always", "IfNotPresent"]}, "scalar")
    return None


def weaver_containers(weaver: Weaver) -> frozenset[str]:
    """Names of the containers that run the service's own image."""
    found = set()
    for one in weaver.environments:
        for workload in one.workloads:
            for process in (workload.main, *workload.init, *workload.sidecars):
                if process.image == one.image:
                    found.add(process.name)
    return frozenset(found)


def container_section(place: Place) -> Path:
    """The section of a container: the workload's own for its main process, else one under `sidecars` or `init`."""
    pod = place.pod or ()
    kind, index = place.route[len(pod)], place.route[len(pod) + 1]
    if kind == "containers" and index == 0:
        return place.section
    from svc.targets.helm.weave import camel

    return (*place.section, "sidecars" if kind == "containers" else "initContainers", camel(place.names[len(pod) + 1]))


def _in_container(place: Place, key: str) -> bool:
    pod = place.pod
    return (
        pod is not None
        and len(place.route) == len(pod) + 3
        and place.route[len(pod)] in {"containers", "initContainers"}
        and place.key == key
    )


def _resources(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if not _in_container(place, "resources") or any(isinstance(case, Missing) for case in cases):
        return None
    return weaver.hole((*container_section(place), "resources"), cases, "What a replica gets.", RESOURCES)


def _environment(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """Variables keep their order, since one may refer to an earlier one; plain values are values of the chart."""
    if not _in_container(place, "env") or any(isinstance(case, Missing) for case in cases):
        return None
    order = list(dict.fromkeys(item["name"] for case in cases for item in case))
    for case in cases:
        present = [item["name"] for item in case]
        if present != [name for name in order if name in present]:
            return None
    section = (*container_section(place), "env")
    return Items(
        tuple(_variable(weaver, name, cases, section, place.child(index, name)) for index, name in enumerate(order))
    )


def _variable(weaver: Weaver, name: str, cases: Cases, section: Path, place: Place) -> Entry:
    items = tuple(next((item for item in case if item["name"] == name), None) for case in cases)
    plain = [item is None or set(item) == {"name", "value"} for item in items]
    if all(plain):
        values = tuple(MISSING if item is None else item["value"] for item in items)
        shared = ("env", name)
        path = shared if shared in weaver.taken and _equal(weaver.taken[shared], values) else (*section, name)
        hole = weaver.hole(path, values, "", {"type": "string"}, "string")
        when = When(hole.path, "has") if None in items else None
        fields = Fields((Entry("name", _const(name)), Entry("value", hole)))
        return Entry("", fields, when)
    sources = tuple(MISSING if item is None else item for item in items)
    if not any(plain) and None not in items:
        return Entry("", weaver.mapping(sources, place))
    bodies = tuple(
        MISSING if item is None else {key: value for key, value in item.items() if key != "name"} for item in items
    )
    path = (*section[:-1], "envSources", name)
    hole = weaver.hole(path, bodies, "", {"type": "object"}, "block")
    when = When(hole.path, "has") if None in items else None
    return Entry("", Fields((Entry("name", _const(name)), Entry("", hole))), when)


def _equal(one: Cases, other: Cases) -> bool:
    return all(alike(pair) for pair in zip(one, other, strict=True))


def _const(value: Any) -> Node:
    from svc.targets.helm.types import Const

    return Const(value)


def _autoscaling(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if (
        place.kind != "HorizontalPodAutoscaler"
        or len(place.route) != 2
        or any(isinstance(case, Missing) for case in cases)
    ):
        return None
    docs = {
        "minReplicas": ("At least so many replicas.", {"type": "integer", "minimum": 1}),
        "maxReplicas": ("At most so many.", {"type": "integer", "minimum": 1}),
    }
    if place.key in docs:
        doc, schema = docs[place.key]
        return weaver.hole(place.section_path("autoscaling", place.key), cases, doc, schema)
    if place.key in {"metrics", "behavior"}:
        kind = "array" if place.key == "metrics" else "object"
        return weaver.hole(place.section_path("autoscaling", place.key), cases, "", {"type": kind})
    return None


_HOST = {"type": "array", "items": {"type": "string", "pattern": r"^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}}


def _ingress(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    if place.kind != "Ingress" or any(isinstance(case, Missing) for case in cases):
        return None
    hosts = place.section_path("ingress", "hosts")
    if place.route == ("spec", "ingressClassName"):
        return weaver.hole(place.section_path("ingress", "className"), cases, "", {"type": "string", "minLength": 1})
    if place.route == ("metadata", "annotations"):
        return weaver.hole(
            place.section_path("ingress", "annotations"),
            cases,
            "",
            {"type": "object", "additionalProperties": {"type": "string"}},
        )
    if place.route == ("spec", "rules") and _one_rule(cases):
        found = tuple([rule["host"] for rule in case] for case in cases)
        weaver.hole(hosts, found, "Host names that lead here.", {**_HOST, "minItems": 1})
        bodies = tuple(case[0]["http"] for case in cases)
        body = weaver.mapping(bodies, place.child(0).child("http"))
        return Each(hosts, Fields((Entry("host", Current()), Entry("http", body))))
    if place.route == ("spec", "tls", 0, "hosts"):
        return weaver.hole(hosts, cases, "Host names that lead here.", {**_HOST, "minItems": 1}, "block")
    if place.route == ("spec", "tls", 0, "secretName"):
        return weaver.hole(
            place.section_path("ingress", "tlsSecretName"),
            cases,
            "Secret with the certificate.",
            {"type": "string", "minLength": 1},
        )
    return None


def _one_rule(cases: Cases) -> bool:
    """All hosts lead to the same paths, in every environment with the same ones."""
    rules = [rule for case in cases for rule in case]
    return all("host" in rule for rule in rules) and alike([rule["http"] for rule in rules])


_SIMPLE: tuple[tuple[str, Route, Path, str, dict[str, Any]], ...] = (
    (
        "Service",
        ("spec", "type"),
        ("service", "type"),
        "Type of the Service.",
        {"enum": ["ClusterIP", "NodePort", "LoadBalancer"]},
    ),
    (
        "PodDisruptionBudget",
        ("spec", "minAvailable"),
        ("podDisruptionBudget", "minAvailable"),
        "Replicas that must stay during voluntary disruptions.",
        {"type": ["integer", "string"]},
    ),
    (
        "ConfigMap",
        ("data",),
        ("config",),
        "Files and settings of the ConfigMap.",
        {"type": "object", "additionalProperties": {"type": "string"}},
    ),
    ("CronJob", ("spec", "schedule"), ("schedule",), "Cron line.", {"type": "string", "minLength": 9}),
    ("CronJob", ("spec", "suspend"), ("suspend",), "No new runs.", {"type": "boolean"}),
)


def _simple(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    for kind, route, path, doc, schema in _SIMPLE:
        hook = place.name.endswith("-predeploy")
        if (
            place.kind == kind
            and place.route == route
            and not hook
            and not any(isinstance(case, Missing) for case in cases)
        ):
            return weaver.hole(place.section_path(*path), cases, doc, schema)
    return None


_ROLE = "eks.amazonaws.com/role-arn"


def _differing(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """Natural names for what is often different between environments."""
    if place.kind == "ServiceAccount" and place.key == _ROLE and not alike(cases):
        return weaver.hole(
            ("serviceAccount", "roleArn"), cases, "Cloud identity of the jobs before a deploy.", {"type": "string"}
        )
    if alike(cases) or any(isinstance(case, Missing) for case in cases):
        return None
    if place.kind == "ExternalSecret" and place.route[-2:] == ("remoteRef", "key"):
        from svc.targets.helm.weave import camel

        rest = place.name.removeprefix(weaver.name).removesuffix("-predeploy").strip("-")
        return weaver.hole(("secretPaths", camel(rest) or "own"), cases, "", {"type": "string", "minLength": 1})
    if place.key == "helm.sh/hook":
        return weaver.hole(("predeploy", "hook"), cases, "When jobs before a deploy run.", {"type": "string"})
    if place.key == "automountServiceAccountToken":
        return weaver.hole(
            ("serviceAccount", "automount"), cases, "Whether pods get the API token.", {"type": "boolean"}
        )
    return None
