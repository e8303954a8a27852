"""Kubernetes manifests: a Deployment or StatefulSet becomes a service, the objects around it its parts."""

from __future__ import annotations

from collections.abc import Sequence, Set

from svc.importers import kubernetes_needs
from svc.importers.draft import Draft, label, unique
from svc.importers.kubernetes_account import share
from svc.importers.kubernetes_around import around
from svc.importers.kubernetes_container import Pod
from svc.importers.kubernetes_jobs import beside, hook, job, weight, worker
from svc.importers.kubernetes_names import service_name
from svc.importers.kubernetes_network import limits_incoming, network
from svc.importers.kubernetes_objects import (
    NAME,
    OBJECT,
    Objects,
    kept,
    labels,
    mapping,
    matches,
    name_of,
    other_annotations,
    pod_labels,
    take,
)
from svc.importers.kubernetes_pod import read as read_pod
from svc.importers.kubernetes_scale import scaled, workload_spec
from svc.importers.ledger import Ledger, View
from svc.records import replace
from svc.resolve.names import predeploy

_SERVERS = ("Deployment", "StatefulSet")


def read(ledgers: Sequence[Ledger], kept_names: Set[str] = frozenset()) -> list[Draft]:
    """The drafts of all workloads; what belongs to none is kept beside the only one, or dropped with a reason."""
    objects = Objects(tuple(view for ledger in ledgers for view in _objects(View(ledger))))
    for one in objects.all:
        for key in ("apiVersion", "kind", "metadata"):
            if one.at(key).there:
                one.at(key).default(OBJECT)
    objects = _without_copies(objects)
    objects = replace(objects, needs=kubernetes_needs.found(objects))
    taken: set[str] = set()
    workloads = [one for one in objects.of(*_SERVERS) if name_of(one) not in objects.needs]
    servers = [one for one in workloads if _behind(one, objects) is None]
    names = [service_name(one, servers, objects, kept_names) or "service" for one in servers]
    made = [(one, Draft(unique(label(name), taken))) for one, name in zip(servers, names, strict=True)]
    for one, draft in made:
        draft.workload = name_of(one)
        _server(one, draft, objects)
    for one in workloads:
        if one not in servers:
            worker(one, next(draft for server, draft in made if server is _behind(one, objects)), objects)
    _jobs(objects, made, taken)
    drafts = [draft for _, draft in made]
    share(drafts)
    for draft in drafts:
        _tidy(draft)
    for one in objects.all:
        _left(one, drafts)
    return drafts


def _objects(view: View) -> list[View]:
    if view.at("kind").text.endswith("List") and isinstance(view.at("items").value, list):
        for key in ("apiVersion", "kind", "metadata"):
            if view.at(key).there:
                view.at(key).default(OBJECT)
        return [inner for one in view.at("items").each() for inner in _objects(one)]
    return [view]


def _without_copies(objects: Objects) -> Objects:
    """Without the copies that jobs before a deploy read: they stand for the objects that they are copies of."""
    there = {(one.at("kind").text, name_of(one)) for one in objects.all}
    copies: dict[str, str] = {}
    left = []
    for one in objects.all:
        base = name_of(one).removesuffix(predeploy(""))
        if "pre-" in hook(one) and base != name_of(one) and (one.at("kind").text, base) in there:
            copies[name_of(one)] = base
            for key, part in one.items():
                if key not in ("apiVersion", "kind", "metadata"):
                    part.default(f"a copy of {base} for what runs before a deploy")
        else:
            left.append(one)
    return replace(objects, all=tuple(left), copies=copies)


def _behind(view: View, objects: Objects) -> View | None:
    """The server of which a Deployment is a worker: it has no Service, and that one's name before its own."""
    if view.at("kind").text != "Deployment" or _served(view, objects):
        return None
    name = name_of(view)
    others = [one for one in objects.of(*_SERVERS) if name.startswith(f"{name_of(one)}-") and name_of(one)]
    others = [one for one in others if name_of(one) not in objects.needs and _behind(one, objects) is None]
    made = [(one, Draft(name_of(one))) for one in others]
    owner = beside(view, made)
    return next((one for one, draft in made if draft is owner), None)


