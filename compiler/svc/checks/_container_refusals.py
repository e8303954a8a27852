"""What an API server refuses of one container; of what a patch may leave out nothing is told unless the container is `whole`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._refusals import filled_in, port_number, shown
from svc.checks.pods import Found, is_false, is_sidecar, is_true
from svc.diagnostics import Route
from svc.kubernetes.devices import never_shared
from svc.suggest import nearest
from svc.tree import items, mapping, mappings

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
ACTIONS = ("httpGet", "tcpSocket", "exec", "grpc")
_HOOKS = ("exec", "httpGet", "sleep", "tcpSocket")
_TIMES = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
_RESOURCES = ("cpu", "memory", "ephemeral-storage")
"""Of a container; others are `hugepages-*`, or have the name of who counts them before a slash."""


def of_container(one: dict[str, Any], route: Route, *, whole: bool) -> Iterator[Found]:
    yield from _image(one, route)
    yield from _security(one, route)
    yield from _resources(one, route, whole=whole)
    for key in PROBES:
        yield from _probe(one.get(key), (*route, key), whole=whole)
    for key in ("postStart", "preStop"):
        yield from _hook(mapping(one, "lifecycle").get(key), (*route, "lifecycle", key), whole=whole)
    if whole and "initContainers" in route and not is_sidecar(one):
        for key in (*PROBES, "lifecycle"):
            if one.get(key) is not None:
                yield (
                    (*route, key),
                    f"an init container that ends has no `{key}`; with `restartPolicy: Always` it goes on",
                )
    for index, mount in mappings(one, "volumeMounts"):
        yield from _mount(mount, one, (*route, "volumeMounts", index), whole=whole)


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
    limits = mapping(one, "resources", "limits")
    for part in ("requests", "limits"):
        for key, value in mapping(one, "resources", part).items():
            at = (*route, "resources", part, key)
            known = key in _RESOURCES or "/" in str(key) or str(key).startswith("hugepages-")
            if not known and not filled_in(key):
                listed = ", ".join(f"`{each}`" for each in _RESOURCES)
                yield (
                    at,
                    f"`{key}` is no resource of a container: {listed}, or `example.com/gpu`{nearest(key, _RESOURCES)}",
                )
            elif str(value).startswith("-"):
                yield at, f"`{value}` of {key} is less than nothing"
            elif whole and part == "requests" and key not in limits and never_shared(str(key)):
                yield at, f"nobody shares {key}: `limits` needs `{key}: {value}`, too"


def _probe(probe: Any, route: Route, *, whole: bool) -> Iterator[Found]:
    if not isinstance(probe, dict):
        return
    if whole and not any(probe.get(key) is not None for key in ACTIONS):
        yield route, f"the {route[-1]} asks nothing: it needs one of {', '.join(f'`{one}`' for one in ACTIONS)}"
    for key in _TIMES:
        number = probe.get(key)
        if isinstance(number, int) and number < 0:
            yield (*route, key), f"`{key}` is {number}: at least 0"
    for key in ("httpGet", "tcpSocket", "grpc"):
        yield from port_number(mapping(probe, key).get("port") or None, (*route, key, "port"))  # 0 is Knative's own


def _hook(hook: Any, route: Route, *, whole: bool) -> Iterator[Found]:
    if not isinstance(hook, dict):
        return
    given = [key for key in _HOOKS if hook.get(key) is not None]
    if len(given) > 1:
        yield route, f"the {route[-1]} hook has {' and '.join(given)}: one is allowed"
    elif whole and not given:
        yield route, f"the {route[-1]} hook does nothing: it needs one of {', '.join(f'`{one}`' for one in _HOOKS)}"


def _mount(mount: dict[str, Any], one: dict[str, Any], route: Route, *, whole: bool) -> Iterator[Found]:
    for key in ("subPath", "subPathExpr"):
        path = mount.get(key)
        if isinstance(path, str) and (path.startswith("/") or ".." in path.split("/")):
            yield (*route, key), f"`{path}` leads out of the volume; write a path from its root, without `..`"
    both_ways = mount.get("mountPropagation") == "Bidirectional"
    if whole and both_ways and not is_true(mapping(one, "securityContext").get("privileged")):
        yield (
            (*route, "mountPropagation"),
            f"{shown('Bidirectional')} is for privileged containers; write `HostToContainer`",
        )
