"""What an API server refuses in a pod spec although its schema allows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.devices import device, never_shared
from svc.quantities import NANO, nanos

Found = Iterator[tuple[Route, str]]
_RESTART = {"Job": ("Never", "OnFailure"), "CronJob": ("Never", "OnFailure")}
_ALWAYS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_ACTIONS = ("httpGet", "tcpSocket", "exec", "grpc")


def check_pod(pod: dict[str, Any], route: Route, kind: str, claims: frozenset[str]) -> Found:
    """`claims`: names of the volumes that a StatefulSet's templates bring."""
    restart = pod.get("restartPolicy", "Always")
    if kind in _RESTART and restart not in _RESTART[kind]:
        yield (*route, "restartPolicy"), f"the restartPolicy of a {kind} is Never or OnFailure, not {restart}"
    if kind in _ALWAYS and restart != "Always":
        yield (*route, "restartPolicy"), f"the restartPolicy of a {kind} can only be Always"
    volumes = [one.get("name") for one in _items(pod, "volumes")]
    yield from _duplicates(volumes, (*route, "volumes"), "volume")
    names: list[Any] = []
    for part in ("initContainers", "containers"):
        for index, container in enumerate(_items(pod, part)):
            at = (*route, part, index)
            if container.get("name") in names:
                yield (*at, "name"), f"a second container is named `{container.get('name')}`"
            names.append(container.get("name"))
            yield from _container(container, at, [*volumes, *claims])
            if part == "initContainers" and container.get("restartPolicy") != "Always":
                yield from _init(container, at)
    if not _items(pod, "containers"):
        yield route, "a pod needs a container"


def _init(container: dict[str, Any], route: Route) -> Found:
    for key in (*_PROBES, "lifecycle"):
        if key in container:
            yield (*route, key), f"an init container that ends has no {key}"


def _container(container: dict[str, Any], route: Route, volumes: list[Any]) -> Found:
    name = container.get("name")
    if not isinstance(name, str) or not syntax.dns_label(name):
        yield (*route, "name"), f"`{name}` is no container name: a-z, 0-9 and `-`, at most 63"
    image = container.get("image")
    if not isinstance(image, str) or not image or image != image.strip():
        yield route, "a container needs an image"
    yield from _ports(container, route)
    yield from _env(container, route)
    yield from _mounts(container, route, volumes)
    yield from _resources(container, route)
    for key in _PROBES:
        probe = container.get(key)
        if isinstance(probe, dict):
            yield from _probe(probe, (*route, key), container)


def _ports(container: dict[str, Any], route: Route) -> Found:
    names = []
    for index, port in enumerate(_items(container, "ports")):
        at = (*route, "ports", index)
        name = port.get("name")
        if isinstance(name, str) and not syntax.port_name(name):
            yield (*at, "name"), f"`{name}` is no port name: at most 15 of a-z, 0-9 and `-`, with a letter"
        if name is not None and name in names:
            yield (*at, "name"), f"a second port is named `{name}`"
        names.append(name)
        number = port.get("containerPort")
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 65535:
            yield (*at, "containerPort"), f"{number} is no port: 1 to 65535"


def _env(container: dict[str, Any], route: Route) -> Found:
    seen: set[str] = set()
    for index, variable in enumerate(_items(container, "env")):
        at, name = (*route, "env", index), variable.get("name")
        if not isinstance(name, str) or not syntax.env_name(name):
            yield (*at, "name"), f"`{name}` is no variable name"
        elif name in seen:
            yield (*at, "name"), f"variable {name} is set twice, and the last one wins"
        else:
            seen.add(name)
        if "value" in variable and "valueFrom" in variable:
            yield at, f"variable {name} has a value and a valueFrom"
        if "value" in variable and not isinstance(variable["value"], str | type(None)):
            yield (*at, "value"), f"the value of {name} must be a string: quote it"


def _mounts(container: dict[str, Any], route: Route, volumes: list[Any]) -> Found:
    paths: list[Any] = []
    for index, mount in enumerate(_items(container, "volumeMounts")):
        at, path = (*route, "volumeMounts", index), mount.get("mountPath")
        if path in paths:
            yield (*at, "mountPath"), f"a second volume is mounted at {path}"
        paths.append(path)
        if mount.get("name") not in volumes:
            yield (*at, "name"), f"the pod has no volume `{mount.get('name')}`"
        if isinstance(path, str) and ":" in path:
            yield (*at, "mountPath"), f"`{path}` must not contain `:`"


def _resources(container: dict[str, Any], route: Route) -> Found:
    resources = container.get("resources")
    for part in ("requests", "limits"):
        amounts = resources.get(part) if isinstance(resources, dict) else None
        for key, value in (amounts if isinstance(amounts, dict) else {}).items():
            if not syntax.quantity(value):
                yield (*route, "resources", part, key), f"`{value}` is no quantity, such as 100m or 128Mi"
            elif isinstance(key, str) and device(key) and nanos(str(value)) % NANO:
                yield (*route, "resources", part, key), f"{value} of {key}: devices are counted in whole numbers"
    yield from _never_shared(resources if isinstance(resources, dict) else {}, (*route, "resources", "requests"))


def _never_shared(resources: dict[str, Any], route: Route) -> Found:
    """A limit without a request is one, too."""
    requests, limits = (resources.get(part) for part in ("requests", "limits"))
    limits = limits if isinstance(limits, dict) else {}
    for key, value in (requests if isinstance(requests, dict) else {}).items():
        if isinstance(key, str) and never_shared(key) and syntax.quantity(value):
            limit = limits.get(key)
            if limit is None:
                yield (
                    (*route, key),
                    f"{key} is requested without a limit, and nobody shares it: limits need {key}: {value}",
                )
            elif syntax.quantity(limit) and nanos(str(limit)) != nanos(str(value)):
                yield (
                    (*route, key),
                    f"{value} of {key} is requested, and {limit} is the limit: nobody shares it, so both are the same",
                )


def _probe(probe: dict[str, Any], route: Route, container: dict[str, Any]) -> Found:
    actions = [key for key in _ACTIONS if key in probe]
    if len(actions) != 1:
        yield route, f"a probe has one of {', '.join(_ACTIONS)}; this has {len(actions)}"
        return
    action = probe[actions[0]]
    port = action.get("port") if isinstance(action, dict) else None
    declared = [one.get("name") for one in _items(container, "ports")]
    if isinstance(port, str) and port not in declared:
        yield (*route, actions[0], "port"), f"the container has no port named `{port}`"
    path = action.get("path") if isinstance(action, dict) else None
    if isinstance(path, str) and not path.startswith("/"):
        yield (*route, actions[0], "path"), f"`{path}` must begin with `/`"
    if route[-1] != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        yield (*route, "successThreshold"), f"the successThreshold of a {route[-1]} can only be 1"


def _duplicates(names: list[Any], route: Route, what: str) -> Found:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (*route, index, "name"), f"a second {what} is named `{name}`"


def _items(parent: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The entries of a list, those that are no mapping as empty ones, so that indexes stay right."""
    found = parent.get(key)
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []
