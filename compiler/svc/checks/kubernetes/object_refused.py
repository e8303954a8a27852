"""What an API server refuses although the types are right. A patch is a part of an object: what is missing is not told,
but for volumes that a whole workload mounts and does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from svc.checks._container_refusals import ACTIONS, PROBES, of_container
from svc.checks._object_refusals import (
    autoscaler,
    ingress,
    namespace,
    numbers,
    rules,
    secret,
    service,
    subjects,
    volume,
    webhooks,
)
from svc.checks._params import NoParams as Params
from svc.checks._pod_refusals import container_name, pod_rules, pod_values, ranges, replicas, selector
from svc.checks._refusals import (
    claims,
    encoded,
    fields,
    filled_in,
    network_policy,
    no_quantity,
    port_name,
    port_number,
    shown,
    time_zone,
)
from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.parts import is_whole
from svc.kubernetes.served import is_core
from svc.kubernetes.types import Manifest
from svc.quantities import nanos
from svc.tree import mapping, mappings

_OVERCOMMITTED = ("cpu", "memory", "ephemeral-storage")


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for concern in _CONCERNS.get(manifest.kind, ()) if is_core(manifest.api_version) else ():
        yield from concern(manifest)
    pod, route = manifest.pod, manifest.pod_route
    if pod is None or route is None:
        return
    yield from _twice(pod, route, "volumes", "name", "volume")
    names: set[str] = set()
    for at, one in manifest.containers():
        name = str(one.get("name") or "")
        if name and name in names:
            yield (*at, "name"), f"a second container is named `{name}`"
        names.add(name)
        yield from _container(one, at)
    yield from _spread(pod, route)
    yield from pod_values(pod, route)
    whole = is_whole(manifest)
    yield from pod_rules(manifest, pod, route, whole=whole)
    for at, one in manifest.containers():
        yield from of_container(one, at, whole=whole)
    if whole:
        yield from _mounts(manifest, pod)
        for at, one in manifest.containers():
            for index, port in mappings(one, "ports"):
                if port.get("containerPort") is None:
                    yield (*at, "ports", index), "the port has no `containerPort`"


def _container(container: dict[str, Any], route: Route) -> Iterator[Found]:
    yield from _resources(container, route)
    yield from fields(container, route)
    yield from container_name(container, route)
    for index, variable in mappings(container, "env"):
        if variable.get("value") and variable.get("valueFrom"):
            yield (*route, "env", index), f"variable `{variable.get('name')}` has a `value` and a `valueFrom`"
    for index, port in mappings(container, "ports"):
        yield from port_name(port.get("name"), (*route, "ports", index, "name"))
        yield from port_number(port.get("containerPort"), (*route, "ports", index, "containerPort"))
    yield from _twice(container, route, "ports", "name", "port")
    yield from _twice(container, route, "volumeMounts", "mountPath", "mount")
    for key in PROBES:
        probe = mapping(container, key)
        actions = [one for one in ACTIONS if probe.get(one) is not None]
        if len(actions) > 1:
            yield (*route, key), f"the {key} has {' and '.join(actions)}: one is allowed"
        if key != "readinessProbe" and (probe.get("successThreshold") or 1) != 1:
            yield (*route, key, "successThreshold"), f"the successThreshold of a {key} can only be 1"


def _spread(pod: dict[str, Any], route: Route) -> Iterator[Found]:
    for index, one in mappings(pod, "topologySpreadConstraints"):
        at: Route = (*route, "topologySpreadConstraints", index)
        for key in ("maxSkew", "minDomains"):
            number = one.get(key, 1)
            if isinstance(number, int) and number < 1:
                yield (*at, key), f"`{key}` is {number}: at least 1"
        if one.get("minDomains") is not None and one.get("whenUnsatisfiable", "DoNotSchedule") == "ScheduleAnyway":
            yield (*at, "minDomains"), "`minDomains` needs `whenUnsatisfiable: DoNotSchedule`"


def _resources(container: dict[str, Any], route: Route) -> Iterator[Found]:
    limits, requests = mapping(container, "resources", "limits"), mapping(container, "resources", "requests")
    known: dict[str, dict[str, Any]] = {"limits": limits, "requests": requests}
    right = True
    for part, amounts in known.items():
        for key, value in amounts.items():
            right = right and (filled_in(value) or syntax.quantity(value))
            if no_quantity(value):
                yield (*route, "resources", part, key), f"{shown(value)} is no quantity, such as 100m or 128Mi"
    for key in _OVERCOMMITTED if right else ():
        if key not in requests or key not in limits or filled_in(requests[key]) or filled_in(limits[key]):
            continue
        if nanos(str(requests[key])) > nanos(str(limits[key])):
            message = f"{key} request {requests[key]} is more than the limit {limits[key]}"
            yield (*route, "resources", "requests", key), message


def _mounts(manifest: Manifest, pod: dict[str, Any]) -> Iterator[Found]:
    volumes = {str(one.get("name")) for _, one in mappings(pod, "volumes")}
    volumes |= {
        str(mapping(one, "metadata").get("name"))
        for _, one in mappings(manifest.tree.data, "spec", "volumeClaimTemplates")
    }
    for at, container in manifest.containers():
        for index, mount in mappings(container, "volumeMounts"):
            name = mount.get("name")
            if isinstance(name, str) and name not in volumes and "$" not in name:
                yield (*at, "volumeMounts", index, "name"), f"the pod has no volume `{name}`"


def _twice(node: dict[str, Any], route: Route, part: str, key: str, what: str) -> Iterator[Found]:
    seen: set[str] = set()
    for index, one in mappings(node, part):
        name = one.get(key)
        if isinstance(name, str):
            if name in seen:
                yield (*route, part, index, key), f"a second {what} has `{key}: {name}`"
            seen.add(name)


def _service(manifest: Manifest) -> Iterator[Found]:
    ports = list(mappings(manifest.tree.data, "spec", "ports"))
    numbers: set[tuple[str, str]] = set()
    for index, port in ports:
        route: Route = ("spec", "ports", index)
        if len(ports) > 1 and not port.get("name"):
            yield route, "every port of a Service with several ports needs a `name`"
        number = (str(port.get("port")), str(port.get("protocol", "TCP")))
        if number in numbers:
            yield (*route, "port"), f"port {number[0]}/{number[1]} is there twice"
        numbers.add(number)
        yield from port_number(port.get("port"), (*route, "port"))
        yield from port_number(port.get("targetPort") or None, (*route, "targetPort"))  # 0 is the port's own
        yield from port_name(port.get("targetPort"), (*route, "targetPort"))
    yield from _twice(mapping(manifest.tree.data, "spec"), ("spec",), "ports", "name", "port")


def _schedule(manifest: Manifest) -> Iterator[Found]:
    schedule = manifest.tree.get("spec", "schedule")
    if isinstance(schedule, str) and "$" not in schedule:
        wrong = syntax.cron(schedule)
        if wrong:
            yield ("spec", "schedule"), f"`{schedule}` is no schedule: {wrong}"


def _budget(manifest: Manifest) -> Iterator[Found]:
    spec = mapping(manifest.tree.data, "spec")
    if all(spec.get(key) is not None for key in ("minAvailable", "maxUnavailable")):
        yield ("spec", "maxUnavailable"), "a budget has `minAvailable` or `maxUnavailable`, not both"
    for key in ("minAvailable", "maxUnavailable"):
        yield from _share(spec.get(key), ("spec", key))


def _strategy(manifest: Manifest) -> Iterator[Found]:
    strategy = mapping(manifest.tree.data, "spec", "strategy")
    rolling = mapping(strategy, "rollingUpdate")
    if strategy.get("type") == "Recreate" and rolling:
        yield ("spec", "strategy", "rollingUpdate"), "Recreate takes no `rollingUpdate`"
    if all(rolling.get(key) in (0, "0", "0%") for key in ("maxSurge", "maxUnavailable")):
        yield ("spec", "strategy", "rollingUpdate"), "`maxSurge` and `maxUnavailable` cannot both be 0"
    for key in ("maxSurge", "maxUnavailable"):
        yield from _share(rolling.get(key), ("spec", "strategy", "rollingUpdate", key), more=key == "maxSurge")


def _by_hand(manifest: Manifest) -> Iterator[Found]:
    strategy = mapping(manifest.tree.data, "spec", "updateStrategy")
    if strategy.get("type") == "OnDelete" and strategy.get("rollingUpdate"):
        yield ("spec", "updateStrategy", "rollingUpdate"), "OnDelete takes no `rollingUpdate`"


def _job(manifest: Manifest) -> Iterator[Found]:
    spec = mapping(manifest.tree.data, "spec")
    if spec.get("podFailurePolicy") and mapping(manifest.pod).get("restartPolicy") == "OnFailure":
        yield ("spec", "podFailurePolicy"), "`podFailurePolicy` needs pods with `restartPolicy: Never`"
    if spec.get("completionMode") == "Indexed" and spec.get("completions") is None and is_whole(manifest):
        yield ("spec", "completionMode"), "`completionMode: Indexed` needs `completions`: how many indexes there are"


def _share(given: Any, route: Route, *, more: bool = False) -> Iterator[Found]:
    """`ValidatePositiveIntOrPercent` and `IsNotMoreThan100Percent` of the API's validation. `more`: than all of them."""
    if filled_in(given) or isinstance(given, bool):
        return
    if isinstance(given, str) and not syntax.percent(given):
        yield route, f"`{given}` is neither a number of pods, without quotes, nor a share of them, such as 50%"
    elif isinstance(given, str) and not more and len(given.lstrip("0")) > 3 and given.lstrip("0") != "100%":
        yield route, f"`{given}` is more than 100%"
    elif isinstance(given, int) and given < 0:
        yield route, f"`{route[-1]}` is {given}: at least 0"


