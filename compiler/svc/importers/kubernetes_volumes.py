"""Mounts of a pod become scratch, claims, shared volumes and files."""

from __future__ import annotations

from typing import Any

from svc.importers.kubernetes_container import Pod, Route, remote_of, taken
from svc.importers.kubernetes_objects import OWN, kept, mapping, patch, pointer, take
from svc.importers.ledger import View
from svc.resolve.volumes import DISK_SCRATCH, MEMORY_SCRATCH, slug
from svc.scalars import digits

_ACCESS = {
    "ReadWriteOnce": "once",
    "ReadWriteOncePod": "once-pod",
    "ReadWriteMany": "many",
    "ReadOnlyMany": "read-only",
}
_MODE = 0o444
_NODE = "a folder of the node: a patch can mount it, which the policies judge"


def mounts(containers: list[tuple[View, Route, tuple[str | int, ...]]], pod: Pod, templates: dict[str, View]) -> None:
    """All mounts of a pod, in the order of its volumes. The first container is the main process."""
    order = [one.at("name").text for one in pod.view.at("volumes").each()]
    for view, at, place in containers:
        found = view.of(pod.draft.name).at("volumeMounts").each()
        ranked = sorted(found, key=lambda one: order.index(one.at("name").text) if one.at("name").text in order else -1)
        for one in ranked:
            _mount(one, pod, at, place, templates)
    _tmp(containers[0][0], pod, containers[0][1])


def _tmp(main: View, pod: Pod, at: Route) -> None:
    """The compiler makes /tmp writable unless told not to; a root file system that was writable needs it."""
    paths = {one.at("mountPath").text for one in main.at("volumeMounts").each()}
    sealed = main.at("securityContext", "readOnlyRootFilesystem").value is True
    if "/tmp" not in paths and not at and sealed:
        pod.draft.data["writable"] = []
    elif "/tmp" not in paths and at and not sealed:
        pod.draft.set((*at, "writable"), ["/tmp", *(pod.draft.get(*at, "writable") or [])])


def _mount(view: View, pod: Pod, at: Route, place: tuple[str | int, ...], templates: dict[str, View]) -> None:
    name, path = view.at("name").text, view.at("mountPath").text
    volume, template = pod.volume(name), templates.get(name)
    to: Route | None = None
    if template is not None:
        to = _template(template.of(pod.draft.name), pod, at, path)
    elif volume is not None and isinstance(volume.value, dict):
        kinds = {"emptyDir": _scratch, "persistentVolumeClaim": _claim, "configMap": _config, "secret": _secret}
        for kind, read in kinds.items():
            if volume.at(kind).there:
                to = read(volume.at(kind), view, pod, at, path)
    if to is None:
        _unknown(view, volume, pod, place)
        return
    for key, part in view.items():
        if (
            key in ("mountPath", "name")
            or (key == "subPath" and "files" in to)
            or (key == "subPath" and "secrets" in to)
        ):
            part.mapped(*to)
        elif key == "subPath" and "volumes" in to:
            take(part, pod.draft, (*to, "sub_path"), part.text)
        elif key == "subPath" and ("writable" in to or "share" in to):
            part.default("scratch is of the path alone")
        elif key == "readOnly" and "volumes" in to:
            take(part, pod.draft, (*to, "read_only"), part.value, False)
        elif key == "readOnly" and part.value is True:
            part.default("files are always read-only")
        else:
            part.dropped("the language has no word for this key of a mount")
    if volume is not None:
        volume.at("name").mapped(*to)


def _unknown(view: View, volume: View | None, pod: Pod, place: tuple[str | int, ...]) -> None:
    """A volume of another kind stays as a patch, except one of the node's own folders."""
    if volume is None or volume.at("hostPath").there:
        view.dropped(_NODE if volume is not None else "there is no such volume")
        return
    made = [{"op": "add", "path": pointer((*pod.at, *place, "volumeMounts", "-")), "value": view.value}]
    if volume.route not in volume.ledger.notes:
        made.append({"op": "add", "path": pointer((*pod.at, "volumes", "-")), "value": volume.value})
    patch(view, pod.draft, pod.kind, pod.name, {"json_patch": made})
    number = len(pod.draft.data["patches"]) - 1
    volume.patched("patches", number, reason="the language has no word for it")