def _served(view: View, objects: Objects) -> bool:
    return any(matches(one.at("spec", "selector"), pod_labels(view)) for one in objects.of("Service"))


def _server(view: View, draft: Draft, objects: Objects) -> None:
    view, kind = view.of(draft.name), view.at("kind").text
    view.at("metadata", "name").mapped("name", reason=_called(view, draft))
    space = view.at("metadata", "namespace")
    take(space, draft, ("namespace",), space.text)
    kubernetes_needs.attach(draft, objects.needs, objects)
    if kind == "StatefulSet":
        draft.set(("workload",), "statefulset")
        view.at("kind").mapped("workload")
    workload_spec(view, draft, (), kind, draft.name)
    labels(view, draft)
    other_annotations(view, draft, kind, draft.name)
    for key, part in view.at("spec", "template", "metadata").items():
        for name, one in part.items() if key == "annotations" else ():
            if name.startswith("checksum/"):
                one.default("the compiler restarts pods when their configuration changes")
            else:
                take(one, draft, ("annotations", name), one.text)
        if key != "annotations":
            part.default(OBJECT)
    at = ("spec", "template", "spec")
    templates = {name_of(one): one for one in view.at("spec", "volumeClaimTemplates").each()}
    read_pod(view, Pod(draft, objects, view.at(*at), kind, draft.name, at), (), templates)
    if view.at("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted").text == "Delete":
        for path, volume in (draft.get("volumes") or {}).items():
            if "access" in volume:
                draft.set(("volumes", path, "keep"), False)
    around(objects, view, draft)
    scaled(objects, view, draft, (), draft.name)
    if not network(objects, view, draft):
        draft.set(("access", "open_egress"), True)
        draft.missing.append("`access.to`: no policy limits what the pods connect to; name it and remove `open_egress`")
    if draft.get("ports") and not limits_incoming(objects, view):
        draft.added.append("`access.from`: only the pods of the namespace may connect, and what `expose` lets in")


def _called(view: View, draft: Draft) -> str:
    return "" if name_of(view) == draft.name else f"{draft.name}, as others call it by its Service"


def _jobs(objects: Objects, made: list[tuple[View, Draft]], taken: set[str]) -> None:
    """Jobs go to the service that they belong to; one without makes a service that has only jobs."""
    for one in sorted(objects.of("Job", "CronJob"), key=weight):
        if "test" in hook(one):
            for _key, part in one.items():
                part.default("the chart has a test of its own")
            continue
        owner = beside(one, made)
        if owner is None:
            name = str(pod_labels(one).get("app.kubernetes.io/name") or name_of(one) or "service")
            short = name if name_of(one).startswith(f"{name}-") else name_of(one)
            owner = Draft(unique(label(short), taken))
            made.append((one, owner))
            _alone(one.of(owner.name), owner, objects)
        job(one, owner, objects)
    for view, draft in made:
        if draft.get("workload") == "none" and not network(objects, view, draft):
            draft.set(("access", "open_egress"), True)


def _alone(view: View, draft: Draft, objects: Objects) -> None:
    """A service of nothing but jobs: what the first of them tells about it."""
    draft.set(("workload",), "none")
    kubernetes_needs.attach(draft, objects.needs, objects)
    take(view.at("metadata", "namespace"), draft, ("namespace",), view.at("metadata", "namespace").text)
    labels(view, draft)
    inside = ("spec", "jobTemplate", "spec") if view.at("kind").text == "CronJob" else ("spec",)
    pod = view.at(*inside, "template", "spec")
    draft.set(("image",), pod.at("containers", 0, "image").text)
    pod.at("containers", 0, "image").mapped("image")
    for key, one in view.at(*inside, "template", "metadata", "annotations").items():
        if not key.startswith("checksum/"):
            take(one, draft, ("annotations", key), one.text)
    around(objects, view, draft)