def _keys(manifest: Manifest) -> Iterator[Found]:
    for part in ("data", "binaryData", "stringData"):
        for key in mapping(manifest.tree.data, part):
            if not syntax.config_key(key):
                yield (part, key), f"`{key}` is no key: letters, digits, `-`, `_` and `.`"


def _definition(manifest: Manifest) -> Iterator[Found]:
    """What a patch leaves out is not told."""
    spec = mapping(manifest.tree.data, "spec")
    plural, group = mapping(spec, "names").get("plural"), spec.get("group")
    if plural and group and manifest.name and manifest.name != f"{plural}.{group}":
        yield ("metadata", "name"), f"the definition of `{plural}` in group `{group}` is called `{plural}.{group}`"
    stable = manifest.api_version == "apiextensions.k8s.io/v1"
    if stable and spec.get("preserveUnknownFields") is True:
        message = "`preserveUnknownFields: true` is refused; a schema says `x-kubernetes-preserve-unknown-fields: true`"
        yield ("spec", "preserveUnknownFields"), message
    versions = [one for _, one in mappings(spec, "versions")]
    stored = [one for one in versions if one.get("storage") is True]
    if not group or not versions or not all("storage" in one for one in versions):
        return
    for index, one in mappings(spec, "versions") if stable else ():
        if not mapping(one, "schema", "openAPIV3Schema"):
            yield ("spec", "versions", index), f"version `{one.get('name')}` has no `schema.openAPIV3Schema`"
    if len(stored) != 1:
        yield (
            ("spec", "versions"),
            f"{len(stored) or 'no'} version{'s are' if stored else ' is'} stored: exactly one is",
        )


_CONCERNS: dict[str, tuple[Callable[[Manifest], Iterator[Found]], ...]] = {
    "Service": (_service, service, ranges),
    "CronJob": (_schedule, time_zone, numbers),
    "Job": (_job, numbers),
    "HorizontalPodAutoscaler": (autoscaler,),
    "PodDisruptionBudget": (_budget, selector),
    "Deployment": (_strategy, selector, replicas, numbers),
    "DaemonSet": (selector, numbers),
    "ReplicaSet": (selector, replicas, numbers),
    "Ingress": (ingress,),
    "NetworkPolicy": (network_policy,),
    "PersistentVolumeClaim": (claims,),
    "StatefulSet": (claims, _by_hand, selector, replicas, numbers),
    "ConfigMap": (_keys, encoded),
    "Secret": (_keys, encoded, secret),
    "Namespace": (namespace,),
    "PersistentVolume": (volume,),
    "Role": (rules,),
    "ClusterRole": (rules,),
    "RoleBinding": (subjects,),
    "ClusterRoleBinding": (subjects,),
    "MutatingWebhookConfiguration": (webhooks,),
    "ValidatingWebhookConfiguration": (webhooks,),
    "CustomResourceDefinition": (_definition,),
}
