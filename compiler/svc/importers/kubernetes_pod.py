"""The pod spec of a workload, whatever object holds it."""

from __future__ import annotations

from svc.importers.draft import label
from svc.importers.kubernetes_container import Pod, Route, container
from svc.importers.kubernetes_objects import NAME, OWN, empty, mapping, nested, patch, pod_labels, take
from svc.importers.kubernetes_security import notes, security_of_pod
from svc.importers.kubernetes_volumes import mounts
from svc.importers.ledger import View

_SPREAD = {"topology.kubernetes.io/zone": "zone", "kubernetes.io/hostname": "host"}
_OF_NODE = ("hostNetwork", "hostPID", "hostIPC", "hostUsers")
_FOREIGN = "it selects pods by labels that svc replaces; see `placement`"


def read(workload: View, pod: Pod, at: Route, templates: dict[str, View]) -> None:
    """`at` is () for the server, or the route of a worker or job."""
    containers = _containers(pod, at)
    for one, to, place in containers:
        container(one, pod, to, place)
    if containers:
        mounts(containers, pod, templates)
        _unmounted(pod, [one for one, _, _ in containers])
    if not at:
        notes(pod.view, pod.draft)
    for key, part in pod.view.of(pod.draft.name).items():
        if not empty(part):
            _part(key, part, workload, pod, at)


def _part(key: str, part: View, workload: View, pod: Pod, at: Route) -> None:
    if key == "terminationGracePeriodSeconds":
        usual = 30 if not at else (pod.draft.get("rollout", "grace") or 30)
        to = ("rollout", "grace") if at[:1] == ("jobs",) else (*at, "rollout", "grace")
        take(part, pod.draft, to, part.value, usual)
    elif key == "serviceAccountName":
        _account(part, pod)
    elif key == "automountServiceAccountToken":
        take(part, pod.draft, ("account", "token"), part.value, False)
    elif key == "nodeSelector":
        for name, one in part.items():
            take(one, pod.draft, ("placement", "node_selector", name), one.text)
    elif key == "imagePullSecrets":
        _pull_secrets(part, pod)
    elif key == "priorityClassName" and at[:1] != ("jobs",):
        take(part, pod.draft, ("placement", "priority_class"), part.text)
    elif key == "securityContext":
        security_of_pod(part, pod, pod.view, pod.draft)
    elif key == "topologySpreadConstraints":
        _spread(part, workload, pod, at)
    elif key == "affinity":
        _affinity(part, workload, pod, at)
    elif key == "restartPolicy" and at[:1] == ("jobs",):
        take(part, pod.draft, (*at, "restart"), "on-failure" if part.text == "OnFailure" else "never", "never")
    elif key == "restartPolicy":
        part.default(OWN)
    elif key in ("enableServiceLinks", "dnsPolicy", "schedulerName", "serviceAccount"):
        part.default("the compiler writes its own value")
    elif key in _OF_NODE:
        _of_node(key, part, pod)
    elif key not in ("containers", "initContainers", "volumes"):
        _kept(part, pod, key)


def _of_node(key: str, view: View, pod: Pod) -> None:
    """Whether the pod shares a namespace with its node."""
    if key == "hostUsers" and view.value is False:
        _kept(view, pod, key)
    elif not view.value:
        view.default(OWN)
    else:
        view.dropped("svc hardens every pod; weaken it by a patch, which the policies judge")


def _account(view: View, pod: Pod) -> None:
    account = pod.objects.own(view.text)
    take(view, pod.draft, ("account", "name"), account, pod.draft.get("account", "name") or pod.draft.name)
    if pod.objects.get("ServiceAccount", account) is None:
        pod.draft.set(("account", "create"), False)


def _pull_secrets(part: View, pod: Pod) -> None:
    known = pod.draft.get("pull_secrets") or []
    part.mapped("pull_secrets")
    for one in part.each():
        name = one.at("name")
        known = [*known, name.text] if name.text not in known else known
        name.mapped("pull_secrets")
    pod.draft.set(("pull_secrets",), known)