def _shared(pod: Pod, at: Route, path: str) -> Route | None:
    """What the main process mounts at the same path is shared."""
    if not at or not (pod.draft.get("volumes", path) or path in _writable(pod)):
        return None
    found = pod.draft.get(*at, "share") or []
    pod.draft.set((*at, "share"), [*found, path])
    return (*at, "share")


def _writable(pod: Pod) -> list[str]:
    found = pod.draft.get("writable")
    return found if isinstance(found, list) else ["/tmp"]


def _mounted_by_main(pod: Pod, name: str, path: str) -> bool:
    main = pod.view.at("containers", 0, "volumeMounts").each()
    return any(one.at("name").text == name and one.at("mountPath").text == path for one in main)


def _scratch(source: View, view: View, pod: Pod, at: Route, path: str) -> Route | None:
    medium, size = source.at("medium"), source.at("sizeLimit")
    memory = medium.text == "Memory"
    if at and at[0] in ("init", "sidecars") and _mounted_by_main(pod, view.at("name").text, path):
        to: Route | None = _shared(pod, at, path)
    elif at:
        if memory or size.text not in ("", DISK_SCRATCH):
            return None
        pod.draft.set((*at, "writable"), [*(pod.draft.get(*at, "writable") or []), path])
        to = (*at, "writable")
    elif path == "/tmp" and not memory and size.text in ("", DISK_SCRATCH):
        source.default("the compiler makes /tmp writable")
        return ("writable",)
    else:
        usual = MEMORY_SCRATCH if memory else DISK_SCRATCH
        to = ("volumes", path)
        pod.draft.set(
            to,
            {
                "scratch": "memory" if memory else "disk",
                **({"size": size.text} if size.text not in ("", usual) else {}),
            },
        )
    for one in (source, medium, size):
        if one.there and to is not None:
            one.mapped(*to)
    return to


def _claim(source: View, _: View, pod: Pod, at: Route, path: str) -> Route | None:
    """A claim that the compiler would make is described; another one stays as it is and is named."""
    if at and at[0] in ("init", "sidecars", "workers", "jobs"):
        to = _shared(pod, at, path)
    else:
        claim, to = source.at("claimName"), ("volumes", path)
        held = pod.objects.get("PersistentVolumeClaim", claim.text)
        if held is not None and claim.text == f"{pod.name}-{slug(path)}" and _many(held):
            _described(held.of(pod.draft.name), pod, to)
            for key, one in held.of(pod.draft.name).at("metadata", "annotations").items():
                if key == "helm.sh/resource-policy":
                    one.default("volumes are kept unless told otherwise")
                else:
                    take(one, pod.draft, (*to, "annotations", key), one.text)
            if not held.at("metadata", "annotations", "helm.sh/resource-policy").there:
                pod.draft.set((*to, "keep"), False)
        else:
            pod.draft.set(to, {"claim": claim.text})
            if held is not None:
                kept(held.of(pod.draft.name), pod.draft, "the claim stays as it is")
    for one in (source.at("claimName"), source.at("readOnly")):
        if one.there and to is not None:
            one.mapped(*to)
    return to


def _many(claim: View) -> bool:
    modes = claim.at("spec", "accessModes").texts()
    return len(modes) == 1 and _ACCESS.get(modes[0]) in ("many", "read-only")


def _described(claim: View, pod: Pod, to: Route) -> None:
    modes, spec = claim.at("spec", "accessModes"), claim.at("spec")
    take(modes, pod.draft, (*to, "access"), _ACCESS.get(modes.texts()[0] if modes.texts() else ""))
    size = spec.at("resources", "requests", "storage")
    take(size, pod.draft, (*to, "size"), size.text)
    take(spec.at("storageClassName"), pod.draft, (*to, "storage_class"), spec.at("storageClassName").text)
    spec.at("volumeMode").default("a file system")