def _tidy(draft: Draft) -> None:
    """Short forms where there are short forms; jobs and workers inherit where there is nothing else to inherit."""
    if not any(draft.get(key) for key in ("env", "env_from", "secrets", "files", "volumes", "workdir", "writable")):
        for kind in ("workers", "jobs"):
            for name, part in (draft.get(kind) or {}).items():
                if (part.get("writable") or [""])[0] == "/tmp":
                    draft.remove((kind, name, "writable", 0))
                    del part["inherit"]
    for at in [
        (),
        *((kind, name) for kind in ("sidecars", "workers", "jobs", "init") for name in draft.get(kind) or {}),
    ]:
        ports = draft.get(*at, "ports") or {}
        for name, port in ports.items() if isinstance(ports, dict) else ():
            if isinstance(port, dict) and list(port) == ["port"]:
                ports[name] = port["port"]


def _left(view: View, drafts: list[Draft]) -> None:
    """What nothing was made of: the object itself goes along, or it is gone and said to be."""
    kind, notes = view.at("kind").text, view.ledger.notes
    rest = [part for key, part in view.items() if key not in ("apiVersion", "kind", "metadata", "status")]
    touched = any(route[: len(part.route)] == part.route for part in rest for route in notes)
    view.at("status").default("written by the cluster")
    if touched or kind in _SERVERS:
        _unused(view)
    elif _of_test(view, drafts):
        for part in rest:
            part.default("the chart has a test of its own")
    elif kind == "PodDisruptionBudget":
        view.at("spec").default("svc writes a budget that leaves room, from `scale`")
    elif not (rest and drafts and _kept(view, drafts)):
        for part in rest:
            part.dropped(_why(kind, drafts))


def _kept(view: View, drafts: list[Draft]) -> bool:
    """It goes along with the service that it belongs to by its names and labels, or with the first one."""
    near = [draft for draft in drafts if _about(view, draft)]
    draft = near[0] if len(near) == 1 else drafts[0]
    if not kept(view.of(draft.name), draft, "an object of its own"):
        return False
    if len(drafts) > 1 and len(near) != 1:
        kind, name = view.at("kind").text, name_of(view)
        draft.missing.append(
            f"`manifests`: {kind} {name} stands here for want of a better place: move it, if it belongs elsewhere"
        )
    return True


def _about(view: View, draft: Draft) -> bool:
    """Whether an object is named after a service, or names it in its spec."""
    named = (mapping(view.at("metadata", "labels")).get(NAME), name_of(view))
    words = {draft.name, *([draft.data["image"]] if "image" in draft.data else [])}
    return any(one == draft.name or str(one or "").startswith(f"{draft.name}-") for one in named) or bool(
        words & set(_texts(view.at("spec").value))
    )


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _why(kind: str, drafts: list[Draft]) -> str:
    if kind == "Secret":
        return "a secret's value never stands in a spec: put it into the secret store"
    if not drafts:
        return f"there is no service that this {kind} could go along with: name its file under `manifests` of one"
    return "it holds what looks like a secret: put that into the secret store, and the rest into `manifests`"


def _of_test(view: View, drafts: list[Draft]) -> bool:
    generated = {f"{draft.name}-test{suffix}" for draft in drafts for suffix in ("", "-in", "-out")}
    of_test = name_of(view) in generated and view.at("kind").text in ("NetworkPolicy", "ServiceAccount")
    return "test" in hook(view) or of_test


def _unused(view: View) -> None:
    """What is left of an object that something was made of."""
    kind = view.at("kind").text
    if kind == "ExternalSecret":
        _store(view.at("spec"))
    for _, part in view.at("data").items() if kind == "ConfigMap" else ():
        if part.route not in part.ledger.notes:
            part.dropped("no variable and no file reads it")
    for rule in view.at("spec", "rules").each() if kind in ("Ingress", "HTTPRoute") else ():
        for part in (rule, *rule.at("http", "paths").each()):
            if not any(route[: len(part.route)] == part.route for route in part.ledger.notes):
                part.dropped("the Service that it leads to is none of these")


def _store(spec: View) -> None:
    for key in ("refreshInterval", "target"):
        spec.at(key).default("of the workspace's `secret_store`")
    store = spec.at("secretStoreRef")
    if store.at("name").text in ("", "default"):
        store.default("of the workspace's `secret_store`")
    else:
        store.dropped(f"name it in svc-workspace.yaml: secret_store: {{name: {store.at('name').text}}}")
