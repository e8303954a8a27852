"""What an API server refuses of objects without pods, where it stands there: what a patch may leave out is not told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.checks._refusals import address, filled_in, place_held, port_number
from svc.checks.pods import Found
from svc.diagnostics import Route
from svc.kubernetes import syntax
from svc.kubernetes.types import Manifest
from svc.tree import items, mapping, mappings

_SOURCES = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
"""What each type of a metric is told in."""
_KEYS = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
"""What a Secret of a type holds."""
_NETWORKED = (
    "azureDisk azureFile cephfs cinder csi fc flexVolume flocker glusterfs iscsi nfs quobyte rbd scaleIO storageos"
)
_VOLUMES = frozenset(
    [*_NETWORKED.split(), "awsElasticBlockStore", "gcePersistentDisk", "hostPath", "local", "vsphereVolume"]
)
"""What a PersistentVolume may be."""
_LEVELS = ("baseline", "privileged", "restricted")
_MODES = tuple(f"pod-security.kubernetes.io/{mode}" for mode in ("audit", "enforce", "warn"))
_AT_LEAST_0 = (
    *("activeDeadlineSeconds", "backoffLimit", "completions", "failedJobsHistoryLimit", "minReadySeconds"),
    *("parallelism", "revisionHistoryLimit", "startingDeadlineSeconds", "successfulJobsHistoryLimit"),
    "ttlSecondsAfterFinished",
)
_RBAC = "rbac.authorization.k8s.io"
_EXPOSED = ("LoadBalancer", "NodePort")


def service(manifest: Manifest) -> Iterator[Found]:
    spec = mapping(manifest.tree.data, "spec")
    kind = spec.get("type")
    yield from address(spec.get("clusterIP"), ("spec", "clusterIP"))
    for index, one in enumerate(items(spec, "externalIPs")):
        yield from address(one, ("spec", "externalIPs", index))
    if kind == "ExternalName" and not spec.get("externalName"):
        yield ("spec", "type"), "a Service of type `ExternalName` needs an `externalName`: the host that it stands for"
    if kind in _EXPOSED and spec.get("clusterIP") == "None":
        yield ("spec", "clusterIP"), f"a Service of type `{kind}` has an address: remove `clusterIP: None`, or the type"
    for index, port in mappings(spec, "ports"):
        yield from port_number(port.get("nodePort") or None, ("spec", "ports", index, "nodePort"))
        if kind == "ClusterIP" and port.get("nodePort"):
            yield ("spec", "ports", index, "nodePort"), "`nodePort` is for the types `NodePort` and `LoadBalancer`"
    if kind == "ClusterIP" and spec.get("externalTrafficPolicy") and not spec.get("externalIPs"):
        yield (
            ("spec", "externalTrafficPolicy"),
            "`externalTrafficPolicy` is for the types `NodePort` and `LoadBalancer`",
        )


def ingress(manifest: Manifest) -> Iterator[Found]:
    spec: Route = ("spec",)
    yield from _backend(mapping(manifest.tree.data, "spec", "defaultBackend"), (*spec, "defaultBackend"))
    for number, entry in mappings(manifest.tree.data, "spec", "tls"):
        for index, host in enumerate(items(entry, "hosts")):
            yield from _host(host, (*spec, "tls", number, "hosts", index))
    for number, rule in mappings(manifest.tree.data, "spec", "rules"):
        yield from _host(rule.get("host"), (*spec, "rules", number, "host"))
        for index, one in mappings(rule, "http", "paths"):
            at: Route = (*spec, "rules", number, "http", "paths", index)
            yield from _path(one, at)
            yield from _backend(mapping(one, "backend"), (*at, "backend"))


def _path(one: dict[str, Any], at: Route) -> Iterator[Found]:
    path, literal = one.get("path"), one.get("pathType") in ("Exact", "Prefix")
    if filled_in(path or ""):
        return
    if isinstance(path, str) and path and not path.startswith("/"):
        yield (*at, "path"), f"`{path}` does not begin with `/`"
    elif literal and not path:
        yield at, f"`pathType: {one['pathType']}` needs a `path`, such as `/`"
    elif literal and isinstance(path, str) and "//" in path:
        yield (*at, "path"), f"`{path}` has `//`, which `pathType: {one['pathType']}` takes for no path"


def _backend(backend: dict[str, Any], at: Route) -> Iterator[Found]:
    service, port = mapping(backend, "service"), mapping(backend, "service", "port")
    number, name = port.get("number"), port.get("name")
    yield from port_number(number or None, (*at, "service", "port", "number"))
    if number and name:
        yield (*at, "service", "port"), "the port has a `number` and a `name`: one is allowed"
    elif service and not number and not name:
        yield (*at, "service"), "the service needs a `port`: its `number` or its `name`"
    if service and backend.get("resource") is not None:
        yield at, "the backend is a `service` and a `resource`: one is allowed"


def _host(host: Any, route: Route) -> Iterator[Found]:
    """Words in capitals are those that somebody puts a name for."""
    if not isinstance(host, str) or not host or filled_in(host):
        return
    _, scheme, rest = host.partition("://")
    bare = (rest if scheme else host).partition("/")[0].partition(":")[0]
    if any(place_held(part) or part.isupper() for part in bare.split(".")):
        return
    if bare.count(".") == 3 and bare.replace(".", "").isdigit():
        yield route, f"`{host}` is an address; a host is a DNS name"
    elif bare != host or not syntax.dns_subdomain(host.removeprefix("*.")):
        advice = f"; write `{bare.lower()}`" if syntax.dns_subdomain(bare.lower().removeprefix("*.")) else ""
        yield route, f"`{host}` is no host: a DNS name in small letters, without scheme, port and path{advice}"


def autoscaler(manifest: Manifest) -> Iterator[Found]:
    low, high = manifest.tree.get("spec", "minReplicas"), manifest.tree.get("spec", "maxReplicas")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield ("spec", "maxReplicas"), f"minReplicas {low} is more than maxReplicas {high}"
    elif isinstance(high, int) and high < 1:
        yield ("spec", "maxReplicas"), f"`maxReplicas` is {high}: at least 1"
    for index, one in mappings(manifest.tree.data, "spec", "metrics"):
        kind = one.get("type")
        source = _SOURCES.get(kind) if isinstance(kind, str) else None
        given = [key for key in _SOURCES.values() if one.get(key) is not None]
        if source is not None and given != [source]:
            had = " and ".join(f"`{key}`" for key in given) or "nothing"
            yield (
                ("spec", "metrics", index),
                f"a metric of type `{kind}` has `{source}` and nothing else; this has {had}",
            )


def numbers(manifest: Manifest) -> Iterator[Found]:
    for at in (("spec",), ("spec", "jobTemplate", "spec")):
        for key in _AT_LEAST_0:
            number = manifest.tree.get(*at, key)
            if isinstance(number, int) and number < 0:
                yield (*at, key), f"`{key}` is {number}: at least 0"
    ready, late = (manifest.tree.get("spec", key) for key in ("minReadySeconds", "progressDeadlineSeconds"))
    if type(ready) is int and type(late) is int and late <= ready:
        yield (
            ("spec", "progressDeadlineSeconds"),
            f"`progressDeadlineSeconds` is {late}: more than minReadySeconds {ready}",
        )


def secret(manifest: Manifest) -> Iterator[Found]:
    given = {*mapping(manifest.tree.data, "data"), *mapping(manifest.tree.data, "stringData")}
    kind = manifest.tree.get("type")
    missing = [key for key in _KEYS.get(kind, ()) if key not in given] if isinstance(kind, str) and given else []
    if missing:
        yield ("type",), f"a Secret of type `{kind}` holds {' and '.join(f'`{key}`' for key in missing)}, too"


def volume(manifest: Manifest) -> Iterator[Found]:
    spec = mapping(manifest.tree.data, "spec")
    given = [key for key, value in spec.items() if key in _VOLUMES and value is not None]
    if len(given) > 1:
        yield ("spec",), f"the volume is {' and '.join(given)} at once, and can only be one of them"
    if given == ["local"] and spec.get("capacity") and not mapping(spec, "nodeAffinity", "required"):
        yield ("spec", "local"), "a `local` volume is on one node: `nodeAffinity` with `required` says on which"


def namespace(manifest: Manifest) -> Iterator[Found]:
    for key, value in mapping(manifest.tree.data, "metadata", "labels").items():
        if key in _MODES and not filled_in(value) and value not in _LEVELS:
            known = ", ".join(f"`{one}`" for one in _LEVELS)
            yield ("metadata", "labels", key), f"`{value}` is no level of pod security: {known}"


def webhooks(manifest: Manifest) -> Iterator[Found]:
    for index, one in mappings(manifest.tree.data, "webhooks"):
        at: Route = ("webhooks", index)
        client, seconds, name = mapping(one, "clientConfig"), one.get("timeoutSeconds"), one.get("name")
        if isinstance(name, str) and not filled_in(name) and name.count(".") < 2:
            yield (
                (*at, "name"),
                f"`{name}` is no name of a webhook: three parts with dots, such as `{name}.example.com`",
            )
        if client.get("url") is not None and client.get("service") is not None:
            yield (*at, "clientConfig"), "a webhook is called by its `url` or through a `service`, not both"
        url = client.get("url")
        if isinstance(url, str) and url.startswith("http://"):
            yield (*at, "clientConfig", "url"), f"`{url}` does not begin with `https://`"
        if isinstance(seconds, int) and not 1 <= seconds <= 30:
            yield (*at, "timeoutSeconds"), f"`timeoutSeconds` is {seconds}: from 1 to 30"


def rules(manifest: Manifest) -> Iterator[Found]:
    """Of a role, each of which stands as a whole."""
    for index, rule in mappings(manifest.tree.data, "rules"):
        at: Route = ("rules", index)
        urls, groups, resources = (rule.get(key) for key in ("nonResourceURLs", "apiGroups", "resources"))
        if urls and manifest.kind == "Role":
            yield (*at, "nonResourceURLs"), "`nonResourceURLs` are of the cluster: a ClusterRole may have them"
        elif urls and (groups or resources):
            yield (*at, "nonResourceURLs"), "a rule has `nonResourceURLs`, or `apiGroups` and `resources`"
        elif not urls and groups in (None, []):
            yield at, 'the rule has no `apiGroups`: `[""]` is the group of pods and secrets'
        elif not urls and resources in (None, []):
            yield at, "the rule has no `resources`"


def subjects(manifest: Manifest) -> Iterator[Found]:
    for index, one in mappings(manifest.tree.data, "subjects"):
        at: Route = ("subjects", index)
        group, kind = one.get("apiGroup"), one.get("kind")
        if not isinstance(group, str) or not group or filled_in(group):
            continue
        if kind == "ServiceAccount":
            yield (*at, "apiGroup"), f"a ServiceAccount is of no `apiGroup`; remove `{group}`"
        elif kind in ("Group", "User") and group != _RBAC:
            yield (*at, "apiGroup"), f"a {kind} is of `apiGroup: {_RBAC}`, not `{group}`"