def _template(template: View, pod: Pod, at: Route, path: str) -> Route | None:
    if at and at[0] in ("init", "sidecars"):
        return _shared(pod, at, path)
    to: Route = ("volumes", path)
    _described(template, pod, to)
    for key in ("apiVersion", "kind"):
        template.at(key).default(OWN)
    template.at("metadata", "name").mapped(*to)
    template.at("metadata", "labels").default(OWN)
    for key, one in template.at("metadata", "annotations").items():
        take(one, pod.draft, (*to, "annotations", key), one.text)
    return to


# --- files -------------------------------------------------------------------------------------------------------


def mode(view: View) -> str:
    """A file mode as an octal text: YAML's `0440` is octal, JSON's 288 is decimal."""
    text = view.text
    value = int(text, 8) if text.startswith("0") and digits(text) and max(text) < "8" else view.value
    return f"{value:04o}" if isinstance(value, int) else text


def _config(source: View, view: View, pod: Pod, at: Route, path: str) -> Route | None:
    held = pod.objects.get("ConfigMap", pod.objects.own(source.at("name").text))
    if held is None:
        return _existing(source, source.at("name"), "config", view, pod, at, path)
    items = {one.at("path").text: one for one in source.at("items").each()}
    sub = view.at("subPath").text
    names = items or dict.fromkeys(mapping(held.at("data")))
    made = False
    for name, item in names.items():
        key = item.at("key").text if item is not None else name
        text = held.of(pod.draft.name).at("data", key)
        if (sub and name != sub) or not text.there:
            continue
        to = (*at, "files", path if sub else f"{path.rstrip('/')}/{name}")
        pod.draft.set((*to, "content"), text.text if isinstance(text.value, str) else str(text.value))
        text.mapped(*to)
        for part in (
            source.at("defaultMode"),
            *((item.at("mode"), item.at("key"), item.at("path")) if item is not None else ()),
        ):
            if part.there and part.route[-1] in ("key", "path"):
                part.mapped(*to)
            elif part.there:
                take(part, pod.draft, (*to, "mode"), mode(part), f"{_MODE:04o}")
        made = True
    source.at("name").mapped(*at, "files")
    return (*at, "files") if made else None


def _existing(source: View, name: View, kind: str, view: View, pod: Pod, at: Route, path: str) -> Route | None:
    to: Route = (*at, "files", path)
    items, sub = source.at("items").each(), view.at("subPath")
    if any(one.at("mode").there for one in items):
        return None
    pod.draft.set((*to, kind), pod.objects.own(name.text))
    name.mapped(*to)
    if sub.there:
        key = next((one.at("key").text for one in items if one.at("path").text == sub.text), sub.text)
        pod.draft.set((*to, "key"), key)
    for one in items:
        if not sub.there:
            pod.draft.set((*to, "items", one.at("path").text), one.at("key").text)
        one.at("key").mapped(*to)
        one.at("path").mapped(*to)
    take(source.at("defaultMode"), pod.draft, (*to, "mode"), mode(source.at("defaultMode")), f"{_MODE:04o}")
    take(source.at("optional"), pod.draft, (*to, "optional"), source.at("optional").value, False)
    return to


def _secret(source: View, view: View, pod: Pod, at: Route, path: str) -> Route | None:
    name, items = source.at("secretName"), source.at("items").each()
    if len(items) == 1 and view.at("subPath").there:
        key = items[0].at("key").text
        remote = remote_of(pod.objects, pod.objects.own(name.text), key)
        if remote is not None:
            to = (*at, "secrets", key)
            made: dict[str, Any] = {**taken(remote, pod.draft, to), "file": path}
            pod.draft.set(to, made)
            for part in (name, items[0].at("key"), items[0].at("path")):
                part.mapped(*to)
            take(source.at("defaultMode"), pod.draft, (*to, "mode"), mode(source.at("defaultMode")), f"{_MODE:04o}")
            return to
    return _existing(source, name, "secret", view, pod, at, path)
