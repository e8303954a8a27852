"""Rules of objects that are no pods, and of whole objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svc.checks._params import NoParams
from svc.checks.kubernetes.api_removed import REMOVED
from svc.checks.kubernetes.cel.text import (
    among,
    both,
    each,
    has,
    items,
    text,
    texts,
    unless,
    value,
    when,
)
from svc.checks.kubernetes.cel.types import PODS, RESOURCES, Rule, Unsayable
from svc.checks.kubernetes.disruption_limit import LIMITS
from svc.checks.kubernetes.ingress_tls import CERTIFICATES, SECURE
from svc.checks.kubernetes.load_balancer_open import CLOSED

if TYPE_CHECKING:
    from svc.checks.kubernetes.api_removed import Params as ApiRemoved
    from svc.checks.kubernetes.autoscaler_range import Params as AutoscalerRange
    from svc.checks.kubernetes.default_namespace import Params as DefaultNamespace
    from svc.checks.kubernetes.field_missing import Params as FieldMissing
    from svc.checks.kubernetes.labels_missing import Params as LabelsMissing
    from svc.checks.kubernetes.rbac_binding import Params as RbacBinding
    from svc.checks.kubernetes.rbac_rule import Params as RbacRule
    from svc.checks.kubernetes.replicas import Params as Replicas
    from svc.checks.kubernetes.service_type import Params as ServiceType

OBJECT, SPEC = "dyn(object)", "spec"
WHOLE = tuple(RESOURCES)
"""What rules of any object are asked of: what people write. Events and leases are nobody's choice."""


def api_removed(params: ApiRemoved) -> Rule:
    gone = tuple(one for one, (minor, _) in REMOVED.items() if params.kubernetes >= minor)
    known = texts(f"{version} {kind}" for version, kind in gone)
    name = 'object.apiVersion + " " + object.kind'
    return Rule(gone, when(f"{name} in {known}", name, text(f" is not served by Kubernetes 1.{params.kubernetes}")))


def autoscaler_range(params: AutoscalerRange) -> Rule:
    scaled = 'object.kind == "ScaledObject"'
    least = (
        f"({scaled} ? {value(OBJECT, SPEC, 'minReplicaCount', default='0')}"
        f" : {value(OBJECT, SPEC, 'minReplicas', default='1')})"
    )
    most = (
        f"({scaled} ? {value(OBJECT, SPEC, 'maxReplicaCount', default='100')}"
        f" : {value(OBJECT, SPEC, 'maxReplicas', default='0')})"
    )
    there = f"({scaled} || {value(OBJECT, SPEC, 'maxReplicas', default='0')} > 0)"
    kinds = ("HorizontalPodAutoscaler", "ScaledObject")
    if params.minimum:
        low = f"{there} && {least} < {params.minimum} && !({scaled} && {least} == 0)"
        return Rule(kinds, when(low, text(f"at least {params.minimum} replicas survive the loss of a node")))
    return Rule(kinds, when(f"{there} && {least} >= {most}", text("there is nothing to scale")))


def bare_pod(_: NoParams) -> Rule:
    alone = f"size({items(OBJECT, 'metadata', 'ownerReferences')}) == 0"
    return Rule(("Pod",), when(alone, text("a bare pod is not restarted elsewhere when its node is lost")))


def cron_deadline(_: NoParams) -> Rule:
    return Rule(("CronJob",), when(f"!{has(OBJECT, SPEC, 'startingDeadlineSeconds')}", text("it has none")))


def default_namespace(params: DefaultNamespace) -> Rule:
    lives = among(value(OBJECT, "metadata", "namespace"), params.namespaces)
    return Rule(WHOLE, when(lives, text("the object lives in that namespace")), owned=False)


def disruption_blocked(_: NoParams) -> Rule:
    most = value(OBJECT, SPEC, "maxUnavailable", default="-1")
    wrong = f'{most} == 0 || {most} == "0%" || {value(OBJECT, SPEC, "minAvailable")} == "100%"'
    return Rule(("PodDisruptionBudget",), when(wrong, text("no node with such a pod can ever be drained")))


def disruption_limit(_: NoParams) -> Rule:
    most, least = (has(OBJECT, SPEC, name) for name in LIMITS)
    wrong = f"!{most} && !{least}"
    return Rule(("PodDisruptionBudget",), when(wrong, text("one of the two limits is to be set")))


def external_ips(_: NoParams) -> Rule:
    taken = f"size({items(OBJECT, SPEC, 'externalIPs')}) > 0"
    return Rule(("Service",), when(taken, text("externalIPs take traffic that is meant for others")))


def field_missing(params: FieldMissing) -> Rule:
    base, keys = (OBJECT, params.at) if params.kinds else ("variables.pod", ())
    missing = f"!{has(base, *keys, params.field)}"
    return Rule(params.kinds or PODS, when(missing, text(f"there is no {params.field}")))


def ingress_host(_: NoParams) -> Rule:
    anybody = among(value("r", "host"), ("", "*"))
    rules = items(OBJECT, SPEC, "rules")
    return Rule(("Ingress",), each(rules, "r", anybody, text("a rule answers for any host name")))


def ingress_snippet(_: NoParams) -> Rule:
    annotations = value(OBJECT, "metadata", "annotations", default="{}")
    wrong = 'k.startsWith("nginx.") && k.endsWith("-snippet")'
    return Rule(("Ingress",), each(annotations, "k", wrong, '"annotation `" + k + "`"'))


