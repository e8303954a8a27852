"""A container of a pod becomes the process of a service, a sidecar, a step before the start, a worker or a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from svc.checks.secrets import is_stored
from svc.importers.draft import Draft, label
from svc.importers.kubernetes_objects import OWN, Objects, added, empty, take
from svc.importers.kubernetes_probe import probe
from svc.importers.kubernetes_security import security
from svc.importers.ledger import View
from svc.records import dataclass, replace
from svc.resolve import dollars
from svc.resolve.ports import by_name
from svc.resolve.references import POD_FACTS

Route = tuple[str, ...]
Place = tuple[str | int, ...]
_DEFAULT = {
    "name": "svc names containers after the service or the entry",
    "imagePullPolicy": "the compiler always writes Always",
    "restartPolicy": "a sidecar is always restarted",
}
_PROBES = {"readinessProbe": "ready", "livenessProbe": "live", "startupProbe": "startup"}
_FACTS = {path: fact for fact, path in POD_FACTS.items()}


@dataclass(frozen=True, slots=True)
class Pod:
    """What a container is read with: `kind` and `name` of the object that is generated, `at` where its pod spec is."""

    draft: Draft
    objects: Objects
    view: View
    kind: str
    name: str
    at: Place

    def volume(self, name: str) -> View | None:
        found = [one for one in self.view.at("volumes").each() if one.at("name").text == name]
        return found[0].of(self.draft.name) if found else None


def container(view: View, pod: Pod, at: Route, place: Place) -> None:
    """`at` is the process in the spec, `place` the container in the generated pod. Mounts: see `kubernetes_volumes`."""
    draft = pod.draft
    for key, one in view.of(draft.name).items():
        if key != "image" and empty(one):
            continue
        if key == "image":
            take(one, draft, (*at, "image"), one.text, draft.get("image") if at else None)
        elif key == "workingDir":
            take(one, draft, (*at, "workdir"), one.text)
        elif key in ("command", "args"):
            draft.set((*at, key), one.texts())
            one.mapped(*at, key)
        elif key in _DEFAULT:
            one.default(_DEFAULT[key])
        elif key in _PROBES:
            _probe(one, key, pod, at, place)
        elif key in _PARTS:
            _PARTS[key](one, pod, at, place)
        elif key == "volumeDevices":
            one.dropped("disks without a file system: a patch names them, with their claim")
        elif key != "volumeMounts":
            added(one, draft, pod.kind, pod.name, (*pod.at, *place, key), one.value)


def _probe(view: View, key: str, pod: Pod, at: Route, place: Place) -> None:
    probe(view, pod.draft, (*at, "health", _PROBES[key]))
    grace = view.at("terminationGracePeriodSeconds")
    if grace.there:
        route = (*pod.at, *place, key, "terminationGracePeriodSeconds")
        added(grace, pod.draft, pod.kind, pod.name, route, grace.value)


def _ports(view: View, pod: Pod, at: Route, _: Place) -> None:
    draft = pod.draft
    for index, one in enumerate(view.each()):
        port = one.at("containerPort")
        name = label(one.at("name").text or ("http" if index == 0 else f"port-{port.text}"), 15)
        draft.set((*at, "ports", name), {"port": port.value, **transport(name, one.at("protocol").text)})
        for key, part in one.items():
            if key in ("containerPort", "name", "protocol"):
                part.mapped(*at, "ports", name)
            else:
                part.dropped("pods have no ports on the host")


def transport(name: str, protocol: str) -> dict[str, str]:
    """UDP is said; TCP where the name alone would mean UDP."""
    if protocol == "UDP":
        return {"protocol": "udp"}
    return {"protocol": "tcp"} if by_name(name) == "udp" else {}


# --- variables ---------------------------------------------------------------------------------------------------


def _env(view: View, pod: Pod, at: Route, place: Place) -> None:
    for variable in view.each():
        _variable(variable, pod, at, place)


def _variable(view: View, pod: Pod, at: Route, place: Place) -> None:
    name, draft = view.at("name").text, pod.draft
    view.at("name").mapped(*at, "env", name)
    if not view.at("valueFrom").there:
        value = view.at("value")
        if is_stored(name, value.text):
            draft.set((*at, "secrets", name), {"from": f"{draft.name}/{label(name, 60)}"})
            value.dropped("a secret's value never stands in a spec: put it into the secret store", *at, "secrets", name)
            view.ledger.notes.pop(view.at("name").route, None)
            view.at("name").mapped(*at, "secrets", name)
            return
        draft.set((*at, "env", name), dollars.unreferring(value.text))
        if value.there:
            value.mapped(*at, "env", name)
    elif view.at("valueFrom", "secretKeyRef").there:
        _secret(view.at("valueFrom", "secretKeyRef"), name, pod, at)
    elif view.at("valueFrom", "configMapKeyRef").there:
        _config(view.at("valueFrom", "configMapKeyRef"), name, pod, at)
    else:
        _fact(view, pod, (*at, "env", name), place)


def _secret(source: View, name: str, pod: Pod, at: Route) -> None:
    held, key = pod.objects.own(source.at("name").text), source.at("key").text
    need = pod.objects.needs.get(held)
    if need is not None and need.service == pod.draft.name:
        pod.draft.set((*at, "env", name), f"${{needs.{need.name}.{key}}}")
        for part in (source.at("name"), source.at("key")):
            part.mapped(*at, "env", name)
        return
    remote = remote_of(pod.objects, held, key)
    optional = {"optional": True} if source.at("optional").value is True else {}
    to: Route = (*at, "secrets", name) if remote is not None else (*at, "env", name)
    if remote is not None:
        pod.draft.set(to, {**taken(remote, pod.draft, to), **optional})
    else:
        pod.draft.set(to, {"secret": held, **({"key": key} if key != name else {}), **optional})
    for part in (source.at("name"), source.at("key"), source.at("optional")):
        if part.there:
            part.mapped(*to)


def remote_of(objects: Objects, secret: str, key: str) -> View | None:
    """The entry of an ExternalSecret that fills a key of a Secret."""
    for one in objects.of("ExternalSecret"):
        target = one.at("spec", "target", "name").text or one.at("metadata", "name").text
        for entry in one.at("spec", "data").each() if target == secret else ():
            if entry.at("secretKey").text == key and entry.at("remoteRef", "key").there:
                return entry
    return None


def taken(entry: View, draft: Draft, to: Route) -> dict[str, str]:
    """`from` and `key` of a secret, and their account."""
    remote = entry.of(draft.name).at("remoteRef")
    entry.of(draft.name).at("secretKey").mapped(*to)
    for part in (remote.at("key"), remote.at("property")):
        if part.there:
            part.mapped(*to)
    return {
        "from": remote.at("key").text,
        **({"key": remote.at("property").text} if remote.at("property").there else {}),
    }


def _config(source: View, name: str, pod: Pod, at: Route) -> None:
    held = pod.objects.get("ConfigMap", pod.objects.own(source.at("name").text))
    text = held.at("data", source.at("key").text) if held is not None else None
    key = source.at("key").text
    if text is not None and text.there:
        pod.draft.set((*at, "env", name), dollars.literally(text.text))
        text.of(pod.draft.name).mapped(*at, "env", name)
    else:
        optional = {"optional": True} if source.at("optional").value is True else {}
        made = {"config": source.at("name").text, **({"key": key} if key != name else {}), **optional}
        pod.draft.set((*at, "env", name), made)
    for part in (source.at("name"), source.at("key"), source.at("optional")):
        if part.there:
            part.mapped(*at, "env", name)


def _fact(view: View, pod: Pod, to: Route, place: Place) -> None:
    draft = pod.draft
    field = view.at("valueFrom", "fieldRef", "fieldPath")
    resource = view.at("valueFrom", "resourceFieldRef", "resource")
    if field.text in _FACTS:
        draft.set(to, f"${{pod.{_FACTS[field.text]}}}")
        field.mapped(*to)
        view.at("valueFrom", "fieldRef", "apiVersion").default(OWN)
    elif resource.there:
        draft.set(to, f"${{{resource.text}}}")
        resource.mapped(*to)
        view.at("valueFrom", "resourceFieldRef", "containerName").default("the container itself")
        view.at("valueFrom", "resourceFieldRef", "divisor").dropped("amounts are in whole cores and bytes")
    else:
        view.ledger.notes.pop(view.at("name").route, None)
        others = len(replace(view, route=view.route[:-1]).each()) > 1
        route, value = ("env", "-") if others else ("env",), view.value if others else [view.value]
        added(view, draft, pod.kind, pod.name, (*pod.at, *place, *route), value)


def _env_from(view: View, pod: Pod, at: Route, _: Place) -> None:
    for source in view.each():
        _all_keys(source, pod, at)


def _all_keys(view: View, pod: Pod, at: Route) -> None:
    """Every key of a ConfigMap or Secret as a variable."""
    config, secret, prefix = view.at("configMapRef", "name"), view.at("secretRef", "name"), view.at("prefix")
    held = pod.objects.get("ConfigMap", pod.objects.own(config.text))
    parts = [
        one
        for one in (config, secret, prefix, view.at("configMapRef", "optional"), view.at("secretRef", "optional"))
        if one.there
    ]
    if held is not None:
        for name, one in held.at("data").items():
            pod.draft.set((*at, "env", prefix.text + name), dollars.literally(one.text))
            one.of(pod.draft.name).mapped(*at, "env", prefix.text + name)
        for part in parts:
            part.mapped(*at, "env")
        return
    entries = pod.draft.get(*at, "env_from") or []
    made: dict[str, Any] = {"secret": pod.objects.own(secret.text)} if secret.there else {"config": config.text}
    made.update({"prefix": prefix.text} if prefix.there else {})
    if view.at("secretRef" if secret.there else "configMapRef", "optional").value is True:
        made["optional"] = True
    pod.draft.set((*at, "env_from"), [*entries, made])
    for part in parts:
        part.mapped(*at, "env_from", len(entries))


# --- the rest ----------------------------------------------------------------------------------------------------


def _resources(view: View, pod: Pod, at: Route, place: Place) -> None:
    draft = pod.draft
    for kind in ("requests", "limits"):
        for name, one in view.at(kind).items():
            key = {"ephemeral-storage": "storage"}.get(name, name)
            if key in ("cpu", "memory", "storage"):
                draft.set((*at, "resources", kind, key), one.text)
                one.mapped(*at, "resources", kind, key)
            else:
                added(one, draft, pod.kind, pod.name, (*pod.at, *place, "resources", kind, name), one.value)


def _security(view: View, pod: Pod, at: Route, place: Place) -> None:
    security(view, pod.draft, at, pod, place)


def _lifecycle(view: View, pod: Pod, at: Route, place: Place) -> None:
    """What has a word is `rollout.pre_stop`; a hook of another kind, or of another container, is a patch."""
    there = not at and bool(replace(view, route=(*view.route[:-1], "ports")).each())  # the compiler waits before a stop
    stop = view.at("preStop")
    if (not at or at[0] == "workers") and any(stop.at(key).there for key in ("sleep", "exec", "httpGet")):
        _pre_stop(stop, pod, at)
        there = there or pod.draft.get(*at, "rollout", "pre_stop") is not None
    elif stop.there:
        added(stop, pod.draft, pod.kind, pod.name, (*pod.at, *place, "lifecycle"), {"preStop": stop.value})
        there = True
    start = view.at("postStart")
    if start.there:
        route, value = (("postStart",), start.value) if there else ((), {"postStart": start.value})
        added(start, pod.draft, pod.kind, pod.name, (*pod.at, *place, "lifecycle", *route), value)


def _pre_stop(view: View, pod: Pod, at: Route) -> None:
    to = (*at, "rollout", "pre_stop")
    wait, command, asked = view.at("sleep", "seconds"), view.at("exec", "command"), view.at("httpGet")
    if wait.there:
        grace = pod.view.at("terminationGracePeriodSeconds").value
        usual = min(5, (grace if isinstance(grace, int) else 30) // 2)
        take(wait, pod.draft, to, wait.value, usual if not at and pod.draft.get("ports") else None)
    elif command.there:
        take(command, pod.draft, to, command.texts())
    elif asked.there:
        for key in ("path", "port", "scheme"):
            one = asked.at(key)
            take(one, pod.draft, (*to, "http", key), one.text.lower() if key == "scheme" else one.value)


_PARTS: dict[str, Callable[[View, Pod, Route, Place], None]] = {
    "env": _env,
    "envFrom": _env_from,
    "lifecycle": _lifecycle,
    "ports": _ports,
    "resources": _resources,
    "securityContext": _security,
}
