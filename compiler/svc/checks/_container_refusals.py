"""What an API server refuses of one container; of what a patch may leave out nothing is told unless the container is `whole`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._refused_values import at_least, filled_in, no_quantity, port_name, port_number, shown, twice
from svc.checks.pods import Found, is_false, is_sidecar, is_true
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.devices import never_shared
from svc.quantities import nanos
from svc.suggest import nearest
from svc.tree import items, mapping, mappings

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_ASKS = ("httpGet", "tcpSocket", "exec", "grpc")
_TIMES = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
_DOES = ("exec", "httpGet", "sleep", "tcpSocket")
"""What a hook of the lifecycle may do."""
_RESOURCES = ("cpu", "memory", "ephemeral-storage")
"""Of a container; others are `hugepages-*`, or have the name of who counts them before a slash."""
_KEYED = ("metadata.annotations", "metadata.labels")
_FIELDS = (
    *("spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
    *(*_KEYED, "metadata.name", "metadata.namespace", "metadata.uid"),
)
"""What the downward API can give a variable."""


def of_container(one: dict[str, Any], route: Route, *, whole: bool) -> Iterator[Found]:
    yield from _name(one, route)
    yield from _image(one, route)
    yield from _security(one, route)
    yield from _resources(one, route, whole=whole)
    yield from _variables(one, route)
    yield from _ports(one, route, whole=whole)
    for key in _PROBES:
        yield from _probe(one.get(key), (*route, key), whole=whole)
    for key in ("postStart", "preStop"):
        hook = mapping(one, "lifecycle").get(key)
        yield from _one_of(_DOES, hook, (*route, "lifecycle", key), f"{key} hook", "does nothing" if whole else "")
    if whole and "initContainers" in route and not is_sidecar(one):
        for key in (*_PROBES, "lifecycle"):
            if one.get(key) is not None:
                message = f"an init container that ends has no `{key}`; with `restartPolicy: Always` it goes on"
                yield (*route, key), message
    yield from twice(one, route, "volumeMounts", "mountPath", "mount")
    for index, mount in mappings(one, "volumeMounts"):
        yield from _mount(mount, one, (*route, "volumeMounts", index), whole=whole)


def _name(one: dict[str, Any], route: Route) -> Iterator[Found]:
    name = one.get("name")
    if isinstance(name, str) and name and not syntax.dns_label(name) and not syntax.stands_in(name):
        yield (*route, "name"), f"`{name}` is no name of a container: a-z, 0-9 and `-`, at most 63"


def _image(one: dict[str, Any], route: Route) -> Iterator[Found]:
    image = one.get("image")
    if isinstance(image, str) and image != image.strip() != "":  # one of blanks is for an image stream of OpenShift
        yield (*route, "image"), f"the image `{image}` has a space at its end or beginning; write `{image.strip()}`"


def _security(one: dict[str, Any], route: Route) -> Iterator[Found]:
    context, at = mapping(one, "securityContext"), (*route, "securityContext")
    if not is_false(context.get("allowPrivilegeEscalation")):
        return
    against = "does not go with `allowPrivilegeEscalation: false`; remove one of them"
    if is_true(context.get("privileged")):
        yield (*at, "privileged"), f"`privileged: true` {against}"
        return
    for index, capability in enumerate(items(context, "capabilities", "add")):
        if capability == "CAP_SYS_ADMIN":
            yield (*at, "capabilities", "add", index), f"the capability `{capability}` {against}"


def _resources(one: dict[str, Any], route: Route, *, whole: bool) -> Iterator[Found]:
    limits, requests = mapping(one, "resources", "limits"), mapping(one, "resources", "requests")
    known: dict[str, dict[str, Any]] = {"limits": limits, "requests": requests}
    right = True
    for part, amounts in known.items():
        for key, value in amounts.items():
            at = (*route, "resources", part, key)
            right = right and (filled_in(value) or syntax.quantity(value))
            if no_quantity(value):
                yield at, f"{shown(value)} is no quantity, such as 100m or 128Mi"
            if not _is_resource(str(key)) and not filled_in(key):
                listed = ", ".join(f"`{each}`" for each in _RESOURCES)
                near = nearest(key, _RESOURCES)
                yield at, f"`{key}` is no resource of a container: {listed}, or `example.com/gpu`{near}"
            elif str(value).startswith("-"):
                yield at, f"`{value}` of {key} is less than nothing"
            elif whole and part == "requests" and key not in limits and never_shared(str(key)):
                yield at, f"nobody shares {key}: `limits` needs `{key}: {value}`, too"
    for key in _RESOURCES if right else ():
        asked, most = requests.get(key), limits.get(key)
        if not filled_in(asked) and not filled_in(most) and nanos(str(asked)) > nanos(str(most)):
            yield (*route, "resources", "requests", key), f"{key} request {asked} is more than the limit {most}"


def _is_resource(key: str) -> bool:
    return key in _RESOURCES or "/" in key or key.startswith("hugepages-")


def _variables(one: dict[str, Any], route: Route) -> Iterator[Found]:
    for index, variable in mappings(one, "env"):
        at = (*route, "env", index)
        if variable.get("value") and variable.get("valueFrom"):
            yield at, f"variable `{variable.get('name')}` has a `value` and a `valueFrom`"
        path = mapping(variable, "valueFrom", "fieldRef").get("fieldPath")
        if not isinstance(path, str) or filled_in(path) or path == "spec.host":  # the old name of nodeName
            continue
        name = path.partition("[")[0]
        if name not in _FIELDS or (name == path) is (name in _KEYED):
            example = f"; write `{path}['...']`" if path in _KEYED else nearest(name, _FIELDS)
            example = f"; write `{name}`" if name in _FIELDS and name not in _KEYED else example
            message = f"`{path}` is no field that a variable can have{example}"
            yield (*at, "valueFrom", "fieldRef", "fieldPath"), message


def _ports(one: dict[str, Any], route: Route, *, whole: bool) -> Iterator[Found]:
    for index, port in mappings(one, "ports"):
        at = (*route, "ports", index)
        yield from port_name(port.get("name"), (*at, "name"))
        yield from port_number(port.get("containerPort"), (*at, "containerPort"))
        if whole and port.get("containerPort") is None:
            yield at, "the port has no `containerPort`"
    yield from twice(one, route, "ports", "name", "port")


def _probe(probe: Any, route: Route, *, whole: bool) -> Iterator[Found]:
    if not isinstance(probe, dict):
        return
    key = route[-1]
    yield from _one_of(_ASKS, probe, route, str(key), "asks nothing" if whole else "")
    if key != "readinessProbe" and (probe.get("successThreshold") or 1) != 1:
        yield (*route, "successThreshold"), f"the successThreshold of a {key} can only be 1"
    for time in _TIMES:
        yield from at_least(0, probe.get(time), (*route, time))
    for action in ("httpGet", "tcpSocket", "grpc"):
        port = mapping(probe, action).get("port") or None  # 0 is Knative's own
        yield from port_number(port, (*route, action, "port"))


def _one_of(keys: tuple[str, ...], node: Any, route: Route, what: str, idle: str) -> Iterator[Found]:
    """`idle`: what is said where none of the keys is there; "": it may be elsewhere."""
    if not isinstance(node, dict):
        return
    given = [key for key in keys if node.get(key) is not None]
    if len(given) > 1:
        yield route, f"the {what} has {' and '.join(given)}: one is allowed"
    elif idle and not given:
        yield route, f"the {what} {idle}: it needs one of {', '.join(f'`{key}`' for key in keys)}"


def _mount(mount: dict[str, Any], one: dict[str, Any], route: Route, *, whole: bool) -> Iterator[Found]:
    for key in ("subPath", "subPathExpr"):
        path = mount.get(key)
        if isinstance(path, str) and (path.startswith("/") or ".." in path.split("/")):
            yield (*route, key), f"`{path}` leads out of the volume; write a path from its root, without `..`"
    both_ways = mount.get("mountPropagation") == "Bidirectional"
    if whole and both_ways and not is_true(mapping(one, "securityContext").get("privileged")):
        message = "`Bidirectional` is for privileged containers; write `HostToContainer`"
        yield (*route, "mountPropagation"), message