def _containers(pod: Pod, at: Route) -> list[tuple[View, Route, tuple[str | int, ...]]]:
    view = pod.view.of(pod.draft.name)
    found: list[tuple[View, Route, tuple[str | int, ...]]] = []
    for index, one in enumerate(view.at("containers").each()):
        if index == 0:
            found.append((one, at, ("containers", 0)))
        elif not at:
            found.append((one, ("sidecars", label(one.at("name").text)), ("initContainers", index - 1)))
        else:
            one.dropped("workers and jobs have one container")
    for index, one in enumerate(view.at("initContainers").each()):
        if at:
            one.dropped("workers and jobs have one container")
            continue
        kind = "sidecars" if one.at("restartPolicy").text == "Always" else "init"
        found.append((one, (kind, label(one.at("name").text)), ("initContainers", index)))
    return found


def _unmounted(pod: Pod, containers: list[View]) -> None:
    names = {
        one.at("name").text
        for view in containers
        for key in ("volumeMounts", "volumeDevices")
        for one in view.at(key).each()
    }
    for one in pod.view.of(pod.draft.name).at("volumes").each():
        if one.at("name").text not in names:
            one.default("no container mounts it")
        elif one.at("hostPath").there:
            one.dropped("a folder of the node: a patch can mount it, which the policies judge")


def _kept(part: View, pod: Pod, key: str) -> None:
    patch(part, pod.draft, pod.kind, pod.name, {"merge": nested((*pod.at, key), part.value)})


def _spread(view: View, workload: View, pod: Pod, at: Route) -> None:
    """The compiler spreads over zones and hosts; it is said when only one of them is wanted."""
    if at:
        view.default("as the service is spread")
        return
    own, wanted = pod_labels(workload), []
    for one in view.each():
        selector = mapping(one.at("labelSelector", "matchLabels"))
        key = _SPREAD.get(one.at("topologyKey").text)
        if key is None or not selector or any(own.get(name) != value for name, value in selector.items()):
            one.dropped(_FOREIGN)
        else:
            wanted.append(key)
            one.default("the compiler spreads pods, and prefers to where it cannot")
    if wanted and wanted != ["zone", "host"]:
        pod.draft.set(("placement", "spread"), wanted)


def _affinity(view: View, workload: View, pod: Pod, at: Route) -> None:
    """Wishes about pods of this service are the compiler's, those about another one have a word."""
    own = pod_labels(workload)
    for _, part in view.items():
        empty(part)
    for kind, to in (("podAntiAffinity", "apart_from"), ("podAffinity", "near")):
        for one in view.at(kind, "preferredDuringSchedulingIgnoredDuringExecution").each():
            selector = mapping(one.at("podAffinityTerm", "labelSelector", "matchLabels"))
            if selector and kind == "podAntiAffinity" and all(own.get(key) == value for key, value in selector.items()):
                one.default("the compiler keeps replicas apart")
            elif list(selector) == [NAME] and one.at("podAffinityTerm", "topologyKey").text == "kubernetes.io/hostname":
                if not at:
                    pod.draft.set(("placement", to), [*(pod.draft.get("placement", to) or []), selector[NAME]])
                one.at("podAffinityTerm", "labelSelector", "matchLabels", NAME).mapped("placement", to)
                one.default("a wish for other nodes, or for the same one")
            else:
                one.dropped(_FOREIGN)
        view.at(kind, "requiredDuringSchedulingIgnoredDuringExecution").dropped(_FOREIGN)
    if view.at("nodeAffinity").value:
        change = nested((*pod.at, "affinity", "nodeAffinity"), view.at("nodeAffinity").value)
        patch(view.at("nodeAffinity"), pod.draft, pod.kind, pod.name, {"merge": change})
