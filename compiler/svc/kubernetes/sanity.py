"""What an API server refuses although its schema allows it, one function a concern. All yield (route, message)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.sanity_pods import check_pod
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.tree import items, mapping

Found = Iterator[tuple[Route, str]]

_LABEL_NAMES = frozenset({"Job", "Namespace", "Pod"})
_SHORT_NAMES = {"CronJob": 52, "StatefulSet": 52}
_PATH_NAMES = frozenset({"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"})


def check(manifest: Manifest) -> Found:
    """Everything about one object by itself."""
    for concern in CONCERNS:
        yield from concern(manifest)


def _name(manifest: Manifest) -> Found:
    route: Route = ("metadata", "name")
    name = manifest.tree.get(*route)
    if name is None and manifest.tree.get("metadata", "generateName") is not None:
        return
    if not isinstance(name, str) or not name:
        yield ("metadata",), f"a {manifest.kind} needs a name"
    elif manifest.kind == "Service" and not syntax.service_name(name):
        yield route, f"`{name}` is no Service name: a letter, then a-z, 0-9 and `-`, at most 63"
    elif manifest.kind in _SHORT_NAMES and len(name) > _SHORT_NAMES[manifest.kind]:
        limit = _SHORT_NAMES[manifest.kind]
        yield route, f"a {manifest.kind} name has at most {limit} characters, `{name}` has {len(name)}"
    elif manifest.kind in _LABEL_NAMES and not syntax.dns_label(name):
        yield route, f"`{name}` is no {manifest.kind} name: a-z, 0-9 and `-`, at most 63"
    elif manifest.kind not in _PATH_NAMES and not syntax.dns_subdomain(name):
        yield route, f"`{name}` is no object name: a-z, 0-9, `-` and `.`, at most 253"
    namespace = manifest.tree.get("metadata", "namespace")
    if isinstance(namespace, str) and not syntax.dns_label(namespace):
        yield ("metadata", "namespace"), f"`{namespace}` is no namespace: a-z, 0-9 and `-`, at most 63"


def _labels(manifest: Manifest) -> Found:
    for route in _metadata_routes(manifest):
        yield from _string_map(manifest, (*route, "labels"), values=True)
        yield from _string_map(manifest, (*route, "annotations"), values=False)


def _metadata_routes(manifest: Manifest) -> Iterator[Route]:
    yield ("metadata",)
    template = POD_TEMPLATES.get(manifest.kind)
    if template is not None and len(template) > 1:
        yield (*template[:-1], "metadata")
    if manifest.kind == "CronJob":
        yield ("spec", "jobTemplate", "metadata")


def _string_map(manifest: Manifest, route: Route, *, values: bool) -> Found:
    found = manifest.tree.get(*route)
    if not isinstance(found, dict):
        return
    what = "label" if values else "annotation"
    for key, value in found.items():
        if not syntax.qualified_name(key):
            yield (*route, key), f"`{key}` is no {what} key"
        if not isinstance(value, str):
            yield (*route, key), f"the value of {what} {key} must be a string: quote it"
        elif values and not syntax.label_value(value):
            yield (*route, key), f"`{value}` is no label value: letters, digits, `-`, `_` and `.`, at most 63"


def _selector(manifest: Manifest) -> Found:
    """The selector of a workload selects its own pods."""
    template = POD_TEMPLATES.get(manifest.kind)
    wanted = manifest.tree.get("spec", "selector", "matchLabels")
    if template is None or manifest.kind in ("Job", "CronJob", "Pod") or not isinstance(wanted, dict):
        return
    labels = manifest.tree.get(*template[:-1], "metadata", "labels", default={})
    for key, value in wanted.items():
        if not isinstance(labels, dict) or labels.get(key) != value:
            yield ("spec", "selector", "matchLabels", key), f"the pods have no label {key}: {value}"


def _service_ports(manifest: Manifest) -> Found:
    ports = manifest.tree.get("spec", "ports")
    if manifest.kind != "Service" or not isinstance(ports, list):
        return
    names: set[str] = set()
    numbers: set[tuple[str, str]] = set()
    for index, port in enumerate(ports):
        if not isinstance(port, dict):
            continue
        route: Route = ("spec", "ports", index)
        name, number = port.get("name"), (str(port.get("port")), str(port.get("protocol", "TCP")))
        if name is None and len(ports) > 1:
            yield route, "every port of a Service with several ports needs a name"
        if isinstance(name, str) and not syntax.dns_label(name):
            yield (*route, "name"), f"`{name}` is no port name"
        if isinstance(name, str) and name in names:
            yield (*route, "name"), f"a second port is named `{name}`"
        if number in numbers:
            yield (*route, "port"), f"port {number[0]}/{number[1]} is there twice"
        target = port.get("targetPort")
        if isinstance(target, str) and not syntax.port_name(target):
            yield (*route, "targetPort"), f"`{target}` is no port name: at most 15 of a-z, 0-9 and `-`, with a letter"
        names.add(str(name))
        numbers.add(number)


def _config(manifest: Manifest) -> Found:
    if manifest.kind not in ("ConfigMap", "Secret"):
        return
    size = 0
    for part in ("data", "binaryData", "stringData"):
        data = manifest.tree.get(part)
        for key, value in (data if isinstance(data, dict) else {}).items():
            size += len(value.encode()) if isinstance(value, str) else 0
            if not syntax.config_key(key):
                yield (part, key), f"`{key}` is no key: letters, digits, `-`, `_` and `.`"
            if not isinstance(value, str):
                yield (part, key), f"the value of {key} must be a string: quote it"
    if size > 1024 * 1024:
        yield ("data",), f"{size} bytes, and a {manifest.kind} holds at most 1 MiB"


def _schedule(manifest: Manifest) -> Found:
    schedule = manifest.tree.get("spec", "schedule")
    if manifest.kind == "CronJob" and isinstance(schedule, str):
        wrong = syntax.cron(schedule)
        if wrong:
            yield ("spec", "schedule"), f"`{schedule}` is no schedule: {wrong}"


def _claims(manifest: Manifest) -> Found:
    templates = items(manifest.tree.get("spec", "volumeClaimTemplates"))
    routes: list[Route] = [("spec", "volumeClaimTemplates", index, "spec") for index in range(len(templates))]
    if manifest.kind == "PersistentVolumeClaim":
        routes = [("spec",)]
    for route in routes:
        size = manifest.tree.get(*route, "resources", "requests", "storage")
        if not syntax.quantity(size):
            yield (*route, "resources", "requests"), "a claim needs resources.requests.storage, such as 10Gi"


def _scaling(manifest: Manifest) -> Found:
    if manifest.kind == "HorizontalPodAutoscaler":
        low, high = manifest.tree.get("spec", "minReplicas", default=1), manifest.tree.get("spec", "maxReplicas")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            yield ("spec", "minReplicas"), f"minReplicas {low} is more than maxReplicas {high}"
    if manifest.kind == "PodDisruptionBudget":
        spec = manifest.tree.get("spec", default={})
        if isinstance(spec, dict) and ("minAvailable" in spec) == ("maxUnavailable" in spec):
            yield ("spec",), "set one of minAvailable and maxUnavailable"
    if manifest.kind == "Deployment":
        yield from _strategy(manifest)


def _events(manifest: Manifest) -> Found:
    """What KEDA refuses; unless it is said there are no replicas at least, and 100 at most."""
    spec = manifest.tree.get("spec")
    if manifest.kind != "ScaledObject" or not isinstance(spec, dict):
        return
    low, high, idle = spec.get("minReplicaCount", 0), spec.get("maxReplicaCount", 100), spec.get("idleReplicaCount")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield ("spec", "minReplicaCount"), f"minReplicaCount {low} is more than maxReplicaCount {high}"
    if isinstance(idle, int) and (idle != 0 or low == 0):
        yield ("spec", "idleReplicaCount"), "idleReplicaCount can only be 0, and less than minReplicaCount"
    listed = spec.get("triggers")
    triggers = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if triggers and low == 0 and all(one.get("type") in ("cpu", "memory") for one in triggers):
        yield ("spec", "triggers"), "cpu and memory alone start no first replica: set minReplicaCount to 1 or more"
    names = [one.get("name") for one in triggers]
    for index, name in enumerate(names):
        if name is not None and name in names[:index]:
            yield ("spec", "triggers", index, "name"), f"another trigger is called `{name}`"


def _strategy(manifest: Manifest) -> Found:
    strategy = manifest.tree.get("spec", "strategy", default={})
    if not isinstance(strategy, dict):
        return
    rolling = strategy.get("rollingUpdate")
    if strategy.get("type") == "Recreate" and rolling:
        yield ("spec", "strategy", "rollingUpdate"), "Recreate takes no rollingUpdate values"
    if isinstance(rolling, dict) and all(rolling.get(key) in (0, "0%") for key in ("maxSurge", "maxUnavailable")):
        yield ("spec", "strategy", "rollingUpdate"), "maxSurge and maxUnavailable cannot both be 0"


def _ingress(manifest: Manifest) -> Found:
    rules = manifest.tree.get("spec", "rules")
    if manifest.kind != "Ingress" or not isinstance(rules, list):
        return
    for index, rule in enumerate(rules):
        host = rule.get("host") if isinstance(rule, dict) else None
        if isinstance(host, str) and not syntax.dns_subdomain(host.removeprefix("*.")):
            yield ("spec", "rules", index, "host"), f"`{host}` is no host name"
        paths = manifest.tree.get("spec", "rules", index, "http", "paths", default=[])
        for place, path in enumerate(paths if isinstance(paths, list) else []):
            text = path.get("path") if isinstance(path, dict) else None
            if isinstance(text, str) and not text.startswith("/"):
                yield ("spec", "rules", index, "http", "paths", place, "path"), f"`{text}` must begin with `/`"


def _port_ranges(manifest: Manifest) -> Found:
    """From a numbered port up to another one."""
    for part in ("ingress", "egress") if manifest.kind == "NetworkPolicy" else ():
        rules = manifest.tree.get("spec", part)
        for index, rule in enumerate(rules if isinstance(rules, list) else ()):
            ports = rule.get("ports") if isinstance(rule, dict) else None
            for at, one in enumerate(ports if isinstance(ports, list) else ()):
                first, last = (one.get("port"), one.get("endPort")) if isinstance(one, dict) else (None, None)
                route: Route = ("spec", part, index, "ports", at, "endPort")
                if isinstance(last, int) and not isinstance(first, int):
                    yield route, "endPort needs a port with a number, at which the range begins"
                elif isinstance(last, int) and isinstance(first, int) and last < first:
                    yield route, f"the range ends at {last}, before it begins at {first}"


def _pod(manifest: Manifest) -> Found:
    route, pod = manifest.pod_route, manifest.pod
    if route is not None and pod is not None:
        claims = manifest.tree.get("spec", "volumeClaimTemplates")
        names = frozenset(str(mapping(one, "metadata").get("name")) for one in items(claims))
        yield from check_pod(pod, route, manifest.kind, names)


CONCERNS: tuple[Callable[[Manifest], Found], ...] = (
    _name,
    _labels,
    _selector,
    _service_ports,
    _config,
    _schedule,
    _claims,
    _scaling,
    _events,
    _ingress,
    _port_ranges,
    _pod,
)