def ingress_tls(_: NoParams) -> Rule:
    annotations = value(OBJECT, "metadata", "annotations", default="{}")
    scheme = value(OBJECT, "metadata", "annotations", "alb.ingress.kubernetes.io/scheme")
    named = [f'{value(OBJECT, "metadata", "annotations", key)}.contains("{word}")' for key, word in SECURE.items()]
    known = f"{texts(CERTIFICATES)}.exists(k, k in {annotations})"
    elsewhere = " || ".join((known, *named, f'{scheme} == "internal"'))
    blank = f"variables.tls.exists(t, size({items('t', 'hosts')}) == 0)"
    wildcard = '(r.host.contains(".") ? "*" + r.host.substring(r.host.indexOf(".")) : "*.")'
    uncovered = f"variables.tls.exists(t, {items('t', 'hosts')}.exists(h, h == r.host || h == {wildcard}))"
    open_hosts = each(
        items(OBJECT, SPEC, "rules"), "r", f'{value("r", "host")} != "" && !{uncovered}', '"host `" + r.host + "`"'
    )
    bare = text("there is no TLS")
    faults = f"({elsewhere}) ? [] : size(variables.tls) == 0 ? [{bare}] : ({blank}) ? [] : {open_hosts}"
    return Rule(("Ingress",), faults, (("tls", items(OBJECT, SPEC, "tls")),))


def labels_missing(params: LabelsMissing) -> Rule:
    faults = [
        when(f'{value(OBJECT, "metadata", field, key)} == ""', text(f"no {field.removesuffix('s')} `{key}`"))
        for field, keys in (("labels", params.labels), ("annotations", params.annotations))
        for key in keys
    ]
    return Rule(WHOLE, both(*faults) if faults else "[]", owned=False)


def load_balancer_open(_: NoParams) -> Rule:
    annotations = value(OBJECT, "metadata", "annotations", default="{}")
    mark = f'(k + "=" + {annotations}[k]).lowerAscii().contains(m)'
    closed = f"{annotations}.exists(k, {texts(CLOSED)}.exists(m, {mark}))"
    ranges = items(OBJECT, SPEC, "loadBalancerSourceRanges")
    limited = f'size({ranges}) > 0 && !{ranges}.exists(r, r.trim().endsWith("/0"))'
    balancer = f'{value(OBJECT, SPEC, "type")} == "LoadBalancer"'
    plain = f"p.port in [80, 8080] || {among(value('p', 'appProtocol'), ('http', 'kubernetes.io/h2c'))}"
    ports = each(items(OBJECT, SPEC, "ports"), "p", plain, '"port " + string(p.port)')
    beside = f'{items(OBJECT, SPEC, "ports")}.exists(p, p.port in [443, 8443] || {value("p", "name")} == "https")'
    return Rule(("Service",), unless(f"!({balancer}) || {closed} || ({limited}) || {beside}", ports))


def rbac_binding(params: RbacBinding) -> Rule:
    role = value(OBJECT, "roleRef", "name")
    subjects = each(
        items(OBJECT, "subjects"),
        "s",
        among(value("s", "name"), params.subjects),
        '"it gives a role to `" + s.name + "`"',
    )
    given = when(among(role, params.roles), text("it gives role "), role)
    return Rule(("RoleBinding", "ClusterRoleBinding"), both(given, subjects))


def rbac_rule(params: RbacRule) -> Rule:
    wrong = " && ".join(
        (
            f"size({items('r', 'resourceNames')}) == 0",
            f"{items('r', 'resources')}.exists(x, {among('x', params.resources)})",
            f"{items('r', 'verbs')}.exists(x, {among('x', params.verbs)})",
        )
    )
    message = '"it allows " + r.verbs.join(", ") + " on " + r.resources.join(", ")'
    return Rule(("Role", "ClusterRole"), each(items(OBJECT, "rules"), "r", wrong, message))


def rbac_wildcard(_: NoParams) -> Rule:
    star = [f'"*" in {items("r", field)}' for field in ("verbs", "resources")]
    return Rule(("Role", "ClusterRole"), each(items(OBJECT, "rules"), "r", " || ".join(star), text("a rule has `*`")))


def replicas(params: Replicas) -> Rule:
    number = value(OBJECT, SPEC, "replicas", default="1")
    few = f"!{has(OBJECT, SPEC, 'replicas')} || ({number} < {params.minimum} && {number} != 0)"
    message = text(f"at least {params.minimum} replicas survive the loss of a node")
    return Rule(("Deployment", "StatefulSet"), when(few, message))


def service_type(params: ServiceType) -> Rule:
    kind = value(OBJECT, SPEC, "type")
    return Rule(("Service",), when(among(kind, params.forbidden), text("it is of type "), kind))


def update_strategy(_: NoParams) -> Rule:
    places = (
        ("Deployment", "strategy", "Recreate"),
        ("StatefulSet", "updateStrategy", "OnDelete"),
        ("DaemonSet", "updateStrategy", "OnDelete"),
    )
    wrong = " || ".join(
        f'(object.kind == "{kind}" && {value(OBJECT, SPEC, field, "type")} == "{bad}")' for kind, field, bad in places
    )
    return Rule(tuple(kind for kind, _, _ in places), when(wrong, text("it is not updated by RollingUpdate")))


def by_the_api(_: object) -> Unsayable:
    return Unsayable("the API server itself refuses such objects, with or without a policy")


def filled_in(_: object) -> Unsayable:
    return Unsayable("the API server writes serviceAccountName itself before any policy sees the pod")


def in_a_carried_file(_: object) -> Unsayable:
    return Unsayable(
        "it reads the files in a ConfigMap line by line, each of which may be the name of a secret and its value"
    )


def in_the_file(_: object) -> Unsayable:
    return Unsayable("it is about the manifest in a repository: in a cluster every Secret has values")


def never_applied(_: object) -> Unsayable:
    return Unsayable("it is about a file of Kustomize, which no cluster is given")
