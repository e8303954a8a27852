"""Pods that a selector means and that are not beside it: in another namespace, of a chart from elsewhere, of the cluster
itself, or made by an operator later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Any

from svc.checks._installed import installed
from svc.checks._objects import objects, selected, selects, together
from svc.checks.kustomized import Kustomized, file_of
from svc.checks.seen import Seen, once, seen
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import items, mapping, mappings, walk

_ABOUT_PODS = (
    *("k8s.io", "istio.io", "cert-manager.io", "external-secrets.io", "bitnami.com", "keda.sh", "argoproj.io"),
    *("cilium.io", "projectcalico.org", "kyverno.io", "traefik.io", "containo.us", "linkerd.io", "flagger.app"),
    *("gateway.networking.k8s.io", "route.openshift.io", "security.openshift.io", "projectcontour.io", "konghq.com"),
    *("services.k8s.aws", "elbv2.k8s.aws", "networking.gke.io", "cloud.google.com", "getambassador.io"),
)
"""API groups whose objects expose, configure or scale what others make."""


_OF_THE_CLUSTER = frozenset(
    ("coredns", "etcd", "kube-apiserver", "kube-controller-manager", "kube-dns", "kube-proxy", "kube-scheduler")
)
"""What every cluster runs in `kube-system`, as labels call it."""
_LABELS_OF_THE_CLUSTER = ("component", "k8s-app")

_GATEWAYS = frozenset({"egressgateway", "ingressgateway"})
"""What Istio's own installers make."""


def unseen(subjects: Sequence[Subject], owner: Manifest, selector: Any) -> bool:
    """Whether the labels tell that the pods are made by what nobody sees here."""
    values = {str(one) for one in mapping(selector, "matchLabels").values()}
    for one in items(selector, "matchExpressions"):
        values |= {str(value) for value in items(one, "values")}
    plain = mapping(selector, "matchLabels")
    named = values if owner.namespace == "kube-system" else {str(plain.get(key)) for key in _LABELS_OF_THE_CLUSTER}
    if owner.namespace in ("", "kube-system") and not named.isdisjoint(_OF_THE_CLUSTER):
        return True
    if not values.isdisjoint(_GATEWAYS) or any(selects(selector, one) for one in once(subjects, _nested)):
        return True
    if any(value == one or value.endswith(f"-{one}") for value in values for one in owner.lacking):
        return True
    if not values.isdisjoint(once(subjects, installed)) or _by_operator(subjects, owner, values):
        return True
    added = once(subjects, _added if owner.kind == "ServiceMonitor" else _added_to_pods)
    rest = {key: value for key, value in plain.items() if (str(key), str(value)) not in added}
    left = {**selector, "matchLabels": rest} if len(rest) < len(plain) else None
    return left is not None and bool(selected(subjects, owner, left))


def _nested(subjects: Seen) -> list[dict[str, Any]]:
    """Labels within custom resources, which are those of pods that an operator makes."""
    found: list[dict[str, Any]] = []
    for _, one in subjects.objects:
        spec = one.tree.get("spec") if _makes_pods(one) and one.pod_route is None else None
        for _, node in walk(spec) if isinstance(spec, (dict, list)) else ():
            labels = node.get("labels") if isinstance(node, dict) else None
            if isinstance(labels, dict) and labels:
                found.append(labels)
    return found


def _added(subjects: Seen) -> frozenset[tuple[str, str]]:
    """The labels that kustomizations add to what they are made of."""
    return frozenset(pair for _, pair in _pairs(subjects))


def _added_to_pods(subjects: Seen) -> frozenset[tuple[str, str]]:
    return frozenset(pair for whole, pair in _pairs(subjects) if whole)


def _pairs(subjects: Seen) -> Iterator[tuple[bool, tuple[str, str]]]:
    """Labels, and whether pods of a template get them, too."""
    for kind in sorted(KUSTOMIZATIONS):
        for _, one in subjects.by_kind.get(kind, ()):
            more = [(mapping(one.tree.data, "commonLabels"), True)]
            for _, each in mappings(one.tree.data, "labels"):
                within = any(each.get(key) for key in ("fields", "includeSelectors", "includeTemplates"))
                more.append((mapping(each, "pairs"), within))
            yield from ((within, (str(key), str(value))) for pairs, within in more for key, value in pairs.items())


def _by_operator(subjects: Sequence[Subject], owner: Manifest, values: Set[str]) -> bool:
    """Whether the labels name a custom resource beside the object: its operator makes the pods."""
    made = once(subjects, _made_by_operators)
    return any(together(owner, one) for value in values for one in made.get(value, ()))


def _made_by_operators(subjects: Seen) -> dict[str, list[Manifest]]:
    """Custom resources for which an operator may start pods, by name."""
    found: dict[str, list[Manifest]] = {}
    for _, one in objects(subjects):
        if one.pod_route is None and _makes_pods(one):
            found.setdefault(one.name, []).append(one)
    return found


def _makes_pods(manifest: Manifest) -> bool:
    """Whether an operator may start pods for it: a custom resource that is not about pods that are there already."""
    group = manifest.api_version.rpartition("/")[0]
    return (
        "." in group
        and not any(f".{group}".endswith(f".{one}") for one in _ABOUT_PODS)
        and (group != "monitoring.coreos.com" or not manifest.kind.endswith(("Monitor", "Rule", "Probe", "Config")))
    )


def elsewhere(subjects: Sequence[Subject], subject: Subject, owner: Manifest, selector: Any) -> list[str]:
    """The namespaces other than its own in which what makes pods has the labels that an object looks for; nobody knows
    those of objects that a kustomization puts into one."""
    if once(subjects, Kustomized).moved(file_of(subject)):
        return []
    found = {
        one.namespace
        for _, one, labels in seen(subjects).pods.candidates(selector)
        if not together(owner, one) and selects(selector, labels)
    }
    return sorted(found)
